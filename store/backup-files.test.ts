import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openVault } from '../config/secrets.ts';
import { createBackup, NoRoomForBackup } from './backup.ts';
import { migrate } from './migrator.ts';
import { inspectBackup, restoreBackup } from './restore.ts';
import { SqliteDatabase } from './sqlite.ts';

const now = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
const upload = join('files', 'ab', 'ab'.padEnd(64, '0'));
const tooLarge = 65 * 1024 * 1024;
let root: string;
let dataDir: string;
let db: SqliteDatabase;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'wxrc-backup-files-'));
  dataDir = join(root, 'data');
  openVault(dataDir);
  db = new SqliteDatabase({ file: join(dataDir, 'wxrc.db') });
  await migrate(db, { now });
});
afterEach(async () => {
  await db.close();
  rmSync(root, { recursive: true, force: true });
});

function put(name: string, text: string): string {
  const path = join(dataDir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** A file that says to be so large; it takes no room. */
function putLarge(name: string, bytes: number): string {
  const path = put(name, '');
  truncateSync(path, bytes);
  return path;
}

async function backedUp(): Promise<string> {
  const { file } = await createBackup({ db, dataDir, now });
  return join(dataDir, 'backups', file);
}

function free(): number {
  const { bavail, bsize } = statfsSync(dataDir);
  return bavail * bsize;
}

test('a file that no backup holds needs no room in it', async () => {
  put('reports/shops.csv', 'a');
  const path = putLarge('reports/erp.sqlite', free());
  symlinkSync(path, join(dataDir, 'reports', 'link.sqlite'));
  putLarge('files/ab/half-written.tmp', free());
  expect(inspectBackup(await backedUp())).toMatchObject({ reportFiles: 1, files: 0 });
});

test('uploads need room, too', async () => {
  putLarge(upload, free());
  await expect(createBackup({ db, dataDir, now })).rejects.toBeInstanceOf(NoRoomForBackup);
  expect(readdirSync(join(dataDir, 'backups'))).toEqual([]);
});

test('a folder that cannot be read is left out, and nothing else with it', async () => {
  put('reports/shops.csv', 'a');
  put('reports/daily/days.csv', 'b');
  // Deeper than a path may be long: nobody can read it by its name, root neither.
  const [deep, deeper] = ['d', 'e'].map((name) => join(...Array(12).fill(name.repeat(200))));
  mkdirSync(join(dataDir, 'reports', deep ?? ''), { recursive: true });
  mkdirSync(join(root, deeper ?? ''), { recursive: true });
  const top = join(root, 'e'.repeat(200));
  const hidden = join(dataDir, 'reports', deep ?? '', 'e');
  renameSync(top, hidden);
  try {
    expect(inspectBackup(await backedUp())).toMatchObject({ reportFiles: 2 });
  } finally {
    renameSync(hidden, top);
  }
});

test('others go on while the files of a backup are counted', async () => {
  for (let at = 0; at < 60; at += 1) put(`reports/${at % 10}/${at}.csv`, 'a');
  let turns = 0;
  let next = setImmediate(function turn() {
    turns += 1;
    next = setImmediate(turn);
  });
  const copy = db.backup.bind(db);
  let before = 0;
  db.backup = (path) => {
    before = turns;
    return copy(path);
  };
  const backup = await backedUp();
  clearImmediate(next);
  expect(before).toBeGreaterThan(10);
  expect(inspectBackup(backup)).toMatchObject({ reportFiles: 60 });
});

test('files of reports that a backup does not hold stay where they are', async () => {
  put('reports/shops.csv', 'of the backup');
  put('reports/daily/days.csv', 'of the backup');
  const large = putLarge('reports/erp.sqlite', tooLarge);
  symlinkSync(large, join(dataDir, 'reports', 'daily', 'link.sqlite'));
  const backup = await backedUp();
  put('reports/shops.csv', 'newer');
  put('reports/daily/days.csv', 'newer');
  put('reports/daily/later.csv', 'later');
  await db.close();
  const { replaced } = restoreBackup({ backup, dataDir, now, queued: 'unknown' });
  const read = (folder: string, name: string) =>
    readFileSync(join(folder, 'reports', name), 'utf8');
  for (const name of ['shops.csv', 'daily/days.csv']) {
    expect(read(dataDir, name)).toBe('of the backup');
    expect(read(replaced ?? '', name)).toBe('newer');
  }
  expect(read(dataDir, 'daily/later.csv')).toBe('later');
  expect(readdirSync(join(dataDir, 'reports')).sort()).toEqual([
    'daily',
    'erp.sqlite',
    'shops.csv',
  ]);
  expect(existsSync(join(dataDir, 'reports', 'daily', 'link.sqlite'))).toBe(true);
  expect(readdirSync(join(replaced ?? '', 'reports')).sort()).toEqual(['daily', 'shops.csv']);
});

test('a database of reports keeps its own log, and takes none of another time', async () => {
  put('reports/kept.sqlite', 'of the backup');
  put('reports/logged.sqlite', 'of the backup');
  put('reports/logged.sqlite-wal', 'of the backup');
  putLarge('reports/large.sqlite', tooLarge);
  put('reports/large.sqlite-wal', 'of the backup');
  const backup = await backedUp();
  const logs = ['kept', 'logged', 'large'].map((name) => `${name}.sqlite-wal`);
  for (const name of logs) put(`reports/${name}`, 'newer');
  await db.close();
  const { replaced } = restoreBackup({ backup, dataDir, now, queued: 'unknown' });
  const told = (folder: string) =>
    logs.map((name) => {
      const path = join(folder, 'reports', name);
      return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
    });
  expect(told(dataDir)).toEqual([undefined, 'of the backup', 'newer']);
  expect(told(replaced ?? '')).toEqual(['newer', 'newer', undefined]);
});

test('a link in the place of a folder of reports is put aside, and nothing is written through it', async () => {
  put('reports/daily/days.csv', 'of the backup');
  const backup = await backedUp();
  const other = join(root, 'other');
  renameSync(join(dataDir, 'reports', 'daily'), other);
  writeFileSync(join(other, 'days.csv'), 'of another');
  symlinkSync(other, join(dataDir, 'reports', 'daily'));
  await db.close();
  const { replaced } = restoreBackup({ backup, dataDir, now, queued: 'unknown' });
  expect(readFileSync(join(other, 'days.csv'), 'utf8')).toBe('of another');
  expect(readFileSync(join(dataDir, 'reports/daily/days.csv'), 'utf8')).toBe('of the backup');
  expect(existsSync(join(replaced ?? '', 'reports', 'daily'))).toBe(true);
});
