import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { loseAnswer } from './support/console-losses.ts';
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

async function write(page: Page, text: string): Promise<void> {
  await page.goto(`${scene.running.url}/#/compose?bot=bot02`);
  const rooms = page.locator('select', { has: page.getByText('请选择群') });
  await rooms.locator('option', { hasText: '·' }).first().waitFor({ state: 'attached' });
  await rooms.selectOption({ index: 1 });
  await page.getByLabel(/^内容/).fill(text);
}

async function countOf(path: string, text: string): Promise<number> {
  const { items } = (await admin.ok('GET', path)).body;
  return items.filter((one) => JSON.stringify(one.content).includes(text)).length;
}

test('a message whose answer was lost, sent again by hand, is one message', async () => {
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'zh' });
  await write(page, 'answer lost');
  await loseAnswer(page, '/api/v1/sends');
  await page.getByRole('button', { name: '发送', exact: true }).click();
  await page.locator('form .note, form [role="alert"]').first().waitFor();
  expect(await countOf('/sends', 'answer lost')).toBe(1);
  await page.getByRole('button', { name: '发送', exact: true }).click();
  await page.waitForURL(/#\/sends\/\d+$/);
  expect(await countOf('/sends', 'answer lost')).toBe(1);
  // Meant as another one, it is another one.
  await write(page, 'answer lost');
  await page.getByRole('button', { name: '发送', exact: true }).click();
  await page.waitForURL(/#\/sends\/\d+$/);
  expect(await countOf('/sends', 'answer lost')).toBe(2);
  await close();
});

test('for later, the same', async () => {
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'zh' });
  await write(page, 'for later');
  await page
    .locator('input[type="datetime-local"]')
    .fill(`${new Date().getUTCFullYear() + 1}-01-02T09:00`);
  await loseAnswer(page, '/api/v1/scheduled-sends');
  await page.getByRole('button', { name: '定时', exact: false }).last().click();
  await page.locator('form .note, form [role="alert"]').first().waitFor();
  await page.getByRole('button', { name: '定时', exact: false }).last().click();
  await page.waitForURL(/#\/schedules/);
  expect(await countOf('/scheduled-sends', 'for later')).toBe(1);
  await close();
});

test('three clicks at once are one message', async () => {
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'zh' });
  await write(page, 'in a hurry');
  await page.getByRole('button', { name: '发送', exact: true }).evaluate((button) => {
    const { form } = button as unknown as { form: { requestSubmit(): void } };
    for (let click = 0; click < 3; click += 1) form.requestSubmit();
  });
  await page.waitForURL(/#\/sends\/\d+$/);
  expect(await countOf('/sends', 'in a hurry')).toBe(1);
  await close();
});
