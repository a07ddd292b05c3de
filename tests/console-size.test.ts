import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { consoleSizes, goals, kB } from '../scripts/bench/console-sizes.ts';

const script = fileURLToPath(new URL('../scripts/console-build.ts', import.meta.url));
let root: string;
let folder: string;

/** As `npm ci` builds it, in an environment. */
function build(name: string, environment: Record<string, string>): string {
  const output = join(root, name);
  execFileSync(process.execPath, [script, '--output', output], { env: environment });
  const [only = ''] = readdirSync(output);
  return join(output, only);
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'wxrc-console-size-'));
  folder = build('plain', {});
});
afterAll(() => rmSync(root, { recursive: true }));

test('what a browser loads stays small', () => {
  const { start, largest, language, both } = consoleSizes(folder);
  console.info(
    `log-in ${kB(start)}, a screen ${kB(largest)}, all ${kB(language)}, of both languages ${kB(both)}`,
  );
  expect(start).toBeLessThan(goals.start);
  expect(largest).toBeLessThan(goals.screen);
  expect(both).toBeLessThan(goals.all);
});

test.each(['test', 'development'])('NODE_ENV=%s builds the same', (NODE_ENV) => {
  expect(readdirSync(join(build(NODE_ENV, { NODE_ENV }), 'assets'))).toEqual(
    readdirSync(join(folder, 'assets')),
  );
});

test('words of a language are in its own part, and nowhere else', () => {
  const parts = readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.js'));
  const holding = (word: string): string[] =>
    parts
      .filter((name) => readFileSync(join(folder, 'assets', name), 'utf8').includes(word))
      .map((name) => name.replace(/-.*$/, ''));
  // What every screen says, what one says, and what is made of parts.
  for (const word of ['暂无内容', '用微信扫一扫登录', '已运行 ']) {
    expect(holding(word), word).toEqual(['words.zh']);
  }
  for (const word of ['Nothing here yet', 'Scan with WeChat to log in', 'up for ']) {
    expect(holding(word), word).toEqual(['words.en']);
  }
});
