import { Renderer } from '@takumi-rs/core';
import { beforeAll, expect, test } from 'vitest';
import { drawChart } from './chart.ts';
import { drawEmoji, type MarkedChart, type MeasureTexts, markEmoji } from './chart-emoji.ts';
import { fontFolders } from './font-files.ts';
import { Fonts } from './fonts.ts';
import { themes } from './theme.ts';

const fonts = new Fonts(new Renderer(), fontFolders());
beforeAll(async () => {
  await fonts.start();
});

const option = (names: string[], more: object = {}) => ({
  xAxis: { type: 'category', data: names },
  yAxis: { type: 'value' },
  series: [{ type: 'bar', data: names.map((_, at) => at) }],
  ...more,
});
const namesOf = ({ option: { xAxis } }: MarkedChart): string[] =>
  (xAxis as { data: string[] }).data;
/** As if every character were as wide as an em. */
const ems: MeasureTexts = async (texts) => texts.map((text) => text.length);

async function drawn(chart: Readonly<Record<string, unknown>>, measure = ems): Promise<string> {
  const marked = markEmoji(chart, fonts);
  const svg = await drawChart(marked.option, themes.light, { width: 490, height: 320 });
  return await drawEmoji(svg, marked, measure);
}

test('an emoji is one character while a chart is laid out, whatever it is made of', () => {
  const names = ['北京😀店', '👨‍👩‍👧', '🇨🇳🇺🇸', '1️⃣', '🧑🏽‍💻', '😀'];
  const marked = namesOf(markEmoji(option(names), fonts));
  expect(marked.map((name) => name.length)).toEqual([4, 1, 2, 1, 1, 1]);
  // The same emoji is the same character.
  expect(marked[0]?.[2]).toBe(marked[5]);
});

test('a chart without emoji stays as it is', () => {
  const chart = option(['一店', '© 2026', '12#*']);
  expect(markEmoji(chart, fonts).option).toEqual(chart);
  expect(markEmoji(chart, fonts).drawings.size).toBe(0);
});

test('names of columns of a dataset are changed as those that refer to them', () => {
  const source = [{ '店😀': '一店', n: 1 }];
  const encode = { x: '店😀', y: 'n' };
  const { option: told } = markEmoji({ dataset: { source }, series: [{ encode }] }, fonts);
  const { dataset, series } = told as {
    dataset: { source: object[] };
    series: { encode: { x: string } }[];
  };
  expect(Object.keys(dataset.source[0] ?? {})[0]).toBe(series[0]?.encode.x);
});

test('what stands in a name is text: braces, pipes, markup, and characters for private use', async () => {
  const hostile =
    '{a|x}<image href="http://127.0.0.1:9/x.png"/>&amp;\ue000😀</text><use href="#x"/>';
  const svg = await drawn(option(['一店', '二店'], { title: { text: hostile } }));
  const [title] = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].filter(([text]) =>
    text.includes('{a|x}'),
  );
  expect(title?.[1]).toBe(
    '{a|x}&lt;image href=&quot;http://127.0.0.1:9/x.png&quot;/&gt;&amp;amp;\ue000　&lt;/text&gt;&lt;use href=&quot;#x&quot;/&gt;',
  );
  expect(svg.match(/<use xlink:href="#emoji-e001"/g)).toHaveLength(1);
  expect(svg).not.toMatch(/<image|127\.0\.0\.1:9\/x\.png"/);
});

test('a drawing stands in the gap that its text leaves, turned as the text is', async () => {
  const svg = await drawn(
    option(['一店😀'], {
      xAxis: { type: 'category', data: ['一店😀甲'], axisLabel: { rotate: 30 } },
    }),
  );
  const found =
    /<text ([^>]*)>一店　甲<\/text><g transform="([^"]*)"><use [^>]*translate\(([-\d.]+)/.exec(svg);
  expect(found?.[2]).toBe(/transform="([^"]*)"/.exec(found?.[1] ?? '')?.[1]);
  // Text of 13 pixels that ends at its place: the gap begins two ems before its end.
  expect(found?.[1]).toContain('text-anchor="end"');
  expect(Number(found?.[3])).toBeCloseTo(-2 * 13, 0);
});

test('drawings of one chart share their shapes and no names; of more than enough none is drawn', async () => {
  const svg = await drawn(option(['😀😀', '🏆🏆', '😀🏆']));
  expect(svg.match(/<g id="emoji-\w+">/g)).toHaveLength(2);
  const ids = [...svg.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, id] of svg.matchAll(/(?:href="#|url\(#)([^")]+)/g)) expect(ids).toContain(id);
  const many = await drawn(option(['😀'.repeat(20)], { title: { text: '🏆'.repeat(600) } }));
  expect(many.match(/<use xlink:href="#emoji-e/g)?.length ?? 0).toBeLessThanOrEqual(500);
});
