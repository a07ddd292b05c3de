import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { fileStamp } from './file-stamp.ts';
import { leaveQueuedUnknown } from './restore.ts';
import { DatabaseUnusable } from './wal-check.ts';

/** Where a database that was taken away while it was in use is saved. @param at epoch ms */
export function savedName(dataDir: string, at: number): string {
  return join(dataDir, `saved-${fileStamp(at)}.db`);
}

/** What waits in a copy of a database in use may have left: it waits for proof, as after a restoration. */
export function leaveUnknown(copy: string, at: number): void {
  const db = new Sqlite(copy);
  try {
    leaveQueuedUnknown(db, at);
  } finally {
    db.close();
  }
}

/**
 * Refuses to begin an empty database where one that was taken away lies saved.
 * @throws DatabaseUnusable
 */
export function assertNothingSaved(file: string): void {
  let names: string[];
  try {
    names = readdirSync(dirname(file));
  } catch {
    return;
  }
  if (names.includes(basename(file))) return;
  const newest = names
    .filter((name) => /^saved-\w+\.db$/.test(name))
    .sort()
    .at(-1);
  if (newest === undefined) return;
  const name = basename(file);
  throw new DatabaseUnusable({
    zh:
      `${name} 在使用中被移走，其内容已存为 ${newest}：请把它改名为 ${name}，` +
      '并确认 secret.key 与 files/ 都在；若要从头开始，请移走它',
    en:
      `${name} was taken away while it was in use; what it held is saved as ${newest}: name it ` +
      `${name}, and see that secret.key and files/ are there. To begin anew, move it away`,
  });
}
