import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { openLoggedIn } from './support/console-page.ts';
import { type ConsoleScene, consoleScene } from './support/console-scene.ts';
import { farDaily } from './support/far-daily.ts';

let scene: ConsoleScene;
let admin: AdminClient;

beforeAll(async () => {
  scene = await consoleScene();
  admin = new AdminClient(() => scene.running.url);
  await admin.login();
}, 30_000);
afterAll(() => scene.close());

test('a run is seen to begin and to end while one looks, without a reload', async () => {
  const { url } = scene.running;
  const rooms = (await admin.ok('GET', '/bots/bot02/rooms')).body;
  const roomId = String(rooms.items[0]?.id);
  await admin.ok('POST', '/schedules', {
    ...{ name: 'morning', expr: farDaily(), text: '早', targets: [{ botcode: 'bot02', roomId }] },
  });
  // The message is on its way until WeChat answers.
  await fetch(`${url}/simulator/bot02/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'delay', on: 'text', ms: 2500, times: 1 }),
  });
  const { page, faults, close } = await openLoggedIn(scene.browser, url, { language: 'zh' });
  await page.goto(`${url}/#/schedules?tab=runs`);
  await page.locator('main .empty').waitFor();
  let loads = 0;
  page.on('load', () => {
    loads += 1;
  });
  await admin.ok('POST', '/schedules/morning/run');
  const row = page.locator('main tbody tr');
  await row.getByText('发送中').waitFor();
  await row.getByText('已发送').waitFor();
  const seenAt = Date.now();
  const [run] = (await admin.ok('GET', '/runs')).body.items as { finishedAt?: number }[];
  // The page itself looks at nothing: it was told.
  expect(seenAt - Number(run?.finishedAt)).toBeLessThan(2000);
  expect(await row.count()).toBe(1);
  expect(loads).toBe(0);
  expect(faults).toEqual([]);
  await close();
});
