import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { exampleSettings, examples } from '../bot/reports/examples.ts';
import type { PictureSpec } from '../bot/reports/picture-port.ts';
import type { Trial } from '../bot/reports/trials.ts';
import { pixel } from './support/pictures.ts';
import { ReportRig } from './support/report-rig.ts';

const slot = Date.parse('2026-11-23T01:00:00Z');
const day = 86_400_000;
let rig: ReportRig | undefined;
let specs: PictureSpec[] = [];
afterEach(async () => {
  await rig?.close();
  rig = undefined;
});

/** Reports of so many bots; pictures are told, not drawn. */
async function open(bots: number, language: 'zh' | 'en' = 'zh'): Promise<ReportRig> {
  specs = [];
  rig = await ReportRig.open({
    ...{ now: slot, zone: 'Asia/Shanghai', language },
    sends: { botcodes: Array.from({ length: bots }, (_, at) => `bot${at + 1}`) },
    pictures: {
      render: async (spec) => {
        specs.push(spec);
        return [{ png: pixel, width: 1, height: 1 }];
      },
    },
  });
  return rig;
}

let last = 1_000_000;
async function sends(botcode: string, state: string, count: number, daysAgo = 1): Promise<void> {
  const at = slot - daysAgo * day;
  await rig?.rig.db.transaction(async (tx) => {
    for (let one = 0; one < count; one += 1) {
      last += 1;
      await tx.run(
        `INSERT INTO sends (msgid, botcode, chid, txcode, kind, lane, payload, state, accepted_at,
         expires_at, settled_at) VALUES (?, ?, 'crm', ?, 'text', 'l', '{}', ?, ?, ?, ?)`,
        [last, botcode, `t${last}`, state, at, slot + day, state === 'queued' ? null : at],
      );
    }
  });
}

async function dryRun(name: string): Promise<Trial> {
  const example = examples.find((one) => one.name === name);
  if (rig === undefined || example === undefined) throw new Error('nothing to run');
  const targets = [{ botcode: 'bot1', roomTopic: 'hall' }];
  const settings = exampleSettings(example, rig.options.language ?? 'zh', targets);
  return await rig.reports.trials.dryRunOf(settings, slot);
}

interface Chart {
  xAxis: { data: string[] };
  series: { name: string; data: number[] }[];
}

test('the daily report: yesterday for each bot, the busiest first, a total; a week above it', async () => {
  await open(3);
  await sends('bot2', 'sent', 3);
  await sends('bot2', 'absent', 1);
  await sends('bot10', 'sent', 2);
  await sends('bot10', 'expired', 4);
  await sends('bot1', 'sent', 7, 3);
  await sends('bot1', 'sent', 9, 8);
  await sends('bot1', 'sent', 9, 0);
  const { written } = await dryRun('daily-traffic');
  expect(specs).toHaveLength(1);
  expect(specs[0]).toMatchObject({
    title: '机器人消息日报 2026-11-22',
    rows: [
      { botcode: 'bot10', sent: 2, failed: 0, expired: 4, rate: 1 / 3 },
      { botcode: 'bot2', sent: 3, failed: 1, expired: 0, rate: 0.75 },
      { botcode: 'bot1', sent: 0, failed: 0, expired: 0, rate: null },
      { botcode: 'bot3', sent: 0 },
    ],
    total: { botcode: '合计', sent: 5, failed: 1, expired: 4, rate: 0.5 },
  });
  const chart = specs[0]?.chart as unknown as Chart | undefined;
  expect(chart?.xAxis.data).toEqual([
    '11-16',
    '11-17',
    '11-18',
    '11-19',
    '11-20',
    '11-21',
    '11-22',
  ]);
  expect(chart?.series.map(({ name, data }) => [name, data])).toEqual([
    ['已发送', [0, 0, 0, 0, 7, 0, 5]],
    ['失败', [0, 0, 0, 0, 0, 0, 1]],
    ['过期', [0, 0, 0, 0, 0, 0, 4]],
  ]);
  expect(written.text).toMatch(/bot3 .*\n合计 +5 +1 +4 +50\.0%$/);
});

test('of fifty bots ten have a row of their own, the others share one; of eleven all have', async () => {
  await open(50, 'en');
  for (let bot = 1; bot <= 50; bot += 1) await sends(`bot${bot}`, 'sent', bot);
  await dryRun('daily-traffic');
  const names = specs[0]?.rows?.map((row) => (row as { botcode: string }).botcode);
  expect(names).toEqual([
    ...Array.from({ length: 10 }, (_, at) => `bot${50 - at}`),
    ...['40 others'],
  ]);
  expect(specs[0]?.rows?.at(-1)).toMatchObject({ sent: (40 * 41) / 2 });
  expect(specs[0]?.total).toMatchObject({ botcode: 'Total', sent: (50 * 51) / 2 });
  await rig?.close();
  await open(11);
  await dryRun('daily-traffic');
  expect(specs[0]?.rows).toHaveLength(11);
});

test('one bot needs no total', async () => {
  await open(1);
  const { written } = await dryRun('daily-traffic');
  expect(specs[0]?.rows).toHaveLength(1);
  expect(specs[0]).not.toHaveProperty('total');
  expect(written.text).not.toContain('合计');
});

test('queues: who has most to send first, and all of it together', async () => {
  await open(20);
  await sends('bot7', 'queued', 2);
  await sends('bot9', 'queued', 5);
  await dryRun('queue-health');
  expect(specs[0]?.rows).toHaveLength(16);
  expect(specs[0]?.rows).toMatchObject([
    { botcode: 'bot9', queued: 5, waitMinutes: 1440 },
    { botcode: 'bot7', queued: 2 },
    { botcode: 'bot1', queued: 0 },
    ...Array.from({ length: 12 }, () => ({ queued: 0 })),
    { botcode: '其他 5 个', stateText: '在线 5/5', queued: 0 },
  ]);
  expect(specs[0]?.total).toMatchObject({ stateText: '在线 20/20', queued: 7 });
});

test('a chart may name columns that the table does not show; without rows the table says so', async () => {
  const one = await open(1);
  writeFileSync(join(one.folder, 'a.csv'), 'day,shop,n\n11-20,a,1\n11-20,b,2\n11-21,a,3\n');
  writeFileSync(join(one.folder, 'b.csv'), 'day,shop,n\n');
  const report = (file: string) =>
    one.settings({
      ...{ source: { type: 'file', file }, output: 'chart', text: undefined },
      columns: [{ key: 'shop' }],
      chart: { type: 'bar', x: 'day', y: ['n'], by: 'shop', title: '本周' },
    });
  await one.reports.trials.dryRunOf(report('a.csv'), slot);
  expect(specs[0]).not.toHaveProperty('columns');
  expect(specs[0]?.chart).toMatchObject({
    title: { text: '本周' },
    xAxis: { data: ['11-20', '11-21'] },
    series: [
      { name: 'a', data: [1, 3] },
      { name: 'b', data: [2, null] },
    ],
  });
  await one.reports.trials.dryRunOf(report('b.csv'), slot);
  expect(specs[1]).not.toHaveProperty('chart');
  expect(specs[1]).toMatchObject({ columns: [{ key: 'shop', label: 'shop' }], rows: [] });
});

test('bots that should be online and are not come first, those that are turned off last', async () => {
  const one = await open(4);
  const states = { bot2: 'off', bot3: 'offline' };
  for (const [botcode, state] of Object.entries(states)) {
    const bot = one.rig.bots.get(botcode);
    if (bot === undefined) throw new Error('no such bot');
    const view = bot.view.bind(bot);
    bot.view = () => ({ ...view(), state: state as 'off' });
  }
  await dryRun('queue-health');
  expect(specs[0]?.rows?.map((row) => (row as { botcode: string }).botcode)).toEqual([
    ...['bot3', 'bot1', 'bot4', 'bot2'],
  ]);
  expect(specs[0]?.total).toMatchObject({ stateText: '在线 2/4' });
});
