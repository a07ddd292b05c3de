import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Migration } from './migrations/migration.ts';
import { migrate } from './migrator.ts';
import { SqliteDatabase } from './sqlite.ts';
import { schemaOf } from './upgrade-copy.ts';

const table = (version: number): Migration => ({
  ...{ version, name: `t${version}` },
  statements: [`CREATE TABLE t${version} (id INTEGER)`],
});
const broken: Migration = { version: 3, name: 'broken', statements: ['CREATE NONSENSE'] };
const [one, two, three] = [table(1), table(2), table(3)];

let folder: string;
let file: string;
let db: SqliteDatabase;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-copy-'));
  file = join(folder, 'a.db');
  db = new SqliteDatabase({ file });
  await migrate(db, { now: 1, known: [one] });
});
afterEach(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

const upgrade = (known: Migration[], now = 2) => migrate(db, { now, known, backupFile: file });
const copies = (): string[] => readdirSync(folder).filter((name) => name.includes('.before-'));

it('copies anew each time a migration fails at once, and piles nothing up', async () => {
  const first = { ...broken, version: 2 };
  for (const id of [1, 2, 3]) {
    await db.transaction((tx) => tx.run('INSERT INTO t1 VALUES (?)', [id]));
    await expect(upgrade([one, first])).rejects.toThrow();
  }
  expect(copies()).toEqual(['a.db.before-2']);
  const copy = new SqliteDatabase({ file: `${file}.before-2` });
  expect(await copy.read('SELECT id FROM t1')).toHaveLength(3);
  await copy.close();
});

it('keeps the copy of before an upgrade that is half done', async () => {
  await expect(upgrade([one, two, broken])).rejects.toThrow();
  const { mtimeMs } = statSync(`${file}.before-3`);
  await expect(upgrade([one, two, broken])).rejects.toThrow();
  await upgrade([one, two, three]);
  expect(copies()).toEqual(['a.db.before-3']);
  expect(statSync(`${file}.before-3`).mtimeMs).toBe(mtimeMs);
  expect(schemaOf(`${file}.before-3`)).toBe(1);
});

it('copies again where a half-done upgrade was given up meanwhile', async () => {
  await expect(upgrade([one, two, broken])).rejects.toThrow();
  await upgrade([one, two]);
  await db.transaction((tx) => tx.run('INSERT INTO t2 VALUES (5)'));
  await upgrade([one, two, three], Date.UTC(2026, 0, 2));
  expect(copies().sort()).toEqual(['a.db.before-3', 'a.db.before-3.20260102T000000000Z']);
  expect(schemaOf(`${file}.before-3`)).toBe(2);
});

it('takes no garbage of that name for a copy, and leaves nothing half written', async () => {
  writeFileSync(`${file}.before-2`, 'torn');
  writeFileSync(`${file}.before-2.part`, 'torn');
  writeFileSync(`${file}.before-2.part-journal`, 'torn');
  await upgrade([one, two], Date.UTC(2026, 0, 2));
  expect(copies().sort()).toEqual(['a.db.before-2', 'a.db.before-2.20260102T000000000Z']);
  expect(schemaOf(`${file}.before-2`)).toBe(1);
  expect(copies()).toHaveLength(2);
});

it('refuses a folder of that name, in words', async () => {
  mkdirSync(`${file}.before-2`);
  await expect(upgrade([one, two])).rejects.toThrow(/is no file: the copy .* belongs there/);
  expect(await db.read('SELECT max(version) AS v FROM migrations')).toEqual([{ v: 1 }]);
});
