import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../../tests/support/browser.ts';
import { openConsole } from '../../tests/support/console-page.ts';
import { buildConsole, consoleHash, consoleOutput } from '../console-build.ts';
import { consoleSizes, goals, kB } from './console-sizes.ts';
import { median } from './report.ts';
import { startDaemonProcess } from './servers.ts';

/**
 * `npm run bench -- console`: how much script there is, part by part and in all, and how long a
 * browser that has seen nothing needs: to the first paint, to the log-in, from there to a live QR
 * code; and from a change in WeChat to the page.
 */
export async function benchConsole(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { rounds: { type: 'string', default: '5' } } });
  const hash = consoleHash();
  if (hash === undefined) throw new Error('there are no sources of the console');
  const folder = await buildConsole(consoleOutput, hash);
  sizes(folder);
  await times(Number(values.rounds));
}

function sizes(folder: string): void {
  const { start, words, screens, largest, language, both, files, styles } = consoleSizes(folder);
  print('script that a browser loads in one language, gzipped:');
  print(`  ${kB(start)}  until the log-in, ${kB(words).trim()} of it words; ${below(goals.start)}`);
  for (const { part, size } of screens) print(`  ${kB(size)}  until a screen of “${part}”`);
  print(`  ${kB(largest)}  at most for any one screen; ${below(goals.screen)}`);
  print(`  ${kB(language)}  with every screen opened once`);
  print(`all there is, the words of the other language too, in ${files} files:`);
  print(`  ${kB(both)}  ${below(goals.all)}`);
  print(`styles: ${kB(styles).trim()} gzipped in all`);
  const missed = start >= goals.start || largest >= goals.screen || both >= goals.all;
  if (missed) process.exitCode = 1;
}

function below(goal: number): string {
  return `goal: below ${kB(goal).trim()}`;
}

async function times(rounds: number): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'wxrc-bench-'));
  const daemon = await startDaemonProcess(data, {
    config: {
      admin: { username: 'admin', password: 'bench-password' },
      channels: [],
      bots: [{ botcode: 'bot01', driver: 'simulator', autoScan: false }],
    },
  });
  const browser = await launchBrowser();
  const url = `http://127.0.0.1:${daemon.port}`;
  // It was logged in for us: it has to wait for a scan again.
  await fetch(`${url}/simulator/bot01/kick`, { method: 'POST' });
  const paints: number[] = [];
  const logIns: number[] = [];
  const codes: number[] = [];
  try {
    for (let round = -1; round < rounds; round += 1) {
      const began = performance.now();
      const { page, close } = await openConsole(browser, url);
      const username = page.locator('input[name="username"]');
      await username.waitFor();
      const shown = performance.now() - began;
      const paint = await firstPaint(page);
      await username.fill('admin');
      await page.locator('input[name="password"]').fill('bench-password');
      await page.evaluate(() => {
        (globalThis as unknown as { location: { hash: string } }).location.hash = '/bots';
      });
      const asked = performance.now();
      await page.keyboard.press('Enter');
      await page.locator('[data-qr="bot01"]').waitFor();
      await page.locator('[data-live="live"]').waitFor();
      // The first round warms up the daemon and is not counted.
      if (round >= 0) {
        paints.push(paint);
        logIns.push(shown);
        codes.push(performance.now() - asked);
      }
      await close();
    }
  } finally {
    await browser.close();
    await daemon.stop();
    rmSync(data, { recursive: true, force: true });
  }
  print(`first paint: ${ms(paints)} after the navigation began, nothing cached`);
  print(`log-in shown: ${ms(logIns)} (with opening a browser window)`);
  print(`password sent → live QR code: ${ms(codes)} (scrypt of the password included)`);
}

/** The browser's own; Node's knows no paints. */
type Observer = new (
  take: (list: { getEntriesByName(name: string): { startTime: number }[] }) => void,
) => { observe(what: { type: string; buffered: boolean }): void };

/** The browser tells of it after the frame is out, which may be after the log-in is there. */
function firstPaint(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const { PerformanceObserver } = globalThis as unknown as { PerformanceObserver: Observer };
        const late = setTimeout(() => reject(new Error('no first paint in 5 s')), 5000);
        new PerformanceObserver((list) => {
          const [entry] = list.getEntriesByName('first-contentful-paint');
          if (entry === undefined) return;
          clearTimeout(late);
          resolve(entry.startTime);
        }).observe({ type: 'paint', buffered: true });
      }),
  );
}

function ms(values: readonly number[]): string {
  return `${Math.round(median(values))} ms (${values.map(Math.round).join(', ')})`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
