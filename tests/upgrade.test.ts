import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrations } from '../store/migrations/index.ts';
import { migrate } from '../store/migrator.ts';
import { SqliteDatabase } from '../store/sqlite.ts';
import { runInProcess } from './support/cli.ts';
import { eventually } from './support/eventually.ts';
import { noDisk, SmallDisk } from './support/small-disk.ts';

const newest = migrations.at(-1)?.version ?? 0;
const old = migrations.filter(({ version }) => version < 20);
const copyName = `wxrc.db.before-${newest}`;
const port = ['--port', '0'];
let folder: string;
let disk: SmallDisk | undefined;
const started: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-upgrade-'));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  disk?.remove();
  disk = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** A data directory of an older version, of so many megabytes. */
async function oldData(megabytes: number, mark = 'first'): Promise<void> {
  const db = new SqliteDatabase({ file: join(folder, 'wxrc.db') });
  await migrate(db, { now: 1, known: old });
  const big = 'x'.repeat(1024 * 1024);
  await db.transaction(async (tx) => {
    const insert = 'INSERT INTO settings (name, value) VALUES (?, ?)';
    await tx.run(insert, ['mark', mark]);
    for (let at = 0; at < megabytes; at += 1) await tx.run(insert, [`big${at}`, big]);
  });
  await db.close();
}

interface Running {
  child: ChildProcess;
  out: () => string;
  ended: Promise<number | string>;
}

/** The process itself. */
function start(env: Record<string, string> = {}): Running {
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({ bots: [], channels: [], chatbot: { starter: false } }));
  const child = spawn(
    process.execPath,
    ['scripts/start.ts', '--config', config, '--data', folder, ...port],
    {
      cwd: join(import.meta.dirname, '..'),
      env: { ...process.env, LANG: 'en_US.UTF-8', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  started.push(child);
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      out += chunk;
    });
  }
  const ended = new Promise<number | string>((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? signal ?? ''));
  });
  return { child, out: () => out, ended };
}

async function runToReady(): Promise<string> {
  const { child, out, ended } = start();
  await eventually('ready', () => out().includes('wxrc ready'), 15_000);
  child.kill('SIGTERM');
  await ended;
  return out();
}

async function migrated(): Promise<void> {
  const env = { WXRC_DATA: folder, LANG: 'en_US.UTF-8' };
  expect((await runInProcess(['migrate'], env)).code).toBe(0);
}

const copies = (): string[] => readdirSync(folder).filter((name) => name.includes('.before-'));

function copied(name: string): { integrity: unknown; schema: unknown; mark: unknown } {
  const db = new Sqlite(join(folder, name), { readonly: true });
  try {
    const value = (sql: string): unknown => db.prepare(sql).pluck().get();
    return {
      integrity: db.pragma('integrity_check', { simple: true }),
      schema: value('SELECT max(version) FROM migrations'),
      mark: value("SELECT value FROM settings WHERE name = 'mark'"),
    };
  } finally {
    db.close();
  }
}

test('killed while it copies: the next start copies anew, and only what is whole has the name', async () => {
  await oldData(60);
  for (const bytes of [1, 20_000_000]) {
    const { child, ended } = start();
    const growing = (): boolean =>
      copies().some((name) => statSync(join(folder, name)).size >= bytes);
    await eventually('a copy that grows', growing, 15_000);
    child.kill('SIGKILL');
    await ended;
  }
  await runToReady();
  expect(copies()).toEqual([copyName]);
  expect(copied(copyName)).toEqual({ integrity: 'ok', schema: 19, mark: 'first' });
}, 60_000);

test('a copy of another database is kept aside, not taken for this one', async () => {
  await oldData(1);
  await migrated();
  for (const end of ['', '-wal', '-shm']) rmSync(join(folder, `wxrc.db${end}`), { force: true });
  await oldData(1, 'second');
  await migrated();
  expect(copied(copyName)).toEqual({ integrity: 'ok', schema: 19, mark: 'second' });
  const [, aside] = copies().sort();
  expect(aside).toMatch(/^wxrc\.db\.before-\d+\.\d{8}T\d{9}Z$/);
  expect(copied(aside ?? '')).toMatchObject({ mark: 'first' });
  expect(existsSync(join(folder, `${copyName}.part`))).toBe(false);
});

test('a disk without room for the copy is told in words, with 74, and nothing half written stays', async ({
  skip,
}) => {
  disk = SmallDisk.make(40);
  if (disk === undefined) return skip(noDisk);
  rmSync(folder, { recursive: true });
  folder = disk.folder;
  await oldData(16);
  disk.fill(12 * 1024 * 1024);
  const { ended, out } = start({ LANG: 'zh_CN.UTF-8' });
  expect(await ended).toBe(74);
  expect(out()).toContain('wxrc 无法启动：磁盘已满，请腾出空间后再启动');
  expect(copies()).toEqual([]);
  disk.empty();
  await migrated();
  expect(copied(copyName)).toMatchObject({ integrity: 'ok', schema: 19 });
}, 30_000);

test('SIGTERM while it writes the database anew ends it at once, with 0, and the next start does it', async () => {
  await oldData(100);
  const file = join(folder, 'wxrc.db');
  let db = new Sqlite(file);
  db.exec("DELETE FROM settings WHERE name LIKE 'big%' AND rowid % 2 = 0");
  db.close();
  const { child, out, ended } = start();
  await eventually('the log line', () => out().includes('writing the database anew'), 20_000);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(out()).toMatch(/"from":19,"to":\d+,"bytes":\d+,.*copying the database first/);
  db = new Sqlite(file);
  // It did not wait for the end of that.
  expect(db.pragma('freelist_count', { simple: true })).toBeGreaterThan(1000);
  db.close();
  await runToReady();
  db = new Sqlite(file);
  expect(db.pragma('freelist_count', { simple: true })).toBeLessThan(1000);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  db.close();
}, 60_000);

test('a small folder for temporary files does not keep it from writing the database anew', async ({
  skip,
}) => {
  disk = SmallDisk.make(4);
  if (disk === undefined) return skip(noDisk);
  await oldData(20);
  const { child, out, ended } = start({ TMPDIR: disk.folder });
  await eventually('ready', () => out().includes('wxrc ready'), 20_000);
  child.kill('SIGTERM');
  await ended;
  expect(out()).toContain('the database is written anew');
  expect(out()).not.toContain('could not be written anew');
}, 40_000);
