import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { logIn, openConsole, openLoggedIn } from './support/console-page.ts';
import { type ConsoleScene, consoleScene } from './support/console-scene.ts';

let scene: ConsoleScene;

beforeAll(async () => {
  scene = await consoleScene();
});
afterAll(() => scene.close());

/** Which words a page asks for, in order. */
function wordsAskedBy(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const [, language] = /\/words\.(\w+)-/.exec(request.url()) ?? [];
    if (language !== undefined) asked.push(language);
  });
  return asked;
}

async function choose(page: Page, name: 'English' | '中文'): Promise<void> {
  const button = page.getByRole('button', { name, exact: true });
  // Behind the menu, once somebody is logged in.
  if (!(await button.isVisible())) await page.locator('[popovertarget="account"]').click();
  await button.click();
}

test('another language is loaded when it is chosen, and shown without loading the page', async () => {
  const own = await openLoggedIn(scene.browser, scene.running.url);
  const { page } = own;
  const asked = wordsAskedBy(page);
  await page.reload();
  await page.goto(`${scene.running.url}/#/bots`);
  await page.getByRole('heading', { name: '待登录' }).waitFor();
  await page.evaluate(() => Object.assign(globalThis, { samePage: true }));
  expect(asked).toEqual(['zh']);
  await choose(page, 'English');
  await page.getByRole('heading', { name: 'Waiting to log in' }).waitFor();
  await page.getByRole('link', { name: 'Dead letters', exact: true }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  expect(await page.locator('body').innerText()).not.toMatch(/死信|待登录|全部机器人/);
  await choose(page, '中文');
  await page.getByRole('heading', { name: '待登录' }).waitFor();
  await choose(page, 'English');
  await page.getByRole('heading', { name: 'Waiting to log in' }).waitFor();
  expect(asked).toEqual(['zh', 'en']);
  expect(await page.evaluate(() => 'samePage' in globalThis)).toBe(true);
  expect(own.faults).toEqual([]);
  await own.close();
});

test('what the daemon says follows too', async () => {
  const own = await openLoggedIn(scene.browser, scene.running.url);
  await own.page.goto(`${scene.running.url}/#/bots/bot01`);
  await own.page.getByText('等待扫描二维码登录').first().waitFor();
  await choose(own.page, 'English');
  // Long before it would be loaded again by itself.
  const english = own.page.getByText('the login QR code has to be scanned').first();
  await english.waitFor({ timeout: 5000 });
  await own.close();
});

test('a language that cannot be loaded is said, and changes nothing', async () => {
  const own = await openLoggedIn(scene.browser, scene.running.url);
  const { page } = own;
  await page.route(/\/words\.en-/, (route) => route.abort());
  await choose(page, 'English');
  await page.getByRole('alert').getByText('语言未能切换，请重新加载页面').waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  await page.getByRole('link', { name: '死信', exact: true }).waitFor();
  expect(await page.evaluate(() => localStorage.getItem('wxrc.language'))).toBe('zh');
  await own.close();
});

test('without any words both languages say so', async () => {
  const own = await openConsole(scene.browser, scene.running.url);
  await own.page.route(/\/words\./, (route) => route.abort());
  await own.page.reload();
  const alert = own.page.getByRole('alert');
  await alert.getByText('控制台未能加载').waitFor();
  await alert.getByText('The console could not be loaded').waitFor();
  await own.close();
});

test('who has chosen none is shown that of the browser, before the log-in and after it', async () => {
  const context = await scene.browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  const asked = wordsAskedBy(page);
  await page.goto(`${scene.running.url}/`);
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  await page.locator('input[name="username"]').fill('admin');
  await page.locator('input[name="password"]').fill('test-password');
  await page.keyboard.press('Enter');
  await page.locator('[data-live="live"]').waitFor();
  await page.getByRole('link', { name: 'Dead letters', exact: true }).waitFor();
  expect(asked).toEqual(['en']);
  await context.close();
});

test('a language that somebody chose for oneself goes along to a new browser', async () => {
  const admin = new AdminClient(() => scene.running.url);
  await admin.login();
  await admin.ok('PATCH', '/profile', { language: 'zh' });
  const context = await scene.browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(`${scene.running.url}/`);
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  await logIn(page);
  await page.getByRole('link', { name: '死信', exact: true }).waitFor();
  await choose(page, 'English');
  await page.getByRole('link', { name: 'Dead letters', exact: true }).waitFor();
  await page.reload();
  await page.getByRole('link', { name: 'Dead letters', exact: true }).waitFor();
  await admin.ok('PATCH', '/profile', { language: null });
  await context.close();
});

test.each([
  [['fr-FR', 'zh-CN', 'en'], '登录'],
  [['fr-FR'], 'Log in'],
])('of the languages %j of a browser the first that there is', async (languages, said) => {
  const context = await scene.browser.newContext({ locale: 'fr-FR' });
  await context.addInitScript((list) => {
    Object.defineProperty(navigator, 'languages', { get: () => list });
  }, languages);
  const page = await context.newPage();
  await page.goto(`${scene.running.url}/`);
  await page.getByRole('button', { name: said }).waitFor();
  await context.close();
});
