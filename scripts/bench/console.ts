import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { launchBrowser } from '../../tests/support/browser.ts';
import { openConsole } from '../../tests/support/console-page.ts';
import { buildConsole, consoleHash, consoleOutput } from '../console-build.ts';
import { median } from './report.ts';
import { startDaemonProcess } from './servers.ts';

/** Gzipped bytes of script that a browser may have to load for any one screen. */
const goal = 80_000;

interface Part {
  name: string;
  gzip: number;
}

/** As the build tells it: which file, and what it needs. */
type Manifest = Record<string, { file: string; imports?: string[]; isEntry?: boolean }>;

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
  const parts = partsOf(folder);
  const gzipOf = (name: string): number => parts.find((one) => one.name === name)?.gzip ?? 0;
  const total = (files: Iterable<string>): number =>
    [...files].reduce((all, file) => all + gzipOf(file), 0);
  const manifest = JSON.parse(readFileSync(join(folder, 'parts.json'), 'utf8')) as Manifest;
  const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry === true) ?? '';
  const first = needed(manifest, entry);
  print('script that a browser loads, gzipped:');
  print(`  ${kB(total(first))}  until the log-in`);
  const screens = Object.keys(manifest)
    .filter((key) => key.startsWith('screens/'))
    .map((key) => ({ key, size: total(new Set([...first, ...needed(manifest, key)])) }))
    .sort((one, other) => other.size - one.size);
  for (const { key, size } of screens) print(`  ${kB(size)}  until ${key}`);
  const most = screens[0]?.size ?? total(first);
  print(`  ${kB(most)}  at most for any one screen; goal: below ${kB(goal)}`);
  const scripts = parts.filter(({ name }) => name.endsWith('.js'));
  const styles = parts.filter(({ name }) => name.endsWith('.css'));
  print(
    `  ${kB(sum(scripts))}  with every screen opened once (${scripts.length} files, then cached)`,
  );
  print(`styles: ${kB(sum(styles))} gzipped in all`);
  if (most >= goal) process.exitCode = 1;
}

function partsOf(folder: string): Part[] {
  return readdirSync(join(folder, 'assets'))
    .filter((name) => !name.endsWith('.gz'))
    .map((name) => {
      const bytes = readFileSync(join(folder, 'assets', name));
      return { name: `assets/${name}`, gzip: gzipSync(bytes, { level: 9 }).length };
    });
}

/** A part and all that it imports at once. */
function needed(manifest: Manifest, key: string, found = new Set<string>()): Set<string> {
  const part = manifest[key];
  if (part === undefined || found.has(part.file)) return found;
  found.add(part.file);
  for (const one of part.imports ?? []) needed(manifest, one, found);
  return found;
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
      const paint = await page.evaluate(
        () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
      );
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

function ms(values: readonly number[]): string {
  return `${Math.round(median(values))} ms (${values.map(Math.round).join(', ')})`;
}

function kB(bytes: number): string {
  return `${(bytes / 1000).toFixed(1).padStart(6)} kB`;
}

function sum(parts: readonly Part[]): number {
  return parts.reduce((all, { gzip }) => all + gzip, 0);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
