import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Migration } from './migrations/migration.ts';
import { migrate, migrationStatus, NewerSchema } from './migrator.ts';
import { SqliteDatabase } from './sqlite.ts';

const first: Migration = { version: 1, name: 'one', statements: ['CREATE TABLE one (id INTEGER)'] };
const second: Migration = {
  version: 2,
  name: 'two',
  statements: ['CREATE TABLE two (id INTEGER)', 'INSERT INTO two VALUES (7)'],
};

let folder: string;
let db: SqliteDatabase;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-migrate-'));
  db = new SqliteDatabase({ file: join(folder, 'a.db') });
});

afterEach(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

it('runs what is pending once, in order', async () => {
  await migrate(db, { now: 1, known: [first, second] });
  await migrate(db, { now: 2, known: [first, second] });
  expect(await db.read('SELECT id FROM two')).toEqual([{ id: 7 }]);
  expect(await migrationStatus(db, [first, second])).toEqual({
    current: 2,
    newest: 2,
    pending: [],
  });
});

it('copies a database with data before it upgrades it', async () => {
  const backupFile = join(folder, 'a.db');
  await migrate(db, { now: 1, known: [first], backupFile });
  expect(existsSync(`${backupFile}.before-1`)).toBe(false);
  await db.transaction((tx) => tx.run('INSERT INTO one VALUES (5)'));
  await migrate(db, { now: 2, known: [first, second], backupFile });
  const copy = new SqliteDatabase({ file: `${backupFile}.before-2` });
  expect(await copy.read('SELECT id FROM one')).toEqual([{ id: 5 }]);
  expect((await migrationStatus(copy, [first, second])).current).toBe(1);
  await copy.close();
});

it('refuses a database of a newer version', async () => {
  await migrate(db, { now: 1, known: [first, second] });
  await expect(migrate(db, { now: 2, known: [first] })).rejects.toBeInstanceOf(NewerSchema);
});

it('leaves nothing of a migration that fails', async () => {
  const broken: Migration = {
    version: 2,
    name: 'broken',
    statements: ['CREATE TABLE two (id INTEGER)', 'CREATE NONSENSE'],
  };
  await migrate(db, { now: 1, known: [first] });
  await expect(migrate(db, { now: 2, known: [first, broken] })).rejects.toThrow();
  expect((await migrationStatus(db, [first, broken])).current).toBe(1);
  await migrate(db, { now: 3, known: [first, second] });
});
