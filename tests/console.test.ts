import jsQR from 'jsqr';
import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openConsole, openLoggedIn } from './support/console-page.ts';
import { type ConsoleScene, consoleScene } from './support/console-scene.ts';
import { eventually } from './support/eventually.ts';

let scene: ConsoleScene;

beforeAll(async () => {
  scene = await consoleScene();
});
afterAll(async () => {
  await scene.close();
});

/** The text in what a phone would see. */
async function scanned(page: Page): Promise<string | undefined> {
  const { width, height, data } = PNG.sync.read(await page.screenshot());
  return jsQR(new Uint8ClampedArray(data), width, height)?.data;
}

function stateOf(botcode: string, state: string): string {
  return `[data-bot="${botcode}"][data-state="${state}"]`;
}

test.each(['light', 'dark'] as const)(
  'open, log in, see the QR code and read it back, %s',
  async (theme) => {
    const own = await openConsole(scene.browser, scene.running.url, { theme });
    const { page } = own;
    await page.locator('input[name="username"]').fill('admin');
    await page.locator('input[name="password"]').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('用户名或密码错误').waitFor();
    await page.locator('input[name="password"]').fill('test-password');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: '机器人' }).first().click();
    await page.locator('[data-qr="bot01"]').waitFor();
    const text = scene.running.daemon.core.bots.get('bot01')?.view().qr?.text;
    expect(text).toMatch(/./);
    expect(await eventually('the code is drawn', () => scanned(page))).toBe(text);
    expect(own.faults).toEqual([]);
    await own.close();
  },
);

test('a code whose picture did not come is drawn a moment later', async () => {
  const own = await openLoggedIn(scene.browser, scene.running.url);
  const { page } = own;
  const { text } = scene.running.daemon.core.bots.get('bot01')?.view().qr ?? {};
  expect(text).toMatch(/./);
  await page.route('**/qr/*.svg', (route) => route.abort(), { times: 1 });
  const failed = page.waitForEvent('requestfailed');
  await page.goto(`${scene.running.url}/#/bots`);
  await failed;
  expect(await eventually('the code is drawn', () => scanned(page))).toBe(text);
  await own.close();
});

test('a phone that scans and confirms is seen in a moment, and the code goes by itself', async () => {
  const own = await openLoggedIn(scene.browser, scene.running.url);
  const { page } = own;
  await page.goto(`${scene.running.url}/#/bots`);
  await page.locator('[data-qr="bot01"]').waitFor();
  const timed = async (step: string, selector: string): Promise<number> => {
    // Told by the page itself: what the test's own wire costs does not count.
    const seen = page.evaluate(
      (what) =>
        new Promise<number>((resolve) => {
          const { document, MutationObserver } = globalThis as unknown as {
            document: { querySelector(what: string): unknown; body: unknown };
            MutationObserver: new (look: () => void) => { observe(of: unknown, how: object): void };
          };
          const look = (): void => {
            if (document.querySelector(what) !== null) resolve(Date.now());
          };
          const watch = new MutationObserver(look);
          watch.observe(document.body, { subtree: true, childList: true, attributes: true });
          look();
        }),
      selector,
    );
    const began = Date.now();
    await fetch(`${scene.running.url}/simulator/bot01/${step}`, { method: 'POST' });
    return (await seen) - began;
  };
  const scan = await timed('scan', stateOf('bot01', 'confirm'));
  await page.getByText('已扫码，请在手机上确认登录').first().waitFor();
  // A minute, not what is left of the code's two.
  await page.getByText(/^请在 (1 分钟|[1-5]\d 秒) 内确认$/).waitFor();
  const confirm = await timed('confirm', stateOf('bot01', 'ready'));
  await page.locator('[data-qr="bot01"]').waitFor({ state: 'detached' });
  console.info(`on the page ${scan} ms after the scan, ${confirm} ms after the confirmation`);
  // Below 300 on a machine that has nothing else to do.
  expect(Math.max(scan, confirm)).toBeLessThan(2000);
  expect(own.faults).toEqual([]);
  await own.close();
});
