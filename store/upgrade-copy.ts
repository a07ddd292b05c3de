import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Database } from './database.ts';
import { fileStamp } from './file-stamp.ts';
import { syncPath } from './sync-path.ts';
import { DatabaseUnusable } from './wal-check.ts';

/**
 * Tells in the database itself which copy was made of it for the upgrade under way: whatever else
 * bears the name is of another one, or of another time. Gone when the upgrade is done.
 */
const table = 'upgrade_copy';
/** The statement that forgets it. */
export const forgetCopy = `DROP TABLE IF EXISTS ${table}`;

interface Mark {
  id: string;
  source: number;
  target: number;
  /** Whether the copy had got its name. */
  whole: number;
}

export interface CopyOptions {
  /** The file of the database; the copy lies beside. */
  file: string;
  /** Schema before and after the upgrade. */
  current: number;
  newest: number;
  now: number;
}

/**
 * Copies a database before it is upgraded to `<file>.before-<newest>`: under another name until it is
 * whole. One of that name from before is kept with a time behind; that of an attempt which was
 * interrupted is replaced, but where the upgrade is half done it stays: it alone leads back.
 * @throws DatabaseUnusable
 */
export async function copyBefore(db: Database, options: CopyOptions): Promise<void> {
  const { file, current, newest, now } = options;
  const copy = `${file}.before-${newest}`;
  const part = `${copy}.part`;
  removePart(part);
  const there = existsSync(copy);
  if (there) assertFile(copy);
  const mark = await markOf(db);
  const ours = there && mark?.whole === 1 && mark.target === newest && markIn(copy)?.id === mark.id;
  if (ours && mark.source < current) return;
  const id = randomUUID();
  await db.transaction(async (tx) => {
    await tx.run(forgetCopy);
    await tx.run(
      `CREATE TABLE ${table} (id TEXT PRIMARY KEY, source INTEGER NOT NULL,
         target INTEGER NOT NULL, whole INTEGER NOT NULL)`,
    );
    await tx.run(`INSERT INTO ${table} VALUES (?, ?, ?, 0)`, [id, current, newest]);
  });
  try {
    await db.backup(part);
    settle(part);
  } catch (error) {
    removePart(part);
    throw error;
  }
  if (there && !ours) renameSync(copy, `${copy}.${fileStamp(now)}`);
  renameSync(part, copy);
  syncPath(dirname(copy));
  await db.transaction((tx) => tx.run(`UPDATE ${table} SET whole = 1`));
}

/** Schema of a copy; undefined: it cannot be told. */
export function schemaOf(copy: string): number | undefined {
  return reading(copy, (db) =>
    Number(db.prepare('SELECT max(version) FROM migrations').pluck().get()),
  );
}

function markIn(copy: string): Mark | undefined {
  return reading(copy, (db) => db.prepare(`SELECT * FROM ${table}`).get() as Mark | undefined);
}

async function markOf(db: Database): Promise<Mark | undefined> {
  const known = await db.read('SELECT 1 FROM sqlite_master WHERE name = ?', [table]);
  if (known.length === 0) return undefined;
  const [mark] = await db.read<Mark>(`SELECT * FROM ${table}`);
  return mark;
}

function reading<T>(copy: string, ask: (db: Sqlite.Database) => T): T | undefined {
  let db: Sqlite.Database | undefined;
  try {
    // Older versions left copies in WAL mode: read only, files of that would stay beside.
    db = new Sqlite(copy, { readonly: !inWalMode(copy), fileMustExist: true });
    return ask(db);
  } catch {
    return undefined;
  } finally {
    db?.close();
  }
}

function inWalMode(file: string): boolean {
  const head = Buffer.alloc(20);
  const fd = openSync(file, 'r');
  try {
    readSync(fd, head, 0, head.length, 0);
  } finally {
    closeSync(fd);
  }
  return head[18] === 2;
}

/** One file by itself, on the disk. */
function settle(part: string): void {
  const db = new Sqlite(part, { fileMustExist: true });
  try {
    db.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
  syncPath(part, 'r+');
}

function removePart(part: string): void {
  for (const end of ['', '-journal', '-wal', '-shm']) rmSync(`${part}${end}`, { force: true });
}

function assertFile(copy: string): void {
  if (statSync(copy).isFile()) return;
  throw new DatabaseUnusable({
    zh: `${copy} 不是文件：升级前的副本要写在这里，请移走它`,
    en: `${copy} is no file: the copy before the upgrade belongs there, move it away`,
  });
}
