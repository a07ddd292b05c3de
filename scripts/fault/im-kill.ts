import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imConfig } from '../bench/im-rest.ts';
import { Audit } from './im-audit.ts';
import { World } from './im-world.ts';
import { seeded } from './kill.ts';
import { said, spawnNode } from './spawned.ts';

export interface ImKillOptions {
  times: number;
  seed: number;
  /** The daemon as users run it; else instant messaging alone, which starts in half the time. */
  whole: boolean;
  print: (line: string) => void;
}

export interface ImKillReport {
  kills: number;
  /** What was acknowledged, by kind. */
  promised: Record<string, number>;
  /** Messages that clients got. */
  received: number;
  /** Promises that were not kept; empty when all is well. */
  broken: string[];
}

const host = '127.0.0.1';

/**
 * Users talk and groups change while the daemon is killed and started again. After each kill what
 * it left on disk is compared with what was promised and seen; in each next life everybody fetches
 * from where he was.
 */
export async function runImKills(options: ImKillOptions): Promise<ImKillReport> {
  const random = seeded(options.seed);
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-fault-im-'));
  const world = new World(random);
  const audit = new Audit(world);
  const broken: string[] = [];
  let kills = 0;
  try {
    const config = writeConfig(folder);
    const first = await startVictim(config, options.whole);
    await world.begin(first.port);
    await first.kill();
    while (kills < options.times && broken.length <= 20) {
      // Every second time at a random moment, else at a random transaction.
      const step = [undefined, 'before', undefined, 'durable'][kills % 4];
      const trap = step === undefined ? [] : [step, String(1 + Math.floor(random() * 40))];
      const victim = await startVictim(config, options.whole, trap);
      const over = world.live(host, victim.tcpPort, victim.port, victim.ended);
      // Now and then so late that lazy writers have written.
      const limit = kills % 20 === 0 ? 1100 : step === undefined ? 20 : 400;
      const timer = setTimeout(() => void victim.kill(), limit + random() * 200);
      await over;
      clearTimeout(timer);
      kills += 1;
      broken.push(...audit.run(folder), ...told(world));
      if (kills % 25 === 0) {
        options.print(`${kills} kills, ${JSON.stringify(world.promised)}, ${broken.length} broken`);
      }
    }
    const last = await startVictim(config, options.whole);
    await world.gather(host, last.tcpPort, last.port);
    await last.kill();
    broken.push(...audit.runLast(folder), ...told(world));
    const received = world.persons.reduce((sum, person) => sum + person.received, 0);
    return { kills, promised: world.promised, received, broken };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What users found wrong since the last time. */
function told(world: World): string[] {
  return [...world.broken.splice(0), ...world.persons.flatMap((person) => person.broken.splice(0))];
}

export interface Victim {
  port: number;
  tcpPort: number;
  ended: Promise<void>;
  kill(): Promise<void>;
}

/** A daemon that can be killed. @param trap where it kills itself: a step, and the how manieth */
export async function startVictim(
  config: string,
  whole: boolean,
  trap: string[] = [],
): Promise<Victim> {
  const program = join(import.meta.dirname, 'im-victim.ts');
  const args = [program, config, whole ? 'whole' : 'alone', ...trap];
  const spawned = spawnNode(args);
  const { child, ended } = spawned;
  const ports = await said(spawned, /ready \S*?:(\d+)\s[\s\S]*im tcp:\S*?:(\d+)\s/);
  const [port = 0, tcpPort = 0] = ports?.map(Number) ?? [];
  return {
    port,
    tcpPort,
    ended,
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

export function writeConfig(folder: string): string {
  const file = join(folder, 'config.json');
  const config = {
    ...{ http: { host, port: 0 }, dataDir: folder, admin: { password: 'fault' } },
    ...{ log: 'error', channels: [], bots: [] },
    ...imConfig,
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}
