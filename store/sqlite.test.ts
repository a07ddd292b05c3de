import { fdatasync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseFatal } from './database.ts';
import { SqliteDatabase, type SqliteOptions } from './sqlite.ts';

let folder: string;
let open: SqliteDatabase[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-store-'));
  open = [];
});

afterEach(async () => {
  for (const db of open) await db.close();
  rmSync(folder, { recursive: true, force: true });
});

async function create(options: Partial<SqliteOptions> = {}): Promise<SqliteDatabase> {
  const db = new SqliteDatabase({ file: join(folder, 'test.db'), ...options });
  open.push(db);
  await db.transaction((tx) =>
    tx.run('CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, name TEXT UNIQUE)'),
  );
  return db;
}

const add = (db: SqliteDatabase, name: string): Promise<number> =>
  db.transaction((tx) => tx.run('INSERT INTO rows (name) VALUES (?)', [name]));
const names = async (db: SqliteDatabase): Promise<string[]> =>
  (await db.read<{ name: string }>('SELECT name FROM rows ORDER BY id')).map((row) => row.name);

describe('transactions', () => {
  it('run one after another, in the order they were asked for', async () => {
    const db = await create();
    const order: string[] = [];
    await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        db.transaction(async (tx) => {
          order.push(`${name} begins`);
          await tx.run('INSERT INTO rows (name) VALUES (?)', [name]);
          await tx.get('SELECT 1');
          order.push(`${name} ends`);
        }),
      ),
    );
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
    expect(await names(db)).toEqual(['a', 'b', 'c']);
  });

  it('roll back alone when they fail, with the rest of the batch kept', async () => {
    const db = await create();
    const results = await Promise.allSettled([
      add(db, 'first'),
      db.transaction(async (tx) => {
        await tx.run('INSERT INTO rows (name) VALUES (?)', ['half']);
        throw new Error('no');
      }),
      add(db, 'first'),
      add(db, 'last'),
    ]);
    expect(results.map((one) => one.status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(await names(db)).toEqual(['first', 'last']);
  });

  it('share one sync when they arrive together, and one more while it runs', async () => {
    let syncs = 0;
    const db = await create({
      sync: (fd, done) => {
        syncs += 1;
        fdatasync(fd, done);
      },
    });
    syncs = 0;
    await Promise.all(Array.from({ length: 100 }, (_, index) => add(db, `n${index}`)));
    expect(syncs).toBe(1);
    expect(await names(db)).toHaveLength(100);
  });

  it('settle only after the sync, hooks first, and hooks of a failed one never run', async () => {
    const gate = new Gate();
    const db = await create({ sync: gate.sync });
    const log: string[] = [];
    gate.close();
    const done = db
      .transaction(async (tx) => {
        await tx.run('INSERT INTO rows (name) VALUES (?)', ['a']);
        tx.onDurable(() => log.push('hook'));
      })
      .then(() => log.push('settled'));
    const failed = db
      .transaction((tx) => {
        tx.onDurable(() => log.push('never'));
        throw new Error('no');
      })
      .catch(() => log.push('failed'));
    await gate.reached();
    expect(log).toEqual([]);
    gate.open();
    await Promise.all([done, failed]);
    expect(log).toEqual(['hook', 'settled', 'failed']);
  });

  it('let a read see a row only when its sync is over', async () => {
    const gate = new Gate();
    const db = await create({ sync: gate.sync });
    gate.close();
    const written = add(db, 'a');
    await gate.reached();
    let seen: string[] | undefined;
    const reading = names(db).then((rows) => {
      seen = rows;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen).toBeUndefined();
    gate.open();
    await Promise.all([written, reading]);
    expect(seen).toEqual(['a']);
  });
});

describe('a long life', () => {
  it('starts the WAL over again and again, with every row in place', async () => {
    const db = await create();
    const filler = 'x'.repeat(2000);
    await db.transaction((tx) => tx.run('CREATE TABLE log (id INTEGER PRIMARY KEY, text TEXT)'));
    const sql = 'INSERT INTO log (text) VALUES (?)';
    for (let round = 0; round < 40; round += 1) {
      await Promise.all(
        Array.from({ length: 1000 }, () => db.transaction((tx) => tx.run(sql, [filler]))),
      );
    }
    // 80 MB went through it.
    expect(statSync(join(folder, 'test.db-wal')).size).toBeLessThan(60 * 1_048_576);
    const [row] = await db.readLong<{ n: number }>('SELECT count(*) AS n FROM log');
    expect(row?.n).toBe(40_000);
  });

  it('starts the WAL over also when few transactions write much, and gives the disk back', async () => {
    const db = await create();
    await db.transaction((tx) => tx.run('CREATE TABLE log (id INTEGER PRIMARY KEY, text TEXT)'));
    const sql = `INSERT INTO log (text) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1
      FROM n WHERE i < 5000) SELECT ? FROM n`;
    for (let round = 0; round < 100; round += 1) {
      await db.transaction((tx) => tx.run(sql, ['x'.repeat(200)]));
    }
    // 100 MB went through it.
    expect(statSync(join(folder, 'test.db-wal')).size).toBeLessThan(50 * 1_048_576);
  });

  it('is copied while it is written to', async () => {
    const db = await create();
    await add(db, 'a');
    const copy = join(folder, 'copy.db');
    await Promise.all([db.backup(copy), add(db, 'b')]);
    const restored = new SqliteDatabase({ file: copy });
    open.push(restored);
    expect((await names(restored))[0]).toBe('a');
  });
});

describe('a sync that fails', () => {
  it('is fatal: nothing is acknowledged, then or later', async () => {
    let broken = false;
    const fatal: Error[] = [];
    const db = await create({
      sync: (fd, done) => (broken ? done(new Error('EIO')) : fdatasync(fd, done)),
      onFatal: (error) => fatal.push(error),
    });
    await add(db, 'kept');
    broken = true;
    const results = await Promise.allSettled([add(db, 'lost'), add(db, 'lost too')]);
    expect(results.every((one) => one.status === 'rejected')).toBe(true);
    await expect(add(db, 'later')).rejects.toBeInstanceOf(DatabaseFatal);
    await expect(db.read('SELECT 1')).rejects.toBeInstanceOf(DatabaseFatal);
    expect(fatal).toHaveLength(1);
  });
});

/** A sync that can be held back. */
class Gate {
  #closed = false;
  #held: (() => void) | undefined;
  #arrived: (() => void) | undefined;

  readonly sync = (fd: number, done: (error: Error | null) => void): void => {
    const go = (): void => fdatasync(fd, done);
    if (!this.#closed) {
      go();
      return;
    }
    this.#held = go;
    this.#arrived?.();
  };

  close(): void {
    this.#closed = true;
  }

  reached(): Promise<void> {
    if (this.#held !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.#arrived = resolve;
    });
  }

  open(): void {
    this.#closed = false;
    this.#held?.();
    this.#held = undefined;
  }
}
