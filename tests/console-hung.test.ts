import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { launchBrowser } from './support/browser.ts';
import { openLoggedIn } from './support/console-page.ts';
import { eventually } from './support/eventually.ts';

let folder: string;
let browser: Browser;
let child: ChildProcess;
let url: string;

/** The daemon as a process of its own: it can hang, and end, as a real one. */
async function start(port: number): Promise<void> {
  const config = join(folder, 'config.json');
  writeFileSync(
    config,
    JSON.stringify({
      dataDir: join(folder, 'data'),
      http: { port },
      admin: { username: 'admin', password: 'test-password' },
      bots: [{ botcode: 'bot01', driver: 'simulator', autoScan: false }],
    }),
  );
  child = spawn(process.execPath, ['scripts/start.ts', '--config', config], {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  url = await eventually('it is up', () => /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0], 20_000);
  await eventually('it is ready', async () => {
    const response = await fetch(`${url}/ready`).catch(() => undefined);
    return response?.status === 200;
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-hung-'));
  await start(0);
  browser = await launchBrowser();
}, 30_000);
afterAll(async () => {
  await browser.close();
  child.kill('SIGCONT');
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  rmSync(folder, { recursive: true, force: true });
});

test('a daemon that hangs, then one that ends: told within seconds, and all is there afterwards', async () => {
  const { page, close } = await openLoggedIn(browser, url, { language: 'zh' });
  await page.goto(`${url}/#/bots`);
  await page.locator('[data-bot="bot01"]').first().waitFor();
  await page.evaluate(() => {
    (globalThis as unknown as { sameAsBefore: boolean }).sameAsBefore = true;
  });
  const admin = new AdminClient(() => url);
  await admin.login();

  const stoppedAt = Date.now();
  child.kill('SIGSTOP');
  await page.getByText(/重连中，数据截至/).waitFor({ timeout: 10_000 });
  expect(Date.now() - stoppedAt).toBeLessThan(10_000);
  await page.locator('main[data-stale]').waitFor();
  child.kill('SIGCONT');
  await page.locator('[data-live="live"]').waitFor({ timeout: 15_000 });
  expect(await page.locator('main[data-stale]').count()).toBe(0);
  await admin.ok('POST', '/bots', { botcode: 'bot02', driver: 'simulator', autoStart: false });
  await page.locator('[data-bot="bot02"]').first().waitFor();

  child.kill('SIGTERM');
  await page.locator('[data-live="reconnecting"]').waitFor({ timeout: 5000 });
  await page.locator('main[data-stale]').waitFor();
  await once(child, 'exit');
  expect(await page.locator('tbody tr').count()).toBe(2);
  await start(Number(new URL(url).port));
  // While the page was cut off.
  await admin.login();
  await admin.ok('POST', '/bots', { botcode: 'bot03', driver: 'simulator', autoStart: false });
  await page.locator('[data-live="live"]').waitFor({ timeout: 15_000 });
  await page.locator('[data-bot="bot03"]').first().waitFor();
  expect(await page.locator('tbody tr').count()).toBe(3);
  const same = await page.evaluate(
    () => (globalThis as unknown as { sameAsBefore?: boolean }).sameAsBefore,
  );
  expect(same).toBe(true);
  await close();
}, 60_000);
