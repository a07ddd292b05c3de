import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from './support/eventually.ts';
import type { GobelieveClient } from './support/gobelieve-client.ts';
import { command, FrameReader } from './support/gobelieve-frames.ts';
import { Dice, Noise, type NoiseWorld } from './support/gobelieve-noise.ts';
import { GobelieveScene } from './support/gobelieve-scene.ts';

const frameCount = 100_000;
const mostPerConnection = 80;
const atOnce = 40;
/** For the end of what the server says; noise may have confused it so that none comes. */
const patienceMs = 300;

let scene: GobelieveScene;
/** Acknowledgements and pongs. */
let answers = 0;
let world: NoiseWorld;

beforeAll(async () => {
  scene = await GobelieveScene.start();
  const users = [];
  for (let at = 0; at < 100; at += 1) {
    const uid = scene.uid();
    users.push({ uid, token: await scene.token(uid) });
  }
  const groups = [];
  for (let at = 0; at < 20; at += 1) {
    const members = users.slice(at * 4, at * 4 + 5).map(({ uid }) => uid);
    groups.push(await scene.group(members, at % 2 === 0));
  }
  world = { users, groups };
});
afterAll(() => scene?.close());

it('100,000 frames of noise harm nobody else', async () => {
  const seed = randomBytes(4).readUInt32BE();
  const dice = new Dice(seed);
  const a = await scene.online();
  const b = await scene.online();
  const before = scene.sockets;
  const watch = new Witness(a, b);
  const watching = watch.run();
  let sent = 0;
  const shout = async (): Promise<void> => {
    while (sent < frameCount) {
      const noise = new Noise(dice, world);
      const count = 1 + dice.below(mostPerConnection);
      sent += count;
      const mark = `听完 ${sent}`;
      const frames = [...noise.frames(count), ...noise.last(mark)];
      await (dice.next() < 0.8 ? overTcp : overWebSocket)(frames, mark, dice);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, shout));
    await watch.stop(watching);
    // Whoever is gone is gone at the server too.
    const { hub } = scene.daemon.daemon.core.im;
    await eventually('nobody but the witnesses', () => hub.count === 2 && scene.sockets <= before);
    expect(watch.slowestMs).toBeLessThan(3000);
    const faults = scene.daemon.log().split('\n').filter(isFault);
    expect(faults).toEqual([]);
    // Most of it was understood, else the mix would only try the door.
    expect(answers).toBeGreaterThan(10_000);
    await scene.hangUp();
  } catch (error) {
    throw new Error(`seed ${seed}`, { cause: error });
  }
});

/** Two who talk all the while, and hear each word of each other once and in order. */
class Witness {
  slowestMs = 0;
  readonly #a: GobelieveClient;
  readonly #b: GobelieveClient;
  #stopped = false;

  constructor(a: GobelieveClient, b: GobelieveClient) {
    this.#a = a;
    this.#b = b;
  }

  async run(): Promise<string[]> {
    const said: string[] = [];
    while (!this.#stopped) {
      const text = `第 ${said.length}`;
      said.push(text);
      const start = performance.now();
      await this.#a.peer(this.#b.uid, text);
      await this.#b.holds(said.length);
      this.slowestMs = Math.max(this.slowestMs, performance.now() - start);
    }
    return said;
  }

  async stop(running: Promise<string[]>): Promise<void> {
    this.#stopped = true;
    const said = await running;
    expect(said.length).toBeGreaterThan(20);
    expect(this.#b.texts).toEqual(said);
  }
}

/** Cut anywhere; then the line is hung up, and the server has to do so too. */
async function overTcp(frames: readonly Buffer[], mark: string, dice: Dice): Promise<void> {
  const port = 'tcp' in scene.tcp ? scene.tcp.tcp : 0;
  const socket = connect({ port, host: '127.0.0.1' });
  const closed = gone(socket);
  listen(socket);
  const heard = echoed(socket, mark);
  let rest = Buffer.concat(frames);
  while (rest.length > 0) {
    const cut = dice.next() < 0.5 ? rest.length : 1 + dice.below(rest.length);
    socket.write(rest.subarray(0, cut));
    rest = rest.subarray(cut);
    if (dice.next() < 0.3) await new Promise(setImmediate);
  }
  if (dice.next() < 0.9) await heard;
  if (dice.next() < 0.05) socket.destroy();
  else socket.end();
  await closed;
}

/** One frame to a message, but for some that are none, or of several parts. */
async function overWebSocket(frames: readonly Buffer[], mark: string, dice: Dice): Promise<void> {
  const { port } = new URL(scene.daemon.url);
  const socket = connect({ port: Number(port), host: '127.0.0.1' });
  const closed = gone(socket);
  const key = dice.bytes(16).toString('base64');
  const head = ['GET /ws HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket'];
  head.push('Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${key}`, '', '');
  socket.write(head.join('\r\n'));
  const upgraded = new Promise<void>((resolve) => socket.once('data', () => resolve()));
  await Promise.race([upgraded, closed]);
  const heard = echoed(socket, mark);
  const messages = frames.flatMap((frame) => {
    const roll = dice.next();
    if (roll < 0.003) return [dice.bytes(dice.below(60))];
    if (roll < 0.006) return [webSocketFrame(dice.below(256), frame, dice)];
    if (roll > 0.05) return [webSocketFrame(0x82, frame, dice)];
    const cut = dice.below(frame.length);
    const [one, other] = [frame.subarray(0, cut), frame.subarray(cut)];
    return [webSocketFrame(0x02, one, dice), webSocketFrame(0x80, other, dice)];
  });
  socket.write(Buffer.concat(messages));
  if (dice.next() < 0.9) await heard;
  socket.end(webSocketFrame(0x88, Buffer.alloc(0), dice));
  await closed;
}

/** Masked, as clients have to. */
function webSocketFrame(first: number, payload: Buffer, dice: Dice): Buffer {
  const mask = dice.bytes(4);
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : 4);
  head[0] = first;
  head[1] = 0x80 | Math.min(length, 126);
  if (length >= 126) head.writeUInt16BE(length, 2);
  return Buffer.concat([head, mask, payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0))]);
}

/** Resolves when the mark has come back, or will not. */
function echoed(socket: Socket, mark: string): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patienceMs);
    let tail = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      const seen = Buffer.concat([tail, bytes]);
      if (seen.includes(mark)) resolve();
      tail = seen.subarray(-mark.length);
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Whatever is said to the server, what it says has a form. */
function listen(socket: Socket): void {
  const reader = new FrameReader();
  let heard = 0;
  socket.on('data', (bytes: Buffer) => {
    for (const frame of reader.read(bytes)) {
      heard += 1;
      if (frame.seq !== heard) throw new Error(`frame ${heard} came as ${frame.seq}`);
      if (frame.command === command.ack || frame.command === command.pong) answers += 1;
    }
  });
}

/** @throws when it takes long */
function gone(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the server does not let go')), 10_000);
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function isFault(line: string): boolean {
  return /"level":(50|60)|"level":"(error|fatal)"/.test(line);
}
