import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { reportFields } from '../config/report-schema.ts';
import { openVault } from '../config/secrets.ts';
import { migrate } from '../store/migrator.ts';
import { ScheduleStore } from '../store/schedules.ts';
import { SqliteDatabase } from '../store/sqlite.ts';
import { eventually } from './support/eventually.ts';

const count = 40;
const downMs = 30 * 3_600_000;

it('four processes on one database, clocks apart, one of them killed: each slot has one run and one message', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-race-'));
  const file = join(folder, 'wxrc.db');
  const db = new SqliteDatabase({ file });
  await migrate(db, { now: 0 });
  const store = new ScheduleStore(db, openVault(folder));
  const began = Date.now();
  // Hourly ones that were down for a day and more, and some that fire while the race goes on.
  await db.transaction(async (tx) => {
    for (let at = 0; at < count; at += 1) {
      const often = at < 4;
      const settings = reportFields.parse({
        ...{ name: `r${at}`, expr: often ? '* * * * * *' : '0 * * * *', misfire: 'run_all' },
        ...{ text: 'tick', overlap: 'allow', targets: [{ botcode: 'bot01', roomTopic: 'hall' }] },
      });
      const decided_to = often ? began : began - downMs;
      const row = {
        name: settings.name,
        source: 'admin' as const,
        settings: JSON.stringify(settings),
      };
      await store.add(tx, { ...row, decided_to, created_at: decided_to });
    }
  });
  await db.close();
  const children = [0, 5, -7, 350].map((offset) => race(folder, offset));
  await Promise.all(children.map(({ ready }) => ready));
  setTimeout(() => children[3]?.child.kill('SIGKILL'), 2500);
  const check = new Sqlite(file, { readonly: true });
  const open = check
    .prepare("SELECT count(*) FROM runs WHERE slot < ? AND state IN ('waiting', 'running')")
    .pluck();
  const decided = check.prepare('SELECT min(decided_to) FROM schedules').pluck();
  // Long enough for the killed one's runs to be taken over, and until all that was missed is made.
  let until = 0;
  await eventually(
    'all is made',
    () => {
      until = Date.now() - 2000;
      return (
        until > began + 5000 && Number(decided.get()) > began - 3_600_000 && open.get(until) === 0
      );
    },
    50_000,
  );
  for (const { child } of children) child.stdin?.end();
  await Promise.all(children.map(({ over }) => over));

  const all = <T>(sql: string): T[] => check.prepare(sql).all() as T[];
  const runs = all<{ schedule: string; slot: number; state: string; attempt: number }>(
    'SELECT * FROM runs',
  );
  const sends = all<{ txcode: string; payload: string }>('SELECT txcode, payload FROM sends');
  check.close();
  rmSync(folder, { recursive: true, force: true });
  // Each run that is over has its message, each message its run, none is there twice.
  const made = runs.filter(({ state }) => state === 'sent' || state === 'sending');
  const keys = made.map(({ schedule, slot }) => `report:${schedule}:${slot}:0`);
  expect(sends.map(({ txcode }) => txcode).sort()).toEqual(keys.sort());
  expect(new Set(keys).size).toBe(keys.length);
  // The policy: the newest 24 of those that were missed, the others skipped, none left out.
  const missed = Array.from({ length: count - 4 }, (_, at) =>
    runs.filter(({ schedule, slot }) => schedule === `r${at + 4}` && slot <= began),
  );
  const hours = Math.floor(began / 3_600_000) - Math.floor((began - downMs) / 3_600_000);
  expect(
    missed.map((one) => [one.length, one.filter(({ state }) => state === 'skipped').length]),
  ).toEqual(missed.map(() => [hours, hours - 24]));
  for (let at = 0; at < 4; at += 1) {
    const slots = runs
      .filter(({ schedule }) => schedule === `r${at}`)
      .map(({ slot }) => slot / 1000);
    slots.sort((a, b) => a - b);
    expect(slots).toEqual(slots.map((_, place) => (slots[0] ?? 0) + place));
    expect(slots.length).toBeGreaterThan(4);
  }
  // What was decided on in the last moments is for the next life.
  const early = runs.filter(({ slot }) => slot < until);
  expect(early.filter(({ state }) => ['waiting', 'running', 'failed'].includes(state))).toEqual([]);
  // It was a race: no process did it all.
  const shares = Map.groupBy(sends, ({ payload }) => payload);
  expect(shares.size).toBe(4);
}, 90_000);

function race(
  folder: string,
  offset: number,
): { child: ChildProcess; ready: Promise<void>; over: Promise<void> } {
  const program = join(import.meta.dirname, 'support', 'report-racer.ts');
  const child = spawn(process.execPath, [program, folder, String(offset)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const over = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    void over.then(() => reject(new Error('did not start')));
  });
  return { child, ready, over };
}
