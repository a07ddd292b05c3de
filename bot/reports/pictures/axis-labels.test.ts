import { expect, test } from 'vitest';
import { processorMs } from '../../../tests/support/processor.ts';
import { withReadableAxes } from './axis-labels.ts';
import { drawChart } from './chart.ts';
import { textWidth } from './text-width.ts';
import { themes } from './theme.ts';

const size = { width: 490, height: 320 };

async function drawn(axes: Record<string, unknown>, data: number[]): Promise<string> {
  return await drawChart({ ...axes, series: [{ type: 'bar', data }] }, themes.light, size);
}

/** What stands in a chart. */
function words(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text);
}

/** How far the widest level text reaches beyond the picture, about. */
function beyond(svg: string): number {
  const texts = [...svg.matchAll(/<text ([^>]*)>([^<]*)<\/text>/g)];
  const reaches = texts.map(([, tag = '', text = '']) => {
    const x = Number(/translate\(([\d.]+)/.exec(tag)?.[1] ?? /\bx="([\d.]+)"/.exec(tag)?.[1]);
    const half = /text-anchor="middle"/.test(tag) ? (textWidth(text) * 13) / 2 : 0;
    return Math.max(x + half - size.width, half - x);
  });
  return Math.max(...reaches);
}

const below = (data: unknown[], axisLabel?: object) => ({
  xAxis: { type: 'category', data, ...(axisLabel && { axisLabel }) },
  yAxis: { type: 'value' },
});

test('each of a few categories has its name, and none leaves the picture', async () => {
  const svg = await drawn(below(['一店', '二店', 'Long name shop number three']), [1234.5, 88, 0]);
  expect(words(svg)).toEqual(
    expect.arrayContaining(['一店', '二店', 'Long name shop', 'number three']),
  );
  expect(beyond(svg)).toBeLessThanOrEqual(0);
});

test('a name of many lines ends in an ellipsis', async () => {
  const svg = await drawn(below(['一店', '很长很长的店名'.repeat(12), '二店']), [1, 2, 3]);
  expect(words(svg).filter((text) => text.endsWith('…'))).toHaveLength(1);
  expect(words(svg).filter((text) => text.includes('店名')).length).toBeLessThanOrEqual(3);
  expect(words(svg)).toContain('二店');
});

test('twenty shops are all named, slanted', async () => {
  const shops = Array.from({ length: 20 }, (_, at) => `解放路${at + 1}店`);
  const svg = await drawn(
    below(shops),
    shops.map((_, at) => at),
  );
  expect(words(svg)).toEqual(expect.arrayContaining(shops));
  expect(svg).toMatch(/<text[^>]*transform="(?:rotate|matrix)/);
});

test('of three hundred days some are named', async () => {
  const days = Array.from({ length: 300 }, (_, at) => `10-${at}`);
  const named = words(
    await drawn(
      below(days),
      days.map((_, at) => at),
    ),
  ).filter((text) => text.startsWith('10-'));
  expect(named.length).toBeGreaterThan(5);
  expect(named.length).toBeLessThan(30);
});

test('rows of a dataset are named as well, and bars that lie', async () => {
  const source = ['一店', '二店', 'Long name shop number three'].map((shop, n) => ({ shop, n }));
  const series = [{ type: 'bar', encode: { x: 'shop', y: 'n' } }];
  const standing = { dataset: { source }, xAxis: { type: 'category' }, yAxis: {}, series };
  expect(words(await drawChart(standing, themes.light, size))).toContain('二店');
  const data = ['一店', '很长很长的店名'.repeat(12)];
  const lying = await drawn(
    { xAxis: { type: 'value' }, yAxis: { type: 'category', data } },
    [1, 2],
  );
  expect(words(lying).some((text) => /^很.*….*店名$/.test(text))).toBe(true);
  expect(beyond(lying)).toBeLessThanOrEqual(0);
});

test('what the author says of labels stays', async () => {
  const svg = await drawn(below(['甲', '乙', '丙'], { interval: 1 }), [1, 2, 3]);
  expect(words(svg)).not.toContain('乙');
});

/** What stands at an axis for a name. */
function labelOf(axis: 'xAxis' | 'yAxis', names: string[]): (name: string) => string {
  const value = withReadableAxes({ [axis]: { type: 'category', data: names } }, size)[axis];
  return (value as { axisLabel: { formatter: (name: string) => string } }).axisLabel.formatter;
}

test.each([
  ['beside lying bars', 'yAxis', 50, '评论'.repeat(5_000)],
  ['slanted', 'xAxis', 22, '评论'.repeat(10_000)],
  ['in lines', 'xAxis', 3, '评论'.repeat(75_000)],
  [
    'in lines, of what takes no room',
    'xAxis',
    3,
    `${'\u200d\u0001'.repeat(25_000)}${'店'.repeat(99)}`,
  ],
  ['of one word', 'xAxis', 3, 'x'.repeat(150_000)],
] as const)('names of any length are shortened at once: %s', (_what, axis, count, text) => {
  const names = Array.from({ length: count }, (_, at) => `${at}${text}${at}`);
  const took = processorMs(() => {
    const label = labelOf(axis, names);
    // ECharts asks several times.
    for (let pass = 0; pass < 5; pass += 1) for (const name of names) label(name);
  });
  expect(took).toBeLessThan(2_000);
});

test('a shortened name shows both of its ends, and no half of a character', () => {
  const label = labelOf('yAxis', ['一店']);
  expect(label('一店')).toBe('一店');
  expect(label(`甲乙${'丙'.repeat(1_000)}丁戊`)).toBe('甲乙丙丙丙丙…丙丙丙丁戊');
  for (const before of ['', 'x', 'xy', 'xyz']) {
    const told = label(`${before}${'😀'.repeat(1_000)}${before}`);
    expect(told).toMatch(new RegExp(`^${before}😀+…😀+${before}$`, 'u'));
    expect(textWidth(told) * 13).toBeLessThanOrEqual(170);
  }
});

test('a legend of many names takes the room that it needs, and none of the axis', async () => {
  const names = Array.from({ length: 20 }, (_, at) => `解放路第${at}分店（旗舰）很长的名字`);
  const svg = await drawChart(
    {
      legend: {},
      ...below(['甲', '乙']),
      series: names.map((name) => ({ type: 'bar', name, data: [1, 2] })),
    },
    themes.light,
    size,
  );
  const placeOf = (tag: string): number =>
    Number(/translate\([-\d.]+ ([-\d.]+)/.exec(tag)?.[1]) +
    Number(/\by="([-\d.]+)"/.exec(tag)?.[1] ?? 0);
  const texts = [...svg.matchAll(/<text ([^>]*)>([^<]*)<\/text>/g)].map(
    ([, tag = '', text = '']) => ({ text, y: placeOf(tag) }),
  );
  const axis = texts.find(({ text }) => text === '甲')?.y ?? Number.NaN;
  const legend = texts.filter(({ text }) => text.includes('…'));
  expect(legend).toHaveLength(20);
  for (const { y } of legend) expect(y).toBeGreaterThan(axis + 13);
  expect(Math.max(...legend.map(({ y }) => y))).toBeLessThan(size.height);
});
