import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Business } from './business.ts';
import { audit, Seen, Sink } from './ledger.ts';
import { readyPort, said, spawnNode } from './spawned.ts';
import { type Step, steps } from './steps.ts';

export interface KillOptions {
  times: number;
  seed: number;
  print: (line: string) => void;
}

export interface KillReport {
  kills: number;
  atSteps: Record<string, number>;
  atRandom: number;
  promised: number;
  seenByWechat: number;
  events: number;
  /** Sends by state at the end. */
  states: Record<string, number>;
  /** Promises that were not kept; empty when all is well. */
  broken: string[];
}

const botcodes = ['bot01', 'bot02', 'bot03'];

/**
 * Kills, restarts and audits. Every second kill is at a named step, in turn; the others come at
 * random moments. After the last one the queue drains and everything is audited once more.
 */
export async function runKills(options: KillOptions): Promise<KillReport> {
  const random = seeded(options.seed);
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-fault-'));
  const sink = new Sink();
  const business = new Business(botcodes, random);
  const seen = new Seen();
  const report: KillReport = {
    kills: 0,
    atSteps: {},
    atRandom: 0,
    promised: 0,
    seenByWechat: 0,
    events: 0,
    states: {},
    broken: [],
  };
  try {
    const config = writeConfig(folder, await sink.start());
    await firstLife(config);
    for (let kill = 0; kill < options.times; kill += 1) {
      const step = kill % 2 === 0 ? steps[(kill / 2) % steps.length] : undefined;
      await life(config, step, random, { sink, business, report });
      seen.read(folder, botcodes);
      const { broken } = audit(folder, business.promised, seen);
      report.broken.push(...broken);
      if ((kill + 1) % 25 === 0) {
        options.print(
          `${kill + 1} kills, ${business.promised.size} promised, ${report.broken.length} broken`,
        );
      }
      if (report.broken.length > 20) break;
    }
    await lastLife(config, { sink, business });
    seen.read(folder, botcodes);
    const { broken, states } = audit(folder, business.promised, seen);
    report.broken.push(...broken, ...business.broken, ...sink.broken, ...untold(states, sink));
    report.states = states;
    report.promised = business.promised.size;
    report.seenByWechat = seen.byText.size;
    report.events = sink.events.size;
    return report;
  } finally {
    sink.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Parts {
  sink: Sink;
  business: Business;
}

/** Somebody scans; from now on every life logs in by itself. */
async function firstLife(config: string): Promise<void> {
  const victim = await start(config, []);
  for (const botcode of botcodes) {
    const base = `http://127.0.0.1:${victim.port}/simulator/${botcode}`;
    for (let tries = 0; tries < 200; tries += 1) {
      await fetch(`${base}/scan`, { method: 'POST' });
      if ((await fetch(`${base}/confirm`, { method: 'POST' })).ok) break;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  victim.child.kill('SIGTERM');
  await victim.ended;
}

/** One life of the daemon: start, audit what the last one left, work, be killed. */
async function life(
  config: string,
  step: Step | undefined,
  random: () => number,
  parts: Parts & { report: KillReport },
): Promise<void> {
  const { sink, business, report } = parts;
  const after = 1 + Math.floor(random() * 30);
  const inVictim = step === undefined || step === 'delivery:posted' ? [] : [step, String(after)];
  const victim = await start(config, inVictim);
  const die = (): void => {
    victim.child.kill('SIGKILL');
  };
  // A step that is not reached in time (nothing to do it on) becomes a random moment.
  const limit = setTimeout(die, step === undefined ? 30 + random() * 400 : 4000);
  if (step === 'delivery:posted') {
    let left = after;
    sink.onPost = () => {
      left -= 1;
      if (left === 0) die();
      return left <= 0;
    };
  }
  const began = performance.now();
  await business.retryUnsure(victim.port);
  await business.work(victim.port, 8);
  await victim.ended;
  clearTimeout(limit);
  sink.onPost = undefined;
  report.kills += 1;
  if (step !== undefined && performance.now() - began < 4000) {
    report.atSteps[step] = (report.atSteps[step] ?? 0) + 1;
  } else report.atRandom += 1;
}

/** No more kills: everything unsure is asked again, the queue drains, all events are told. */
async function lastLife(config: string, { sink, business }: Parts): Promise<void> {
  const victim = await start(config, []);
  await business.retryUnsure(victim.port);
  let before = -1;
  let quiet = 0;
  for (let round = 0; round < 600 && quiet < 10; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    quiet = sink.events.size === before ? quiet + 1 : 0;
    before = sink.events.size;
  }
  victim.child.kill('SIGTERM');
  await victim.ended;
}

/** Every settled send has been told to the channel by now. */
function untold(states: Record<string, number>, sink: Sink): string[] {
  const told = [...sink.events.values()].filter((text) => text.includes('"sendStatus"'));
  const msgids = new Set(told.map((text) => (JSON.parse(text) as { msgid: number }).msgid));
  const settled = ['sent', 'absent', 'failed', 'expired', 'cancelled'].reduce(
    (sum, state) => sum + (states[state] ?? 0),
    0,
  );
  return msgids.size === settled ? [] : [`${settled} settled, ${msgids.size} told`];
}

async function start(
  config: string,
  args: string[],
): Promise<{ child: ChildProcess; port: number; ended: Promise<void> }> {
  const program = join(import.meta.dirname, 'victim.ts');
  const spawned = spawnNode([program, config, ...args]);
  // At step `settle` or `delivery` work left over may kill it before it is ready.
  const [port = 0] = (await said(spawned, readyPort, args.length > 0)) ?? [];
  return { ...spawned, port: Number(port) };
}

function writeConfig(folder: string, sinkPort: number): string {
  const file = join(folder, 'config.json');
  const config = {
    http: { port: 0 },
    dataDir: folder,
    admin: { password: 'fault' },
    channels: [
      { chid: 'fault', key: 'fault-key', callbackUrl: `http://127.0.0.1:${sinkPort}/events` },
    ],
    bots: botcodes.map((botcode) => ({ botcode, driver: 'simulator', autoScan: false })),
    pacing: { perMinute: 0, perRoomPerMinute: 0, jitterMs: [0, 0] },
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** mulberry32: small, and the same everywhere. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
