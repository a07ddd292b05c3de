import { afterEach, expect, test } from 'vitest';
import { ReportRig } from './support/report-rig.ts';

const start = Date.parse('2026-11-22T08:59:30Z');
const hour = 3_600_000;
let rig: ReportRig | undefined;
afterEach(async () => {
  await rig?.close();
  rig = undefined;
});

async function open(): Promise<ReportRig> {
  rig = await ReportRig.open({ now: start });
  return rig;
}

const target = { kind: 'room', topic: 'hall' } as const;
const wish = (at: number) => ({
  ...{ botcode: 'bot01', target, at, deliverWithinMs: hour, madeBy: undefined },
  content: { kind: 'text' as const, text: 'later', mentions: [] },
});

test('a send for later goes out once at its time, over a restart as well', async () => {
  const one = await open();
  await one.reports.later.add(wish(start + hour));
  await one.pass(hour - 1000, 600_000);
  expect(await one.texts()).toEqual([]);
  await one.down(2000);
  await one.pass(5000, 1000);
  await one.crash(1000);
  expect(await one.texts()).toEqual(['later']);
  expect(await one.reports.later.list({}, 9)).toMatchObject([{ state: 'queued', msgid: 1 }]);
});

test('a send for later asked for again with the same number it is the same one, also when it has left', async () => {
  const one = await open();
  const { later } = one.reports;
  const asked = { ...wish(start + hour), txcode: 'mine' };
  const [{ id }, again] = await Promise.all([later.add(asked), later.add(asked)]);
  expect(again.id).toBe(id);
  const other = { ...asked, content: { ...asked.content, text: 'other' } };
  await expect(later.add(other)).rejects.toMatchObject({ code: 'duplicate_request' });
  await one.pass(hour + 60_000, 600_000);
  expect((await later.add(asked)).id).toBe(id);
  expect(await one.texts()).toEqual(['later']);
});

test('a send for later after too long it is told, and not sent', async () => {
  const one = await open();
  const { id } = await one.reports.later.add(wish(start + hour));
  await one.down(3 * hour);
  await one.pass(5000, 1000);
  expect(await one.texts()).toEqual([]);
  expect(await one.reports.later.get(id)).toMatchObject({
    state: 'expired',
    reason: 'its time is over',
  });
  expect(one.failures).toEqual([{ kind: 'scheduled-send', id, reason: 'its time is over' }]);
  await expect(one.reports.later.cancel(id)).rejects.toMatchObject({ code: 'conflict' });
  await expect(one.reports.later.add(wish(one.now - 1))).rejects.toMatchObject({ field: 'at' });
});
