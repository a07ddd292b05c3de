import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { CommandClient } from './support/command-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

const savedIn = (dataDir: string): string | undefined =>
  readdirSync(dataDir).find((name) => /^saved-.*\.db$/.test(name));

const names = ['wxrc.db', 'wxrc.db-wal', 'wxrc.db-shm'];

test('a database that is taken away while it is in use: nothing new is taken, all say so, and what was accepted is saved', async () => {
  running = await startDaemon();
  const { url, dataDir } = running;
  const client = new CommandClient(() => url);
  const send = () => client.call('roomSendText', { roomTopic: '测试群', text: 'x' });
  const accepted = await send();
  expect(accepted.rtCode).toBe('0');

  for (const name of names) rmSync(join(dataDir, name), { force: true });
  await eventually(async () => (await send()).rtCode === '22', 'refused');
  const ready = await fetch(`${url}/ready`);
  expect([ready.status, await ready.json()]).toMatchObject([
    503,
    { reasons: [expect.stringMatching(/^database: .*taken away/)] },
  ]);
  const alarm = await eventually(
    () => running?.daemon.core.alarms.open().find((one) => one.kind === 'database'),
    'alarm',
  );
  expect(JSON.stringify(alarm)).toContain('taken away');
  // It is no matter of room.
  expect(running.daemon.core.storage.full).toBe(false);

  const saved = await eventually(() => savedIn(dataDir), 'saved');
  // Should the process be killed now: what waits may have left by then.
  const copy = new Sqlite(join(dataDir, saved), { readonly: true });
  expect(copy.prepare('SELECT DISTINCT state FROM sends').pluck().all()).toEqual(['unknown']);
  copy.close();
  // What happens still is saved, too: sent once, it is not sent again.
  for (const act of ['scan', 'confirm']) {
    await eventually(
      async () => (await fetch(`${url}/simulator/bot01/${act}`, { method: 'POST' })).ok,
      act,
    );
  }
  await eventually(() => (running?.daemon.core.sends.ended.size ?? 0) > 0, 'it is over');
  await running.daemon.stop();
  // Nothing begins anew where something was saved.
  await expect(running.restart()).rejects.toThrow(/saved as saved-\w+\.db/);
  renameSync(join(dataDir, saved), join(dataDir, 'wxrc.db'));
  await running.restart();
  const admin = new AdminClient(() => running?.url ?? '');
  await admin.login();
  const after = (await admin.ok('GET', `/sends/${accepted.msgid}`)).body;
  expect(['sent', 'absent']).toContain(after.state);
  client.close();
});

test('its log alone, taken away, is the same: the newest commits are in it', async () => {
  running = await startDaemon();
  const { url, dataDir } = running;
  const client = new CommandClient(() => url);
  rmSync(join(dataDir, 'wxrc.db-wal'));
  await eventually(async () => {
    const { rtCode } = await client.call('roomSendText', { roomTopic: '测试群', text: 'x' });
    return rtCode === '22';
  }, 'refused');
  client.close();
});

test('one that was only moved and comes back is used again', async () => {
  running = await startDaemon();
  const { url, dataDir } = running;
  const client = new CommandClient(() => url);
  const send = () => client.call('roomSendText', { roomTopic: '测试群', text: 'x' });
  for (const name of names) renameSync(join(dataDir, name), join(dataDir, `${name}.away`));
  await eventually(async () => (await send()).rtCode === '22', 'refused');
  for (const name of names) renameSync(join(dataDir, `${name}.away`), join(dataDir, name));
  await eventually(async () => (await send()).rtCode === '0', 'taken again');
  expect((await fetch(`${url}/ready`)).status).toBe(200);
  expect(savedIn(dataDir)).toBeUndefined();
  client.close();
});

test('one that stays away ends the process, and it does not begin anew', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'wxrc-gone-'));
  const config = join(dataDir, 'config.json');
  writeFileSync(config, JSON.stringify({ http: { port: 0 }, chatbot: { starter: false } }));
  const start = async (): Promise<number | null> => {
    const args = ['scripts/start.ts', '--config', config, '--data', dataDir];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const over = once(child, 'exit');
    child.stdout.on('data', (chunk: Buffer) => {
      if (!chunk.toString().includes('wxrc ready')) return;
      for (const name of names) rmSync(join(dataDir, name), { force: true });
    });
    const [code] = (await over) as [number | null];
    return code;
  };
  expect(await start()).toBe(74);
  expect(savedIn(dataDir)).toBeDefined();
  expect(await start()).toBe(74);
  rmSync(dataDir, { recursive: true });
}, 60_000);
