import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { createLogger } from '../../../config/logger.ts';
import { fontFolders } from './font-files.ts';
import { Pictures, type PicturesOptions } from './pictures.ts';

let pictures: Pictures;
function build(options: Partial<PicturesOptions> = {}): Pictures {
  pictures = new Pictures({ logger: createLogger('silent'), ...options });
  return pictures;
}
afterEach(() => pictures.stop());

test('neither HTML nor a chart fetches anything or reads a file', async () => {
  build();
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.end();
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.png`;
  const file = join(import.meta.dirname, '../../../tests/pictures/table.png');
  const without = await pictures.render({ html: '<p>字</p><div style="height:40px"></div>' });
  for (const address of [url, file, `file://${file}`]) {
    const [html] = await pictures.render({
      html: `<p>字</p><div style="height:40px;background-image:url('${address}')"></div>`,
    });
    expect(html?.png.equals(without[0]?.png ?? Buffer.alloc(0))).toBe(true);
    await pictures.render({ html: `<p>字</p><img width="40" height="40" src="${address}">` });
    await pictures.render({
      html: `<p>字</p><svg width="40" height="40"><image href="${address}" width="40" height="40"/></svg>`,
    });
    await pictures.render({
      chart: { graphic: [{ type: 'image', style: { image: address, width: 40, height: 40 } }] },
    });
  }
  expect(asked).toBe(0);
});

test('says which fonts are missing, and draws without them', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'wxrc-fonts-'));
  onTestFinished(() => rmSync(empty, { recursive: true, force: true }));
  build({ folders: { sans: empty, emoji: empty } });
  const missing = [
    expect.stringContaining('no Chinese font'),
    expect.stringContaining('no emoji font'),
  ];
  expect(await pictures.fontCheck()).toEqual(missing);
  expect(pictures.knownFaults()).toEqual(missing);
  expect(await pictures.render({ columns: [{ label: '列' }], rows: [['中 😀']] })).toHaveLength(1);
  await pictures.stop();

  symlinkSync(join(fontFolders().sans, 'files'), join(empty, 'files'));
  expect(await build({ folders: { sans: empty, emoji: empty } }).fontCheck()).toHaveLength(1);
  await pictures.stop();

  expect(await build().fontCheck()).toEqual([]);
  expect(pictures.knownFaults()).toEqual([]);
});
