import { bodyLimit, headerBytes } from './commands.ts';

/** A frame of the client's. */
export interface Frame {
  /** The client numbers its frames 1, 2, 3 … */
  seq: number;
  command: number;
  /** Of the protocol: 0, 1 or 2. */
  version: number;
  flags: number;
  /** Lies in the bytes that were read: whoever keeps it longer than the message lives copies it. */
  body: Buffer;
}

/** @returns undefined while it is not there as a whole, `broken` when its length cannot be */
export function readFrame(bytes: Buffer, at: number): Frame | 'broken' | undefined {
  const start = at + headerBytes;
  if (bytes.length < start) return undefined;
  const length = bytes.readInt32BE(at);
  if (length < 0 || length >= bodyLimit) return 'broken';
  if (bytes.length < start + length) return undefined;
  return {
    seq: bytes.readInt32BE(at + 4),
    command: bytes.readUInt8(at + 8),
    version: bytes.readUInt8(at + 9),
    flags: bytes.readUInt8(at + 10),
    body: bytes.subarray(start, start + length),
  };
}

/** Exact as long as it is below 2^53. */
export function readInt64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}

/** Frames out of a stream that parts them anywhere. */
export class FrameReader {
  #bytes: Buffer | undefined;
  #at = 0;

  /** What has come and was not taken yet. */
  get waiting(): number {
    return this.#bytes === undefined ? 0 : this.#bytes.length - this.#at;
  }

  push(chunk: Buffer): void {
    const rest = this.#bytes?.subarray(this.#at);
    this.#bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    this.#at = 0;
  }

  /** The next frame, if it is there as a whole. */
  next(): Frame | 'broken' | undefined {
    if (this.#bytes === undefined) return undefined;
    const frame = readFrame(this.#bytes, this.#at);
    if (frame !== undefined && frame !== 'broken') this.#at += headerBytes + frame.body.length;
    return frame;
  }

  /** After the last `next`: keeps no more than what is left. */
  rest(): void {
    if (this.#bytes === undefined || this.#at === 0) return;
    // A copy: a few bytes must not hold a whole chunk.
    this.#bytes = this.waiting === 0 ? undefined : Buffer.from(this.#bytes.subarray(this.#at));
    this.#at = 0;
  }

  clear(): void {
    this.#bytes = undefined;
    this.#at = 0;
  }
}
