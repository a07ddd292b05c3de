import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { openLoggedIn } from './support/console-page.ts';
import { type ConsoleScene, consoleScene } from './support/console-scene.ts';
import { type DaemonDoor, openDoor } from './support/daemon-door.ts';

let scene: ConsoleScene;
let door: DaemonDoor;

beforeAll(async () => {
  scene = await consoleScene();
  door = await openDoor(scene.running.url);
});
afterAll(async () => {
  await door.close();
  await scene.close();
});

function stateOf(botcode: string, state: string): string {
  return `[data-bot="${botcode}"][data-state="${state}"]`;
}

test('over a restart of the daemon the page stays, says that it is old, and loses no row', async () => {
  const own = await openLoggedIn(scene.browser, door.url, { language: 'en' });
  const { page } = own;
  await page.goto(`${door.url}/#/bots`);
  await page.locator('[data-bot="bot02"]').first().waitFor();
  door.lead(undefined);
  await page.locator('[data-live="reconnecting"]').waitFor();
  await page.getByText(/Reconnecting, data as of/).waitFor();
  expect(await page.locator('tbody tr').count()).toBe(2);
  await scene.running.restart();
  // While nobody looks: what is new then is not missed.
  const admin = new AdminClient(() => scene.running.url);
  await admin.login();
  await admin.ok('POST', '/bots', { botcode: 'bot03', driver: 'simulator', autoStart: false });
  door.lead(scene.running.url);
  await page.locator('[data-live="live"]').waitFor();
  await page.locator(stateOf('bot03', 'off')).waitFor();
  await page.locator(stateOf('bot02', 'ready')).waitFor();
  expect(await page.locator('tbody tr').count()).toBe(3);
  await own.close();
});

test('a session that was ended elsewhere leads to the log-in, and back to where one was', async () => {
  const own = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  const { page } = own;
  await page.goto(`${scene.running.url}/#/bots/bot02?tab=rooms`);
  await page.locator('main table').waitFor();
  const admin = new AdminClient(() => scene.running.url);
  await admin.login();
  const { body } = await admin.ok('GET', '/tokens?limit=200');
  for (const { id } of body.items.slice(0, -1)) await admin.ok('DELETE', `/tokens/${id}`);
  // Nobody has to do anything for it: the socket tells.
  await page.getByText('Your session has ended').waitFor();
  await page.locator('input[name="username"]').fill('admin');
  await page.locator('input[name="password"]').fill('test-password');
  await page.keyboard.press('Enter');
  await page.locator('main table').waitFor();
  expect(page.url()).toContain('#/bots/bot02?tab=rooms');
  await own.close();
});

test('by keys alone: to the content, through tabs, into a menu and out', async () => {
  const own = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  const { page } = own;
  await page.goto(`${scene.running.url}/#/bots/bot02`);
  await page.locator('main .facts').first().waitFor();
  await page.reload();
  await page.locator('main .facts').first().waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const focused = () =>
    page.evaluate(
      () =>
        (
          globalThis as unknown as {
            document: { activeElement: { id: string; textContent: string } };
          }
        ).document.activeElement.id,
    );
  expect(await focused()).toBe('content');
  await page.getByRole('tab', { name: 'About' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('tabpanel', { name: 'Rooms' }).waitFor();
  await page.keyboard.press('End');
  await page.getByRole('tabpanel', { name: 'Simulated phone' }).waitFor();
  expect(own.faults).toEqual([]);
  await own.close();
});
