import { connect, type Socket } from 'node:net';

/** All sockets read into this one: what arrives is handled before anything else is read. */
const shared = Buffer.allocUnsafe(262_144);
const nothing = Buffer.alloc(0);
const marker = Buffer.from('"content":"');
/** The head of a pong, masked with zeros. */
const pong = [0x8a, 0x80, 0, 0, 0, 0];

/**
 * A client that reads frames and answers pings. Contents begin with a number: 1, 2, 3 …, by which it
 * is seen that none is lost, repeated or out of order.
 */
export class OfficialSocket {
  /** Number of the newest message. */
  last = 0;
  onMessage: () => void = () => {};
  readonly #socket: Socket;
  readonly #fail: (what: string) => void;
  #rest = nothing;
  #opened: (() => void) | undefined;
  #lastId = 0;

  constructor(port: number, name: string, fail: (what: string) => void) {
    this.#fail = fail;
    this.#socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (bytes) => {
          this.#take(bytes);
          return true;
        },
      },
    });
    this.#socket.on('error', (error) => fail(`${name}: ${error.message}`));
    this.#socket.write(
      `GET /im_component/wx_official_account/msg?userid=${name} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    );
  }

  opened(): Promise<void> {
    return new Promise((resolve) => {
      this.#opened = resolve;
    });
  }

  end(): void {
    this.#socket.destroy();
  }

  #take(bytes: number): void {
    let data = shared;
    let end = bytes;
    if (this.#rest.length > 0) {
      data = Buffer.concat([this.#rest, shared.subarray(0, bytes)]);
      end = data.length;
    }
    const from = this.#opened === undefined ? 0 : this.#shakeHands(data, end);
    const used = this.#opened === undefined ? this.#readFrames(data, from, end) : 0;
    this.#rest = used === end ? nothing : Buffer.from(data.subarray(used, end));
  }

  #shakeHands(data: Buffer, end: number): number {
    const head = data.toString('latin1', 0, end);
    const length = head.indexOf('\r\n\r\n') + 4;
    if (length < 4) return 0;
    if (!head.startsWith('HTTP/1.1 101 ')) this.#fail(`no WebSocket: ${head.slice(0, 200)}`);
    this.#opened?.();
    this.#opened = undefined;
    return length;
  }

  #readFrames(data: Buffer, from: number, end: number): number {
    let at = from;
    while (end - at >= 2) {
      const kind = data[at] ?? 0;
      let length = data[at + 1] ?? 0;
      let body = at + 2;
      if (length === 126) {
        if (end - at < 4) break;
        length = data.readUInt16BE(at + 2);
        body = at + 4;
      }
      const next = body + length;
      if (next > end) break;
      if (kind === 0x81) this.#read(data, body, next);
      else if (kind === 0x89) this.#pong(data.subarray(body, next));
      else this.#fail(`a frame of kind ${kind}`);
      at = next;
    }
    return at;
  }

  /** With the words of the ping. */
  #pong(words: Buffer): void {
    const bytes = Buffer.from([...pong, ...words]);
    bytes[1] = 0x80 + words.length;
    this.#socket.write(bytes);
  }

  #read(data: Buffer, from: number, end: number): void {
    const at = data.subarray(from, end).indexOf(marker);
    // A heartbeat, or a word about the connection.
    if (at === -1) return;
    const number = digitsAt(data, from + at + marker.length);
    const id = digitsAt(data, from + '{"data":{"id":"'.length);
    if (number !== this.last + 1 || id <= this.#lastId) {
      this.#fail(`message ${number} with id ${id} after ${this.last} with ${this.#lastId}`);
    }
    this.last = number;
    this.#lastId = id;
    this.onMessage();
  }
}

function digitsAt(data: Buffer, from: number): number {
  let value = 0;
  for (let at = from; ; at += 1) {
    const digit = (data[at] ?? 0) - 48;
    if (digit < 0 || digit > 9) return value;
    value = value * 10 + digit;
  }
}
