import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FarmRequest } from './isolation-farm.ts';
import { median } from './report.ts';
import { type DaemonProcess, startDaemonProcess, txtime } from './servers.ts';

const bots = 50;
/** Bots that are given trouble: one hangs, one loses its stream, one has a receiver that hangs. */
const troubled = 3;
const seconds = 6;
const perSecond = 100;

/**
 * `npm run bench -- isolation`: 50 bots over gRPC; from accept to the other side, for the bots
 * without trouble, while one bot hangs, one loses its stream every second and one channel's
 * receiver hangs for 30 s a call, against the same without. Interleaved. Then memory per idle bot.
 */
export async function benchIsolation(args: string[]): Promise<void> {
  const rounds = Number(args[0] ?? 3);
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-isolation-'));
  const farm = await startFarm();
  const sink = createServer((request, response) => {
    request.resume();
    // The hanging receiver keeps each call for 30 s; the good one answers at once.
    if (request.url === '/hang') setTimeout(() => response.end('no'), 30_000);
    else response.end('{"result":"success"}');
  });
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const port = (sink.address() as AddressInfo).port;
  const small = await startBots(join(folder, 'one'), farm.places.slice(49), port);
  await settle();
  const oneBot = small.rssBytes();
  await small.stop();
  const daemon = await startBots(join(folder, 'all'), farm.places, port);
  try {
    await settle();
    const perBot = (daemon.rssBytes() - oneBot) / (bots - 1) / 1_048_576;
    const calm: number[] = [];
    const rough: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await farm.ask({ ask: 'trouble', on: false });
      calm.push(await p99(daemon, farm, `calm${round}`));
      await farm.ask({ ask: 'trouble', on: true });
      rough.push(await p99(daemon, farm, `rough${round}`));
    }
    const ratio = median(rough.map((one, index) => one / (calm[index] ?? one)));
    print(
      `## isolation: ${bots} bots over gRPC, ${perSecond} sends/s, ${rounds} interleaved rounds`,
    );
    print(
      `accept → other side, bots without trouble, p99: ${median(calm)} ms calm, ${median(rough)} ms with trouble, ratio ${ratio.toFixed(2)}`,
    );
    print(`resident memory per added idle bot: ${perBot.toFixed(2)} MB`);
  } finally {
    await daemon.stop();
    farm.child.kill('SIGKILL');
    sink.closeAllConnections();
    sink.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Place {
  port: number;
  token: string;
}

function startBots(dataDir: string, places: Place[], sink: number): Promise<DaemonProcess> {
  const channel = (chid: string, path: string): Record<string, unknown> => ({
    chid,
    key: 'bench-key',
    callbackUrl: `http://127.0.0.1:${sink}/${path}`,
  });
  return startDaemonProcess(dataDir, {
    config: {
      channels: [channel('bench', 'good'), channel('slow', 'hang')],
      pacing: { perMinute: 0, perRoomPerMinute: 0, jitterMs: [0, 0] },
      bots: places.map(({ port, token }, index) => ({
        botcode: `grpc${index}`,
        driver: 'wechaty',
        puppet: 'wechaty-puppet-service',
        puppetOptions: { token, endpoint: `127.0.0.1:${port}`, tls: { disable: true } },
      })),
    },
  });
}

/** Sends on schedule to all bots; @returns p99 in ms over the bots without trouble. */
async function p99(daemon: DaemonProcess, farm: Farm, prefix: string): Promise<number> {
  const sentAt = new Map<string, number>();
  const begin = Date.now();
  const pending: Promise<unknown>[] = [];
  for (let sent = 0; sent < seconds * perSecond; sent += 1) {
    const due = begin + (sent / perSecond) * 1000;
    if (due > Date.now()) await new Promise((resolve) => setTimeout(resolve, due - Date.now()));
    const bot = sent % bots;
    const text = `${prefix} ${sent}`;
    if (bot >= troubled) sentAt.set(text, Date.now());
    pending.push(send(daemon.port, bot === 2 ? 'slow' : 'bench', `grpc${bot}`, text));
  }
  await Promise.all(pending);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const { seen } = await farm.ask({ ask: 'seen', prefix: `${prefix} ` });
  const delays = [...sentAt].map(([text, at]) => (seen?.[text] ?? Number.POSITIVE_INFINITY) - at);
  delays.sort((a, b) => a - b);
  return delays[Math.floor(delays.length * 0.99)] ?? 0;
}

async function send(port: number, chid: string, botcode: string, text: string): Promise<void> {
  const body = JSON.stringify({
    reqHead: { chid, txcode: `${text}${Date.now()}`, txtime: txtime(), botcode },
    reqBody: { roomTopic: 'bench', text },
  });
  const answer = await fetch(`http://127.0.0.1:${port}/api/roomSendText`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-ecaspsplus-signature': createHash('md5').update(`${body}bench-key`).digest('hex'),
    },
    body,
  });
  const text2 = await answer.text();
  if (!text2.includes('"rtCode":"0"')) throw new Error(`refused: ${text2}`);
}

interface Farm {
  child: ChildProcess;
  places: Place[];
  ask(
    request: FarmRequest extends infer R
      ? R extends { id: number }
        ? Omit<R, 'id'>
        : never
      : never,
  ): Promise<{ seen?: Record<string, number> }>;
}

async function startFarm(): Promise<Farm> {
  const child = fork(join(import.meta.dirname, 'isolation-farm.ts'), [String(bots)], {
    execArgv: ['--no-deprecation'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, (answer: { seen?: Record<string, number> }) => void>();
  let asked = 0;
  const places = await new Promise<Place[]>((resolve) => {
    child.on(
      'message',
      (message: { places?: Place[]; id?: number; seen?: Record<string, number> }) => {
        if (message.places !== undefined) resolve(message.places);
        if (message.id !== undefined) waiting.get(message.id)?.(message);
      },
    );
  });
  return {
    child,
    places,
    ask: (request) =>
      new Promise((resolve) => {
        asked += 1;
        waiting.set(asked, resolve);
        child.send({ ...request, id: asked });
      }),
  };
}

/** Long enough for every bot to be logged in and its rooms read. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 12_000));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
