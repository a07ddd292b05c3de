import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openVault } from '../config/secrets.ts';
import { createBackup } from '../store/backup.ts';
import { typedSecrets } from '../store/migrations/021-typed-secrets.ts';
import { migrations } from '../store/migrations/index.ts';
import { migrate, migrationStatus } from '../store/migrator.ts';
import { SqliteDatabase } from '../store/sqlite.ts';
import { acceptVault } from '../store/vault-check.ts';
import { AdminClient } from './support/admin-client.ts';
import { runInProcess } from './support/cli.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

const before = migrations.filter(({ version }) => version < typedSecrets.version);
const callbackUrl = 'http://127.0.0.1:1/cb?token=TYPED-cb';
const reply = { type: 'webhook', url: 'http://127.0.0.1:1/ask?token=TYPED-rule' };
const source = {
  ...{ type: 'http', method: 'GET', url: 'http://127.0.0.1:1/rows?token=TYPED-url' },
  ...{ headers: { 'x-erp': 'TYPED-head' }, timeoutSeconds: 20, maxBytes: 1_000_000 },
};
let folder: string;
let running: TestDaemon | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-typed-old-'));
});
afterEach(async () => {
  await running?.close();
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** A data directory as the version before sealed it: what was typed lies in clear, what is gone, too. */
async function oldData(dataDir: string): Promise<string | undefined> {
  const db = new SqliteDatabase({ file: join(dataDir, 'wxrc.db') });
  await migrate(db, { now: 1, known: before });
  await acceptVault(db, openVault(dataDir));
  await db.transaction(async (tx) => {
    const channel = `INSERT INTO channels (chid, settings, source, created_at, updated_at)
      VALUES (?, ?, 'admin', 1, 1)`;
    await tx.run(channel, ['old', JSON.stringify({ chid: 'old', name: 'Old', callbackUrl })]);
    await tx.run(channel, ['pull', JSON.stringify({ chid: 'pull' })]);
    const rule = `INSERT INTO rules (source, name, kind, pattern, scope, priority, reply, created_at,
      updated_at) VALUES ('admin', ?, 'exact', ?, '{}', 1, ?, 1, 1)`;
    await tx.run(rule, ['ask', '价格', JSON.stringify(reply)]);
    await tx.run(rule, ['say', '你好', JSON.stringify({ type: 'text', text: '您好' })]);
    const schedule = `INSERT INTO schedules (name, source, settings, decided_to, created_at, updated_at)
      VALUES (?, 'admin', ?, 1, 1, 1)`;
    const targets = [{ botcode: 'bot01', roomTopic: 'A' }];
    const shops = { name: 'shops', expr: '0 9 * * *', enabled: false, source, targets };
    await tx.run(schedule, ['shops', JSON.stringify(shops)]);
    const none = { name: 'none', expr: '0 9 * * *', enabled: false, text: 'x', targets };
    await tx.run(schedule, ['none', JSON.stringify(none)]);
    await tx.run(schedule, ['broken', '{"name":']);
    for (let at = 0; at < 200; at += 1) {
      const long = { ...shops, text: `TYPED-gone-${at} ${'long '.repeat(at * 20)}` };
      await tx.run(schedule, [`gone${at}`, JSON.stringify(long)]);
    }
  });
  await db.transaction((tx) => tx.run("DELETE FROM schedules WHERE name LIKE 'gone%'"));
  const { file } = await createBackup({ db, dataDir, now: 2 });
  await db.close();
  expect(typedIn(join(dataDir, 'wxrc.db')).length).toBeGreaterThan(50);
  return join(dataDir, 'backups', file);
}

function typedIn(file: string): string[] {
  if (!existsSync(file)) return [];
  return [
    ...new Set(
      readFileSync(file)
        .toString('latin1')
        .match(/TYPED[\w-]+/g),
    ),
  ];
}

const files = (dataDir: string) => [join(dataDir, 'wxrc.db'), join(dataDir, 'wxrc.db-wal')];
const start = (dataDir: string) => startDaemon({ channels: undefined }, { dataDir });

async function expectWhole({ url, dataDir, daemon }: TestDaemon): Promise<void> {
  expect(files(dataDir).flatMap(typedIn)).toEqual([]);
  const { channels, reports, chatbot } = daemon.core;
  expect(channels.get('old')?.settings).toMatchObject({ name: 'Old', callbackUrl });
  expect(channels.get('pull')?.settings.callbackUrl).toBeUndefined();
  expect(reports.schedules.require('shops').settings.source).toEqual(source);
  expect(reports.schedules.require('none').settings.source).toEqual({ type: 'none' });
  const rules = chatbot.knowhow.rules.list().map((rule) => rule.reply);
  expect(rules).toEqual([reply, { type: 'text', text: '您好' }]);
  const admin = new AdminClient(() => url);
  await admin.login();
  const made = await admin.ok('POST', '/backups', {});
  expect(typedIn(join(dataDir, 'backups', made.body.file))).toEqual([]);
}

test('what an older version wrote in clear is sealed by the first start, and gone from the file', async () => {
  await oldData(folder);
  running = await start(folder);
  await expectWhole(running);
  await running.restart();
  await expectWhole(running);
  // The copy for going back is what it was, and doctor says so.
  expect(typedIn(`${join(folder, 'wxrc.db')}.before-${migrations.at(-1)?.version}`)).not.toEqual(
    [],
  );
  const env = { WXRC_DATA: folder, LANG: 'en_US.UTF-8' };
  expect((await runInProcess(['doctor'], env)).out).toMatch(/before-\d+ holds .* in clear/);
});

test('schema first by hand, the start seals', async () => {
  await oldData(folder);
  const env = { WXRC_DATA: folder, LANG: 'en_US.UTF-8' };
  expect((await runInProcess(['migrate'], env)).code).toBe(0);
  running = await start(folder);
  await expectWhole(running);
});

test('a backup of an older version is sealed where it is restored', async () => {
  const old = mkdtempSync(join(folder, 'old-'));
  const backup = (await oldData(old)) ?? '';
  expect(typedIn(backup)).not.toEqual([]);
  const dataDir = mkdtempSync(join(folder, 'new-'));
  const env = { WXRC_DATA: dataDir, LANG: 'en_US.UTF-8' };
  expect((await runInProcess(['restore', backup, '--yes'], env)).code).toBe(0);
  running = await start(dataDir);
  await expectWhole(running);
});

test('another secret.key seals nothing: the start is refused before', async () => {
  await oldData(folder);
  const key = join(folder, 'secret.key');
  const right = readFileSync(key);
  writeFileSync(key, `${randomBytes(32).toString('base64')}\n`);
  await expect(start(folder)).rejects.toThrow(/secret\.key is not the one/);
  rmSync(key);
  await expect(start(folder)).rejects.toThrow(/secret\.key is not the one/);
  // Nor is anything else changed: the version before can use it as it is.
  expect(existsSync(key)).toBe(false);
  const db = new SqliteDatabase({ file: join(folder, 'wxrc.db') });
  expect((await migrationStatus(db)).current).toBe(typedSecrets.version - 1);
  await db.close();
  expect(readdirSync(folder).filter((name) => name.includes('.before-'))).toEqual([]);
  writeFileSync(key, right);
  running = await start(folder);
  await expectWhole(running);
});

test('where the file cannot be written anew, the rows are sealed, the log says what is left, the next start tries again', async () => {
  await oldData(folder);
  const vacuum = SqliteDatabase.prototype.rewrite;
  SqliteDatabase.prototype.rewrite = () => Promise.reject(new Error('no room'));
  try {
    running = await start(folder);
  } finally {
    SqliteDatabase.prototype.rewrite = vacuum;
  }
  expect(running.log()).toMatch(/may lie in free pages of the database/);
  const told = /secrets in clear may lie in free pages/;
  const ready = await fetch(`${running.url}/ready`);
  expect([ready.status, await ready.text()]).toEqual([200, expect.stringMatching(told)]);
  await running.daemon.stop();
  const env = { WXRC_DATA: folder, LANG: 'en_US.UTF-8' };
  expect((await runInProcess(['doctor'], env)).out).toMatch(told);
  expect(typedIn(join(folder, 'wxrc.db'))).not.toEqual([]);
  await running.restart();
  await expectWhole(running);
  expect(await (await fetch(`${running.url}/ready`)).text()).not.toMatch(told);
});

test('a key that is lost for good takes the addresses with it, not the channels, rules and reports', async () => {
  await oldData(folder);
  running = await start(folder);
  await running.daemon.stop();
  writeFileSync(join(folder, 'secret.key'), `${randomBytes(32).toString('base64')}\n`);
  const env = { WXRC_DATA: folder, LANG: 'en_US.UTF-8' };
  expect((await runInProcess(['secret', 'accept', '--yes'], env)).code).toBe(0);
  await running.restart();
  const { url } = running;
  const admin = new AdminClient(() => url);
  await admin.login();
  const lost = 'https://lost.invalid/';
  // Leads nowhere, so that its receiver counts as one that does not answer.
  expect((await admin.ok('GET', '/channels/old')).body).toMatchObject({
    ...{ name: 'Old', callbackUrl: lost },
  });
  expect(running.log()).toMatch(/"lost":3,.*cannot be opened with this secret.key/);
  const rules = (await admin.ok('GET', '/chatbot/rules')).body.items;
  expect(rules).toMatchObject([
    { name: 'ask', reply: { type: 'webhook', url: lost } },
    { name: 'say', reply: { type: 'text', text: '您好' } },
  ]);
  expect((await admin.ok('GET', '/schedules/shops')).body.settings).toMatchObject({
    source: { type: 'http', url: lost },
  });
  await admin.refused(503, 'POST', '/schedules/shops/dry-run', {});
  await admin.ok('PATCH', '/schedules/shops', { title: 'Shops' });
  await admin.ok('PATCH', '/schedules/shops', { source });
  await admin.ok('PATCH', '/channels/old', { callbackUrl });
  expect(files(folder).flatMap(typedIn)).toEqual([]);
  const { channels, reports } = running.daemon.core;
  expect(channels.get('old')?.settings).toMatchObject({ callbackUrl });
  expect(reports.schedules.require('shops').settings).toMatchObject({ title: 'Shops', source });
});
