import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { startDaemon, type TestDaemon } from './daemon.ts';
import { eventually } from './eventually.ts';

export interface ConsoleScene {
  running: TestDaemon;
  browser: Browser;
  close(): Promise<void>;
}

/** A browser before a daemon with a bot that waits for a scan (bot01) and one that is there (bot02). */
export async function consoleScene(
  config: Record<string, unknown> = {},
  env: Record<string, string> = {},
): Promise<ConsoleScene> {
  const running = await startDaemon({
    bots: [
      { botcode: 'bot01', driver: 'simulator', autoScan: false },
      { botcode: 'bot02', driver: 'simulator', autoScan: false, name: '课程通知' },
    ],
    ...config,
  });
  const { bots } = running.daemon.core;
  await eventually('codes', () => bots.get('bot01')?.view().qr && bots.get('bot02')?.view().qr);
  await bringIn(running, 'bot02');
  const browser = await launchBrowser(env);
  return {
    running,
    browser,
    close: async () => {
      await browser.close();
      await running.close();
    },
  };
}

/** A person scans and confirms. */
export async function bringIn(running: TestDaemon, botcode: string): Promise<void> {
  for (const step of ['scan', 'confirm']) {
    await fetch(`${running.url}/simulator/${botcode}/${step}`, { method: 'POST' });
  }
  const { bots } = running.daemon.core;
  await eventually(botcode, () => bots.get(botcode)?.view().state === 'ready');
}
