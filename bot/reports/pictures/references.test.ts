import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { afterAll, expect, test } from 'vitest';
import { createLogger } from '../../../config/logger.ts';
import { type SampleName, samples } from '../../../scripts/pictures/samples.ts';
import type { Picture, PictureSpec } from './picture-spec.ts';
import { Pictures } from './pictures.ts';

const folder = join(import.meta.dirname, '../../../tests/pictures');
const pictures = new Pictures({ logger: createLogger('silent') });
afterAll(() => pictures.stop());

/** Edges of letters may differ by a shade between processors; a letter that is another may not. */
const tolerance = 0.00005;

function differing(picture: Picture, reference: string): number {
  const drawn = PNG.sync.read(picture.png);
  const wanted = PNG.sync.read(readFileSync(join(folder, `${reference}.png`)));
  expect([drawn.width, drawn.height]).toEqual([wanted.width, wanted.height]);
  const { width, height } = wanted;
  const options = { threshold: 0.15 };
  return pixelmatch(drawn.data, wanted.data, undefined, width, height, options) / (width * height);
}

async function pageOf(spec: PictureSpec, page = 0): Promise<Picture> {
  const picture = (await pictures.render(spec))[page];
  if (picture === undefined) throw new Error('no such page');
  return picture;
}

test.each([
  'table',
  'wrapped',
  'english',
  'chart',
  'labels',
  'slanted',
  'emoji',
  'pie',
  'html',
] as const satisfies SampleName[])('%s looks as it did when it was looked at', async (name) => {
  const picture = await pageOf(samples[name]);
  expect(picture.width).toBeGreaterThanOrEqual(1080);
  expect(picture.width).toBeLessThanOrEqual(1440);
  expect(differing(picture, name)).toBeLessThan(tolerance);
});

test('a long table goes on in the next picture, under the same head', async () => {
  const pages = await pictures.render(samples.long);
  expect(pages).toHaveLength(4);
  for (const { height } of pages) expect(height).toBeLessThanOrEqual(2040);
  expect(differing(await pageOf(samples.long, 0), 'long-1')).toBeLessThan(tolerance);
  expect(differing(await pageOf(samples.long, 3), 'long-4')).toBeLessThan(tolerance);
});

test('another character is seen', async () => {
  const other = { ...samples.english, title: 'Nodes by stats' };
  expect(differing(await pageOf(other), 'english')).toBeGreaterThan(tolerance);
});

test('what stands in a cell is text, never markup', async () => {
  const columns = [{ label: '名称' }];
  const markup =
    '<b>粗</b> &lt; <img src="http://127.0.0.1:9/x.png"> {{ 1 }} <style>*{color:red}</style>';
  const [picture] = await pictures.render({ columns, rows: [[markup]] });
  const { data } = PNG.sync.read(picture?.png ?? Buffer.alloc(0));
  // All of it is letters in the colour of text: nothing red, and dark pixels for every line.
  let red = 0;
  let dark = 0;
  for (let at = 0; at < data.length; at += 4) {
    const [r = 0, g = 0, b = 0] = data.subarray(at, at + 3);
    if (r > 180 && g < 80 && b < 80) red += 1;
    if (r < 80 && g < 80 && b < 80) dark += 1;
  }
  expect(red).toBe(0);
  expect(dark).toBeGreaterThan(4000);
});
