import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seeded } from './kill.ts';
import { auditPushes, countDue } from './push-audit.ts';
import { PushPlatform } from './push-platform.ts';
import { PushUser, pushAccounts } from './push-users.ts';
import { readyPort, said, spawnNode } from './spawned.ts';

export interface PushKillOptions {
  times: number;
  seed: number;
  /** The daemon as users run it; else what takes pushes alone, which starts in half the time. */
  whole: boolean;
  print: (line: string) => void;
}

export interface PushKillReport {
  kills: number;
  /** Pushes that were answered. */
  promised: number;
  /** Pushes that WeChat gave up. */
  unsure: number;
  downloads: number;
  /** Promises that were not kept; empty when all is well. */
  broken: string[];
}

/**
 * Users write while the daemon is killed and started again. After each kill what it left on disk is
 * compared with what it has answered; in the last life everything is worked off.
 */
export async function runPushKills(options: PushKillOptions): Promise<PushKillReport> {
  const random = seeded(options.seed);
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-fault-push-'));
  const platform = new PushPlatform(random);
  const users = Array.from({ length: 9 }, (_, number) => new PushUser(number, random));
  const broken: string[] = [];
  const promised = (): number => users.reduce((sum, user) => sum + user.promised.length, 0);
  let kills = 0;
  let next: Loaded | undefined;
  try {
    const config = writeConfig(folder, await platform.start());
    // Every second time at a random transaction, else some moment after so many answers.
    const load = (number: number): Loaded => {
      const step = [undefined, 'before', undefined, 'durable'][number % 4];
      const trap = step === undefined ? [] : [step, String(1 + Math.floor(random() * 120))];
      return loadVictim(config, options.whole, trap);
    };
    next = load(0);
    while (kills < options.times && broken.length <= 20) {
      const { start, isTrapped } = next;
      const victim = await start();
      next = load(kills + 1);
      const timer = setTimeout(victim.kill, 3000);
      let left = isTrapped ? Number.POSITIVE_INFINITY : 1 + Math.floor(random() * 60);
      const answered = (): void => {
        left -= 1;
        if (left === 0) setTimeout(victim.kill, random() * 4);
      };
      await Promise.all(users.map((user) => user.write(victim.port, answered)));
      await victim.ended;
      clearTimeout(timer);
      kills += 1;
      broken.push(...auditPushes(folder, users, false));
      if (kills % 25 === 0) {
        options.print(`${kills} kills, ${promised()} promised, ${broken.length} broken`);
      }
    }
    broken.push(...(await lastLife(config, options.whole, { folder, users })));
    broken.push(...users.flatMap((user) => user.broken));
    const unsure = users.reduce((sum, user) => sum + user.unsure.size, 0);
    return { kills, promised: promised(), unsure, downloads: platform.downloads, broken };
  } finally {
    next?.discard();
    platform.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** No more kills: what was under way is answered, what waits is worked off. */
async function lastLife(
  config: string,
  whole: boolean,
  { folder, users }: { folder: string; users: readonly PushUser[] },
): Promise<string[]> {
  const victim = await loadVictim(config, whole, []).start();
  await Promise.all(users.map((user) => user.finish(victim.port)));
  for (let round = 0; round < 400 && countDue(folder) > 0; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  victim.kill();
  await victim.ended;
  return auditPushes(folder, users, true);
}

interface Victim {
  port: number;
  ended: Promise<void>;
  kill: () => void;
}

/** A process that has loaded the program, and waits. */
interface Loaded {
  isTrapped: boolean;
  start(): Promise<Victim>;
  discard(): void;
}

function loadVictim(config: string, whole: boolean, trap: string[]): Loaded {
  const program = join(import.meta.dirname, 'push-victim.ts');
  const args = [program, config, whole ? 'whole' : 'alone', ...trap];
  const spawned = spawnNode(args, 'pipe');
  const { child, ended } = spawned;
  const kill = (): void => void child.kill('SIGKILL');
  return {
    isTrapped: trap.length > 0,
    discard: kill,
    start: async () => {
      child.stdin?.write('begin\n');
      // What the life before has left may kill it before it is ready.
      const [port = 0] = (await said(spawned, readyPort, trap.length > 0)) ?? [];
      return { port: Number(port), ended, kill };
    },
  };
}

function writeConfig(folder: string, apiBase: string): string {
  const file = join(folder, 'config.json');
  const config = {
    ...{ http: { port: 0 }, dataDir: folder, admin: { password: 'fault' } },
    ...{ log: 'error', channels: [], bots: [] },
    wechat: pushAccounts.map((one) => ({ ...one, apiBase, secret: 'app-secret' })),
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}
