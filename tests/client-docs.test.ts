import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WxrcClient } from '../scripts/client/index.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';

const root = join(import.meta.dirname, '..');
/** The programs of docs/client.md, in its order. */
const programs = [
  ...readFileSync(join(root, 'docs/client.md'), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm),
].map(([, source = '']) => source);

let folder: string;
let daemon: TestDaemon;
let token: string;
let port: number;

beforeAll(async () => {
  // A project of its own that depends on the checkout, as npm links it.
  folder = mkdtempSync(join(tmpdir(), 'wxrc-client-docs-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'wxrc'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  ({ port } = free.address() as { port: number });
  free.close();
  daemon = await startDaemon({
    channels: [{ chid: 'demo', key: 'secret', callbackUrl: `http://127.0.0.1:${port}/` }],
    apps: [{ appid: 7, secret: 'secret' }],
  });
  const { admin } = new WxrcClient({ url: daemon.url });
  await admin.login('admin', 'test-password');
  ({ token } = await admin.call('createToken', { body: { name: 'docs', role: 'viewer' } }));
});
afterAll(async () => {
  await daemon?.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(index: number): { child: ChildProcess; out: () => string } {
  const file = join(folder, `program-${index}.ts`);
  writeFileSync(file, programs[index] ?? '');
  const child = spawn(process.execPath, [file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { WXRC_URL: daemon.url, WXRC_KEY: 'secret', WXRC_TOKEN: token, PORT: String(port) },
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  return { child, out: () => out };
}

async function run(index: number): Promise<string> {
  const { child, out } = start(index);
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  return out();
}

it('has the programs that are run here', () => {
  expect(programs.length).toBe(5);
});

it('webhooks, commands, events, admin API, chatbot: each program does what the page says', async () => {
  const receiver = start(2);
  try {
    expect(await run(0)).toMatch(/^queued \d+ queued\nrefused 3\d\n$/);
    for (const step of ['scan', 'confirm']) {
      await fetch(`${daemon.url}/simulator/bot01/${step}`, { method: 'POST' });
    }
    expect(await run(1)).toMatch(/bot01 login\n(?:.*\n)*up to \d+\n$/);
    expect(await run(3)).toMatch(/^ready\n\d+ \w+\n404 unknown_bot\n$/);
    expect(await run(4)).toBe('true stop\ntrue\n1\n');
    await eventually('the webhooks', () => / sendStatus\n/.test(receiver.out()));
  } finally {
    receiver.child.kill();
    await once(receiver.child, 'close');
  }
});
