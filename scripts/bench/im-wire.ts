/** Frames of the client protocol as a client sees them; on its own, so that it can find us wrong. */
export const Command = {
  authStatus: 3,
  im: 4,
  ack: 5,
  groupNotice: 7,
  groupIm: 8,
  ping: 13,
  pong: 14,
  authToken: 15,
  system: 21,
  sync: 26,
  syncBegin: 27,
  syncEnd: 28,
  syncNotify: 29,
  syncGroup: 30,
  syncGroupBegin: 31,
  syncGroupEnd: 32,
  syncGroupNotify: 33,
  syncKey: 34,
  groupSyncKey: 35,
  metadata: 37,
} as const;

export const pushFlag = 0x10;
export const superFlag = 0x20;
export const headBytes = 12;
/** Sender, receiver, time and number of a message, before its text. */
export const saidBytes = 24;

/** A frame whose body is still to be written; its number is set when it is sent. */
export function makeFrame(command: number, version: number, bodyBytes: number): Buffer {
  const frame = Buffer.allocUnsafe(headBytes + bodyBytes);
  frame.writeInt32BE(bodyBytes, 0);
  frame[8] = command;
  frame[9] = version;
  frame[10] = 0;
  frame[11] = 0;
  return frame;
}

export function readId(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at) * 4_294_967_296 + buffer.readUInt32BE(at + 4);
}

function writeId(buffer: Buffer, value: number, at: number): void {
  buffer.writeInt32BE(Math.floor(value / 4_294_967_296), at);
  buffer.writeUInt32BE(value % 4_294_967_296, at + 4);
}

export function loginFrame(
  version: number,
  platform: number,
  token: string,
  deviceId: string,
): Buffer {
  const frame = makeFrame(Command.authToken, version, 3 + token.length + deviceId.length);
  let at = headBytes;
  frame[at] = platform;
  frame[at + 1] = token.length;
  at += 2 + frame.write(token, at + 2, 'latin1');
  frame[at] = deviceId.length;
  frame.write(deviceId, at + 1, 'latin1');
  return frame;
}

/** A command that carries ids and nothing else. */
export function idsFrame(command: number, version: number, ...ids: number[]): Buffer {
  const frame = makeFrame(command, version, ids.length * 8);
  for (const [index, id] of ids.entries()) writeId(frame, id, headBytes + index * 8);
  return frame;
}

export function ackFrame(version: number, seq: number): Buffer {
  const frame = makeFrame(Command.ack, version, version < 2 ? 4 : 5);
  frame.writeInt32BE(seq, headBytes);
  if (version >= 2) frame[headBytes + 4] = 0;
  return frame;
}

export function saidFrame(
  command: number,
  version: number,
  said: { sender: number; receiver: number; number: number; text: Buffer },
): Buffer {
  const frame = makeFrame(command, version, saidBytes + said.text.length);
  writeId(frame, said.sender, headBytes);
  writeId(frame, said.receiver, headBytes + 8);
  frame.writeInt32BE(0, headBytes + 16);
  frame.writeInt32BE(said.number, headBytes + 20);
  said.text.copy(frame, headBytes + saidBytes);
  return frame;
}
