import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { openLoggedIn } from './support/console-page.ts';
import { type ConsoleScene, consoleScene } from './support/console-scene.ts';

let scene: ConsoleScene;
let admin: AdminClient;

/** Every way to say whom a report goes to, with what could be taken for another one. */
const targets = [
  { botcode: 'bot02', roomTopic: '测试群' },
  { botcode: 'bot02', roomTopic: '#战报群' },
  { botcode: 'bot02', roomTopic: '@所有人 的群' },
  { botcode: 'bot02', roomTopic: '"引号"', mentions: ['Zhang San'] },
  { botcode: 'bot02', roomTopic: '值班 @@ 群', mentions: ['Zhang, San', '"小"王', '李四'] },
  { botcode: 'bot02', roomId: 'sim-1@chatroom' },
  { botcode: 'bot02', contactName: '李四' },
  { botcode: 'bot02', contactName: '#李四' },
  { botcode: 'bot02', contactId: 'sim_9532' },
];
const settings = {
  name: 'shops',
  expr: '0 9 * * *',
  source: { type: 'none' },
  text: 'said with the picture',
  mentions: ['Zhang San', '李四'],
  targets,
};

beforeAll(async () => {
  scene = await consoleScene();
  admin = new AdminClient(() => scene.running.url);
  await admin.login();
  await admin.ok('POST', '/schedules', settings);
}, 60_000);
afterAll(() => scene.close());

async function openForm(page: Page): Promise<void> {
  await page.goto(`${scene.running.url}/#/schedules/shops`);
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.locator('dialog form').waitFor();
}

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('dialog').waitFor({ state: 'detached' });
}

interface Kept {
  targets: Record<string, unknown>[];
}
const kept = async (name = 'shops') =>
  (await admin.ok('GET', `/schedules/${name}`)).body.settings as unknown as Kept;

test('whom a report goes to stays as it was, however it was said', async () => {
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  const before = await kept();
  await openForm(page);
  expect(await page.locator('.facts').first().innerText()).not.toContain('undefined');
  await page.getByLabel('Title').fill('Another title');
  await save(page);
  expect(await kept()).toEqual({ ...before, title: 'Another title' });
  // Read back from what the form shows, too.
  await openForm(page);
  const to = page.getByLabel(/^To /);
  await to.fill(`${await to.inputValue()}\nbot02 @王五\nbot02 #new@chatroom\nbot02 新群`);
  await save(page);
  expect((await kept()).targets).toEqual([
    ...targets,
    { botcode: 'bot02', contactName: '王五' },
    { botcode: 'bot02', roomId: 'new@chatroom' },
    { botcode: 'bot02', roomTopic: '新群' },
  ]);
  await close();
});

test('lines are read without what was kept', async () => {
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  await page.goto(`${scene.running.url}/#/schedules/shops`);
  const shown = await page.locator('dd .lines').last().innerText();
  await page.goto(`${scene.running.url}/#/schedules`);
  await page.getByRole('button', { name: 'New report' }).click();
  await page.getByLabel('Name').fill('copied');
  await page.getByLabel(/^To /).fill(shown);
  await save(page);
  expect((await kept('copied')).targets).toEqual((await kept()).targets);
  await close();
});

test.each([
  ['zh', '发往：看不懂「badline」', '不是正确的 JSON'],
  ['en', 'To: cannot read “badline”', 'no JSON'],
] as const)('what cannot be read is said at its field (%s)', async (language, said, json) => {
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language });
  await page.goto(`${scene.running.url}/#/schedules`);
  await page.locator('main .card > header button.primary').click();
  const form = page.locator('dialog form');
  await form.locator('input').first().fill('faulty');
  const areas = form.locator('textarea');
  await areas.last().fill('badline');
  await form.locator('button[type="submit"]').click();
  const fault = form.locator('.field-error');
  await fault.waitFor();
  expect(await fault.innerText()).toBe(said);
  await areas.first().fill('{');
  await form.locator('button[type="submit"]').click();
  await form.locator('.field-error', { hasText: json }).waitFor();
  // What a trial refuses is said beside its button.
  await form.getByRole('button', { name: /Read it once|试读数据源/ }).click();
  const alert = form.locator('[role="alert"]');
  await alert.waitFor();
  expect(await alert.innerText()).toContain(json);
  await areas.first().fill('{"type": "file", "file": "nowhere.csv"}');
  await form.getByRole('button', { name: /Read it once|试读数据源/ }).click();
  await form.locator('[role="alert"]', { hasText: 'nowhere.csv' }).waitFor();
  await close();
});

test('a trial shows the text that goes with the pictures', async () => {
  await admin.ok('PATCH', '/schedules/shops', {
    output: 'table',
    source: { type: 'builtin', name: 'traffic', days: 1 },
  });
  const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language: 'en' });
  await page.goto(`${scene.running.url}/#/schedules/shops`);
  await page.getByRole('button', { name: 'Dry run' }).click();
  await page.locator('.report-picture').first().waitFor({ timeout: 15_000 });
  await page.locator('pre', { hasText: 'said with the picture' }).waitFor({ timeout: 2000 });
  await close();
});
