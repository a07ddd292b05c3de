import { connect, type Socket } from 'node:net';
import { command, encodeFrame, type Frame, FrameReader } from './gobelieve-frames.ts';

/** Where a server listens: a TCP port of this machine, or `ws://…/ws`. */
export type Address = { tcp: number } | { ws: string };

interface Wire {
  write(bytes: Buffer): void;
  close(): void;
  /** Stops reading; only over TCP. */
  pause(): void;
}

interface Events {
  bytes(bytes: Buffer): void;
  fault(error: Error): void;
  closed(reason: string): void;
}

/**
 * One connection to the server: numbers its own frames and checks the form of those that come,
 * which is wrong when they are not numbered 1, 2, 3…, not in the version of the login, not cut
 * right, or, over WebSocket, not one to a message.
 */
export class GobelieveConnection {
  /** Everything that came. */
  readonly frames: Frame[] = [];
  /** Why it ended; resolves, never rejects. */
  readonly closed: Promise<string>;
  /** What the server did wrong first. */
  breach: Error | undefined;
  /** Of the frames sent; the server answers in it once it has accepted a login. */
  readonly version: number;
  readonly #onFrame: (frame: Frame) => void;
  readonly #reader = new FrameReader();
  #wire: Wire | undefined;
  #sent = 0;
  #heard = 0;
  #loggedIn = false;
  #ended = false;
  #closing = false;

  private constructor(address: Address, version: number, onFrame: (frame: Frame) => void) {
    this.version = version;
    this.#onFrame = onFrame;
    this.closed = new Promise((resolve) => {
      const finish = (reason: string): void => {
        this.#ended = true;
        resolve(reason);
      };
      const whole = 'ws' in address;
      const events: Events = {
        bytes: (bytes) => this.#guard(() => this.#read(bytes, whole)),
        fault: (error) => this.#fail(error),
        closed: finish,
      };
      this.#opened = dial(address, events).then(
        (wire) => {
          this.#wire = wire;
        },
        (error: unknown) => {
          finish(String(error));
          throw error;
        },
      );
    });
  }

  #opened: Promise<void> = Promise.resolve();

  static async open(
    address: Address,
    {
      version = 2,
      onFrame = () => {},
    }: { version?: number; onFrame?: (frame: Frame) => void } = {},
  ): Promise<GobelieveConnection> {
    const connection = new GobelieveConnection(address, version, onFrame);
    await connection.#opened;
    return connection;
  }

  get isOpen(): boolean {
    return !this.#ended && !this.#closing;
  }

  /** @returns the number of the frame */
  send(number: number, body: Buffer = Buffer.alloc(0), flags = 0): number {
    this.#sent += 1;
    const { version } = this;
    this.write(encodeFrame({ command: number, seq: this.#sent, version, flags, body }));
    return this.#sent;
  }

  /** Bytes as they are; over WebSocket they are one message. */
  write(bytes: Buffer): void {
    if (!this.#ended) this.#wire?.write(bytes);
  }

  pause(): void {
    this.#wire?.pause();
  }

  /** What is still on its way is not read any more. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#wire?.close();
    await this.closed;
  }

  /** Frames of a command that have come. */
  of(number: number): Frame[] {
    return this.frames.filter((frame) => frame.command === number);
  }

  #read(bytes: Buffer, whole: boolean): void {
    const frames = this.#reader.read(bytes);
    if (whole && (frames.length !== 1 || this.#reader.pending > 0)) {
      throw new Error(`a message of ${frames.length} frames and ${this.#reader.pending} bytes`);
    }
    for (const frame of frames) {
      if (this.#closing) return;
      this.#heard += 1;
      if (frame.seq !== this.#heard) throw new Error(`frame ${this.#heard} came as ${frame.seq}`);
      if (frame.command === command.authStatus && frame.body.every((byte) => byte === 0)) {
        this.#loggedIn = true;
      }
      const version = this.#loggedIn ? this.version : 0;
      if (frame.version !== version) {
        throw new Error(`command ${frame.command} in version ${frame.version}, not ${version}`);
      }
      this.frames.push(frame);
      this.#onFrame(frame);
    }
  }

  #guard(work: () => void): void {
    if (this.breach !== undefined) return;
    try {
      work();
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #fail(error: Error): void {
    this.breach ??= error;
    this.#wire?.close();
  }
}

function dial(address: Address, events: Events): Promise<Wire> {
  return 'tcp' in address ? dialTcp(address.tcp, events) : dialWebSocket(address.ws, events);
}

function dialTcp(port: number, events: Events): Promise<Wire> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let reason = 'ended';
  socket.on('data', (bytes: Buffer) => events.bytes(bytes));
  socket.on('error', (error) => {
    reason = error.message;
  });
  socket.on('close', () => events.closed(reason));
  const wire: Wire = {
    write: (bytes) => void socket.write(bytes),
    close: () => socket.destroy(),
    pause: () => void socket.pause(),
  };
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(wire));
    socket.once('error', reject);
  });
}

function dialWebSocket(url: string, events: Events): Promise<Wire> {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('message', ({ data }) => {
    if (data instanceof ArrayBuffer) events.bytes(Buffer.from(data));
    else events.fault(new Error('a text message'));
  });
  socket.addEventListener('close', ({ code, reason }) => events.closed(`${code} ${reason}`));
  const wire: Wire = {
    write: (bytes) => socket.send(new Uint8Array(bytes)),
    close: () => socket.close(),
    pause: () => {},
  };
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(wire), { once: true });
    const failed = (): void => reject(new Error(`no WebSocket at ${url}`));
    socket.addEventListener('error', failed, { once: true });
  });
}
