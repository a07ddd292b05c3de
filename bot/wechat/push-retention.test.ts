import { afterEach, expect, it } from 'vitest';
import { listStatement } from '../../store/wechat-pushes.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { planSteps } from '../../tests/support/plan-steps.ts';
import { IntakeRig } from '../../tests/support/wechat-intake-rig.ts';
import { eventPush, textPush } from '../../tests/support/wechat-pushes.ts';

let rig: IntakeRig;
afterEach(() => rig.close());

it('forgets texts first, keys later, and never what waits or is newest', async () => {
  rig = await IntakeRig.open({ keep: { bodies: 5, days: 7, keyDays: 3 } });
  const day = 86_400_000;
  rig.fault = ({ content }) =>
    content.type === 'text' && content.text === 'poison' ? new Error('never') : undefined;
  const pushes = [textPush('bad', 'poison'), ...range(20).map((at) => textPush(`o${at}`, `${at}`))];
  await rig.push(...pushes);
  await eventually('the poison', async () => {
    await rig.clock.advance(2000);
    return (await rig.intake.list({ state: 'failed', limit: 1 })).length === 1;
  });
  const bodies = async (): Promise<number> => {
    const rows = await rig.intake.list({ limit: 50 });
    return rows.filter((row) => row.has_body === 1).length;
  };
  expect(await rig.intake.prune()).toEqual({ bodies: 15, rows: 0 });
  // The newest five, and the failed one: it can be replayed.
  expect(await bodies()).toBe(6);
  await rig.push(...pushes);
  expect(await rig.intake.list({ limit: 50 })).toHaveLength(21);
  await rig.clock.advance(3 * day + 1);
  await rig.intake.prune();
  expect(await rig.intake.list({ limit: 50 })).toHaveLength(6);
  await rig.clock.advance(4 * day);
  await rig.run(`UPDATE wechat_pushes SET state = 'due' WHERE state = 'failed'`);
  await rig.intake.prune();
  const left = await rig.intake.list({ limit: 50 });
  expect(left.map(({ state, has_body }) => [state, has_body])).toEqual([
    ['done', 0],
    ['due', 1],
  ]);
  const [newest] = left;
  await rig.push(textPush('o1', 'later'));
  const [later] = await rig.intake.list({ limit: 1 });
  expect(later?.id).toBe((newest?.id ?? 0) + 1);
});

it('looks through no table', async () => {
  rig = await IntakeRig.open();
  await rig.push(textPush('o1', 'a'), eventPush('o1', 'unsubscribe'));
  await rig.settled();
  expect(await rig.intake.backlog()).toEqual({ due: 0, failed: 0 });
  await rig.intake.prune();
  await rig.intake.list({ limit: 1 });
  const lists = [
    {},
    { account: 'a' },
    { account: 'a', openId: 'o' },
    { state: 'failed' as const },
    { state: 'due' as const, before: 5 },
    { account: 'a', before: 5 },
  ].map((filter) => listStatement({ ...filter, limit: 1 }).sql);
  const own = [...rig.db.statements, ...lists].filter((sql) => sql.includes('wechat_pushes'));
  const scans = (await planSteps(rig.db, new Set(own))).filter(({ sql, detail }) => {
    // Without a condition the newest are read from the end of the table.
    const isOrdered = !sql.includes('WHERE') && sql.includes('ORDER BY id DESC LIMIT');
    const isScan =
      /^SCAN wechat/.test(detail) && !isOrdered && !/USING (COVERING )?INDEX/.test(detail);
    return isScan || /TEMP B-TREE/.test(detail);
  });
  expect(scans).toEqual([]);
});

function range(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}
