import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigError, parseConfig } from '../config/config.ts';
import { inspectBackup } from '../store/restore.ts';
import { AdminClient } from './support/admin-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon;
let admin: AdminClient;
/** What the config file says when it is read again. */
let file: Record<string, unknown> | 'faulty' = {};

beforeAll(async () => {
  running = await startDaemon(
    {},
    {
      reload: () => {
        if (file === 'faulty') throw new ConfigError(['http.port: too large', 'bots: mistyped']);
        return parseConfig({ admin: { password: 'test-password' }, log: 'debug', ...file });
      },
    },
  );
  admin = new AdminClient(() => running.url);
  await admin.login();
});
afterAll(() => running.close());

test('the daemon at a glance', async () => {
  const { body } = await admin.ok('GET', '/status');
  expect(body.ready.status).toBe('ready');
  expect(body.bots).toEqual([expect.objectContaining({ botcode: 'bot01', queued: 0 })]);
  expect(body.channels).toEqual([expect.objectContaining({ chid: 'demo', due: 0, dead: 0 })]);
});

test('the log level is changed while it runs, for every part', async () => {
  expect((await admin.ok('GET', '/log-level')).body.level).toBe('debug');
  expect((await admin.ok('PUT', '/log-level', { level: 'error' })).body.level).toBe('error');
  const before = running.log().length;
  await admin.ok('POST', '/channels/demo/resume');
  expect(running.log().length).toBe(before);
  await admin.ok('PUT', '/log-level', { level: 'debug' });
  await admin.ok('POST', '/channels/demo/resume');
  expect(running.log().slice(before)).toContain('resumeChannel');
  await admin.refused(400, 'PUT', '/log-level', { level: 'loud' });
  await admin.refused(400, 'PUT', '/log-level', {});
});

test('a reload applies the file; a faulty file changes nothing and is told', async () => {
  file = { channels: [{ chid: 'fresh', key: 'k' }] };
  await admin.ok('POST', '/reload');
  expect((await admin.ok('GET', '/channels')).body.items.map((one) => one.chid)).toEqual(['fresh']);

  file = 'faulty';
  const { body } = await admin.refused(409, 'POST', '/reload');
  expect(body.detail).toContain('http.port: too large; bots: mistyped');
  expect((await admin.ok('GET', '/channels')).body.items).toHaveLength(1);
  expect((await admin.ok('GET', '/status')).body.configFault).toContain('http.port');
  const ready = await fetch(`${running.url}/ready`);
  expect(ready.status).toBe(200);
  const report = await ready.text();
  expect(report).toContain('config: could not be read again');
  expect(report).not.toContain('http.port');

  file = { im: { tcpPort: 1 } };
  expect((await admin.ok('POST', '/reload')).body.waiting).toContain('im');
  file = {};
  expect((await admin.ok('POST', '/reload')).body.waiting).not.toContain('im');
  expect((await admin.ok('GET', '/status')).body.configFault).toBeNull();
});

test('a backup is made while it runs, and listed', async () => {
  const { file: name, bytes } = (await admin.ok('POST', '/backups')).body;
  const path = join(running.dataDir, 'backups', name);
  expect(existsSync(path)).toBe(true);
  expect(inspectBackup(path)).toMatchObject({ bots: 1 });
  const { items } = (await admin.ok('GET', '/backups')).body;
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  expect(items).toEqual([{ file: name, bytes, at: expect.any(Number), auto: false, sha256 }]);
});

test('who changed what is logged, without secrets', async () => {
  const { token } = (await admin.ok('POST', '/tokens', { name: 'auditor', role: 'admin' })).body;
  const other = new AdminClient(() => running.url);
  other.token = token;
  const { key } = (await other.ok('POST', '/channels', { chid: 'audited' })).body;
  const line = running
    .log()
    .split('\n')
    .find((one) => one.includes('addChannel'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({
    operator: 'auditor',
    via: 'api',
    operation: 'addChannel',
  });
  for (const secret of [token, key, admin.token ?? '', 'test-password']) {
    expect(running.log()).not.toContain(secret);
  }
});
