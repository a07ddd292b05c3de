import { expect, test } from 'vitest';
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
