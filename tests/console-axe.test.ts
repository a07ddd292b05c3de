import { afterAll, beforeAll, expect, test } from 'vitest';
import { looks, openConsole, openLoggedIn } from './support/console-page.ts';
import { type ConsoleScene, consoleScene } from './support/console-scene.ts';
import { axeFaults, overflowOf } from './support/console-walk.ts';

let scene: ConsoleScene;

beforeAll(async () => {
  scene = await consoleScene();
});
afterAll(() => scene.close());

test('the log-in, in every look, right and wrong', async () => {
  const faults: string[] = [];
  for (const look of looks.filter(({ width }) => width === 1280)) {
    const own = await openConsole(scene.browser, scene.running.url, look);
    const { page } = own;
    await page.locator('input[name="username"]').fill('admin');
    await page.locator('input[name="password"]').fill('');
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 844 });
      for (const one of await axeFaults(page)) faults.push(`${look.theme} ${width}: ${one}`);
      expect(await overflowOf(page)).toBe(0);
    }
    expect(own.faults).toEqual([]);
    await own.close();
  }
  expect(faults).toEqual([]);

  const own = await openConsole(scene.browser, scene.running.url);
  await own.page.locator('input[name="username"]').fill('admin');
  await own.page.locator('input[name="password"]').fill('wrong');
  await own.page.keyboard.press('Enter');
  await own.page.getByText('用户名或密码错误').waitFor();
  expect(await axeFaults(own.page)).toEqual([]);
  await own.close();
}, 120_000);

test('dialogs and menus', async () => {
  const own = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  const { page } = own;
  await page.locator('button[popovertarget="account"]').click();
  expect(await axeFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.goto(`${scene.running.url}/#/bots`);
  const share = page.getByRole('button', { name: 'Share QR code' });
  await share.click();
  await page.getByRole('dialog').waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Make a link' }).click();
  await page.getByText('/qr/share/').waitFor();
  await page.keyboard.press('Escape');
  // The one who works by keys is where they were.
  expect(await share.evaluate((one) => one.matches(':focus'))).toBe(true);
  await page.getByRole('button', { name: 'Add a bot' }).click();
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page
    .getByRole('row', { name: /课程通知/ })
    .getByRole('button', { name: 'Log out' })
    .click();
  await page.getByRole('dialog').waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(own.faults).toEqual([]);
  await own.close();
}, 120_000);
