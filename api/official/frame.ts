import { Code, type Kind, kindCodes, system } from './kinds.ts';

/** What a frame says, beside its id. */
export interface FrameData {
  name: string;
  avatar: string;
  contactId: string;
  companyId: string;
  /** Epoch ms; frames say seconds. */
  at: number;
  kind: Kind | typeof system.kind;
  msg: unknown;
  /** Ours, where it is said by the user who gets it, elsewhere. */
  self?: true;
}

/** How it is kept: the frame without its id. */
export function storedFrame(frame: FrameData): Buffer {
  return Buffer.from(`{"data":{${body(frame)}`);
}

/** The frame of what is kept. */
export function frameOf(id: number, stored: Buffer): string {
  // Stored frames begin like this: the id comes first, as in the document.
  return `{"data":{"id":"${id}",${stored.toString('utf8', start.length)}`;
}

/** A frame that is kept nowhere. */
export function frameText(id: string, frame: FrameData): string {
  return `{"data":{"id":"${id}",${body(frame)}`;
}

/** A WebSocket text message, in one piece and not masked. */
export function textMessage(text: string): Buffer {
  return message(0x81, Buffer.from(text));
}

/** Answered with the same words, by browsers too. */
export function pingMessage(words: string): Buffer {
  return message(0x89, Buffer.from(words));
}

/** The heartbeat of the document, section 1.3, and a ping, which browsers answer by themselves. */
export const heartbeat = Buffer.concat([
  textMessage(`{"data":{},"result":{"code":${Code.heartbeat},"message":"heartbeat"}}`),
  pingMessage(''),
]);

function message(kind: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafeSlow(head + length);
  bytes[0] = kind;
  if (head === 2) bytes[1] = length;
  else if (head === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  payload.copy(bytes, head);
  return bytes;
}

const start = '{"data":{';

/** Keys in the order of the document. */
function body({ name, avatar, contactId, companyId, at, kind, msg, self }: FrameData): string {
  const code = kind === system.kind ? Code.system : kindCodes[kind];
  const data = JSON.stringify({
    name,
    avatar,
    msg_type: kind,
    contact_id: contactId,
    company_id: companyId,
    send_time: Math.floor(at / 1000),
    msg,
    ...(self && { self }),
  });
  return `${data.slice(1)},"result":{"code":${JSON.stringify(code)},"message":"common"}}`;
}
