import { describe, expect, test } from 'vitest';
import { type ReportChart, reportFields } from '../../config/report-schema.ts';
import type { Cell } from './cells.ts';
import { chartOf } from './chart-of.ts';

type Rows = Record<string, Cell>[];
interface Option {
  title?: { text: string };
  legend?: object;
  xAxis: { data: string[] };
  yAxis: object;
  series: { name: string; data: unknown[]; stack?: string }[];
}

const style = { zone: 'Asia/Shanghai', language: 'zh' } as const;
const columns = [
  { key: 'n', label: '订单' },
  { key: 'm', label: '退货' },
  { key: 'rate', label: '成功率', kind: 'percent' as const },
  { key: 'at', kind: 'date' as const },
  { key: 'clock', kind: 'date' as const, show: 'time' as const },
];
const bar = { type: 'bar', x: 'day', y: ['n'], stacked: false } as const;

function drawn(rows: Rows, chart: object = {}): Option {
  const whole = { ...bar, ...chart } as unknown as ReportChart;
  return chartOf(whole, rows, columns, style) as unknown as Option;
}

const days: Rows = [
  { day: '11-20', bot: 'a', n: 10, m: 1 },
  { day: '11-20', bot: 'b', n: 20, m: null },
  { day: '11-21', bot: 'a', n: '5', m: 0 },
  { day: '11-21', bot: 'c', n: 7, m: 2 },
];

describe('rows of the same x', () => {
  test('are one category each, in the order in which they come, and added up', () => {
    const { xAxis, series, legend } = drawn(days, { y: ['n', 'm'] });
    expect(xAxis.data).toEqual(['11-20', '11-21']);
    expect(series).toMatchObject([
      { name: '订单', data: [30, 12] },
      { name: '退货', data: [1, 2] },
    ]);
    expect(legend).toBeDefined();
  });

  test('are added up without the noise of decimals; what is no number does not count', () => {
    const rows = [0.1, 0.2, 'x', '', null].map((n) => ({ day: 'd', n }));
    expect(drawn(rows).series[0]?.data).toEqual([0.3]);
    expect(drawn([{ day: 'd', n: 'x' }]).series[0]?.data).toEqual([null]);
  });

  test('have a mean where they are shares, drawn as percent', () => {
    const rows = [0.5, 1, null].map((rate) => ({ day: 'd', rate }));
    const { series, yAxis } = drawn(rows, { y: ['rate'] });
    expect(series[0]?.data).toEqual([75]);
    expect(yAxis).toMatchObject({ axisLabel: { formatter: '{value}%' } });
  });

  test('are those of one day where days are shown; times of several days are not', () => {
    const rows = ['2026-11-20T01:00Z', '2026-11-20T03:00Z', '2026-11-21T01:00Z'].map((at) => ({
      ...{ at, clock: at, n: 1 },
    }));
    expect(drawn(rows, { x: 'at' }).xAxis.data).toEqual(['11-20', '11-21']);
    expect(drawn(rows, { x: 'clock' }).xAxis.data).toEqual(['09:00', '11:00', '09:00']);
  });

  test('are one slice of a pie', () => {
    const [one] = drawn(days, { type: 'pie' }).series;
    expect(one?.data).toEqual([
      { name: '11-20', value: 30 },
      { name: '11-21', value: 12 },
    ]);
  });
});

describe('a series for each value of `by`', () => {
  test('with gaps where there is no row', () => {
    const { xAxis, series, legend } = drawn(days, { by: 'bot' });
    expect(xAxis.data).toEqual(['11-20', '11-21']);
    expect(series.map(({ name, data }) => [name, data])).toEqual([
      ['a', [10, 5]],
      ['b', [20, null]],
      ['c', [null, 7]],
    ]);
    expect(legend).toBeDefined();
  });

  test('a stack of areas has no holes', () => {
    const { series } = drawn(days, { by: 'bot', type: 'line', stacked: true });
    expect(series.map(({ data }) => data)).toEqual([
      [10, 5],
      [20, 0],
      [0, 7],
    ]);
  });

  test('and of several values', () => {
    const { series } = drawn(days, { by: 'bot', y: ['n', 'm'] });
    expect(series.map(({ name }) => name).slice(0, 3)).toEqual([
      'a · 订单',
      'a · 退货',
      'b · 订单',
    ]);
  });

  test('beyond twelve the largest stay, in their order, and the others are one', () => {
    const rows = Array.from({ length: 50 }, (_, at) => ({ day: 'd', bot: `b${at}`, n: at }));
    const { series } = drawn(rows, { by: 'bot' });
    expect(series).toHaveLength(12);
    expect(series.slice(0, 2).map(({ name }) => name)).toEqual(['b39', 'b40']);
    expect(series.at(-1)).toMatchObject({ name: '其他 (39)', data: [(38 * 39) / 2] });
  });

  test('names are data: of no value at all as of a hostile one', () => {
    const rows = [null, '__proto__', 'constructor', '{a|b}'].map((bot) => ({
      day: 'd',
      bot,
      n: 1,
    }));
    expect(drawn(rows, { by: 'bot' }).series.map(({ name }) => name)).toEqual([
      ...['-', '__proto__', 'constructor', '{a|b}'],
    ]);
  });

  test('is refused for a pie, by name', () => {
    const chart = { ...bar, type: 'pie', by: 'bot' };
    const told = reportFields.shape.chart.safeParse(chart);
    expect(told.error?.issues).toMatchObject([{ path: ['by'], message: 'a pie has no series' }]);
    expect(reportFields.shape.chart.safeParse({ ...chart, type: 'line' }).success).toBe(true);
  });

  test('thousands of rows of thousands of values are no burden', () => {
    const rows = Array.from({ length: 5000 }, (_, at) => ({ day: `${at}`, bot: `${at}`, n: 1 }));
    const began = performance.now();
    expect(drawn(rows, { by: 'bot' }).series).toHaveLength(12);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

test('counts have whole steps; what is measured has not', () => {
  expect(drawn(days).yAxis).toMatchObject({ minInterval: 1 });
  expect(drawn([{ day: 'd', n: 0 }]).yAxis).toMatchObject({ minInterval: 1 });
  expect(drawn([{ day: 'd', n: 0.5 }]).yAxis).not.toHaveProperty('minInterval');
});

test('a title of its own; and nothing where there are no rows', () => {
  expect(drawn(days, { title: '近 7 天' }).title).toEqual({ text: '近 7 天' });
  expect(drawn([])).toBeUndefined();
});

test('days of some months say no year', () => {
  const on = (...texts: string[]) => drawn(texts.map((day) => ({ day, n: 1 }))).xAxis.data;
  expect(on('2026-12-31', '2027-01-01')).toEqual(['12-31', '01-01']);
  expect(on('2026-01-01', '2027-02-01')).toEqual(['2026-01-01', '2027-02-01']);
  expect(on('2026-01-01', 'all')).toEqual(['2026-01-01', 'all']);
});
