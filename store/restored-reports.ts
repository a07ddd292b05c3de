import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What SQLite takes for the newest changes of the database beside it, whichever that is. */
const logEnd = /-(wal|shm|journal)$/;

/**
 * Puts files of a backup into a folder. What they take the place of goes to `aside`; what the
 * backup does not know stays where it is: it holds no large files and no links, and reports need
 * those all the same. A database and its log are either both of the backup or both of the folder.
 */
export function bringIn(from: string, to: string, aside: string): void {
  if (!isFolder(to)) putAside(to, aside);
  mkdirSync(to, { recursive: true, mode: 0o700 });
  const found = readdirSync(from, { withFileTypes: true });
  const names = new Set(found.map(({ name }) => name));
  const isOfAnother = (name: string): boolean => {
    const database = name.replace(logEnd, '');
    return database !== name && !names.has(database) && existsSync(join(to, database));
  };
  const brought = found.filter(({ name }) => !isOfAnother(name));
  const merged = brought.filter((one) => one.isDirectory() && isFolder(join(to, one.name)));
  const placed = brought.filter((one) => !merged.includes(one)).map(({ name }) => name);
  // All of it before the first one comes: a log would be taken for one of before.
  for (const name of placed) {
    for (const one of [name, `${name}-wal`, `${name}-shm`, `${name}-journal`]) {
      putAside(join(to, one), join(aside, one));
    }
  }
  for (const name of placed) renameSync(join(from, name), join(to, name));
  for (const { name } of merged) bringIn(join(from, name), join(to, name), join(aside, name));
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function putAside(path: string, aside: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
  mkdirSync(dirname(aside), { recursive: true, mode: 0o700 });
  renameSync(path, aside);
}
