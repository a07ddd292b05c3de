import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { type ConsoleScene, consoleScene } from './support/console-scene.ts';
import { axeFaults, overflowOf } from './support/console-walk.ts';
import { eventually } from './support/eventually.ts';

let scene: ConsoleScene;

beforeAll(async () => {
  scene = await consoleScene();
});
afterAll(() => scene.close());

test('the holder of the phone opens the link, scans, confirms, and is told that it is done', async () => {
  const { running, browser } = scene;
  const admin = new AdminClient(() => running.url);
  await admin.login();
  const { body } = await admin.ok('POST', '/bots/bot01/qr/share', {});
  const { path } = body as unknown as { path: string };
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (line) => {
    if (line.type() === 'error') faults.push(line.text());
  });
  await page.goto(`${running.url}${path}`);
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole('button').click();
  await page.getByRole('img').waitFor();
  const wanted = running.daemon.core.bots.get('bot01')?.view().qr?.text;
  const read = await eventually('the code is drawn', async () => {
    const { width, height, data } = PNG.sync.read(await page.screenshot());
    return jsQR(new Uint8ClampedArray(data), width, height)?.data;
  });
  expect(read).toBe(wanted);
  expect(await axeFaults(page)).toEqual([]);
  expect(await overflowOf(page)).toBe(0);

  await page.getByText(/^[01]:\d\d 后失效/).waitFor();

  await fetch(`${running.url}/simulator/bot01/scan`, { method: 'POST' });
  await page.getByText('已扫码，请在手机上确认').waitFor();
  // The code itself has two minutes; what was scanned has one.
  await page.getByText(/^请在 (1:00|0:5\d) 内确认/).waitFor();
  await fetch(`${running.url}/simulator/bot01/confirm`, { method: 'POST' });
  await page.getByText('登录成功').waitFor();
  expect(await page.getByRole('img').count()).toBe(0);
  expect(faults).toEqual([]);

  const late = await browser.newPage();
  await late.goto(`${running.url}${path}`);
  await late.getByRole('button').click();
  await late.getByText('链接已失效').waitFor();
});
