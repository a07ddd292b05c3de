import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLoggedIn } from './support/console-page.ts';
import { type ConsoleScene, consoleScene } from './support/console-scene.ts';
import { WebhookSink } from './support/webhook-sink.ts';

let scene: ConsoleScene;
const sink = new WebhookSink();

beforeAll(async () => {
  await sink.start();
  scene = await consoleScene({
    channels: [{ chid: 'demo', key: 'secret', callbackUrl: sink.url }],
    alarms: { lanes: [{ name: 'room', kind: 'room', bot: 'bot01', roomTopic: '值班群' }] },
  });
}, 60_000);
afterAll(async () => {
  await scene.close();
  await sink.stop();
});

const alerts = (page: Page) => page.locator('[role="alert"] .toast');

test('the reason is told: of a webhook, of a trial of a lane', async () => {
  const { page, faults, close } = await openLoggedIn(scene.browser, scene.running.url, {
    language: 'en',
  });
  sink.reply = () => ({ status: 410 });
  await page.goto(`${scene.running.url}/#/webhooks`);
  await page.getByRole('button', { name: 'Try it' }).click();
  const dialog = page.locator('dialog');
  await dialog.getByText('The receiver did not answer rightly: HTTP 410').waitFor();
  await dialog.getByText(sink.url).waitFor();
  await page.keyboard.press('Escape');
  await page.goto(`${scene.running.url}/#/alarms?tab=lanes`);
  await page.getByRole('button', { name: 'Send a trial' }).click();
  await alerts(page).waitFor();
  expect(await alerts(page).innerText()).toMatch(/^Not sent: .*bot01/);
  // What failed on one screen says nothing on the next one.
  await page.goto(`${scene.running.url}/#/webhooks`);
  await alerts(page).waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
  await close();
});

test('what failed can be read and closed while a dialog is open, and goes by itself', async () => {
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  await page.route('**/ping', (route) =>
    route.fulfill({
      ...{ status: 409, contentType: 'application/problem+json' },
      body: JSON.stringify({ status: 409, code: 'conflict', detail: 'not today' }),
    }),
  );
  await page.goto(`${scene.running.url}/#/webhooks`);
  await page.clock.install();
  const fail = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Try it' }).click();
    await alerts(page).waitFor();
  };
  await fail();
  await page.getByRole('button', { name: 'Pause' }).click();
  const dialog = page.locator('dialog');
  await dialog.locator('.toast', { hasText: 'not today' }).waitFor();
  await dialog.locator('.toast button').click({ timeout: 2000 });
  await alerts(page).waitFor({ state: 'detached' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await fail();
  await alerts(page).hover();
  await page.clock.fastForward(60_000);
  expect(await alerts(page).count()).toBe(1);
  await page.mouse.move(0, 0);
  await page.clock.fastForward(20_000);
  await alerts(page).waitFor({ state: 'detached' });
  await close();
});

test('a question is answered by what will be done, not by the question', async () => {
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  await page.goto(`${scene.running.url}/#/webhooks`);
  await page.getByRole('button', { name: 'Pause' }).click();
  const dialog = page.locator('dialog');
  expect(await dialog.locator('footer button').allInnerTexts()).toEqual(['Cancel', 'Pause']);
  // Going elsewhere is no.
  await page.goBack();
  await dialog.waitFor({ state: 'detached' });
  await page.goForward();
  await page.getByRole('button', { name: 'Pause' }).click();
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Go on' }).waitFor();
  await close();
});
