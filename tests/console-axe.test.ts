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
  for (const look of looks) {
    const own = await openConsole(scene.browser, scene.running.url, look);
    await own.page.locator('input[name="username"]').waitFor();
    for (const one of await axeFaults(own.page)) faults.push(`${look.theme}: ${one}`);
    expect(await overflowOf(own.page)).toBe(0);
    expect(own.faults).toEqual([]);
    await own.close();
  }
  expect(faults).toEqual([]);
});

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
});
