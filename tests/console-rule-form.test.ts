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
}, 60_000);
afterAll(() => scene.close());

const card = {
  ...{ type: 'card', appid: 'wx1', username: 'gh_1', title: 'Shop', description: 'ours' },
  ...{ pagePath: 'pages/shop', thumbUrl: 'https://x.test/a.png', thumbKey: 'key' },
};
const handover = { type: 'handover', storeId: 8, text: 'One moment' };
test.each([
  ['card', card],
  ['handover', handover],
])('all of an answer can be written, and is kept: %s', { timeout: 60_000 }, async (type, reply) => {
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  const form = page.locator('dialog form');
  const save = async () => {
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.locator('dialog').waitFor({ state: 'detached' });
  };
  const kept = async () => {
    const { items } = (await admin.ok('GET', '/chatbot/rules')).body as {
      items: { name: string }[];
    };
    return items.find(({ name }) => name.startsWith(type));
  };
  await page.goto(`${scene.running.url}/#/chatbot?tab=rules`);
  await page.getByRole('button', { name: 'New rule' }).click();
  const lines = form.locator('input:not([type=checkbox])');
  await lines.nth(0).fill(type);
  await lines.nth(2).fill('where');
  await form.locator('select').nth(1).selectOption(type);
  const { type: _type, ...fields } = reply;
  for (const [at, value] of Object.values(fields).entries()) {
    await lines.nth(3 + at).fill(String(value));
  }
  await save();
  expect(await kept()).toMatchObject({ name: type, reply });
  await page.getByRole('row', { name: type }).getByRole('button', { name: 'Edit' }).click();
  await lines.nth(0).fill(`${type} 2`);
  await save();
  expect(await kept()).toMatchObject({ name: `${type} 2`, reply });
  await close();
});

test('what is wrong about where a rule answers is told there', { timeout: 60_000 }, async () => {
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  await page.goto(`${scene.running.url}/#/chatbot?tab=rules`);
  await page.getByRole('button', { name: 'New rule' }).click();
  const form = page.locator('dialog form');
  const lines = form.locator('input:not([type=checkbox])');
  await lines.nth(0).fill('scoped');
  await lines.nth(2).fill('where');
  await form.locator('textarea').fill('there');
  const rooms = form.getByLabel(/^Only in these rooms/);
  await rooms.fill('x'.repeat(257));
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await form.locator('.field-error').waitFor();
  expect(await rooms.getAttribute('aria-invalid')).toBe('true');
  expect(await form.locator('.field-error').innerText()).toContain('scope.rooms[0]');
  await close();
});
