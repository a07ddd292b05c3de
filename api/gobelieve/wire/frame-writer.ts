import { headerBytes } from './commands.ts';

const firstBytes = 1024;
/** A buffer that has grown larger is not kept. */
const keptBytes = 65_536;
/** What idle buffers may hold together. */
const mostKeptBytes = 8 * 1_048_576;

/**
 * Frames for one connection, written one behind the other into a buffer that grows: many of them
 * leave with one write. The caller writes exactly the body it has announced.
 */
export class FrameWriter {
  #bytes = Buffer.allocUnsafeSlow(firstBytes);
  #view = viewOf(this.#bytes);
  #end = 0;

  get length(): number {
    return this.#end;
  }

  get capacity(): number {
    return this.#bytes.length;
  }

  /** All of it; valid until `clear`. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  clear(): void {
    this.#end = 0;
  }

  /** @param message each frame is a WebSocket message of its own */
  begin(
    message: boolean,
    head: { seq: number; command: number; version: number; flags: number; length: number },
  ): void {
    const { length } = head;
    this.#reserve(length + headerBytes + 4);
    if (message) this.#beginMessage(headerBytes + length);
    const view = this.#view;
    const at = this.#end;
    view.setInt32(at, length);
    view.setInt32(at + 4, head.seq);
    view.setUint8(at + 8, head.command);
    view.setUint8(at + 9, head.version);
    view.setUint8(at + 10, head.flags);
    view.setUint8(at + 11, 0);
    this.#end = at + headerBytes;
  }

  int8(value: number): void {
    this.#view.setInt8(this.#end, value);
    this.#end += 1;
  }

  int32(value: number): void {
    this.#view.setInt32(this.#end, value);
    this.#end += 4;
  }

  int64(value: number): void {
    this.#view.setInt32(this.#end, Math.floor(value / 2 ** 32));
    this.#view.setInt32(this.#end + 4, value % 2 ** 32);
    this.#end += 8;
  }

  bytes(value: Buffer): void {
    value.copy(this.#bytes, this.#end);
    this.#end += value.length;
  }

  zeros(count: number): void {
    this.#bytes.fill(0, this.#end, this.#end + count);
    this.#end += count;
  }

  /** Header of a binary WebSocket message, in one piece and not masked. */
  #beginMessage(length: number): void {
    const view = this.#view;
    view.setUint8(this.#end, 0x82);
    if (length < 126) {
      view.setUint8(this.#end + 1, length);
      this.#end += 2;
      return;
    }
    view.setUint8(this.#end + 1, 126);
    view.setUint16(this.#end + 2, length);
    this.#end += 4;
  }

  #reserve(count: number): void {
    const wanted = this.#end + count;
    if (wanted <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(wanted, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
    this.#view = viewOf(larger);
  }
}

/** Writers that go from connection to connection: one that has nothing to write holds none. */
export class FrameWriterPool {
  readonly #idle: FrameWriter[] = [];
  #bytes = 0;

  take(): FrameWriter {
    const writer = this.#idle.pop();
    if (writer === undefined) return new FrameWriter();
    this.#bytes -= writer.capacity;
    return writer;
  }

  /** Only when nobody reads what is in it any more. */
  give(writer: FrameWriter): void {
    const { capacity } = writer;
    if (capacity > keptBytes || this.#bytes + capacity > mostKeptBytes) return;
    writer.clear();
    this.#idle.push(writer);
    this.#bytes += capacity;
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
