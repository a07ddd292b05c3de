import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { CommandClient } from './support/command-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

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

  const saved = await eventually(
    () => readdirSync(dataDir).find((name) => /^saved-.*\.db$/.test(name)),
    'saved',
  );
  await running.daemon.stop();
  for (const name of names) rmSync(join(dataDir, name), { force: true });
  renameSync(join(dataDir, saved), join(dataDir, 'wxrc.db'));
  await running.restart();
  const admin = new AdminClient(() => running?.url ?? '');
  await admin.login();
  expect((await admin.ok('GET', `/sends/${accepted.msgid}`)).body).toMatchObject({
    msgid: accepted.msgid,
  });
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
  client.close();
});
