import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startVictim, writeConfig } from './im-kill.ts';
import { seeded } from './kill.ts';
import { auditOfficial, auditStore } from './official-audit.ts';
import { type Keeping, OfficialPerson } from './official-person.ts';
import { Pusher } from './official-pusher.ts';

export interface OfficialKillOptions {
  times: number;
  seed: number;
  /** The daemon as users run it; else instant messaging alone, which starts in half the time. */
  whole: boolean;
  print: (line: string) => void;
}

export interface OfficialKillReport {
  kills: number;
  /** Pushes that were answered, by kind. */
  promised: Record<string, number>;
  /** Pushes that were said again after a kill, under the same name. */
  saidAgain: number;
  /** Frames that clients got. */
  received: number;
  /** Promises that were not kept; empty when all is well. */
  broken: string[];
}

const names = ['anna', 'ben', 'carl'];
const keepings: Keeping[] = ['since', 'acks', 'device'];

/**
 * Pushes go on while the daemon is killed and started again. Every push that was answered has to
 * come once to every user, in order, whatever way the user keeps what he has.
 */
export async function runOfficialKills(options: OfficialKillOptions): Promise<OfficialKillReport> {
  const random = seeded(options.seed);
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-fault-official-'));
  const persons = names.flatMap((name) =>
    keepings.map((keeping) => new OfficialPerson(name, keeping, random)),
  );
  const pushers = [1, 2, 3].map((number) => new Pusher(number, names, random));
  const broken: string[] = [];
  let kills = 0;
  try {
    const config = writeConfig(folder);
    while (kills < options.times && broken.length <= 20) {
      // Every second time at a random moment, else at a random transaction.
      const step = [undefined, 'before', undefined, 'durable'][kills % 4];
      const trap = step === undefined ? [] : [step, String(1 + Math.floor(random() * 40))];
      const victim = await startVictim(config, options.whole, trap);
      const alive = { now: true };
      void victim.ended.then(() => {
        alive.now = false;
      });
      // Now and then so late that lazy writers have written.
      const limit = kills % 10 === 0 ? 2500 : step === undefined ? 30 : 400;
      const timer = setTimeout(() => void victim.kill(), limit + random() * 250);
      const life = [
        ...persons.map((person) => wander(person, victim.port, alive, random)),
        ...pushers.map((pusher) => pusher.work(victim.port, alive)),
      ];
      await Promise.all([...life, victim.ended]);
      clearTimeout(timer);
      kills += 1;
      broken.push(...auditStore(folder));
      for (const person of persons) broken.push(...person.broken.splice(0));
      for (const pusher of pushers) broken.push(...pusher.broken.splice(0));
      if (kills % 25 === 0) options.print(`${kills} kills, ${broken.length} broken`);
    }
    const last = await startVictim(config, options.whole);
    const alive = { now: true };
    for (const pusher of pushers) await pusher.finish(last.port, alive);
    broken.push(...(await auditOfficial(last.port, persons, pushers)));
    await last.kill();
    return {
      kills,
      promised: promisedOf(pushers),
      saidAgain: pushers.reduce((sum, pusher) => sum + pusher.saidAgain, 0),
      received: persons.reduce((sum, person) => sum + person.received, 0),
      broken,
    };
  } finally {
    for (const person of persons) person.leave();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Comes, and now and then goes and comes again, until the daemon dies. */
async function wander(
  person: OfficialPerson,
  port: number,
  alive: { now: boolean },
  random: () => number,
): Promise<void> {
  while (alive.now) {
    await person.enter(port);
    const until = performance.now() + 50 + random() * 500;
    while (alive.now && performance.now() < until) await pause(10);
    person.leave();
  }
}

function promisedOf(pushers: readonly Pusher[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { promised } of pushers) {
    for (const { kind } of promised.values()) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
