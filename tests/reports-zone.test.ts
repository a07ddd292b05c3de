import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { runInProcess } from './support/cli.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { farDaily } from './support/far-daily.ts';

const zone = 'America/New_York';
const expr = farDaily(zone);
const dayMs = 86_400_000;

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await startDaemon({ timezone: 'Asia/Shanghai' });
  const admin = new AdminClient(() => daemon.url);
  await admin.login();
  const targets = [{ botcode: 'bot01', roomTopic: '运营' }];
  await admin.ok('POST', '/schedules', { name: 'ny', expr, zone, text: 'x', targets });
});
afterAll(() => daemon.close());

function backfill(from: string, to: string, lang = 'en') {
  const args = ['report', 'backfill', 'ny', '--from', from, '--to', to];
  return runInProcess([...args, '--data', daemon.dataDir, '--lang', lang]);
}

/** Of some days ago, as the clocks of a zone show it. */
function dayOf(timeZone: string, daysAgo: number): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  return format.format(Date.now() - daysAgo * dayMs);
}

const hour = (/^0 (\d+)/.exec(expr)?.[1] ?? '').padStart(2, '0');

test('times of a backfill that say no zone are those of the report, and so are those told', async () => {
  const day = dayOf(zone, 3);
  const made = await backfill(`${day}T${hour}:00`, `${day} ${hour}:01`);
  expect([made.code, made.err]).toEqual([0, '']);
  expect(made.out).toBe(`${day} ${hour}:00:00  ${zone}\n1 will be made, 0 have been\n`);
});

test('an offset in a backfill is what it says', async () => {
  const day = dayOf(zone, 5);
  const window = [`${day}T${hour}:00-02:00`, `${day}T${hour}:00-07:00`] as const;
  const made = await backfill(...window, 'zh');
  expect(made.out).toBe(`${day} ${hour}:00:00  ${zone}\n补做 1 次，另有 0 次已执行\n`);
});

test('a report that is not there is told before its times are', async () => {
  const args = ['report', 'backfill', 'none', '--from', 'x', '--to', 'y'];
  const { code, out } = await runInProcess([...args, '--data', daemon.dataDir]);
  expect([code === 0, out]).toEqual([false, '']);
});
