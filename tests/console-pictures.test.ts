import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { type ConsolePage, openLoggedIn } from './support/console-page.ts';
import { type ConsoleScene, consoleScene } from './support/console-scene.ts';
import { axeFaults, overflowOf } from './support/console-walk.ts';
import { eventually } from './support/eventually.ts';
import { farDaily } from './support/far-daily.ts';

let scene: ConsoleScene;
let admin: AdminClient;
let opened: ConsolePage;
let page: Page;
let roomId: string;
let topic: string;
/** Of a report of several pages, the first first. */
let sent: number[];

const red = new PNG({ width: 300, height: 200 });
for (let at = 0; at < red.data.length; at += 4) red.data.set([200, 30, 30, 255], at);
const picture = PNG.sync.write(red);

beforeAll(async () => {
  scene = await consoleScene();
  admin = new AdminClient(() => scene.running.url);
  await admin.login();
  const [room] = (await admin.ok('GET', '/bots/bot02/rooms')).body.items;
  roomId = String(room?.id);
  topic = String(room?.topic);
  const folder = join(scene.running.dataDir, 'reports');
  mkdirSync(folder, { recursive: true });
  const rows = Array.from({ length: 120 }, (_one, at) => `门店 ${at},${at}`);
  writeFileSync(join(folder, 'shops.csv'), ['shop,n', ...rows].join('\n'));
  await admin.ok('POST', '/schedules', {
    ...{ name: 'shops', expr: farDaily(), title: '门店排行', output: 'table' },
    source: { type: 'file', file: 'shops.csv' },
    targets: [{ botcode: 'bot02', roomId }],
  });
  const { slot } = (await admin.ok('POST', '/schedules/shops/run')).body as never as {
    slot: number;
  };
  sent = await eventually('it is sent', async () => {
    const { body } = await admin.ok('GET', `/schedules/shops/runs/${slot}`);
    const run = body as never as { state: string; targets: { messages: { msgid: number }[] }[] };
    return run.state === 'sent' && run.targets[0]?.messages.map(({ msgid }) => msgid);
  });
  opened = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  page = opened.page;
  page.setDefaultTimeout(8000);
}, 60_000);
afterAll(async () => {
  await opened.close();
  await scene.close();
});

/** Waits until a picture is drawn whose own width fits. */
async function drawn(one: Locator, fits: (width: number) => boolean): Promise<void> {
  await eventually('a picture is drawn', () =>
    one.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth).then(fits),
  );
}
const isPage = (width: number): boolean => width > 600;
const isUpload = (width: number): boolean => width === 300;

async function open(path: string): Promise<void> {
  await page.goto(`${scene.running.url}/#${path}`);
}

async function nothingWrong(): Promise<void> {
  expect([await axeFaults(page), await overflowOf(page)]).toEqual([[], 0]);
}

test('a report that was sent is seen: in its history, its messages, and the simulated phone', async () => {
  await open('/schedules/shops');
  const small = page.locator('main table img.picture');
  await small.first().scrollIntoViewIfNeeded();
  expect(await small.count()).toBe(sent.length);
  // A small one, of which the place is kept before it comes.
  await drawn(small.first(), (width) => width === 144);
  expect(await small.first().getAttribute('width')).toBe('72');
  await nothingWrong();
  await small.nth(1).click();

  await page.getByRole('heading', { name: `Message ${sent[1]}` }).waitFor();
  const large = page.getByRole('img', { name: `[picture] 门店排行 2/${sent.length}` });
  await drawn(large, isPage);
  await nothingWrong();
  await page.locator('main').getByRole('link', { name: 'shops' }).waitFor();

  await open('/sends');
  const row = page.locator('main tbody tr', { hasText: `门店排行 1/${sent.length}` });
  await row.getByRole('link', { name: 'shops' }).click();
  await page.getByRole('heading', { name: 'shops', level: 1 }).waitFor();

  await open('/bots/bot02?tab=phone');
  await page.locator('.phone-rooms button', { hasText: topic }).click();
  const seen = page.locator('.phone-messages img');
  await drawn(seen.last(), isPage);
  await nothingWrong();
});

test('what will be sent is previewed: an upload, the picture of a former message, a cover of ours', async () => {
  await open('/compose?bot=bot02');
  await page.getByLabel('Kind').selectOption('image');
  const file = { name: 'red.png', mimeType: 'image/png', buffer: picture };
  const upload = page.waitForResponse(/\/api\/v1\/files$/);
  await page.locator('input[type=file]').setInputFiles(file);
  const { url } = (await (await upload).json()) as { url: string };
  const preview = page.locator('.chat-preview');
  await drawn(preview.locator('img'), isUpload);
  await nothingWrong();
  await page.getByLabel('or its address').fill('https://pictures.example/a.png');
  await preview.getByText('Picture at pictures.example: no preview here').waitFor();

  await page.getByLabel('Kind').selectOption('miniProgram');
  const cover = page.getByLabel('Address of the thumbnail');
  await cover.fill('https://covers.example/c.png');
  await preview.getByText('Picture at covers.example: no preview here').waitFor();
  await cover.fill(`${scene.running.url}/${url}`);
  await drawn(preview.locator('img'), isUpload);
  await nothingWrong();

  await open(`/compose?from=${sent[0]}`);
  await drawn(preview.locator('img'), isPage);
});

test('the preview of a text @s who is in the room, and says who is not', async () => {
  const { members } = (await admin.ok('GET', `/bots/bot02/rooms/${encodeURIComponent(roomId)}`))
    .body;
  const name = String(members[0]?.name);
  await open('/compose?bot=bot02');
  await page.reload();
  const room = page.locator(`option[value="${roomId}"]`);
  await page.locator('select').filter({ has: room }).selectOption(roomId);
  await page.getByLabel('Content').fill('hello');
  await page.getByLabel('@ whom').fill(`${name}\n@无此人`);
  const preview = page.locator('.chat-preview');
  await preview.getByText('Nobody in the room is called 无此人').waitFor();
  expect(await preview.locator('.bubble').innerText()).toBe(`@${name} hello`);
  await nothingWrong();
});

test('a picture for later is called one', async () => {
  const image = `data:image/png;base64,${picture.toString('base64')}`;
  const at = new Date(Date.now() + 86_400_000).toISOString();
  await admin.ok('POST', '/scheduled-sends', { botcode: 'bot02', roomId, image, at });
  await open('/schedules?tab=sends');
  await page.locator('main tbody tr', { hasText: '[picture]' }).waitFor();
});

test('a picture that is kept no more leaves its words', async () => {
  await scene.running.daemon.core.files.sweep(Number.MAX_SAFE_INTEGER);
  await page.reload();
  await open(`/sends/${sent[0]}`);
  await page.getByText(/门店排行 1\/\d+ cannot be shown, perhaps it is no longer kept/).waitFor();
  await open('/schedules/shops');
  const link = page.locator('main table').getByRole('link', { name: `#${sent[0]}` });
  await link.scrollIntoViewIfNeeded();
  expect(opened.faults).toEqual([]);
});
