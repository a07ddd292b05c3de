import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { createImSockets, type ImSockets } from '../../api/gobelieve/wire/im-sockets.ts';
import type { WireCore } from '../../api/gobelieve/wire/wire.ts';
import { Upgrades } from '../../api/sockets/upgrades.ts';
import { type Clock, RealClock } from '../../bot/clock.ts';
import { createLogger } from '../../config/logger.ts';
import { eventually } from './eventually.ts';

/** Header and body as hex, as the reference writes them. */
export type Hex = string;

export interface WireRig {
  sockets: ImSockets;
  tcpPort: number;
  httpPort: number;
  /** A client over TCP; all that are made are ended with the rig. */
  tcp(): Promise<RawClient>;
  webSocket(): Promise<RawClient>;
  stop(): Promise<void>;
}

/** The doors for IM clients over a core, with an HTTP server of their own. */
export async function startWire(
  im: WireCore,
  options: { clock?: Clock; maxPending?: number; farewellMs?: number } = {},
): Promise<WireRig> {
  const sockets = createImSockets({
    im,
    clock: new RealClock(),
    logger: createLogger('silent'),
    tcp: { host: '127.0.0.1', port: 0 },
    ...options,
  });
  const upgrades = new Upgrades();
  upgrades.add('/ws', sockets.upgrade);
  const http = createServer({ shouldUpgradeCallback: upgrades.wants }, (_request, response) => {
    response.end('plain');
  });
  upgrades.attach(http);
  await listen(http);
  const httpPort = (http.address() as AddressInfo).port;
  const tcpPort = (await sockets.start()) ?? 0;
  const clients: RawClient[] = [];
  const keep = (client: RawClient): RawClient => {
    clients.push(client);
    return client;
  };
  return {
    sockets,
    tcpPort,
    httpPort,
    tcp: async () => keep(await RawTcp.connect(tcpPort)),
    webSocket: async () => keep(await RawWebSocket.connect(`ws://127.0.0.1:${httpPort}/ws`)),
    async stop() {
      await sockets.stop();
      for (const client of clients) client.destroy();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** Sends and reads frames byte by byte, and knows nothing of the protocol. */
export abstract class RawClient {
  /** Frames that came, in hex: header and body parted by a blank. */
  readonly frames: Hex[] = [];
  closed = false;

  /** Frames or parts of them, as they are. */
  abstract send(...parts: Buffer[]): void;
  abstract destroy(): void;

  /** The next frames, once so many have come. */
  async take(count: number): Promise<Hex[]> {
    await eventually(`${count} frames, got ${this.frames.join(', ')}`, () => {
      if (this.closed) throw new Error(`closed after ${this.frames.join(', ')}`);
      return this.frames.length >= count;
    });
    return this.frames.splice(0, count);
  }

  async ended(): Promise<void> {
    await eventually('the end of the connection', () => this.closed);
  }

  protected took(bytes: Buffer): void {
    const head = bytes.subarray(0, 12).toString('hex');
    this.frames.push(`${head} ${bytes.subarray(12).toString('hex')}`.trimEnd());
  }
}

class RawTcp extends RawClient {
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
    });
  }

  static async connect(port: number): Promise<RawTcp> {
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    return new RawTcp(socket);
  }

  send(...parts: Buffer[]): void {
    this.#socket.write(Buffer.concat(parts));
  }

  /** Stops and goes on reading. */
  pause(): void {
    this.#socket.pause();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    let rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      if (rest.length < 12) break;
      const end = 12 + rest.readInt32BE(0);
      if (rest.length < end) break;
      this.took(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    this.#rest = rest;
  }
}

/** Holds a message that is not exactly one frame for an error. */
export class RawWebSocket extends RawClient {
  readonly socket: WebSocket;
  code: number | undefined;
  fault: string | undefined;

  private constructor(socket: WebSocket) {
    super();
    this.socket = socket;
    socket.on('message', (data, isBinary) => {
      const bytes = data instanceof Buffer ? data : Buffer.alloc(0);
      const whole = bytes.length >= 12 && bytes.length === 12 + bytes.readInt32BE(0);
      if (isBinary && whole) this.took(bytes);
      else this.fault ??= `no frame: ${bytes.toString('hex')}`;
    });
    socket.on('error', () => {});
    socket.on('close', (code) => {
      this.closed = true;
      this.code = code;
    });
  }

  static async connect(url: string): Promise<RawWebSocket> {
    const socket = new WebSocket(url, { origin: 'https://elsewhere.example' });
    const client = new RawWebSocket(socket);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  /** Each a message. */
  send(...parts: Buffer[]): void {
    for (const part of parts) this.socket.send(part);
  }

  destroy(): void {
    this.socket.terminate();
  }
}

/** A client's frame. */
export function frame(
  head: { seq: number; command: number; version?: number; flags?: number },
  ...body: Buffer[]
): Buffer {
  const bytes = Buffer.concat(body);
  const { seq, command, version = 2, flags = 0 } = head;
  return Buffer.concat([
    i32(bytes.length),
    i32(seq),
    Buffer.from([command, version, flags, 0]),
    bytes,
  ]);
}

export function login(seq: number, token: string, options: Partial<LoginOptions> = {}): Buffer {
  const { platform = 3, device = 'x'.repeat(36), version = 2 } = options;
  const parts = [token, device].flatMap((text) => [Buffer.from([text.length]), Buffer.from(text)]);
  return frame({ seq, command: 15, version }, Buffer.from([platform]), ...parts);
}

interface LoginOptions {
  platform: number;
  device: string;
  version: number;
}

export function i32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function i64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

/** Hex as the server's frames are given by `RawClient`. */
export function hex(
  head: { seq: number; command: number; version?: number; flags?: number },
  ...body: Buffer[]
): Hex {
  const bytes = frame(head, ...body).toString('hex');
  return `${bytes.slice(0, 24)} ${bytes.slice(24)}`.trimEnd();
}

async function listen(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}
