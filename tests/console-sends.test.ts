import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { openLoggedIn } from './support/console-page.ts';
import { type ConsoleScene, consoleScene } from './support/console-scene.ts';
import { eventually } from './support/eventually.ts';

let scene: ConsoleScene;
let admin: AdminClient;
let roomId: string;

beforeAll(async () => {
  scene = await consoleScene();
  admin = new AdminClient(() => scene.running.url);
  await admin.login();
  roomId = String((await admin.ok('GET', '/bots/bot02/rooms')).body.items[0]?.id);
}, 60_000);
afterAll(() => scene.close());

/** @returns its number, once it is settled */
async function settled(target: object, text: string, mentions: string[] = []): Promise<number> {
  const content = { kind: 'text', text, mentions };
  const { msgid } = (await admin.ok('POST', '/sends', { botcode: 'bot02', ...target, content }))
    .body;
  await eventually('it is settled', async () => {
    const { state } = (await admin.ok('GET', `/sends/${msgid}`)).body;
    return state === 'sent' || state === 'absent';
  });
  return Number(msgid);
}

test('whatever did not leave is found at once, and counted in the overview', async () => {
  await settled({ roomTopic: '没有的群' }, 'lost in a room');
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  const tile = page.locator('a.figure[href="#/dead-letters"]');
  // What was settled less than two seconds ago is counted a little later.
  await tile.locator('.figure-value', { hasText: /^1$/ }).waitFor({ timeout: 20_000 });
  await tile.click();
  await page.locator('main table tbody tr', { hasText: 'lost in a room' }).waitFor();
  await page.getByLabel('State').selectOption('failed');
  await page.getByText('No dead letters').waitFor();
  await page.getByLabel('State').selectOption('');
  await page.locator('main table tbody tr', { hasText: 'no such room' }).waitFor();
  await close();
});

test('who could not be @ed is told, and what was sent is shown as it was sent', async () => {
  const members = (await admin.ok('GET', `/bots/bot02/rooms/${encodeURIComponent(roomId)}`)).body;
  const name = String(members.members[0]?.name);
  const msgid = await settled({ roomId }, 'first line\nsecond line', [name, '无此人']);
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  await page.goto(`${scene.running.url}/#/sends/${msgid}`);
  const facts = page.locator('main');
  await facts.getByText('Sent without the @ of: 无此人').first().waitFor();
  const content = page.locator('main .said');
  expect(await content.innerText()).toBe(`@${name} first line\nsecond line`);
  await page.goto(`${scene.running.url}/#/sends`);
  await page.locator('tbody tr', { hasText: 'first line' }).getByText('without an @').waitFor();
  await close();
});
