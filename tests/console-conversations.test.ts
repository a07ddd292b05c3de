import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { loseAnswer } from './support/console-losses.ts';
import { openLoggedIn } from './support/console-page.ts';
import { type ConsoleScene, consoleScene } from './support/console-scene.ts';
import { eventually } from './support/eventually.ts';
import { ImbotClient } from './support/imbot-client.ts';

let scene: ConsoleScene;
let admin: AdminClient;
let imbot: ImbotClient;

/** A customer of the mini-program IM says something. */
const ask = (from: string, reply: string): Promise<void> =>
  imbot.say(from, 'desk-88', { type: 'text', reply, timestamp: 1 });
async function idOf(contact: string): Promise<string> {
  const { items } = (await admin.ok('GET', `/im/conversations?text=${contact}`)).body;
  return String(items[0]?.id);
}
/** What the operator was read to say: by the customer, in his queue. */
const heardBy = async (contact: string): Promise<unknown[]> =>
  (await imbot.history('admin', contact)).map((one) => (one as { reply: unknown }).reply);

beforeAll(async () => {
  scene = await consoleScene();
  admin = new AdminClient(() => scene.running.url);
  await admin.login();
  await admin.ok('POST', '/im/apps', { appid: 8 });
  await admin.ok('POST', '/im/desks', { name: '客服', appid: 8, storeId: 88 });
  imbot = new ImbotClient(() => scene.running.url);
  await ask('carl', '在吗？');
}, 60_000);
afterAll(() => scene.close());

test('who was answered waits no more; whom to hand over to is proposed', async () => {
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  await page.goto(`${scene.running.url}/#/conversations/1`);
  const thread = page.locator('.talks > :last-child');
  await thread.getByText('waits', { exact: true }).waitFor();
  await page.getByLabel('Answer').fill('在的');
  await page.keyboard.press('Control+Enter');
  await thread.getByText('waits', { exact: true }).waitFor({ state: 'detached', timeout: 5000 });
  await page.goto(`${scene.running.url}/#/`);
  const tile = page.locator('a.figure[href^="#/conversations"]');
  await tile.getByText('No customer waits').waitFor();
  await admin.ok('PATCH', '/im/conversations/1', { agent: 'joe' });
  await page.goto(`${scene.running.url}/#/conversations/1`);
  await page.getByRole('button', { name: 'Hand over' }).click();
  await page.locator('dialog datalist option[value="joe"]').waitFor({ state: 'attached' });
  await close();
});

test('an answer that was lost on its way back, sent again, is said once and shown once', async () => {
  await ask('dora', '多少钱？');
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  await page.goto(`${scene.running.url}/#/conversations/${await idOf('dora')}`);
  const box = page.getByLabel('Answer');
  const send = page.getByRole('button', { name: 'Send', exact: true });
  const fault = page.locator('form').getByText('cannot be reached');
  const shown = page.locator('.thread .word.agent');
  const showsAnswers = (count: number): Promise<void> =>
    expect.poll(() => shown.count(), { timeout: 15_000 }).toBe(count);
  await loseAnswer(page, '/api/v1/im/conversations/*/messages');
  await box.fill('九块九');
  await send.click();
  await fault.waitFor();
  expect(await box.inputValue()).toBe('九块九');
  expect(await heardBy('dora')).toEqual(['九块九']);
  await send.click();
  await expect.poll(() => box.inputValue(), { timeout: 15_000 }).toBe('');
  expect(await fault.count()).toBe(0);
  await showsAnswers(1);
  expect(await heardBy('dora')).toEqual(['九块九']);
  // Meant as another one, it is another one.
  await box.fill('九块九');
  await send.click();
  await showsAnswers(2);
  // So it is where it was given up, and written anew.
  await loseAnswer(page, '/api/v1/im/conversations/*/messages');
  await box.fill('好的');
  await send.click();
  await showsAnswers(3);
  await fault.waitFor();
  await box.fill('');
  await box.fill('好的');
  await send.click();
  await showsAnswers(4);
  expect(await heardBy('dora')).toEqual(['九块九', '九块九', '好的', '好的']);
  await close();
}, 60_000);

test('words that came behind the newest that the page shows go on waiting', async () => {
  await ask('emil', '第一句');
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  await page.goto(`${scene.running.url}/#/conversations/${await idOf('emil')}`);
  const thread = page.locator('.talks > :last-child');
  await thread.getByText('第一句').waitFor();
  await page.getByLabel('Answer').fill('答第一句');
  // The page shows nothing newer from now on.
  let held = true;
  const address = '**/api/v1/im/conversations/*/messages?*';
  await page.route(address, (route) => (held ? route.abort() : route.continue()));
  await ask('emil', '第二句');
  await page.keyboard.press('Control+Enter');
  const box = page.getByLabel('Answer');
  await expect.poll(() => box.inputValue(), { timeout: 15_000 }).toBe('');
  const path = `/im/conversations/${await idOf('emil')}`;
  const waits = async () => Object((await admin.ok('GET', path)).body)['waiting'];
  expect(await waits()).toBe(true);
  held = false;
  // Any change of the conversation has it looked at again.
  await admin.ok('PATCH', path, { name: 'Emil' });
  await thread.getByText('第二句').waitFor({ timeout: 30_000 });
  await thread.getByText('waits', { exact: true }).waitFor();
  await page.getByLabel('Answer').fill('答第二句');
  await page.keyboard.press('Control+Enter');
  await thread.getByText('waits', { exact: true }).waitFor({ state: 'detached' });
  expect(await waits()).toBe(false);
  await close();
}, 60_000);

test('a chat in which agents answer is handed back to the bot; then there is no such button', async () => {
  await admin.ok('PUT', '/im/desks/88/sellers/501', { name: '小李', status: 'online' });
  const sessionId = '0b7cb9a0-0000-4000-8000-000000000009';
  const asked = { sessionId, content: '转人工', timestamp: '2026/11/22 10:00:00' };
  await fetch(`${scene.running.url}/mpweixin/chatbot/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  });
  const id = await eventually('the conversation', async () => {
    const { items } = (await admin.ok('GET', '/im/conversations?via=chat')).body;
    return items[0]?.id;
  });
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  await page.goto(`${scene.running.url}/#/conversations/${id}`);
  const button = page.getByRole('button', { name: 'Hand back to the bot' });
  await button.click();
  await page.locator('dialog').getByRole('button', { name: 'Hand back to the bot' }).click();
  await button.waitFor({ state: 'detached' });
  expect((await admin.ok('GET', `/chatbot/chats/${sessionId}`)).body.state).toBe('open');
  await page.goto(`${scene.running.url}/#/conversations/1`);
  await page.getByRole('button', { name: 'Hand over' }).waitFor();
  expect(await button.count()).toBe(0);
  await close();
});
