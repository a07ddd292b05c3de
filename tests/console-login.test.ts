import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeAt } from '../bot/operators/totp.ts';
import { BrowserClient } from './support/browser-client.ts';
import { openConsole } from './support/console-page.ts';
import { type ConsoleScene, consoleScene } from './support/console-scene.ts';

let scene: ConsoleScene;

beforeAll(async () => {
  scene = await consoleScene();
}, 60_000);
afterAll(() => scene.close());

/** Turns codes on for a new user. */
async function anna(): Promise<{ recoveryCodes: string[] }> {
  const boss = new BrowserClient(() => scene.running.url);
  await boss.login();
  const password = 'correct horse';
  await boss.call('POST', '/users', { body: { username: 'anna', role: 'operator', password } });
  const own = new BrowserClient(() => scene.running.url);
  await own.login(password, 'anna');
  const offer = await own.call('POST', '/profile/totp', { body: { current: password } });
  const code = codeAt(offer.body.secret, Math.floor(Date.now() / 30_000));
  const done = await own.call('POST', '/profile/totp/confirm', { body: { code } });
  expect(done.status).toBe(200);
  return done.body;
}

test('a log-in with a code needs keys only', async () => {
  const { recoveryCodes } = await anna();
  const { page, close } = await openConsole(scene.browser, scene.running.url, { language: 'en' });
  await page.locator('input[name="username"]').focus();
  await page.keyboard.type('anna');
  await page.keyboard.press('Tab');
  await page.keyboard.type('correct horse');
  await page.keyboard.press('Enter');
  await page.locator('input[name="totp"]').waitFor();
  await page.keyboard.type('000000');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').locator('.note').waitFor();
  expect(await page.locator('input[name="password"]').inputValue()).toBe('correct horse');
  // Wrong, and marked: what is typed next takes its place.
  await page.keyboard.type(recoveryCodes[0] ?? '');
  await page.keyboard.press('Enter');
  await page.locator('[data-live="live"]').waitFor();
  await close();
});
