import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEventRig, type EventRig, sendStatus } from './support/event-rig.ts';
import { eventually } from './support/eventually.ts';

let folder: string;
let child: ChildProcess;
let rig: EventRig;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-docs-'));
});
afterEach(async () => {
  await rig.close();
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address === null || typeof address === 'string' ? 0 : address.port;
}

it('the receiver of docs/events.md takes what is genuine, and nothing else', async () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/events.md'), 'utf8');
  const program = /```js\n([\s\S]*?)```/.exec(page)?.[1];
  const file = join(folder, 'receiver.mjs');
  writeFileSync(file, program ?? '');
  const port = await freePort();
  child = spawn(process.execPath, [file], {
    env: { PORT: String(port), WXRC_KEY: '钥匙' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const callbackUrl = `http://127.0.0.1:${port}/`;
  await eventually('the receiver', () =>
    fetch(callbackUrl).then(
      () => true,
      () => false,
    ),
  );
  rig = await createEventRig({
    channels: [
      { chid: 'demo', key: '钥匙', callbackUrl },
      { chid: 'wrong', key: 'other', callbackUrl },
    ],
  });
  await rig.deliveries.start();
  await rig.record(sendStatus(1), sendStatus(2), sendStatus(1, 'bot01', 'wrong'));
  await rig.deliveries.quiet();
  expect(await rig.states()).toEqual(['1 acked', '2 acked']);
  expect(await rig.states('wrong')).toEqual(['1 due']);
  const [try1] = await rig.deliveries.attempts('wrong', 1);
  expect(try1?.status).toBe(401);
  await eventually('the output', () => output.split('\n').length === 3);
  const told = output
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { msgid: number }).msgid);
  expect(told).toEqual([1, 2]);
});
