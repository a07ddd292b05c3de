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

test('dead letters are picked, all of one reason, and discarded or sent again together', async () => {
  const lost: number[] = [];
  for (const text of ['one', 'two', 'three']) {
    lost.push(await settled({ roomTopic: '又没有的群' }, text));
  }
  const { db } = scene.running.daemon.core;
  await db.transaction((tx) =>
    tx.run("UPDATE sends SET state = 'failed', reason = 'too late' WHERE msgid = ?", [
      lost[0] ?? 0,
    ]),
  );
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  await page.goto(`${scene.running.url}/#/dead-letters`);
  const row = (text: string) => page.locator('main tbody tr', { hasText: text });
  const bar = page.locator('main .filters');
  const discard = bar.getByRole('button', { name: 'Discard' });
  await row('two')
    .getByRole('button', { name: /no such room/ })
    .click();
  await row('one').waitFor({ state: 'detached' });
  expect(await discard.isDisabled()).toBe(true);
  await page.getByLabel(/^All on this page/).check();
  await bar.getByText(`(${await page.locator('main tbody tr').count()} picked)`).waitFor();
  await row('two').getByRole('checkbox').uncheck();
  await discard.click();
  await page.locator('dialog').getByRole('button', { name: 'Discard' }).click();
  await row('three').waitFor({ state: 'detached' });
  await bar.getByRole('button', { name: 'This reason only' }).click();
  for (const text of ['one', 'two']) await row(text).getByRole('checkbox').check();
  await bar.getByRole('button', { name: 'Send again' }).click();
  await page.locator('dialog', { hasText: 'Send 2 messages again' }).waitFor();
  await page.locator('dialog').getByRole('button', { name: 'Send again' }).click();
  await page.locator('.toast', { hasText: 'Queued again: 2' }).waitFor();
  for (const msgid of lost) {
    const { clearedAt } = (await admin.ok('GET', `/sends/${msgid}`)).body as unknown as {
      clearedAt: number | null;
    };
    expect(clearedAt).not.toBeNull();
  }
  await page.goto(`${scene.running.url}/#/sends/${lost[2]}`);
  await page.getByText('Dead letter discarded').waitFor();
  await close();
});
