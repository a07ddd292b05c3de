import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WxrcClient } from '../scripts/client/index.ts';
import { type DaemonDoor, openDoor } from './support/daemon-door.ts';
import { eventually } from './support/eventually.ts';

const victimFile = join(import.meta.dirname, '../scripts/fault/victim.ts');

let folder: string;
let door: DaemonDoor;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-client-kill-'));
  const config = {
    ...{ http: { port: 0 }, dataDir: folder, admin: { password: 'test-password' } },
    channels: [{ chid: 'demo', key: 'secret' }],
    bots: [{ botcode: 'bot01', driver: 'simulator', autoScan: false }],
    pacing: { perMinute: 0, perRoomPerMinute: 0, jitterMs: [0, 0] },
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  door = await openDoor('http://127.0.0.1:1');
});
afterEach(async () => {
  await ended(child);
  await door.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ended(one: ChildProcess | undefined): Promise<void> {
  if (one === undefined || one.exitCode !== null || one.signalCode !== null) return;
  const exit = new Promise((resolve) => one.once('exit', resolve));
  one.kill('SIGKILL');
  await exit;
}

/** Starts the daemon; with a trap it kills itself (-9) when it passes a step for the n-th time. */
async function start(trap: readonly string[] = []): Promise<ChildProcess> {
  const started = spawn(process.execPath, [victimFile, join(folder, 'config.json'), ...trap], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = started;
  const url = await new Promise<string>((resolve) => {
    started.stdout.on('data', (chunk: Buffer) => {
      const found = /ready (\S+)/.exec(chunk.toString())?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  door.lead(url);
  return started;
}

// Before the message is on disk, and between the disk and the answer.
it.each(['accept:before', 'accept:durable'])(
  'a daemon killed at %s: every send is there once, and its caller knows its number',
  async (step) => {
    const client = new WxrcClient({
      ...{ url: door.url, chid: 'demo', key: 'secret', botcode: 'bot01' },
      retry: { tries: 60, firstMs: 20, mostMs: 200, timeoutMs: 3000 },
    });
    const victim = await start([step, '12']);
    const died = new Promise((resolve) => victim.once('exit', resolve));
    const sends = Array.from({ length: 24 }, (_, n) =>
      client.commands.roomSendText(
        { roomTopic: '测试群', text: `message ${n}` },
        { txcode: `kill-${n}` },
      ),
    );
    await died;
    door.lead(undefined);
    await start();
    const answers = await Promise.all(sends);
    expect(new Set(answers.map((one) => one.msgid)).size).toBe(24);
    await client.admin.login('admin', 'test-password');
    const there = new Map<string, number>();
    for await (const send of client.admin.all('listSends')) {
      expect(there.has(send.txcode)).toBe(false);
      there.set(send.txcode, send.msgid);
    }
    expect(there.size).toBe(24);
    for (const { txcode, msgid } of answers) expect(there.get(txcode)).toBe(msgid);
    // And WeChat has each of them once.
    await client.commands.login();
    await eventually('the bot', async () => {
      const { state } = await client.commands.botStatus();
      if (state === 'scan') await fetch(`${door.url}/simulator/bot01/scan`, { method: 'POST' });
      if (state === 'confirm')
        await fetch(`${door.url}/simulator/bot01/confirm`, { method: 'POST' });
      return state === 'ready';
    });
    await eventually('the queue', async () => (await client.commands.botQueue()).length === 0);
    const { rooms } = await client.commands.roomList();
    const { roomId = '' } = rooms.find((one) => one.roomTopic === '测试群') ?? {};
    const said = await fetch(`${door.url}/simulator/bot01/rooms/${roomId}/messages`);
    const texts = [...(await said.text()).matchAll(/message \d+/g)].map(([text]) => text);
    expect(texts.sort()).toEqual(Array.from({ length: 24 }, (_, n) => `message ${n}`).sort());
  },
);
