import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { parseConfig } from '../config/config.ts';
import { createLogger } from '../config/logger.ts';
import { createDaemon, type Daemon } from '../scripts/daemon.ts';
import { eventually } from './support/eventually.ts';

/** The page of the document, section 3, connects to this port; it is run as it is. */
const pagePort = 1234;

const document = readFileSync(join(import.meta.dirname, 'seeds/001.md'), 'utf8');
const page = /```\n(<html>[\s\S]*?<\/html>)\s*```/.exec(document)?.[1] ?? '';
const body = /<xml>\s*<ToUserName>1<\/ToUserName>[\s\S]*?<\/xml>/.exec(document)?.[0] ?? '';

let daemon: Daemon | undefined;
let browser: Browser | undefined;
let pages: Server | undefined;
const dataDir = mkdtempSync(join(tmpdir(), 'wxrc-page-'));
afterEach(async () => {
  await browser?.close();
  pages?.close();
  await daemon?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

it('the sample page shows what the documented request posts', async () => {
  expect(page).toContain('ws://localhost:1234?userId=1');
  expect(body).toContain('<MsgType>enim</MsgType>');
  daemon = await startAt(pagePort);
  const served = await serve();

  browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
    headless: true,
  });
  const tab = await browser.newPage();
  const shown: string[] = [];
  const faults: string[] = [];
  tab.on('console', (message) => shown.push(message.text()));
  tab.on('pageerror', (error) => faults.push(error.message));
  await tab.goto(served);
  await eventually('the socket', () => shown.some((line) => line.startsWith('connected to')));

  const answer = await fetch(`http://localhost:${pagePort}/send`, { method: 'POST', body });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ result: { code: 100, message: '成功' } });

  const isMessage = (line: string): boolean => line.includes('"code":1001');
  const line = await eventually('the message', () => shown.find(isMessage));
  const prefix = 'message received: ';
  expect(line.startsWith(prefix)).toBe(true);
  expect(JSON.parse(line.slice(prefix.length))).toMatchObject({
    data: { msg_type: 'text', msg: { content: 'occaecat ut in fugiat dolor' } },
    result: { code: 1001, message: 'common' },
  });

  // Its box holds `pong`: whatever is typed into it, the connection stays.
  await tab.locator('#message').fill('ping');
  await tab.getByText('Send Message').click();
  await eventually('pong', () => shown.includes(`${prefix}pong`));
  await tab.locator('#message').fill('hello');
  await tab.getByText('Send Message').click();
  await eventually('an answer', () => shown.some((one) => one.includes('"code":-1')));
  expect(shown.filter((one) => one.startsWith('connection closed'))).toEqual([]);
  expect(faults).toEqual([]);
}, 60_000);

/** @throws saying so, when somebody else has the port */
async function startAt(port: number): Promise<Daemon> {
  const config = {
    ...{ http: { host: 'localhost', port }, dataDir, channels: [], bots: [] },
    admin: { username: 'admin', password: 'test-password' },
  };
  const made = await createDaemon(parseConfig(config), {
    logger: createLogger('silent'),
    onFatal: () => {},
  });
  try {
    await made.start();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new Error(`port ${port} is taken, and the sample page connects to no other`);
    }
    throw error;
  }
  return made;
}

/** As `http.FileServer` of the document would. */
async function serve(): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(page);
  });
  pages = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}/`;
}
