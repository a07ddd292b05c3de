import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readyPort, said, spawnNode } from '../fault/spawned.ts';

export interface LoadDrillOptions {
  seconds: number;
  /** Commands a second. */
  rate: number;
  print: (line: string) => void;
}

export interface LoadDrillReport {
  seconds: number;
  commands: number;
  refused: number;
  /** Of answers, ms. */
  p50: number;
  p99: number;
  max: number;
  /** Events that the receiver took. */
  events: number;
  /** Until everything was sent and told, after the last command. */
  drainedMs: number;
  residentMbAtStart: number;
  residentMbAtEnd: number;
  broken: string[];
}

const botcodes = ['bot01', 'bot02', 'bot03', 'bot04', 'bot05'];
const key = 'drill-key';

/**
 * A daemon of its own under a steady load of signed commands. Everything that was accepted has to
 * leave, be told to the receiver once at least, and leave nothing behind.
 */
export async function runLoadDrill(options: LoadDrillOptions): Promise<LoadDrillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-load-'));
  const told = new Set<number>();
  const receiver = createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    incoming.on('end', () => {
      const event = JSON.parse(new URLSearchParams(body).get('reqBody') ?? '{}');
      if (event.type === 'sendStatus') told.add(event.msgid);
      response.end('{"result":"success"}');
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  const daemon = await start(folder, port);
  try {
    return await drive(daemon, options, told);
  } finally {
    daemon.child.kill('SIGTERM');
    await daemon.ended;
    receiver.close();
    receiver.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Started {
  child: ChildProcess;
  port: number;
  ended: Promise<void>;
}

async function drive(
  daemon: Started,
  { seconds, rate, print }: LoadDrillOptions,
  told: Set<number>,
): Promise<LoadDrillReport> {
  for (const botcode of botcodes) await login(daemon.port, botcode);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const residentMbAtStart = residentMb(daemon.child);
  const times: number[] = [];
  const accepted = new Set<number>();
  const broken: string[] = [];
  const open = new Set<Promise<void>>();
  let refused = 0;
  let made = 0;
  const began = performance.now();
  for (let now = 0; now < seconds * 1000; now = performance.now() - began) {
    const due = Math.floor((now / 1000) * rate);
    for (; made < due; made += 1) {
      const at = performance.now();
      const asked = ask(agent, daemon.port, made).then(
        ({ rtCode, msgid }) => {
          times.push(performance.now() - at);
          if (rtCode === '0' && msgid !== undefined) accepted.add(msgid);
          else refused += 1;
        },
        (error: unknown) => {
          broken.push(String(error));
        },
      );
      open.add(asked);
      void asked.finally(() => open.delete(asked));
    }
    if (made > 0 && made % (rate * 60) === 0) print(`${made} commands, ${told.size} told`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(open);
  const ended = performance.now();
  const lost = (): number => [...accepted].filter((msgid) => !told.has(msgid)).length;
  while (lost() > 0 && performance.now() - ended < 120_000) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  if (lost() > 0) broken.push(`${lost()} messages were accepted and nothing was told of them`);
  if (refused > 0) broken.push(`${refused} commands were refused`);
  times.sort((a, b) => a - b);
  const place = (share: number): number => round(times[Math.floor(times.length * share)] ?? 0);
  agent.destroy();
  return {
    seconds,
    commands: made,
    refused,
    p50: place(0.5),
    p99: place(0.99),
    max: round(times.at(-1) ?? 0),
    events: told.size,
    drainedMs: Math.round(performance.now() - ended),
    residentMbAtStart,
    residentMbAtEnd: residentMb(daemon.child),
    broken: broken.slice(0, 20),
  };
}

async function start(folder: string, sinkPort: number): Promise<Started> {
  const config = join(folder, 'config.json');
  const settings = {
    http: { port: 0 },
    dataDir: join(folder, 'data'),
    log: 'error',
    admin: { password: 'drill-password' },
    channels: [{ chid: 'drill', key, callbackUrl: `http://127.0.0.1:${sinkPort}/` }],
    bots: botcodes.map((botcode) => ({ botcode, driver: 'simulator', autoScan: false })),
    pacing: { perMinute: 0, perRoomPerMinute: 0, jitterMs: [0, 0] },
  };
  writeFileSync(config, JSON.stringify(settings));
  const script = join(import.meta.dirname, '..', 'start.ts');
  const spawned = spawnNode([script, '--config', config]);
  const [port = 0] = (await said(spawned, readyPort)) ?? [];
  return { ...spawned, port: Number(port) };
}

async function login(port: number, botcode: string): Promise<void> {
  const base = `http://127.0.0.1:${port}/simulator/${botcode}`;
  for (let tries = 0; tries < 400; tries += 1) {
    await fetch(`${base}/scan`, { method: 'POST' });
    if ((await fetch(`${base}/confirm`, { method: 'POST' })).ok) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${botcode} does not log in`);
}

function ask(
  agent: Agent,
  port: number,
  number: number,
): Promise<{ rtCode: string; msgid?: number }> {
  const body = JSON.stringify({
    reqHead: {
      chid: 'drill',
      txcode: `d${number}`,
      txtime: String(Date.now()),
      botcode: botcodes[number % botcodes.length],
    },
    reqBody: { roomTopic: number % 2 === 0 ? '测试群' : '项目通知群', text: `message ${number}` },
  });
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-ecaspsplus-signature': createHash('md5').update(body).update(key).digest('hex'),
  };
  return new Promise((resolve, reject) => {
    const path = '/api/roomSendText';
    const asked = request(
      { host: '127.0.0.1', port, path, method: 'POST', agent, headers },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.on('end', () => resolve(JSON.parse(text).resBody));
        response.on('error', reject);
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

/** 0 where the system does not tell. */
function residentMb(child: ChildProcess): number {
  try {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
