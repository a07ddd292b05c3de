import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openVault } from '../config/secrets.ts';
import { createBackup, listBackups } from './backup.ts';
import { acquireLock, StoreLocked } from './lock.ts';
import { migrations } from './migrations/index.ts';
import { migrate } from './migrator.ts';
import { BackupFault, inspectBackup, restoreBackup } from './restore.ts';
import { SendViews } from './send-views.ts';
import { SqliteDatabase } from './sqlite.ts';

const now = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
const picture = 'ab'.padEnd(64, '0');
let root: string;
let dataDir: string;
let db: SqliteDatabase;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'wxrc-backup-'));
  dataDir = join(root, 'data');
  openVault(dataDir);
  mkdirSync(join(dataDir, 'files', 'ab'), { recursive: true });
  writeFileSync(join(dataDir, 'files', 'ab', picture), 'picture');
  writeFileSync(join(dataDir, 'files', 'ab', 'half-written.tmp'), 'x');
  db = new SqliteDatabase({ file: join(dataDir, 'wxrc.db') });
  await migrate(db, { now });
  await db.transaction(async (tx) => {
    await tx.run(
      `INSERT INTO channels (chid, settings, source, event_seq, created_at, updated_at)
       VALUES ('demo', '{}', 'admin', 7, 0, 0)`,
    );
    for (const [msgid, state] of [
      [1, 'sent'],
      [2, 'queued'],
      [3, 'unknown'],
    ] as const) {
      await tx.run(
        `INSERT INTO sends (msgid, botcode, chid, txcode, kind, lane, payload, state, accepted_at,
           run_at, expires_at) VALUES (?, 'bot01', 'demo', 't', 'text', 'r', '{}', ?, 0, 0, 0)`,
        [msgid, state],
      );
    }
  });
});
afterEach(async () => {
  await db.close();
  rmSync(root, { recursive: true, force: true });
});

async function backedUp(): Promise<string> {
  const { file } = await createBackup({ db, dataDir, now });
  return join(dataDir, 'backups', file);
}

/** What a restored data directory holds, read as the daemon would. */
function look(folder: string) {
  const restored = new Sqlite(join(folder, 'wxrc.db'), { readonly: true });
  try {
    const all = (sql: string) => restored.prepare(sql).raw().all();
    return {
      sends: all('SELECT msgid, state, handed_at FROM sends ORDER BY msgid'),
      channels: all('SELECT chid, event_seq FROM channels'),
      tables: all("SELECT name FROM sqlite_master WHERE name IN ('backup_parts', 'backup_facts')"),
    };
  } finally {
    restored.close();
  }
}

test('a backup is one private file with everything in it', async () => {
  const facts = await createBackup({ db, dataDir, now });
  expect(facts).toMatchObject({ file: 'wxrc-20260102T030405006Z.backup', at: now });
  const path = join(dataDir, 'backups', facts.file);
  expect(statSync(path)).toMatchObject({ size: facts.bytes });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(inspectBackup(path)).toEqual({
    at: now,
    schema: migrations.length,
    channels: 1,
    bots: 0,
    sends: 3,
    operators: 1,
    users: 0,
    messages: 0,
    files: 1,
    reportFiles: 0,
  });
  await createBackup({ db, dataDir, now: now + 1 });
  expect(listBackups(join(dataDir, 'backups')).map((one) => one.at)).toEqual([now + 1, now]);
  const names = readdirSync(join(dataDir, 'backups'));
  expect(names.filter((name) => name.endsWith('.backup'))).toHaveLength(2);
});

test('what a killed process left of a backup goes with a later one; what is young may be in the making', async () => {
  const folder = join(dataDir, 'backups');
  mkdirSync(folder);
  const [old, young] = ['.wxrc-old.backup.part', '.wxrc-young.backup.part'];
  for (const name of [old, young]) writeFileSync(join(folder, name), 'half');
  utimesSync(join(folder, old), now / 1000 - 90_000, now / 1000 - 90_000);
  utimesSync(join(folder, young), now / 1000 - 60, now / 1000 - 60);
  await createBackup({ db, dataDir, now });
  const names = readdirSync(folder);
  expect([names.includes(old), names.includes(young)]).toEqual([false, true]);
});

test('a backup ends although commits go on all the time', async () => {
  await db.transaction(async (tx) => {
    const value = 'x'.repeat(4000);
    for (let i = 0; i < 2000; i += 1) {
      await tx.run('INSERT INTO settings (name, value) VALUES (?, ?)', [`n${i}`, value]);
    }
  });
  let writing = true;
  let commits = 0;
  const writer = (async () => {
    for (; writing; commits += 1) {
      await db.transaction((tx) =>
        tx.run("UPDATE settings SET value = ? WHERE name = 'n0'", [`${commits}`]),
      );
    }
  })();
  const path = await backedUp();
  writing = false;
  await writer;
  expect(commits).toBeGreaterThan(0);
  expect(inspectBackup(path)).toMatchObject({ sends: 3 });
});

test('clients that have read beyond a backup are told of what comes after it', async () => {
  await db.transaction(async (tx) => {
    await tx.run('INSERT INTO im_inbox (appid, uid, seq, message_id) VALUES (7, 1, 5, 1)');
    await tx.run('INSERT INTO im_inbox (appid, uid, seq, message_id) VALUES (7, 1, 6, 2)');
    await tx.run('INSERT INTO im_group_inbox (gid, seq, message_id) VALUES (9, 2, 3)');
    await tx.run(
      `INSERT INTO im_apps (appid, name, secret, source, first_key, created_at)
       VALUES (7, 'shop', x'00', 'admin', 500, 1)`,
    );
  });
  const target = join(root, 'other');
  restoreBackup({ backup: await backedUp(), dataDir: target, now, queued: 'unknown' });
  const restored = new Sqlite(join(target, 'wxrc.db'), { readonly: true });
  const places = restored.prepare('SELECT seq, message_id FROM im_inbox ORDER BY seq').raw().all();
  expect(places).toEqual([
    [5, 1],
    [6, 2],
    [1_000_006, 0],
  ]);
  expect(restored.prepare('SELECT max(seq) FROM im_group_inbox').pluck().get()).toBe(1_000_002);
  // Some name the last message that they know: the next ones have higher numbers than any of those.
  const messages = restored.prepare('SELECT id, appid, receiver FROM im_messages').raw();
  expect(messages.all()).toEqual([[1_000_000, -1, 0]]);
  // An inbox that was empty may have had places since.
  expect(restored.prepare('SELECT first_key FROM im_apps').pluck().get()).toBe(1_000_500);
  restored.close();
});

test('restored into an empty directory: key, files, counters behind a gap, no double sends', async () => {
  const backup = await backedUp();
  const target = join(root, 'other');
  const done = restoreBackup({ backup, dataDir: target, now: now + 1000, queued: 'unknown' });
  expect(done).toMatchObject({ at: now, sends: 3, files: 1, replaced: undefined });
  for (const name of ['secret.key', `files/ab/${picture}`]) {
    expect(readFileSync(join(target, name))).toEqual(readFileSync(join(dataDir, name)));
  }
  expect(statSync(join(target, 'secret.key')).mode & 0o777).toBe(0o600);
  expect(look(target)).toEqual({
    sends: [
      [1, 'sent', null],
      [2, 'unknown', now],
      [3, 'unknown', null],
      [1_000_003, 'cancelled', null],
    ],
    channels: [['demo', 1_000_007]],
    tables: [],
  });
  const again = new SqliteDatabase({ file: join(target, 'wxrc.db') });
  // Who looks at the messages sees those before at once, and nothing of the gap.
  const { rows, next } = await new SendViews(again).page({ botcode: 'bot01' }, undefined, 10);
  expect([rows.map(({ msgid }) => msgid), next]).toEqual([[3, 2, 1], undefined]);
  expect(await migrate(again, { now })).toMatchObject({ pending: [] });
  await again.close();
});

test('what was there is kept aside; queued sends go on when that is asked for', async () => {
  const backup = await backedUp();
  await db.transaction((tx) => tx.run("UPDATE sends SET state = 'sent' WHERE msgid = 2"));
  await db.close();
  const done = restoreBackup({ backup, dataDir, now, queued: 'resume' });
  expect(look(dataDir).sends.slice(0, 2)).toEqual([
    [1, 'sent', null],
    [2, 'queued', null],
  ]);
  expect(done.replaced).toBe(join(dataDir, 'replaced-20260102T030405006Z'));
  expect(look(done.replaced ?? '').sends[1]).toEqual([2, 'sent', null]);
  expect(existsSync(join(done.replaced ?? '', 'secret.key'))).toBe(true);
  expect(existsSync(backup)).toBe(true);
  expect(readdirSync(dataDir).filter((name) => name.startsWith('restoring'))).toEqual([]);
});

test('a directory in use is not touched', async () => {
  const backup = await backedUp();
  const lock = acquireLock(dataDir);
  const before = readdirSync(dataDir);
  expect(() => restoreBackup({ backup, dataDir, now, queued: 'unknown' })).toThrow(StoreLocked);
  expect(readdirSync(dataDir)).toEqual(before);
  lock.release();
});

test.each([
  ['cut off', (path: string) => truncateSync(path, statSync(path).size - 5000)],
  [
    'overwritten in the middle',
    (path: string) => {
      const bytes = readFileSync(path);
      bytes.fill(0x5a, 20_000, 26_000);
      writeFileSync(path, bytes);
    },
  ],
  ['no backup at all', (path: string) => writeFileSync(path, 'hello')],
  [
    'a bare database',
    (path: string) => {
      rmSync(path);
      new Sqlite(path).exec('CREATE TABLE migrations (version INTEGER)').close();
    },
  ],
  [
    'of a newer version',
    (path: string) => {
      new Sqlite(path).exec("INSERT INTO migrations VALUES (999, 'later', 0)").close();
    },
  ],
  ['missing', (path: string) => rmSync(path)],
])('a backup that is %s is refused, and nothing is changed', async (_what, spoil) => {
  const backup = await backedUp();
  spoil(backup);
  const target = join(root, 'other');
  expect(() => restoreBackup({ backup, dataDir: target, now, queued: 'unknown' })).toThrow(
    BackupFault,
  );
  expect(existsSync(target)).toBe(false);
});
