import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { openLoggedIn } from './support/console-page.ts';
import { type ConsoleScene, consoleScene } from './support/console-scene.ts';
import { eventually } from './support/eventually.ts';

let scene: ConsoleScene;
let admin: AdminClient;

beforeAll(async () => {
  scene = await consoleScene();
  admin = new AdminClient(() => scene.running.url);
  await admin.login();
  await admin.ok('POST', '/im/apps', { appid: 8 });
  await admin.ok('POST', '/im/desks', { name: '客服', appid: 8, storeId: 88 });
  await writes('carl');
}, 60_000);
afterAll(() => scene.close());

/** A customer asks for somebody. */
async function writes(fromUserId: string): Promise<void> {
  const said = await fetch(`${scene.running.url}/api/imbot/msg`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ fromUserId, toUserId: 'desk-88' },
      msg: { type: 'text', reply: '在吗？', timestamp: 1 },
    }),
  });
  expect(said.status).toBe(200);
}

async function open(path: string): Promise<{ page: Page; close: () => Promise<void> }> {
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  page.setDefaultTimeout(5000);
  await page.goto(`${scene.running.url}/#${path}`);
  return { page, close };
}

test('what is being typed into a search stays while the list changes', async () => {
  const { page, close } = await open('/conversations');
  await page.locator('main').getByText('carl').first().waitFor();
  const search = page.getByLabel('Customer');
  await search.pressSequentially('ca');
  await writes('dora');
  await page.locator('main').getByText('dora').first().waitFor();
  await search.pressSequentially('r');
  expect(await search.inputValue()).toBe('car');
  await search.press('Enter');
  await page.locator('main').getByText('dora').first().waitFor({ state: 'detached' });
  expect(page.url()).toContain('text=car');
  // What the address says is what stands there.
  await page.goto(`${scene.running.url}/#/conversations`);
  await page.locator('main').getByText('dora').first().waitFor();
  await eventually('it is empty', async () => (await search.inputValue()) === '');
  await close();
});

test('who names a customer takes the conversation from nobody', async () => {
  const { page, close } = await open('/conversations/1');
  await page.getByRole('button', { name: 'Hand over' }).click();
  await page.locator('dialog').getByLabel('Name').fill('Carl of Cologne');
  await admin.ok('PATCH', '/im/conversations/1', { agent: 'joe' });
  await page.locator('main .facts').getByText('joe').waitFor();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('dialog').waitFor({ state: 'detached' });
  const { body } = await admin.ok('GET', '/im/conversations/1');
  expect(body).toMatchObject({ agent: 'joe', name: 'Carl of Cologne' });
  await close();
});

test('a change of a report saves what was changed, whoever else changed it meanwhile', async () => {
  await admin.ok('POST', '/schedules', {
    ...{ name: 'shops', expr: '0 9 * * *', source: { type: 'none' }, text: 'of before' },
    targets: [{ botcode: 'bot02', roomTopic: '测试群' }],
  });
  const { page, close } = await open('/schedules/shops');
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.locator('dialog').getByLabel('Title').fill('A title');
  await admin.ok('PATCH', '/schedules/shops', { expr: '30 7 * * *' });
  await page.locator('main .facts').getByText('30 7 * * *').first().waitFor();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('dialog').waitFor({ state: 'detached' });
  const { settings } = (await admin.ok('GET', '/schedules/shops')).body;
  expect(settings).toMatchObject({ title: 'A title', expr: '30 7 * * *' });
  // A button without words has a name, and that is what the question is answered by.
  await page.getByRole('button', { name: 'Remove shops' }).click();
  const answers = page.locator('dialog footer button');
  expect(await answers.allInnerTexts()).toEqual(['Cancel', 'Remove shops']);
  await close();
});

test('who closes the chooser of files does not close the dialog', async () => {
  const { page, close } = await open('/chatbot?tab=entries');
  await page.getByRole('button', { name: 'Import knowledge' }).click();
  const dialog = page.locator('dialog');
  // So does a browser say it; one without a screen has no chooser to close.
  await dialog
    .locator('input[type="file"]')
    .evaluate((input) => input.dispatchEvent(new Event('cancel', { bubbles: true })));
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  expect(await dialog.count()).toBe(1);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await close();
});

test('a picture that is refused is told, and the one of before is not sent', async () => {
  const { page, close } = await open('/compose?bot=bot02');
  await page.getByLabel('Kind').selectOption('image');
  await page.getByLabel('or its address').fill('https://example.com/before.png');
  const choose = page.locator('input[type="file"]');
  const broken = { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture') };
  await page.route(
    '**/api/v1/files',
    (route) => route.fulfill({ status: 415, json: { detail: 'no picture' } }),
    { times: 1 },
  );
  await choose.setInputFiles(broken);
  await page.locator('[role="alert"] .toast', { hasText: 'no picture' }).waitFor();
  expect(await page.getByLabel('or its address').inputValue()).toBe('');
  expect(await choose.inputValue()).toBe('');
  // There are no pictures for people: it becomes text again.
  await page.getByLabel('To', { exact: true }).selectOption('contact');
  expect(await page.getByLabel('Kind').inputValue()).toBe('text');
  await close();
});

test('what is sent again is dealt with; should it fail again, that is a dead letter of its own', async () => {
  const content = { kind: 'text', text: 'to whom?', mentions: [] };
  const ended = async (msgid: number): Promise<boolean> => {
    const { state } = (await admin.ok('GET', `/sends/${msgid}`)).body;
    return state === 'absent';
  };
  const sent = await admin.ok('POST', '/sends', {
    ...{ botcode: 'bot02', roomTopic: '查无此群', content },
  });
  const first = Number(sent.body.msgid);
  await eventually('it ended', () => ended(first));
  const { page, close } = await open('/dead-letters');
  const row = page.locator('tbody tr', { has: page.locator(`a[href="#/sends/${first}"]`) });
  await row.getByRole('button', { name: 'Send again' }).click();
  await page.locator('dialog', { hasText: 'is told nothing more' }).waitFor();
  await page.locator('dialog').getByRole('button', { name: 'Send again' }).click();
  await page.locator('.toast').first().waitFor();
  await eventually('it ended as well', () => ended(first + 1));
  await row.waitFor({ state: 'detached' });
  await page.locator(`tbody a[href="#/sends/${first + 1}"]`).waitFor();
  const { items } = (await admin.ok('GET', '/sends')).body;
  expect(items).toHaveLength(2);
  await close();
});
