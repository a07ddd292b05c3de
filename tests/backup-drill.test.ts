import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { drillBackup } from '../scripts/drills/backup-drill.ts';
import { AdminClient } from './support/admin-client.ts';
import { runInProcess } from './support/cli.ts';
import { CommandClient } from './support/command-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

test('a backup is restored for a trial: a daemon is ready on it, nothing goes out, nothing stays', async () => {
  let asked = 0;
  const receiver = createServer((_request, response) => {
    asked += 1;
    response.statusCode = 500;
    response.end();
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  const port = typeof address === 'object' ? address?.port : 0;
  running = await startDaemon({
    channels: [{ chid: 'demo', key: 'secret', callbackUrl: `http://127.0.0.1:${port}/` }],
  });
  const { url, dataDir } = running;
  const admin = new AdminClient(() => url);
  await admin.login();
  const client = new CommandClient(() => url);
  await client.call('roomSendText', { roomTopic: '测试群', text: 'waits' });
  client.close();
  const { body } = await admin.ok('POST', '/backups');
  const path = join(dataDir, 'backups', body.file);
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  expect(JSON.parse((await admin.ok('GET', '/backups')).text).items).toMatchObject([
    { file: body.file, sha256, auto: false },
  ]);
  expect(readFileSync(`${path}.sha256`, 'utf8')).toBe(`${sha256}  ${body.file}\n`);
  // Events are due in it; the receiver hears nothing of the trial.
  await running.daemon.stop();
  const before = asked;
  const done = await runInProcess(['backup', 'drill', '--json'], { WXRC_DATA: dataDir });
  const report = JSON.parse(done.out);
  expect([done.code, report.ok, done.err]).toEqual([0, true, '']);
  expect(report.steps.map((one: { name: string }) => one.name)).toEqual([
    ...['restore', 'files', 'start', 'ready', 'counts', 'keys'],
  ]);
  expect(report.steps[0].detail).toContain('channels 1, bots 1, sends 1');
  expect(asked).toBe(before);
  expect(readdirSync(dataDir).filter((name) => name.startsWith('drill-'))).toEqual([]);
  receiver.close();
});

test('over the API; a damaged backup fails, is remembered, and tells no paths', async () => {
  running = await startDaemon();
  const { url, dataDir } = running;
  const admin = new AdminClient(() => url);
  await admin.login();
  await admin.refused(404, 'POST', '/backups/drill', {});
  const { file } = (await admin.ok('POST', '/backups')).body;
  expect(JSON.parse((await admin.ok('POST', '/backups/drill', {})).text)).toMatchObject({
    ok: true,
    file,
  });
  const path = join(dataDir, 'backups', file);
  truncateSync(path, statSync(path).size - 20_000);
  const bad = await admin.ok('POST', '/backups/drill', { file });
  expect(JSON.parse(bad.text)).toMatchObject({
    ok: false,
    steps: [{ name: 'restore', ok: false }],
  });
  expect(bad.text).not.toContain(dataDir);
  const runs = JSON.parse((await admin.ok('GET', '/backups/runs')).text).items;
  expect(runs).toMatchObject([
    { kind: 'drill', ok: false, cause: 'operator' },
    { kind: 'drill', ok: true },
    { kind: 'backup', ok: true, file },
  ]);
  await admin.refused(400, 'POST', '/backups/drill', { file: '../../etc/passwd' });
});

test('what is no backup makes a report, not an error', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-drill-'));
  const report = await drillBackup(join(folder, 'wxrc-none.backup'), folder);
  expect(report).toMatchObject({ ok: false, file: 'wxrc-none.backup' });
  rmSync(folder, { recursive: true, force: true });
});

test('one whose bytes are not those of its checksum is no good, though SQLite reads it', async () => {
  running = await startDaemon();
  const { url, dataDir } = running;
  const admin = new AdminClient(() => url);
  await admin.login();
  const { file } = (await admin.ok('POST', '/backups')).body;
  const path = join(dataDir, 'backups', file);
  const db = new Sqlite(path);
  db.exec("UPDATE bots SET account_name = 'another'");
  db.close();
  expect((await admin.ok('POST', '/backups/drill', { file })).body).toMatchObject({
    ok: false,
    steps: [{ name: 'restore', ok: false, detail: expect.stringMatching(/checksum/) }],
  });
  const checked = await runInProcess(['restore', path, '--check'], {
    ...{ WXRC_DATA: dataDir, LANG: 'en_US.UTF-8' },
  });
  expect([checked.code === 0, checked.err]).toEqual([false, expect.stringMatching(/checksum/)]);
});

test('backups that somebody took away are no good backups', async () => {
  running = await startDaemon();
  const { url, dataDir, daemon } = running;
  const admin = new AdminClient(() => url);
  await admin.login();
  const metric = async (name: string): Promise<string | undefined> =>
    (await (await fetch(`${url}/metrics`)).text())
      .split('\n')
      .find((line) => line.startsWith(`${name}{kind="backup"}`));
  await admin.ok('POST', '/backups');
  expect(await metric('wxrc_backup_ok')).toMatch(/ 1$/);
  rmSync(join(dataDir, 'backups'), { recursive: true });
  expect(await metric('wxrc_backup_ok')).toMatch(/ 0$/);
  expect(await metric('wxrc_backup_age_seconds')).toBeUndefined();
  await admin.ok('POST', '/backups');
  expect(await metric('wxrc_backup_ok')).toMatch(/ 1$/);
  expect(daemon.core.backups.newestAt).toBeGreaterThan(0);
});

test('a stop does not wait for a trial, and nothing of it stays', async () => {
  running = await startDaemon();
  const { url, dataDir, daemon } = running;
  const admin = new AdminClient(() => url);
  await admin.login();
  await admin.ok('POST', '/backups');
  const asked = fetch(`${url}/api/v1/backups/drill`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
    body: '{}',
  }).catch(() => {});
  const drills = (): string[] => readdirSync(dataDir).filter((name) => name.startsWith('drill-'));
  // Its process is up, and far from done.
  await eventually(() => drills().some((name) => readdirSync(join(dataDir, name)).length > 0));
  await daemon.stop();
  expect(drills()).toEqual([]);
  expect(running.log()).not.toContain('a backup was restored for a trial');
  await asked;
});

test('a backup of a time to come, made before the clock was set back, is not the newest', async () => {
  running = await startDaemon();
  const { url, dataDir, daemon } = running;
  const admin = new AdminClient(() => url);
  await admin.login();
  const { file } = (await admin.ok('POST', '/backups')).body;
  const folder = join(dataDir, 'backups');
  copyFileSync(join(folder, file), join(folder, 'wxrc-29990101T000000000Z-auto.backup'));
  expect(daemon.core.backups.list()).toHaveLength(2);
  expect(daemon.core.backups.newestAt).toBeLessThanOrEqual(Date.now());
});
