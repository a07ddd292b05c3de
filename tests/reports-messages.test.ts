import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { AppError } from '../bot/errors.ts';
import type { PictureSpec } from '../bot/reports/picture-port.ts';
import { pixel } from './support/pictures.ts';
import { ReportRig, type ReportRigOptions } from './support/report-rig.ts';

const start = Date.parse('2026-11-22T08:59:30Z');
const hour = 3_600_000;
let rig: ReportRig | undefined;
afterEach(async () => {
  await rig?.close();
  rig = undefined;
});

async function open(options: ReportRigOptions = {}): Promise<ReportRig> {
  rig = await ReportRig.open({ now: start, ...options });
  writeFileSync(join(rig.folder, 'a.csv'), 'shop,n\n上海,3\n北京,5\n');
  return rig;
}

const source = { type: 'file' as const, file: 'a.csv' };

describe('what a report sends', () => {
  test('pictures: words of its own and mentions before them, into each room', async () => {
    const specs: PictureSpec[] = [];
    const page = { png: pixel, width: 1, height: 1 };
    const one = await open({
      pictures: {
        render: async (spec) => {
          specs.push(spec);
          return [page, page];
        },
      },
    });
    await one.add({
      ...{ source, output: 'both', text: undefined, title: '订单', mentions: ['Ann'] },
      chart: { type: 'pie', x: 'shop', y: ['n'] },
      columns: [{ key: 'shop', label: '店' }, { key: 'n' }],
      targets: [
        { botcode: 'bot01', roomTopic: 'hall', mentions: ['Bob', 'Ann'] },
        { botcode: 'bot02', contactId: 'somebody' },
      ],
    });
    await one.pass(60_000, 10_000);
    expect(await one.texts()).toEqual(['订单', '(image)', '(image)', '(image)', '(image)']);
    expect(specs).toMatchObject([
      {
        ...{ title: '订单', subtitle: '2026-11-22 09:00', timezone: 'UTC', language: 'en' },
        columns: [
          { key: 'shop', label: '店' },
          { key: 'n', label: 'n' },
        ],
        rows: [
          { shop: '上海', n: 3 },
          { shop: '北京', n: 5 },
        ],
        chart: {
          series: [
            {
              type: 'pie',
              data: [
                { name: '上海', value: 3 },
                { name: '北京', value: 5 },
              ],
            },
          ],
        },
      },
    ]);
    const [run] = await one.runs();
    expect(run).toMatchObject({ state: 'sent', output: 'both', row_count: 2 });
  });

  test('the text, if there is no picture; and the run says why', async () => {
    const one = await open();
    await one.add({ source, output: 'table', text: undefined, title: '订单' });
    await one.pass(60_000, 10_000);
    expect(await one.texts()).toEqual(['订单\n\nshop  n\n上海  3\n北京  5']);
    expect(await one.runs()).toMatchObject([
      { state: 'sent', output: 'text', reason: 'no picture could be made: see the log' },
    ]);
  });

  test('why there is none is told in the language of the daemon', async () => {
    const text = { zh: '等待生成的图片太多', en: 'too many pictures are waiting' };
    const render = () => Promise.reject(new AppError('unavailable', text));
    const one = await open({ language: 'zh', pictures: { render } });
    await one.add({ source, output: 'table', text: undefined, title: '订单' });
    await one.pass(60_000, 10_000);
    expect((await one.runs())[0]?.reason).toBe(text.zh);
  });

  test('more rows than are read: table, picture and run say that it is not all', async () => {
    const specs: PictureSpec[] = [];
    const one = await open({
      pictures: {
        render: async (spec) => {
          specs.push(spec);
          return [{ png: pixel, width: 1, height: 1 }];
        },
      },
    });
    writeFileSync(join(one.folder, 'long.csv'), `n\n${'1\n'.repeat(5001)}`);
    writeFileSync(join(one.folder, 'whole.csv'), `n\n${'1\n'.repeat(5000)}`);
    const long = { type: 'file' as const, file: 'long.csv' };
    const whole = { type: 'file' as const, file: 'whole.csv' };
    await one.add({ name: 'words', source: long, text: undefined, title: 't' });
    await one.add({ name: 'picture', source: long, output: 'table' });
    await one.add({ name: 'whole', source: whole, output: 'table' });
    await one.pass(60_000, 10_000);
    const texts = await one.texts();
    expect(texts.find((text) => text.startsWith('t\n'))).toMatch(/\n\(the first 5000 rows only\)$/);
    expect(specs.map(({ footer }) => footer).sort()).toEqual([
      '4600 more rows',
      'more than 4600 more rows',
    ]);
    const reason = 'the source has more rows: only the first 5000 were read';
    const reasons = (await one.runs()).map((run) => [run.schedule, run.reason]);
    expect(Object.fromEntries(reasons)).toEqual({ words: reason, picture: reason, whole: null });
  });

  test('a room that is named twice, by topic and by id, gets it once', async () => {
    const one = await open();
    await one.add({
      targets: [
        { botcode: 'bot01', roomTopic: 'hall' },
        { botcode: 'bot01', roomId: 'hall@chatroom' },
        { botcode: 'bot02', roomTopic: 'hall' },
        { botcode: 'bot01', roomTopic: 'hall', mentions: ['Ann'] },
      ],
    });
    await one.pass(60_000, 10_000);
    // To @ somebody else is another message.
    expect(await one.texts()).toEqual(['hello', 'hello', 'hello']);
  });

  test('what would never fire is refused', async () => {
    const one = await open();
    await expect(one.add({ expr: '0 0 30 2 *' })).rejects.toMatchObject({ field: 'expr' });
  });

  test('what was at fault before can be changed, as long as the fault is left alone', async () => {
    const one = await open();
    await one.add();
    const { schedules } = one.reports;
    // As versions did that looked at neither.
    const old = { ...one.settings({ text: '{{ broken' }), output: 'chart' as const };
    await one.rig.db.transaction((tx) =>
      tx.run(`UPDATE schedules SET settings = ?, revision = revision + 1 WHERE name = ?`, [
        JSON.stringify(old),
        'hourly',
      ]),
    );
    await schedules.reload('hourly');
    const { settings } = schedules.require('hourly');
    await schedules.update('hourly', { ...settings, enabled: false, title: 'x' });
    expect(schedules.require('hourly').settings).toEqual({ ...old, enabled: false, title: 'x' });
    for (const [changes, field] of [
      [{ text: '{{ worse' }, 'text'],
      [{ title: '{{ broken' }, 'title'],
      [{ output: 'both' }, 'chart'],
      [{ zone: 'Mars/Base' }, 'expr'],
    ] as const) {
      await expect(schedules.update('hourly', { ...settings, ...changes })).rejects.toMatchObject({
        field,
      });
    }
  });

  test('a place that cannot be sent to does not keep the others waiting', async () => {
    const one = await open();
    const gone = { botcode: 'gone', roomTopic: 'hall' };
    await one.add({ targets: [gone, { botcode: 'bot01', roomTopic: 'hall' }] });
    await one.add({ name: 'none', targets: [gone] });
    await one.pass(60_000, 10_000);
    expect(await one.texts()).toEqual(['hello']);
    expect(await one.runs()).toMatchObject([
      { schedule: 'hourly', state: 'partial', reason: 'there is no bot gone' },
      { schedule: 'none', state: 'failed', reason: 'there is no bot gone' },
    ]);
    expect(
      one.failures.map((failure) => failure.kind === 'run' && failure.schedule).sort(),
    ).toEqual(['hourly', 'none']);
  });

  test.each([
    ['paused', (one: ReportRig) => one.reports.schedules.pause('hourly', undefined)],
    ['removed', (one: ReportRig) => one.reports.schedules.remove('hourly')],
    [
      'disabled',
      (one: ReportRig) => {
        const { settings } = one.reports.schedules.require('hourly');
        return one.reports.schedules.update('hourly', { ...settings, enabled: false });
      },
    ],
  ])('one that is %s while it is being made sends nothing', async (what, withdraw) => {
    const drawn = Promise.withResolvers<{ png: typeof pixel; width: number; height: number }[]>();
    const one = await open({ pictures: { render: () => drawn.promise } });
    await one.add({ source, output: 'table' });
    await one.rig.pass(31_000);
    await one.rig.until(
      'it is being drawn',
      async () => (await one.runs())[0]?.state === 'running',
    );
    await withdraw(one);
    drawn.resolve([{ png: pixel, width: 1, height: 1 }]);
    await one.pass(10_000);
    expect(await one.texts()).toEqual([]);
    expect(await one.runs()).toMatchObject([{ state: 'skipped', reason: what }]);
    expect(one.failures).toEqual([]);
  });

  test('a report that takes too long fails, and ends what it began', async () => {
    const one = await open({ pictures: { render: () => new Promise(() => {}) } });
    await one.add({ source, output: 'table', timeoutSeconds: 5 });
    await one.rig.pass(31_000);
    await one.rig.until(
      'it is being drawn',
      async () => (await one.runs())[0]?.state === 'running',
    );
    for (let tries = 0; tries < 100 && one.reports.making > 0; tries += 1) await one.rig.pass(6000);
    expect(await one.runs()).toMatchObject([{ state: 'failed', reason: 'it took too long' }]);
    expect(await one.texts()).toEqual([]);
  });

  test('a calendar that cannot be read stops it, and says so; it goes on when it can', async () => {
    const one = await open();
    await one.add({ calendar: { file: 'cn.txt' } });
    const fault = () => one.reports.schedules.get('hourly')?.fault;
    await one.pass(2 * hour, 600_000);
    expect(fault()).toContain('cn.txt');
    expect(await one.runs()).toEqual([]);
    writeFileSync(join(one.folder, 'cn.txt'), '2026-11-22 work\n');
    // Reading files takes real time, in which the clock of the test stands still.
    await one.rig.until('it is read again', async () => {
      await one.rig.pass(30_000);
      return fault() === undefined;
    });
    await one.rig.until('it fires', async () => {
      await one.rig.pass(30_000);
      return (await one.runs()).some(({ state }) => state === 'sent');
    });
  });
});

test('a run ends with its last message, at once, however long that took', async () => {
  const one = await open();
  const bot = one.rig.bots.get('bot01');
  bot?.setReady(false);
  await one.add();
  // Long enough that messages on their way are looked after now and then only.
  await one.pass(120_000, 10_000);
  expect((await one.runs()).map(({ state }) => state)).toEqual(['sending']);
  const before = one.now;
  bot?.setReady(true);
  await one.idle();
  expect(one.now).toBe(before);
  expect((await one.runs()).map(({ state }) => state)).toEqual(['sent']);
  expect(one.news.at(-1)).toMatchObject({ kind: 'run', state: 'sent' });
});
