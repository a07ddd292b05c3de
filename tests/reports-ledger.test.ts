import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { listen, ReportRig, type ReportRigOptions } from './support/report-rig.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse('2026-11-22T08:30:00Z');

let rig: ReportRig | undefined;
const closing: (() => void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await rig?.close();
  rig = undefined;
});

async function open(options: ReportRigOptions = {}): Promise<ReportRig> {
  rig = await ReportRig.open({ now: start, ...options });
  return rig;
}

test('each slot is run once, and its run ends as its messages do', async () => {
  const one = await open();
  await one.add({
    name: 'two',
    targets: [
      { botcode: 'bot01', roomTopic: 'hall' },
      { botcode: 'bot02', roomTopic: 'hall' },
    ],
  });
  await one.pass(2 * hour, 10 * minute);
  expect(await one.story()).toEqual(['11-22 09:00 sent', '11-22 10:00 sent']);
  expect(await one.texts()).toEqual(['hello', 'hello', 'hello', 'hello']);
  const run = await one.reports.runs.get('two', Date.parse('2026-11-22T09:00:00Z'));
  expect(run).toMatchObject({ state: 'sent', cause: 'slot', attempt: 1, reason: undefined });
  expect(
    run.targets.map(({ botcode, messages }) => [botcode, messages.map((m) => m.state)]),
  ).toEqual([
    ['bot01', ['sent']],
    ['bot02', ['sent']],
  ]);
  const states = one.news.filter(({ kind, id }) => kind === 'run' && id.endsWith(`${run.slot}`));
  expect(states.map(({ state }) => state)).toEqual(['sending', 'sent']);
});

test.each([
  ['run_once', ['11-25 08:00 sent']],
  ['skip', []],
  [
    'run_all',
    Array.from(
      { length: 24 },
      (_, at) => `${at < 15 ? '11-24' : '11-25'} ${String((at + 9) % 24).padStart(2, '0')}:00 sent`,
    ),
  ],
] as const)(
  '72 hours down, %s: what the policy says, and a row for every slot',
  async (misfire, ran) => {
    const one = await open();
    await one.add({ misfire });
    await one.down(72 * hour);
    await one.pass(2 * minute, 5000);
    const story = await one.story();
    expect(story.filter((line) => !line.endsWith('skipped'))).toEqual(ran);
    expect(story).toHaveLength(72);
    expect(await one.texts()).toHaveLength(ran.length);
    // And then it goes on.
    await one.pass(30 * minute, 10 * minute);
    expect((await one.story()).at(-1)).toBe('11-25 09:00 sent');
  },
);

test('beyond its grace the newest slot is not run either', async () => {
  const one = await open();
  await one.add({ expr: '0 9 * * *', graceSeconds: 1800 });
  await one.down(72 * hour);
  expect(await one.story()).toEqual([
    '11-22 09:00 skipped',
    '11-23 09:00 skipped',
    '11-24 09:00 skipped',
  ]);
});

test('the clock leaps a day ahead and back: no slot twice, none of the real ones lost', async () => {
  const one = await open();
  await one.add();
  await one.pass(2 * hour, 10 * minute);
  await one.leap(24 * hour);
  await one.pass(minute, 30_000);
  // By its clock it is tomorrow 10:31: the newest slot within the grace was run.
  expect((await one.story()).filter((line) => line.endsWith('sent'))).toEqual([
    ...['11-22 09:00 sent', '11-22 10:00 sent', '11-23 10:00 sent'],
  ]);
  await one.leap(-24 * hour);
  await one.pass(26 * hour, 30 * minute);
  const story = await one.story();
  const wanted = Array.from(
    { length: 28 },
    (_, at) => new Date(Date.parse('2026-11-22T09:00Z') + at * hour),
  ).map((time) => `${time.toISOString().slice(5, 16).replace('T', ' ')} sent`);
  expect(story).toEqual(wanted);
  expect(await one.texts()).toHaveLength(wanted.length);
});

test.each([
  ['spring', '2026-03-07T20:00:00Z', '30 2 * * *', ['03-08 03:00 sent', '03-09 02:30 sent']],
  ['autumn', '2026-10-31T20:00:00Z', '30 1 * * *', ['11-01 01:30 sent', '11-02 01:30 sent']],
])('in %s a daily report comes once a day', async (_name, from, expr, story) => {
  const one = await open({ now: Date.parse(from), zone: 'America/New_York' });
  await one.add({ expr });
  await one.pass(36 * hour, 30 * minute);
  expect(await one.story('America/New_York')).toEqual(story);
  expect(await one.texts()).toHaveLength(2);
});

/** Answers nothing until it is told to; from then on at once. */
async function slowSource() {
  const waiting: ServerResponse[] = [];
  let open = false;
  const end = (response: ServerResponse): void => {
    response.end('[{"n":1}]');
  };
  const source = await listen((_request, response) => {
    if (open) end(response);
    else waiting.push(response);
  });
  closing.push(source.close);
  const answer = (): void => {
    open = true;
    for (const response of waiting.splice(0)) end(response);
  };
  return { url: source.url, waiting, answer };
}

test.each([
  ['skip', ['running', 'skipped', 'skipped'], ['sent', 'skipped', 'skipped']],
  ['queue_one', ['running', 'waiting', 'skipped'], ['sent', 'sent', 'skipped']],
  ['allow', ['running', 'running', 'running'], ['sent', 'sent', 'sent']],
] as const)(
  'a slot that comes while the run before goes on: %s',
  async (overlap, during, after) => {
    const one = await open();
    const { url, waiting, answer } = await slowSource();
    const source = { type: 'http' as const, url, timeoutSeconds: 300 };
    await one.add({
      expr: '* * * * *',
      overlap,
      source,
      timeoutSeconds: 600,
      end: '2026-11-22T08:34',
    });
    for (const count of overlap === 'allow' ? [1, 2, 3] : [1, 1, 1]) {
      await one.rig.pass(minute);
      await one.rig.until('it is asked', () => waiting.length === count);
    }
    const states = async () => (await one.runs()).map(({ state }) => state);
    expect(await states()).toEqual(during);
    answer();
    await one.pass(10_000, 1000);
    expect(await states()).toEqual(after);
  },
);

test('a failing source writes nothing into a room; it is told, and paused after so many', async () => {
  const one = await open();
  const source = await listen((_request, response) => response.writeHead(500).end());
  closing.push(source.close);
  await one.add({ pauseAfterFailures: 3, source: { type: 'http', url: source.url } });
  await one.pass(5 * hour, 10 * minute);
  expect(await one.story()).toEqual([
    '11-22 09:00 failed',
    '11-22 10:00 failed',
    '11-22 11:00 failed',
  ]);
  expect(await one.texts()).toEqual([]);
  expect(one.failures).toMatchObject([
    {
      kind: 'run',
      schedule: 'hourly',
      failures: 1,
      paused: false,
      reason: expect.stringMatching(/^source HTTP 127.0.0.1:\d+: the other server failed \(500\)$/),
    },
    { failures: 2 },
    { failures: 3, paused: true },
  ]);
  expect(one.reports.schedules.get('hourly')).toMatchObject({
    paused: true,
    pausedReason: 'failed 3 times in a row',
  });
  await one.reports.schedules.resume('hourly');
  await one.pass(hour, 10 * minute);
  expect((await one.runs()).at(-1)?.state).toBe('failed');
  expect(one.failures.at(-1)).toMatchObject({ failures: 1, paused: false });
});

test('what could not leave within its time fails the run; the report of the pause is not missed', async () => {
  const one = await open();
  one.rig.bot.setReady(false);
  await one.add({ deliverWithinSeconds: 600 });
  await one.pass(hour, 5 * minute);
  expect(await one.story()).toEqual(['11-22 09:00 failed']);
  expect(one.failures).toMatchObject([{ schedule: 'hourly', failures: 1 }]);
  await one.reports.schedules.pause('hourly', 'holidays');
  await one.pass(3 * hour, 30 * minute);
  await one.reports.schedules.resume('hourly');
  expect(await one.story()).toEqual(['11-22 09:00 failed']);
});

test('a process that died while it made a report: another one makes it, at once or when its lease is over', async () => {
  const one = await open();
  const { url, waiting, answer } = await slowSource();
  await one.add({ source: { type: 'http', url, timeoutSeconds: 300 }, timeoutSeconds: 600 });
  await one.rig.pass(30 * minute);
  await one.rig.until('it is asked', () => waiting.length === 1);
  const crashed = one.crash(minute);
  await one.rig.until('it is asked again', () => waiting.length === 2);
  answer();
  await crashed;
  await one.pass(10_000, 1000);
  expect(await one.story()).toEqual(['11-22 09:00 sent']);
  expect((await one.runs())[0]).toMatchObject({ attempt: 2 });
  expect(await one.texts()).toEqual(['hello']);
});

test('run now, and what was missed is made up for; never twice', async () => {
  const one = await open();
  await one.add({ misfire: 'skip', expr: '0 9 * * *' });
  await one.down(72 * hour);
  const from = start;
  const { slots, known } = await one.reports.runs.backfill('hourly', from, one.now);
  expect([slots.length, known]).toEqual([3, 0]);
  await one.pass(10_000, 1000);
  expect(await one.story()).toEqual(['11-22 09:00 sent', '11-23 09:00 sent', '11-24 09:00 sent']);
  expect(await one.reports.runs.backfill('hourly', from, one.now)).toEqual({ slots: [], known: 3 });
  await one.reports.runs.now('hourly');
  await one.pass(5000, 1000);
  expect(await one.texts()).toHaveLength(4);
  expect((await one.runs()).at(-1)).toMatchObject({ cause: 'operator', state: 'sent' });
});

test('reports of the config: changed, removed and paused ones; history stays', async () => {
  const one = await open({
    reports: [
      {
        name: 'a',
        expr: '0 * * * *',
        text: 'a',
        targets: [{ botcode: 'bot01', roomTopic: 'hall' }],
      },
    ],
  });
  await one.pass(hour, 10 * minute);
  const changed = one.settings({ name: 'a', text: 'changed' });
  await one.reports.schedules.pause('a', undefined);
  await one.reports.applyConfig([changed]);
  expect(one.reports.schedules.get('a')).toMatchObject({ paused: true, source: 'config' });
  await one.reports.schedules.resume('a');
  await one.pass(hour, 10 * minute);
  expect(await one.texts()).toEqual(['a', 'changed']);
  await expect(one.reports.schedules.update('a', changed)).rejects.toMatchObject({
    code: 'conflict',
  });
  await one.reports.applyConfig([]);
  expect(one.reports.schedules.list()).toEqual([]);
  expect(await one.runs()).toHaveLength(2);
});
