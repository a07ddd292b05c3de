import { createHash, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { headBytes } from './im-wire.ts';

export type Transport = 'tcp' | 'websocket';

export interface Place {
  host: string;
  tcpPort: number;
  httpPort: number;
  transport: Transport;
  /** Source address, where one has not ports enough. */
  localAddress?: string;
}

/** All sockets read into this one: what arrives is handled before anything else is read. */
const shared = Buffer.allocUnsafe(262_144);
const nothing = Buffer.alloc(0);

/** Frames over TCP or WebSocket. What is sent while frames are handled leaves in one write. */
export class ImSocket {
  onFrame: (buffer: Buffer, at: number, end: number) => void = () => {};
  /** Once; `undefined` when we ended it. */
  onClose: (reason: string | undefined) => void = () => {};
  readonly #socket: Socket;
  readonly #mask: Buffer | undefined;
  readonly #key: string;
  #rest = nothing;
  #waiting: Buffer[] = [];
  #reading = false;
  #open: boolean;
  #seq = 0;
  #reason: string | undefined = 'the other side closed it';

  constructor(place: Place) {
    const websocket = place.transport === 'websocket';
    this.#open = !websocket;
    this.#mask = websocket ? randomBytes(4) : undefined;
    this.#key = websocket ? randomBytes(16).toString('base64') : '';
    this.#socket = connect({
      host: place.host,
      port: websocket ? place.httpPort : place.tcpPort,
      ...(place.localAddress === undefined ? {} : { localAddress: place.localAddress }),
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (bytes) => {
          this.#take(bytes);
          return true;
        },
      },
    });
    this.#socket.on('error', (error) => {
      if (this.#reason !== undefined) this.#reason = error.message;
    });
    this.#socket.on('close', () => this.onClose(this.#reason));
    if (websocket) {
      this.#socket.write(
        `GET /ws HTTP/1.1\r\nHost: ${place.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${this.#key}\r\n\r\n`,
      );
    }
  }

  /** @returns the number of the frame */
  send(frame: Buffer): number {
    this.#seq += 1;
    frame.writeInt32BE(this.#seq, 4);
    this.#waiting.push(frame);
    if (!this.#reading) this.#flush();
    return this.#seq;
  }

  /** Calls `work`; what it sends leaves in one write. */
  together(work: () => void): void {
    if (this.#reading) {
      work();
      return;
    }
    this.#reading = true;
    work();
    this.#reading = false;
    this.#flush();
  }

  end(): void {
    this.#reason = undefined;
    this.#socket.destroy();
  }

  #fail(reason: string): void {
    this.#reason = reason;
    this.#socket.destroy();
  }

  #flush(): void {
    if (!this.#open || this.#waiting.length === 0) return;
    const frames = this.#waiting;
    this.#waiting = [];
    const first = frames[0] ?? nothing;
    const mask = this.#mask;
    if (mask !== undefined) this.#socket.write(masked(frames, mask));
    else this.#socket.write(frames.length === 1 ? first : Buffer.concat(frames));
  }

  #take(bytes: number): void {
    let data = shared;
    let end = bytes;
    if (this.#rest.length > 0) {
      data = Buffer.concat([this.#rest, shared.subarray(0, bytes)]);
      end = data.length;
    }
    this.#reading = true;
    const from = this.#open ? 0 : this.#shakeHands(data, end);
    const used =
      this.#mask === undefined ? this.#readFrames(data, from, end) : this.#unwrap(data, from, end);
    this.#rest = used === end ? nothing : Buffer.from(data.subarray(used, end));
    this.#reading = false;
    this.#flush();
  }

  /** @returns where the frames begin; 0 while the answer is not complete */
  #shakeHands(data: Buffer, end: number): number {
    const head = data.toString('latin1', 0, end);
    const length = head.indexOf('\r\n\r\n') + 4;
    if (length < 4) return 0;
    const proof = createHash('sha1')
      .update(`${this.#key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    if (!head.startsWith('HTTP/1.1 101 ') || !head.includes(proof)) {
      this.#fail(`no WebSocket: ${head.slice(0, 80)}`);
      return end;
    }
    this.#open = true;
    return length;
  }

  #readFrames(data: Buffer, from: number, end: number): number {
    let at = from;
    while (end - at >= headBytes) {
      const next = at + headBytes + data.readInt32BE(at);
      if (next > end) break;
      this.onFrame(data, at, next);
      at = next;
    }
    return at;
  }

  /** Each message holds exactly one frame. */
  #unwrap(data: Buffer, from: number, end: number): number {
    let at = from;
    while (this.#open && end - at >= 2) {
      const kind = data[at] ?? 0;
      let length = (data[at + 1] ?? 0) & 0x7f;
      let body = at + 2;
      if (length === 126) {
        if (end - at < 4) break;
        length = data.readUInt16BE(at + 2);
        body = at + 4;
      }
      const next = body + length;
      if (next > end) break;
      if (kind === 0x88) {
        this.#fail(`closed: ${data.toString('utf8', body + 2, next)}`);
        return end;
      }
      if (kind !== 0x82 || length < headBytes || data.readInt32BE(body) !== length - headBytes) {
        this.#fail('a message that is not one frame');
        return end;
      }
      this.onFrame(data, body, next);
      at = next;
    }
    return at;
  }
}

function masked(frames: readonly Buffer[], mask: Buffer): Buffer {
  let bytes = 0;
  for (const { length } of frames) bytes += length + (length < 126 ? 6 : 8);
  const out = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const frame of frames) {
    const { length } = frame;
    out[at] = 0x82;
    if (length < 126) out[at + 1] = 0x80 | length;
    else {
      out[at + 1] = 0x80 | 126;
      out.writeUInt16BE(length, at + 2);
    }
    at += length < 126 ? 2 : 4;
    mask.copy(out, at);
    at += 4;
    for (let index = 0; index < length; index += 1) {
      out[at + index] = (frame[index] ?? 0) ^ (mask[index & 3] ?? 0);
    }
    at += length;
  }
  return out;
}
