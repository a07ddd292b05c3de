import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { openLoggedIn } from './support/console-page.ts';
import { type ConsoleScene, consoleScene } from './support/console-scene.ts';

let scene: ConsoleScene;
let admin: AdminClient;

beforeAll(async () => {
  scene = await consoleScene();
  admin = new AdminClient(() => scene.running.url);
  await admin.login();
  await admin.ok('POST', '/im/apps', { appid: 8 });
  await admin.ok('POST', '/im/desks', { name: '客服', appid: 8, storeId: 88 });
  const said = await fetch(`${scene.running.url}/api/imbot/msg`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ fromUserId: 'carl', toUserId: 'desk-88' },
      msg: { type: 'text', reply: '在吗？', timestamp: 1 },
    }),
  });
  expect(said.status).toBe(200);
}, 60_000);
afterAll(() => scene.close());

test('who was answered waits no more; whom to hand over to is proposed', async () => {
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  await page.goto(`${scene.running.url}/#/conversations/1`);
  const thread = page.locator('.talks > :last-child');
  await thread.getByText('waits', { exact: true }).waitFor();
  await page.getByLabel('Answer').fill('在的');
  await page.keyboard.press('Control+Enter');
  await thread.getByText('waits', { exact: true }).waitFor({ state: 'detached', timeout: 5000 });
  await page.goto(`${scene.running.url}/#/`);
  const tile = page.locator('a.figure[href^="#/conversations"]');
  await tile.getByText('No customer waits').waitFor();
  await admin.ok('PATCH', '/im/conversations/1', { agent: 'joe' });
  await page.goto(`${scene.running.url}/#/conversations/1`);
  await page.getByRole('button', { name: 'Hand over' }).click();
  await page.locator('dialog datalist option[value="joe"]').waitFor({ state: 'attached' });
  await close();
});
