import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../config/config.ts';
import { createLogger } from '../config/logger.ts';
import { createDaemon, type Daemon } from '../scripts/daemon.ts';
import { migrations } from '../store/migrations/index.ts';
import { AdminClient } from './support/admin-client.ts';
import { runInProcess, spawnCli } from './support/cli.ts';
import { CommandClient } from './support/command-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';

let folder: string;
let running: TestDaemon | undefined;
const daemons: Daemon[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-restore-'));
});
afterEach(async () => {
  for (const daemon of daemons.splice(0)) await daemon.stop();
  await running?.close();
  running = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function daemonOn(dataDir: string): Promise<Daemon> {
  const daemon = await createDaemon(
    parseConfig({
      dataDir,
      http: { port: 0 },
      pacing: { perMinute: 0, perRoomPerMinute: 0, jitterMs: [0, 0] },
    }),
    { logger: createLogger('silent'), onFatal: () => {} },
  );
  daemons.push(daemon);
  await daemon.start();
  return daemon;
}

const env = (dataDir: string) => ({ WXRC_DATA: dataDir, LANG: 'en_US.UTF-8' });

test('a running daemon is backed up, and goes on elsewhere as it was', async () => {
  running = await startDaemon();
  const { url, dataDir } = running;
  const admin = new AdminClient(() => url);
  await admin.login();
  const { key } = (await admin.ok('POST', '/channels', { chid: 'kept', bots: ['bot01'] })).body;
  const program = (await admin.ok('POST', '/tokens', { name: 'program' })).body;
  const client = new CommandClient(() => url, { chid: 'kept', key });
  const head = { txcode: 'before' };
  const accepted = await client.call(
    'roomSendText',
    { roomTopic: '测试群', text: 'waits' },
    { head },
  );
  const made = await runInProcess(
    ['backup', '--out', join(folder, 'one.backup'), '--json'],
    env(dataDir),
  );
  expect([made.code, made.err]).toEqual([0, '']);
  const { path } = JSON.parse(made.out);

  const refused = await runInProcess(['restore', path, '--yes'], env(dataDir));
  expect([refused.code, refused.err]).toEqual([75, expect.stringMatching(/in use by the daemon/)]);

  const target = join(folder, 'other');
  const checked = await runInProcess(['restore', path, '--check', '--json'], env(target));
  expect(JSON.parse(checked.out)).toMatchObject({ channels: 2, bots: 1, sends: 1 });
  expect((await runInProcess(['restore', path], env(target))).code).toBe(2);
  const restored = await spawnCli(['restore', path, '--yes', '--json'], env(target));
  expect([restored.code, restored.err]).toEqual([0, '']);

  const other = await daemonOn(target);
  const moved = new CommandClient(() => other.url, { chid: 'kept', key });
  const again = await moved.call('roomSendText', { roomTopic: '测试群', text: 'waits' }, { head });
  expect(again.msgid).toBe(accepted.msgid);
  // Perhaps it left after the backup: it waits for proof and is not sent again.
  const status = await moved.call('msgStatus', { msgid: accepted.msgid });
  expect(status).toMatchObject({ sendStatus: '0', state: 'unknown' });
  const next = await moved.call('roomSendText', { roomTopic: '测试群', text: 'after' });
  expect(Number(next.msgid)).toBeGreaterThan(Number(accepted.msgid) + 1000);
  // A session that ended since must not come back; tokens of programs stay.
  const later = new AdminClient(() => other.url);
  later.token = admin.token;
  await later.refused(401, 'GET', '/session');
  later.token = program.token;
  expect((await later.ok('GET', '/session')).body).toMatchObject({ name: 'program' });
  client.close();
  moved.close();
});

test('without a daemon: backup, damage, restore; the former data are kept', async () => {
  const data = join(folder, 'alone');
  const first = await daemonOn(data);
  await first.core.channels.add({ chid: 'early' });
  await first.stop();
  const made = await runInProcess(['backup', '--json'], env(data));
  expect(made.code).toBe(0);
  const { path } = JSON.parse(made.out);
  expect(await runInProcess(['migrate', '--status'], env(data))).toMatchObject({
    code: 0,
    out: expect.stringContaining(`schema ${migrations.length}/${migrations.length}`),
  });

  const second = await daemonOn(data);
  await second.core.channels.add({ chid: 'late' });
  await second.stop();
  writeFileSync(join(folder, 'broken.backup'), 'not a backup');
  const broken = await runInProcess(['restore', join(folder, 'broken.backup'), '--yes'], env(data));
  expect([broken.code, broken.err]).toEqual([1, expect.stringMatching(/no backup|damaged/)]);

  writeFileSync(join(data, 'wxrc.db.before-9'), 'a copy of what goes');
  const done = await runInProcess(['restore', path, '--yes', '--json'], env(data));
  expect(done.code).toBe(0);
  const { replaced } = JSON.parse(done.out);
  expect(readdirSync(replaced)).toEqual(expect.arrayContaining(['wxrc.db', 'wxrc.db.before-9']));
  expect(readdirSync(data)).not.toContain('wxrc.db.before-9');
  const third = await daemonOn(data);
  await eventually(() => third.core.channels.get('early') !== undefined);
  expect(third.core.channels.get('late')).toBeUndefined();
});

test('two daemons cannot share a data directory; the loser names the holder', async () => {
  const data = join(folder, 'shared');
  await daemonOn(data);
  await expect(daemonOn(data)).rejects.toMatchObject({ name: 'StoreLocked', pid: process.pid });
  const { code, err } = await spawnCli(['start', '--port', '0'], env(data));
  expect(code).toBe(75);
  expect(err).toContain(`进程 ${process.pid}`);
});

test('files of reports come back, folders below them too; what was there is kept beside', async () => {
  running = await startDaemon();
  const { dataDir } = running;
  const reports = (where: string) => join(where, 'reports');
  mkdirSync(join(reports(dataDir), 'shops', 'north'), { recursive: true });
  writeFileSync(join(reports(dataDir), 'days.txt'), '2026-10-01 off\n');
  writeFileSync(join(reports(dataDir), 'shops', 'north', '门店.csv'), 'shop,n\n上海,3\n');
  symlinkSync('/etc/hostname', join(reports(dataDir), 'link.txt'));
  const backup = join(folder, 'reports.backup');
  await runInProcess(['backup', '--out', backup], env(dataDir));
  const target = join(folder, 'reports-target');
  mkdirSync(reports(target), { recursive: true });
  for (const name of ['own.csv', 'days.txt']) writeFileSync(join(reports(target), name), 'of here');
  const done = await runInProcess(['restore', backup, '--yes', '--json'], env(target));
  expect(done.code).toBe(0);
  const { replaced } = JSON.parse(done.out) as { replaced: string };
  expect(readFileSync(join(reports(target), 'days.txt'), 'utf8')).toBe('2026-10-01 off\n');
  expect(readFileSync(join(reports(target), 'shops', 'north', '门店.csv'), 'utf8')).toContain(
    '上海',
  );
  expect(readdirSync(reports(target)).sort()).toEqual(['days.txt', 'own.csv', 'shops']);
  expect(readFileSync(join(reports(replaced), 'days.txt'), 'utf8')).toBe('of here');
});

test('a backup that cannot go where it is wanted is refused in words, before one is made', async () => {
  running = await startDaemon();
  const { dataDir } = running;
  const out = join(folder, 'no', 'such', 'x.backup');
  const refused = await runInProcess(['backup', '--out', out], env(dataDir));
  expect(refused.code).toBe(2);
  expect(refused.err).toContain(`there is no folder ${join(folder, 'no', 'such')}`);
  const list = await runInProcess(['backup', 'list', '--json'], env(dataDir));
  expect(JSON.parse(list.out)).toEqual({ items: [] });
});

test('what was restored is counted by name: who may log in, and who talks', async () => {
  running = await startDaemon();
  const { dataDir, url } = running;
  const admin = new AdminClient(() => url);
  await admin.login();
  await admin.ok('POST', '/users', { username: 'vera', role: 'viewer' });
  const backup = join(folder, 'people.backup');
  await runInProcess(['backup', '--out', backup], env(dataDir));
  const checked = await runInProcess(['restore', backup, '--check'], env(dataDir));
  expect(checked.out).toMatch(/operators 2 {2}IM users 0 {2}IM messages 0/);
});
