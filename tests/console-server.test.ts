import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../config/logger.ts';
import { ConsoleFiles } from '../scripts/console-files.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { rawGet } from './support/raw-get.ts';

let running: TestDaemon;

beforeAll(async () => {
  running = await startDaemon();
});
afterAll(() => running.close());

test('the page runs nothing, draws nothing and calls nothing that is not ours', async () => {
  const answer = await fetch(`${running.url}/`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('content-security-policy')).toBe(
    "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'",
  );
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  expect(answer.headers.get('cache-control')).toBe('no-cache');
  const html = await answer.text();
  expect(html).not.toMatch(/https?:\/\/|<script>|style=|onclick/);
  expect(html).toMatch(/<script type="module"[^>]* src="\/console\/assets\/index-[\w-]+\.js">/);
});

test('its parts are named by their content, kept for ever, and sent packed', async () => {
  const html = await (await fetch(`${running.url}/`)).text();
  const parts = [...html.matchAll(/\/console\/assets\/[\w.-]+/g)].map(([path]) => path);
  expect(parts.length).toBeGreaterThan(1);
  for (const path of parts) {
    const plain = await rawGet(`${running.url}${path}`, { 'accept-encoding': 'identity' });
    const packed = await rawGet(`${running.url}${path}`, { 'accept-encoding': 'gzip, br' });
    expect(plain.status).toBe(200);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(packed.headers['vary']).toContain('accept-encoding');
    expect(gunzipSync(packed.body).equals(plain.body)).toBe(true);
    const { etag = '' } = plain.headers;
    const again = await rawGet(`${running.url}${path}`, { 'if-none-match': etag });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  }
});

test.each([
  '/console/assets/../index.html',
  '/console/assets/..%2f..%2fpackage.json',
  '/console/assets/%2e%2e%2findex.html',
  '/console/assets/nothing.js',
  '/console/assets/',
  '/console/index.html',
  '/console/assets/index.html.gz',
  '/console/assets/__proto__',
])('%s is not there', async (path) => {
  const { status, body } = await rawGet(`${running.url}${path}`);
  expect([404, 405]).toContain(status);
  expect(body.toString()).not.toMatch(/<script|"name"/);
});

test('a WebSocket at the root is that of the family that lives there', async () => {
  const answer = await rawGet(`${running.url}/im_component/wx_official_account/msg`);
  expect(answer.status).toBe(426);
});

const logger = createLogger('silent');

test('without a build one is made beside; what cannot be written to is left alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-console-'));
  const dataDir = join(folder, 'data');
  // As in a read-only checkout: nothing can be made below a file.
  const blocked = join(folder, 'file');
  writeFileSync(blocked, '');
  chmodSync(blocked, 0o444);
  const output = join(blocked, 'dist', 'console');
  const files = await new ConsoleFiles({ dataDir, logger, output }).load();
  expect([...files.keys()]).toContain('index.html');
  expect(readdirSync(join(dataDir, 'console'))).toHaveLength(1);
  // The next start finds it, and makes none.
  const made = (): number[] =>
    readdirSync(join(dataDir, 'console'), { recursive: true, encoding: 'utf8' }).map(
      (name) => statSync(join(dataDir, 'console', name)).mtimeMs,
    );
  const before = made();
  const again = await new ConsoleFiles({ dataDir, logger, output }).load();
  expect(made()).toEqual(before);
  expect([...again.keys()].sort()).toEqual([...files.keys()].sort());
  rmSync(folder, { recursive: true });
});

test('several that build at once make one build, whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-console-'));
  const output = join(folder, 'dist', 'console');
  const made = await Promise.all(
    [1, 2].map(() => new ConsoleFiles({ dataDir: join(folder, 'data'), logger, output }).load()),
  );
  expect(made.map((one) => one.size)).toEqual([made[0]?.size, made[0]?.size]);
  expect(readdirSync(output).filter((name) => !name.startsWith('.'))).toHaveLength(1);
  expect(existsSync(join(folder, 'data', 'console'))).toBe(false);
  rmSync(folder, { recursive: true });
});
