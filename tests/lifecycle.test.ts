import { spawn } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseConfig } from '../config/config.ts';
import { createLogger } from '../config/logger.ts';
import { createDaemon } from '../scripts/daemon.ts';
import { startDaemon } from './support/daemon.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-life-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the process entry until it ends by itself, or has said all of these. */
function run(args: string[], ...said: RegExp[]): Promise<Ended> {
  const child = spawn(process.execPath, ['scripts/start.ts', ...args], {
    cwd: join(import.meta.dirname, '..'),
  });
  let out = '';
  let err = '';
  let told = false;
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    if (told || said.length === 0 || !said.every((one) => one.test(out))) return;
    told = true;
    child.kill('SIGTERM');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

it('without a config: a ready line, a QR code, a signed curl, and exit 0 on SIGTERM', async () => {
  const ended = await run(
    ['--port', '0', '--data', folder],
    ...[/ready http:\S+:\d+\n/, /▄▄▄▄/, /X-Ecaspsplus-Signature: /],
  );
  expect(ended.code).toBe(0);
  expect(ended.out).toMatch(/^wxrc ready http:\/\/127\.0\.0\.1:\d+$/m);
  expect(ended.out).toContain('▄▄▄▄');
  expect(ended.out).toContain('X-Ecaspsplus-Signature: ');
  expect(existsSync(join(folder, 'daemon.json'))).toBe(false);
});

it('a faulty config: every fault at once, exit 78, nothing started', async () => {
  const file = join(folder, 'config.json');
  writeFileSync(file, '{ "http": { "port": -1 }, "bots": [{ "driver": "fax" }], "dataDir": "d" }');
  const ended = await run(['--config', file]);
  expect(ended.code).toBe(78);
  for (const path of ['http.port', 'bots[0].botcode', 'bots[0].driver']) {
    expect(ended.err).toContain(path);
  }
  expect(existsSync(join(folder, 'd'))).toBe(false);
});

it('a stop in the middle of the start leaves nothing behind', async () => {
  const config = parseConfig({ http: { port: 0 }, dataDir: folder });
  const overrides = { logger: createLogger('silent'), onFatal: () => {} };
  const daemon = await createDaemon(config, overrides);
  const started = daemon.start();
  await daemon.stop();
  await started;
  const { url } = daemon;
  await expect(fetch(url)).rejects.toThrow();
  // The data directory is free again.
  const next = await createDaemon(config, overrides);
  await next.start();
  await next.stop();
});

it('a stop answers whole what is under way', async () => {
  const running = await startDaemon();
  const login = await fetch(`${running.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: 'test-password' }),
  });
  const { token } = (await login.json()) as { token: string };
  const last = 1_000_000;
  const taken = new Promise((resolve) => subscribe('http.server.request.start', resolve));
  const waiting = fetch(`${running.url}/api/v1/events?chid=demo&after=${last}&wait=30`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await taken;
  const began = performance.now();
  const closed = running.close();
  const answer = await waiting;
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ events: [] });
  await closed;
  expect(performance.now() - began).toBeLessThan(10_000);
});
