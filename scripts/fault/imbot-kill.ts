import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditImbot } from './imbot-audit.ts';
import { ImbotWorld } from './imbot-world.ts';
import { seeded } from './kill.ts';
import { readyPort, said, spawnNode } from './spawned.ts';

export interface ImbotKillOptions {
  times: number;
  seed: number;
  /** The daemon as users run it; else the mini-program IM alone, which starts in half the time. */
  whole: boolean;
  print: (line: string) => void;
}

export interface ImbotKillReport {
  kills: number;
  accepted: number;
  taken: number;
  notices: number;
  /** Notices that came with a form id. */
  forms: number;
  /** Promises that were not kept; empty when all is well. */
  broken: string[];
}

/** People of the mini-program IM write and fetch while the daemon is killed and started again. */
export async function runImbotKills(options: ImbotKillOptions): Promise<ImbotKillReport> {
  const random = seeded(options.seed);
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-fault-imbot-'));
  const world = new ImbotWorld(random);
  const broken: string[] = [];
  let kills = 0;
  await world.open();
  try {
    const config = writeConfig(folder);
    while (kills < options.times && broken.length <= 20) {
      // Every second time at a random moment, else at a random transaction.
      const step = [undefined, 'before', undefined, 'durable'][kills % 4];
      const trap = step === undefined ? [] : [step, String(1 + Math.floor(random() * 60))];
      const victim = await start(config, options.whole, trap);
      const over = world.live(victim.port, victim.ended);
      const limit = step === undefined ? 30 : 500;
      const timer = setTimeout(() => void victim.kill(), limit + random() * 250);
      await over;
      clearTimeout(timer);
      kills += 1;
      broken.push(...auditImbot(world, folder), ...world.broken.splice(0));
      if (kills % 25 === 0) {
        options.print(`${kills} kills, ${sum(world.accepted)} accepted, ${broken.length} broken`);
      }
    }
    const last = await start(config, options.whole);
    await world.gather(last.port);
    await last.kill();
    broken.push(...auditImbot(world, folder));
    if (new Set(world.forms).size !== world.forms.length) broken.push('a form id was told twice');
    const { notices, forms } = world;
    const counts = { accepted: sum(world.accepted), taken: sum(world.taken) };
    return { kills, ...counts, notices, forms: forms.length, broken };
  } finally {
    world.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function sum(lists: ReadonlyMap<string, string[]>): number {
  return [...lists.values()].reduce((all, list) => all + list.length, 0);
}

interface Victim {
  port: number;
  ended: Promise<void>;
  kill(): Promise<void>;
}

async function start(config: string, whole: boolean, trap: string[] = []): Promise<Victim> {
  const program = join(import.meta.dirname, 'imbot-victim.ts');
  const args = [program, config, whole ? 'whole' : 'alone', ...trap];
  const spawned = spawnNode(args);
  const { child, ended } = spawned;
  const [port = 0] = (await said(spawned, readyPort)) ?? [];
  return {
    port: Number(port),
    ended,
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

function writeConfig(folder: string): string {
  const file = join(folder, 'config.json');
  const config = {
    ...{ http: { host: '127.0.0.1', port: 0 }, dataDir: folder, admin: { password: 'fault' } },
    ...{ log: 'error', channels: [], bots: [] },
    imbot: { noticeWaitSeconds: 0.05, noticeAllow: ['127.0.0.1'] },
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}
