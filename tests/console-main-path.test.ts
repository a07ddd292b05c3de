import { execFile } from 'node:child_process';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { launchBrowser } from './support/browser.ts';
import { logIn, openConsole } from './support/console-page.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

let browser: Browser;
let running: TestDaemon;
let admin: AdminClient;

beforeAll(async () => {
  [browser, running] = await Promise.all([launchBrowser(), startDaemon()]);
  admin = new AdminClient(() => running.url);
  await admin.login();
}, 60_000);
afterAll(async () => {
  await browser.close();
  await running.close();
});

async function go(page: Page, path: string): Promise<void> {
  await page.goto(`${running.url}/#${path}`);
}

test('from the QR code to the message in the room, and its timeline', async () => {
  const { page, faults, close } = await openConsole(browser, running.url, { language: 'zh' });
  await logIn(page);
  await go(page, '/bots');
  await page.getByRole('button', { name: '模拟扫码' }).click();
  await page.getByRole('button', { name: '模拟确认' }).click();
  // The code goes the moment somebody is logged in.
  await page.getByRole('button', { name: '模拟确认' }).waitFor({ state: 'detached' });

  await go(page, '/compose?bot=bot01');
  const rooms = page.locator('select', { has: page.getByText('请选择群') });
  await rooms.locator('option', { hasText: '·' }).first().waitFor({ state: 'attached' });
  const [room = ''] = (await rooms.locator('option', { hasText: '·' }).allTextContents()).map(
    (text) => text.split(' · ')[0] ?? '',
  );
  await rooms.selectOption({ index: 1 });
  await page.getByLabel(/^内容/).fill('工单 1024 已完成\n<b>请查收</b>');
  await page.getByLabel(/^@ 谁/).fill('张三');
  expect(await page.locator('.chat-preview').textContent()).toContain('@张三 工单 1024 已完成');
  await page.getByRole('button', { name: '发送', exact: true }).click();

  await page.waitForURL(/#\/sends\/\d+$/);
  await page.locator('.timeline').getByText('已发送').waitFor();
  const steps = await page.locator('.timeline li > div').allTextContents();
  expect(steps[0]).toContain('已接受');
  expect(steps.some((one) => one.includes('交给微信客户端') && one.includes(room))).toBe(true);

  const world = await fetch(`${running.url}/simulator/bot01/rooms`);
  const known = (await world.json()) as { rooms: { id: string; topic: string }[] };
  const id = known.rooms.find((one) => one.topic === room)?.id ?? '';
  const seen = await fetch(`${running.url}/simulator/bot01/rooms/${id}/messages`);
  const { messages } = (await seen.json()) as { messages: { text?: string }[] };
  expect(messages.filter((one) => one.text?.includes('工单 1024 已完成'))).toHaveLength(1);
  expect(faults).toEqual([]);
  await close();
});

test('what did not leave is changed and sent again', async () => {
  const rooms = (await admin.ok('GET', '/bots/bot01/rooms')).body;
  const { id: failed } = await absent();
  const { page, faults, close } = await openConsole(browser, running.url, { language: 'en' });
  await logIn(page);
  await go(page, '/dead-letters?state=absent');
  await page.getByText('it goes nowhere').waitFor();
  await page.getByRole('link', { name: 'Edit and send again' }).first().click();
  await page.waitForURL(new RegExp(`#/compose\\?from=${failed}$`));
  const text = page.getByLabel(/^Content/);
  await expect.poll(() => text.inputValue()).toBe('it goes nowhere');
  await text.fill('it arrives');
  const choice = page.locator('select', { has: page.getByText('Choose a room') });
  await choice
    .locator(`option[value="${String(rooms.items[0]?.id)}"]`)
    .waitFor({ state: 'attached' });
  await choice.selectOption(String(rooms.items[0]?.id));
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.waitForURL(/#\/sends\/\d+$/);
  await page.locator('.timeline').getByText('Sent').waitFor();
  expect(page.url()).not.toContain(`/sends/${failed}`);
  expect(faults).toEqual([]);
  await close();
});

test('the signed request that is shown does what the button does', async () => {
  const { page, close } = await openConsole(browser, running.url, { language: 'en' });
  await logIn(page);
  await go(page, '/compose?bot=bot01');
  const choice = page.locator('select', { has: page.getByText('Choose a room') });
  await choice.locator('option', { hasText: '·' }).first().waitFor({ state: 'attached' });
  await choice.selectOption({ index: 1 });
  // Whatever a shell could take for its own.
  const said = 'a "quoted" `word` $HOME \\ 你好';
  await page.getByLabel(/^Content/).fill(said);
  const script = await page.locator('.code pre').textContent();
  await close();
  const filled = (script ?? '').replace("KEY='…'", "KEY='secret'");
  const answer = await run(filled);
  const { resBody } = JSON.parse(answer) as { resBody: { rtCode: string; msgid: number } };
  expect(resBody.rtCode).toBe('0');
  const sent = (await admin.ok('GET', `/sends/${resBody.msgid}`)).body;
  expect((sent as unknown as { content: { text: string } }).content.text).toBe(said);
});

/** A message to a room that is proven not to be there. */
async function absent(): Promise<{ id: number }> {
  const { body } = await admin.ok('POST', '/sends', {
    botcode: 'bot01',
    roomTopic: 'no such room',
    content: { kind: 'text', text: 'it goes nowhere' },
  });
  const { msgid } = body as unknown as { msgid: number };
  await expect
    .poll(async () => (await admin.ok('GET', `/sends/${msgid}`)).body.state, { timeout: 20_000 })
    .toBe('absent');
  return { id: msgid };
}

/** What a shell prints for a script. It runs beside us: the daemon it calls is in this process. */
function run(script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('bash', ['-c', script], (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(error);
    });
  });
}
