/** Commands of the GoBelieve protocol by number. */
export const command = {
  authStatus: 3,
  peer: 4,
  ack: 5,
  groupNotice: 7,
  group: 8,
  ping: 13,
  pong: 14,
  authToken: 15,
  realtime: 17,
  enterRoom: 18,
  leaveRoom: 19,
  room: 20,
  system: 21,
  unreadCount: 22,
  toDesk: 24,
  fromDesk: 25,
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
  notification: 36,
  metadata: 37,
  customer: 64,
} as const;

export const flag = {
  text: 0x01,
  unpersistent: 0x02,
  self: 0x08,
  push: 0x10,
  superGroup: 0x20,
} as const;

/** What is said in a stored or live message, as far as its kind has it. */
export interface Said {
  text: string;
  sender?: number;
  /** A user, a group or a chat room. */
  receiver?: number;
  senderApp?: number;
  receiverApp?: number;
  /** Of the old customer messages: customer's application, customer, desk, agent. */
  desk?: [app: number, customer: number, store: number, seller: number];
  /** Seconds. */
  timestamp?: number;
  clientId?: number;
}

export interface Frame {
  command: number;
  seq: number;
  version: number;
  flags: number;
  body: Buffer;
}

export const headerBytes = 12;
/** A body is shorter than this. */
const maxBody = 32768;

export function encodeFrame(frame: Frame): Buffer {
  const head = Buffer.alloc(headerBytes);
  head.writeInt32BE(frame.body.length, 0);
  head.writeInt32BE(frame.seq, 4);
  head.writeUInt8(frame.command, 8);
  head.writeUInt8(frame.version, 9);
  head.writeUInt8(frame.flags, 10);
  return Buffer.concat([head, frame.body]);
}

/** Cuts a stream of bytes into frames. @throws when what comes is none */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** Bytes of a frame that is not complete yet. */
  get pending(): number {
    return this.#rest.length;
  }

  read(bytes: Buffer): Frame[] {
    let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const frames: Frame[] = [];
    while (rest.length >= headerBytes) {
      const length = rest.readInt32BE(0);
      if (length < 0 || length >= maxBody) throw new Error(`a frame of ${length} bytes`);
      if (rest.length < headerBytes + length) break;
      if (rest[11] !== 0) throw new Error(`byte 11 of a frame is ${rest[11]}`);
      frames.push({
        seq: rest.readInt32BE(4),
        command: rest.readUInt8(8),
        version: rest.readUInt8(9),
        flags: rest.readUInt8(10),
        body: rest.subarray(headerBytes, headerBytes + length),
      });
      rest = rest.subarray(headerBytes + length);
    }
    this.#rest = rest;
    return frames;
  }
}

/** `i8`, `i32` or `i64`, in order. */
export function pack(...fields: ['i8' | 'i32' | 'i64' | 'text', number | string][]): Buffer {
  return Buffer.concat(
    fields.map(([kind, value]) => {
      if (kind === 'text') return Buffer.from(String(value), 'utf8');
      const bytes = Buffer.alloc({ i8: 1, i32: 4, i64: 8 }[kind]);
      if (kind === 'i8') bytes.writeUInt8(Number(value));
      else if (kind === 'i32') bytes.writeInt32BE(Number(value));
      else bytes.writeBigInt64BE(BigInt(value));
      return bytes;
    }),
  );
}

/** Reads fields from a body, in order. */
export class BodyReader {
  readonly #body: Buffer;
  #at = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  i8(): number {
    this.#at += 1;
    return this.#body.readInt8(this.#at - 1);
  }

  i32(): number {
    this.#at += 4;
    return this.#body.readInt32BE(this.#at - 4);
  }

  i64(): number {
    this.#at += 8;
    const value = Number(this.#body.readBigInt64BE(this.#at - 8));
    // A client in JavaScript could not count on with it.
    if (!Number.isSafeInteger(value)) throw new Error(`${value} is not below 2^53`);
    return value;
  }

  text(): string {
    const text = this.#body.toString('utf8', this.#at);
    this.#at = this.#body.length;
    return text;
  }

  /** @throws unless all has been read */
  end(): void {
    const left = this.#body.length - this.#at;
    if (left !== 0) throw new Error(`${left} bytes after the end of the body`);
  }
}

export function authBody(platform: number, token: string, deviceId: string): Buffer {
  const spelled = [token, deviceId].map((text) => Buffer.from(text, 'utf8'));
  return Buffer.concat([
    Buffer.from([platform]),
    ...spelled.flatMap((bytes) => [Buffer.from([bytes.length]), bytes]),
  ]);
}

/** Body of what is said, by command and version. */
export function saidBody(number: number, version: number, said: Said): Buffer {
  const { sender = 0, receiver = 0, senderApp = 0, receiverApp = 0 } = said;
  const { timestamp = 0, clientId = 0, text } = said;
  const content = ['text', text] as const;
  const time = ['i32', timestamp] as const;
  switch (number) {
    case command.peer:
    case command.group: {
      const head = pack(['i64', sender], ['i64', receiver]);
      const dated = version === 0 ? [] : [pack([...time])];
      return Buffer.concat([head, ...dated, pack(['i32', clientId], [...content])]);
    }
    case command.realtime:
    case command.room:
      return pack(['i64', sender], ['i64', receiver], [...content]);
    case command.customer: {
      const from = pack(['i64', senderApp], ['i64', sender]);
      const to = pack(['i64', receiverApp], ['i64', receiver]);
      return Buffer.concat([from, to, pack([...time], [...content])]);
    }
    case command.toDesk:
    case command.fromDesk: {
      const ids = (said.desk ?? [0, 0, 0, 0]).map((id) => pack(['i64', id]));
      return Buffer.concat([...ids, pack([...time], [...content])]);
    }
    default:
      return pack([...content]);
  }
}

/** What a server frame says; undefined: it says nothing. @throws when it is too short */
export function readSaid({ command: number, version, body }: Frame): Said | undefined {
  const reader = new BodyReader(body);
  switch (number) {
    case command.peer:
    case command.group: {
      const [sender, receiver] = [reader.i64(), reader.i64()];
      const dated = version === 0 ? {} : { timestamp: reader.i32() };
      return { sender, receiver, ...dated, clientId: reader.i32(), text: reader.text() };
    }
    case command.realtime:
    case command.room:
      return { sender: reader.i64(), receiver: reader.i64(), text: reader.text() };
    case command.customer: {
      const [senderApp, sender, receiverApp, receiver] = four(reader);
      const timestamp = reader.i32();
      return { senderApp, sender, receiverApp, receiver, timestamp, text: reader.text() };
    }
    case command.toDesk:
    case command.fromDesk:
      return { desk: four(reader), timestamp: reader.i32(), text: reader.text() };
    case command.groupNotice:
    case command.system:
    case command.notification:
      return { text: reader.text() };
    default:
      return undefined;
  }
}

function four(reader: BodyReader): [number, number, number, number] {
  return [reader.i64(), reader.i64(), reader.i64(), reader.i64()];
}
