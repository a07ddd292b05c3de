import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from './support/browser.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

const folder = join(import.meta.dirname, '../scripts/client');

let daemon: TestDaemon;
let browser: Browser;
beforeAll(async () => {
  daemon = await startDaemon();
  browser = await launchBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await daemon?.close();
});

it('the same files run in a browser', async () => {
  const page = await browser.newPage();
  // At an address of the daemon: it is asked by its own pages only.
  await page.route('**/client/*.ts', async (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    const body = stripTypeScriptTypes(readFileSync(join(folder, name), 'utf8'));
    await route.fulfill({ contentType: 'text/javascript', body });
  });
  await page.goto(`${daemon.url}/live`);
  const told = await page.evaluate(`(async () => {
    const { WxrcClient } = await import('/client/index.ts');
    const told = {};
    for (const signature of ['MD5', 'HMAC-SHA256']) {
      const options = { url: location.origin, chid: 'demo', key: '密钥 secret', signature };
      const wrong = new WxrcClient({ ...options, botcode: 'bot01' });
      told[signature] = [await wrong.commands.botStatus().catch((error) => error.rtCode)];
      const client = new WxrcClient({ ...options, key: 'secret', botcode: 'bot01' });
      const sent = await client.commands.roomSendText({ roomTopic: '测试群', text: '你好' });
      told[signature].push(sent.sendStatus);
      for await (const event of client.events().stream({ after: 0 })) {
        told[signature].push(event.eventId);
        break;
      }
      if (signature === 'MD5') told.answer = (await client.chatbot.ask('你好')).finish;
    }
    return told;
  })()`);
  expect(told).toEqual({ MD5: ['13', '0', 1], 'HMAC-SHA256': ['13', '0', 1], answer: 'stop' });
});
