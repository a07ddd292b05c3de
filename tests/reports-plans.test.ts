import { afterEach, expect, test } from 'vitest';
import { planSteps } from './support/plan-steps.ts';
import { ReportRig } from './support/report-rig.ts';
import { StatementLog } from './support/statement-log.ts';

/** Through a table that grows, and not through an index of the few that matter. */
const walks =
  /^SCAN (runs|sends|scheduled_sends|events)\b(?!.*USING (COVERING )?INDEX (runs_open|scheduled_sends_due|runs_by_time))/;
let rig: ReportRig | undefined;
afterEach(() => rig?.close());

test('looks through no growing table, whatever is in the history', async () => {
  const logs: StatementLog[] = [];
  rig = await ReportRig.open({
    now: Date.parse('2026-11-22T08:30:00Z'),
    wrap: (db) => {
      const log = new StatementLog(db);
      logs.push(log);
      return log;
    },
  });
  await rig.add();
  const { reports } = rig;
  const target = { kind: 'room', topic: 'hall' } as const;
  const content = { kind: 'text', text: 'later', mentions: [] as string[] } as const;
  const send = {
    ...{ botcode: 'bot01', target, deliverWithinMs: 1000, madeBy: 'x' },
    content: { ...content },
  };
  await reports.later.add({ ...send, at: rig.now + 60_000 });
  const { id } = await reports.later.add({ ...send, at: rig.now + 80_000_000 });
  await rig.pass(2 * 3_600_000, 600_000);
  expect(await rig.story()).toEqual(['11-22 09:00 sent', '11-22 10:00 sent']);
  await reports.runs.now('hourly');
  await rig.pass(10_000, 1000);
  await reports.runs.backfill('hourly', 0, rig.now).catch(() => {});
  await reports.runs.history('hourly', {}, 10);
  await reports.runs.recent({ after: { created_at: rig.now, schedule: 'x', slot: 1 } }, 10);
  await reports.runs.last('hourly');
  await reports.later.list({}, 10);
  await reports.later.lost(rig.now, 10);
  await reports.later.cancel(id);
  await reports.schedules.pause('hourly', undefined);
  await reports.prune();

  const scans: string[] = [];
  const statements = new Set(logs.flatMap((log) => [...log.statements]));
  expect(statements.size).toBeGreaterThan(15);
  for (const { sql, detail } of await planSteps(rig.rig.db, statements)) {
    if (walks.test(detail)) scans.push(`${detail}: ${sql}`);
    // All of what is open, and no more, may be sorted.
    if (/TEMP B-TREE/.test(detail) && !/runs_open|'waiting'/.test(sql))
      scans.push(`${detail}: ${sql}`);
  }
  expect(scans).toEqual([]);
});
