import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { ToldError } from '../config/told-error.ts';
import { fileStamp } from './file-stamp.ts';
import { acquireLock } from './lock.ts';
import { migrations } from './migrations/index.ts';
import { bringIn } from './restored-reports.ts';
import { sha256Of } from './sha256.ts';

/** Since these there are instant messaging, and people who log in. */
const imSchema = 2;
const operatorSchema = 12;
/** What a backup may bring: nothing that leads out of the data directory. */
const part =
  /^(secret\.key|files\/[0-9a-f]{2}\/[0-9a-f]{64}|reports(\/(?!\.{1,2}(\/|$))[^/\\\0]+)+)$/;

/** What a backup says of itself. */
export interface BackupContents {
  /** Epoch ms at which it was made. */
  at: number;
  /** Version of its schema. */
  schema: number;
  channels: number;
  bots: number;
  sends: number;
  /** People who may log in to the console. */
  operators: number;
  /** Users and messages of instant messaging; 0 in backups of before. */
  users: number;
  messages: number;
  files: number;
  /** Files of reports, of `<dataDir>/reports`. */
  reportFiles: number;
}

export interface RestoreOptions {
  backup: string;
  dataDir: string;
  now: number;
  /**
   * Sends that were queued when the backup was made may have left since. `unknown`: they wait for
   * proof and are not sent again unless their channel wants that. `resume`: they are sent.
   */
  queued: 'unknown' | 'resume';
}

const databaseFiles = ['wxrc.db', 'wxrc.db-wal', 'wxrc.db-shm', 'secret.key', 'files'];

/** The file is no backup, is damaged, or is of a newer version. */
export class BackupFault extends ToldError {}

/** Ids given out after the backup are never given again: counters go on behind this gap. */
const gap = 1_000_000;

/**
 * Looks whether a backup is whole, is what its checksum beside it says (where there is one), and can
 * be restored by this version.
 * @throws BackupFault
 */
export function inspectBackup(backup: string): BackupContents {
  const db = open(backup);
  try {
    // SQLite's own check sees broken pages, not bytes that changed in a whole one.
    assertChecksum(backup);
    return contentsOf(db);
  } catch (error) {
    if (error instanceof BackupFault) throw error;
    throw new BackupFault(
      {
        zh: `${backup} 不是 wxrc 的备份，或已损坏`,
        en: `${backup} is no backup of wxrc, or is damaged`,
      },
      { cause: error },
    );
  } finally {
    db.close();
  }
}

/**
 * Puts a backup in the place of a data directory that no daemon uses. What was there is kept in
 * `replaced-<time>` below it.
 * @returns the contents, and where the former data went (undefined: there was none)
 * @throws BackupFault, StoreLocked
 */
export function restoreBackup(
  options: RestoreOptions,
): BackupContents & { replaced: string | undefined } {
  const { backup, dataDir, now } = options;
  const contents = inspectBackup(backup);
  const lock = acquireLock(dataDir);
  const stamp = fileStamp(now);
  const fresh = join(dataDir, `restoring-${stamp}`);
  try {
    mkdirSync(fresh, { mode: 0o700 });
    copyFileSync(backup, join(fresh, 'wxrc.db'));
    unpack(fresh, options, contents);
    const aside = join(dataDir, `replaced-${stamp}`);
    const reports = join(fresh, 'reports');
    // First: it meets folders of operators, and what it fails at must leave the database in its place.
    if (existsSync(reports)) bringIn(reports, join(dataDir, 'reports'), join(aside, 'reports'));
    const replaced = moveAside(dataDir, aside);
    // The database comes last: it is what makes the directory one that holds data.
    for (const name of ['files', 'secret.key', 'wxrc.db']) {
      if (existsSync(join(fresh, name))) renameSync(join(fresh, name), join(dataDir, name));
    }
    return { ...contents, replaced };
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    lock.release();
  }
}

function open(backup: string): Sqlite.Database {
  try {
    return new Sqlite(backup, { readonly: true, fileMustExist: true });
  } catch (error) {
    const text = { zh: `无法读取 ${backup}`, en: `${backup} cannot be read` };
    throw new BackupFault(text, { cause: error });
  }
}

function assertChecksum(backup: string): void {
  const beside = `${backup}.sha256`;
  if (!existsSync(beside)) return;
  const [told] = readFileSync(beside, 'utf8').split(/\s/);
  if (told !== sha256Of(backup)) {
    throw new BackupFault({
      zh: '备份与其校验和不符：被改动过或已损坏',
      en: 'the backup is not what its checksum says: it was changed or damaged',
    });
  }
}

function contentsOf(db: Sqlite.Database): BackupContents {
  const [check] = db.pragma('integrity_check(1)') as { integrity_check: string }[];
  if (check?.integrity_check !== 'ok') {
    throw new BackupFault({ zh: '备份已损坏', en: 'the backup is damaged' });
  }
  const value = (sql: string): unknown => db.prepare(sql).pluck().get();
  if (value("SELECT value FROM backup_facts WHERE name = 'format'") !== '1') {
    throw new BackupFault({
      zh: '本版本不认识该备份的格式',
      en: 'the backup has a format that this version does not know',
    });
  }
  const schema = Number(value('SELECT max(version) FROM migrations'));
  const newest = migrations.at(-1)?.version ?? 0;
  if (schema > newest) {
    throw new BackupFault({
      zh: `备份的结构版本为 ${schema}，本版本只认识到 ${newest}：请使用更新的 wxrc`,
      en: `the backup has schema ${schema}, this version knows up to ${newest}: use a newer wxrc`,
    });
  }
  return {
    at: Number(value("SELECT value FROM backup_facts WHERE name = 'at'")),
    schema,
    channels: Number(value('SELECT count(*) FROM channels')),
    bots: Number(value('SELECT count(*) FROM bots')),
    sends: Number(value('SELECT count(*) FROM sends')),
    operators: schema < operatorSchema ? 0 : Number(value('SELECT count(*) FROM operator_users')),
    users: schema < imSchema ? 0 : Number(value('SELECT count(*) FROM im_users')),
    messages: schema < imSchema ? 0 : Number(value('SELECT count(*) FROM im_messages')),
    files: Number(value("SELECT count(*) FROM backup_parts WHERE name LIKE 'files/%'")),
    reportFiles: Number(value("SELECT count(*) FROM backup_parts WHERE name LIKE 'reports/%'")),
  };
}

/** Takes the parts out of the copied database and readies it to go on. */
function unpack(fresh: string, options: RestoreOptions, contents: BackupContents): void {
  const db = new Sqlite(join(fresh, 'wxrc.db'));
  try {
    const parts = db.prepare('SELECT name, bytes FROM backup_parts');
    for (const row of parts.iterate()) {
      const { name, bytes } = row as { name: string; bytes: Buffer };
      if (!part.test(name)) continue;
      const path = join(fresh, name);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, bytes, { mode: 0o600, flush: true });
    }
    db.exec('BEGIN');
    db.exec('DROP TABLE backup_parts; DROP TABLE backup_facts');
    // Who logged out, or was logged out, after the backup does not come back.
    db.exec("DELETE FROM admin_tokens WHERE kind = 'session'");
    db.prepare('UPDATE channels SET event_seq = event_seq + ?').run(gap);
    leaveNumbersOut(db, options.now);
    leavePlacesOut(db);
    leaveMessagesOut(db, options.now);
    if (options.queued === 'unknown') leaveQueuedUnknown(db, contents.at);
    db.exec('COMMIT');
    // The files lay in it: most of it may be empty now.
    db.pragma('auto_vacuum = INCREMENTAL');
    db.exec('VACUUM');
  } finally {
    db.close();
  }
}

/** What waited may have left since: it waits for proof and is not sent again by itself. */
export function leaveQueuedUnknown(db: Sqlite.Database, at: number): void {
  db.prepare(
    `UPDATE sends SET state = 'unknown', handed_at = ?, attempts = attempts + 1
     WHERE state = 'queued'`,
  ).run(at);
  leaveOutboxUnknown(db);
}

/** Numbers of sends go on from the newest row, so one stands for those given out meanwhile. */
function leaveNumbersOut(db: Sqlite.Database, now: number): void {
  const newest = Number(db.prepare('SELECT max(msgid) FROM sends').pluck().get() ?? 0);
  const payload = JSON.stringify({
    target: { kind: 'room', id: '' },
    content: { kind: 'text', text: '', mentions: [] },
  });
  db.prepare(
    `INSERT INTO sends (msgid, botcode, chid, txcode, kind, lane, payload, state, reason,
       accepted_at, run_at, expires_at, settled_at)
     VALUES (?, '', '', '', 'text', '', ?, 'cancelled', ?, ?, ?, ?, ?)`,
  ).run(
    newest + gap,
    payload,
    'stands for the numbers given out between the backup and its restoration',
    now,
    now,
    now,
    now,
  );
}

/** What waited for WeChat may have left since: at the next start it counts as handed over. */
function leaveOutboxUnknown(db: Sqlite.Database): void {
  const known = db.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'wechat_outbox'");
  if (known.pluck().get() === 0) return;
  db.prepare("UPDATE wechat_outbox SET state = 'sending' WHERE state = 'due'").run();
}

/**
 * Clients name the last message they know, and it may be one of after the backup: a message that lies
 * nowhere stands for those, and the next ones have higher numbers.
 */
function leaveMessagesOut(db: Sqlite.Database, now: number): void {
  const known = db.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'im_messages'").pluck();
  if (known.get() === 0) return;
  db.prepare(
    `INSERT INTO im_messages (id, appid, kind, sender, receiver, device, client_id, content, at)
     SELECT coalesce(max(id), 0) + ?, -1, 'notice', 0, 0, 0, 0, x'', ? FROM im_messages`,
  ).run(gap, now);
}

/**
 * Clients have been told of places after the backup, and ask for what comes behind those. A place
 * without a message stands for them in every inbox. Of the queues of pairs (application -2) nobody
 * is told places.
 */
function leavePlacesOut(db: Sqlite.Database): void {
  // Inboxes that had no message yet may have had one since.
  if (hasColumn(db, 'im_apps', 'first_key')) {
    db.prepare('UPDATE im_apps SET first_key = first_key + ?').run(gap);
  }
  const known = db.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'im_inbox'").pluck();
  // The backup of a version that knew no inboxes.
  if (known.get() === 0) return;
  db.prepare(
    `INSERT INTO im_inbox (appid, uid, seq, message_id)
     SELECT appid, uid, max(seq) + ?, 0 FROM im_inbox WHERE appid <> -2 GROUP BY appid, uid`,
  ).run(gap);
  db.prepare(
    `INSERT INTO im_group_inbox (gid, seq, message_id)
     SELECT gid, max(seq) + ?, 0 FROM im_group_inbox GROUP BY gid`,
  ).run(gap);
}

/** A backup of an older version lacks some. */
function hasColumn(db: Sqlite.Database, table: string, column: string): boolean {
  return (
    db.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?').get(table, column) !== undefined
  );
}

/** Copies of before an upgrade as well. @returns the folder, or undefined when nothing lies in it */
function moveAside(dataDir: string, folder: string): string | undefined {
  const copies = readdirSync(dataDir).filter((name) => name.startsWith('wxrc.db.before-'));
  for (const name of [...databaseFiles, ...copies]) {
    if (!existsSync(join(dataDir, name))) continue;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    renameSync(join(dataDir, name), join(folder, name));
  }
  return existsSync(folder) ? folder : undefined;
}
