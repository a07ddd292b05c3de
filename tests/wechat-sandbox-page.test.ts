import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileBytes } from '../scripts/wechat-sandbox/samples.ts';
import { type Sandbox, startSandbox } from '../scripts/wechat-sandbox/sandbox.ts';
import { launchBrowser } from './support/browser.ts';
import { type Receiver, SandboxCaller, startReceiver } from './support/wechat-sandbox-rig.ts';

let sandbox: Sandbox;
let receiver: Receiver;
let browser: Browser;

beforeAll(async () => {
  receiver = await startReceiver();
  sandbox = await startSandbox({ push: receiver.url });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await sandbox.close();
  await receiver.close();
});

test('a person plays a user: writes, sends a picture, sees the answers', async () => {
  const page = await browser.newPage({ locale: 'en-GB' });
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (line) => {
    if (line.type() === 'error') faults.push(line.text());
  });
  await page.goto(`${sandbox.url}/`);
  await page.getByPlaceholder('openid').fill('anna');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('heading', { name: 'anna' }).waitFor();
  await page.getByPlaceholder(/Say something/).fill('<b>hello</b>');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.locator('#messages').getByText('<b>hello</b>').waitFor();
  await page.getByText('· pushed').waitFor();
  expect(receiver.pushed[0]?.body).toContain('<![CDATA[<b>hello</b>]]>');
  const buffer = Buffer.from(fileBytes(true, 'image'));
  await page.locator('#file').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer });
  const picture = page.locator('#messages img');
  await picture.waitFor();
  expect(
    await picture.evaluate((img) => (img as unknown as { naturalWidth: number }).naturalWidth),
  ).toBe(96);

  const caller = new SandboxCaller(sandbox);
  await caller.login();
  await caller.send('anna', 'welcome');
  await page.getByText('welcome', { exact: true }).waitFor();
  await page.getByText('4 more may be sent, 48 h').waitFor();
  await page.getByRole('button', { name: 'Enter session' }).click();
  await page.getByText('user_enter_tempsession').waitFor();
  receiver.reply = () => 'nonsense';
  await page.getByPlaceholder(/Say something/).fill('again');
  await page.keyboard.press('Enter');
  await page.getByText('· push failed').waitFor();
  await page.getByText('该小程序客服暂时无法提供服务').waitFor();
  expect(faults).toEqual([]);
});

test('nothing of the page comes from elsewhere', async () => {
  const response = await fetch(`${sandbox.url}/sandbox/`);
  expect(response.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src 'self'/,
  );
  expect(await response.text()).not.toMatch(/https?:|<script>|style=|onclick/);
});
