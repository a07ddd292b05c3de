import { execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../store/open-database.ts';
import { SqliteDatabase } from '../store/sqlite.ts';
import { checkWal } from '../store/wal-check.ts';
import { runInProcess } from './support/cli.ts';
import { noDisk } from './support/small-disk.ts';

let folder: string;
let mounted = false;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-damage-'));
});
afterEach(() => {
  if (mounted) execFileSync('umount', [folder]);
  mounted = false;
  rmSync(folder, { recursive: true, force: true });
});

const commits = 40;

/** A database with so many acknowledged commits in its log, as a kill leaves it behind. */
async function killed(): Promise<string> {
  const made = join(folder, 'made.db');
  const db = new SqliteDatabase({ file: made });
  await db.transaction((tx) => tx.run('CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)'));
  for (let id = 1; id <= commits; id += 1) {
    await db.transaction((tx) =>
      tx.run('INSERT INTO rows VALUES (?, ?)', [id, `row ${id} `.repeat(50)]),
    );
  }
  const file = join(folder, 'wxrc.db');
  copyFileSync(made, file);
  copyFileSync(`${made}-wal`, `${file}-wal`);
  await db.close();
  return file;
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  writeFileSync(path, bytes);
}

async function rowsOf(file: string): Promise<number> {
  const db = new SqliteDatabase({ file });
  const [row] = await db.read<{ count: number }>('SELECT count(*) AS count FROM rows');
  await db.close();
  return Number(row?.count);
}

/** The daemon as it is started by hand. */
function start(): Promise<{ code: number | null; err: string; ready: boolean }> {
  const script = new URL('../scripts/start.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, '--data', folder, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve) => {
    let err = '';
    let ready = false;
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.stdout.on('data', (chunk: Buffer) => {
      if (!chunk.toString().includes('ready')) return;
      ready = true;
      child.kill('SIGTERM');
    });
    child.on('close', (code) => resolve({ code, err, ready }));
  });
}

test('a log that is whole is read to its end', async () => {
  const file = await killed();
  expect(checkWal(`${file}-wal`)).toMatchObject({ lostCommits: 0 });
  expect(await rowsOf(file)).toBe(commits);
});

test.each([1, 100, 2000, 4119])(
  'torn %i bytes before its end: the last commit alone is gone',
  async (cut) => {
    const file = await killed();
    const wal = `${file}-wal`;
    truncateSync(wal, readFileSync(wal).length - cut);
    expect(checkWal(wal)?.lostCommits).toBe(0);
    expect(await rowsOf(file)).toBe(commits - 1);
  },
);

test('bits flipped in its last commit: recovered to the one before, as nobody can tell more', async () => {
  const file = await killed();
  const wal = `${file}-wal`;
  flip(wal, readFileSync(wal).length - 100);
  expect(checkWal(wal)?.lostCommits).toBe(1);
  expect(await rowsOf(file)).toBe(commits - 1);
});

test.each([
  ['a page', (size: number) => Math.floor(size / 2)],
  ['the head of the log', () => 17],
  ['the first frame', () => 32 + 24 + 5],
])(
  'bits flipped in %s: it is refused with a word and a code of its own, and nothing is touched',
  async (_what, at) => {
    const file = await killed();
    const wal = `${file}-wal`;
    flip(wal, at(readFileSync(wal).length));
    const before = readFileSync(wal);
    const lost = checkWal(wal)?.lostCommits ?? 0;
    expect(lost).toBeGreaterThan(10);
    const { code, err, ready } = await start();
    expect([code, ready]).toEqual([74, false]);
    expect(err).toMatch(/数据库的日志（wxrc\.db-wal）已损坏：可读出 \d+ 次提交/);
    expect(readFileSync(wal).equals(before)).toBe(true);
    // Somebody decides to go on without them.
    const cut = await runInProcess(['wal', 'cut', '--yes', '--json'], { WXRC_DATA: folder });
    const told = JSON.parse(cut.out);
    expect(told).toMatchObject({ lostCommits: lost });
    expect(readFileSync(told.kept).equals(before)).toBe(true);
    if (told.commits > 1) expect(await rowsOf(file)).toBe(commits - lost);
  },
);

test('a database that is none, and one that is damaged, are refused by name', async () => {
  writeFileSync(join(folder, 'wxrc.db'), 'this is no database at all '.repeat(400));
  const { code, err } = await start();
  expect([code, err]).toEqual([74, expect.stringContaining('数据库已损坏')]);
});

test('a data directory that can only be read is refused by name', async ({ skip }) => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return skip(noDisk);
  }
  mounted = true;
  const first = await start();
  expect(first.ready).toBe(true);
  execFileSync('mount', ['-o', 'remount,ro', folder]);
  const { code, err } = await start();
  expect([code, err]).toEqual([74, expect.stringMatching(/数据库只读/)]);
  execFileSync('mount', ['-o', 'remount,rw', folder]);
  expect((await start()).ready).toBe(true);
  expect(existsSync(join(folder, 'wxrc.db'))).toBe(true);
});

test('a log without its database is not thrown away', async () => {
  const file = await killed();
  rmSync(file);
  const started = await runInProcess(['migrate', '--status'], { WXRC_DATA: folder });
  expect(started.code).not.toBe(0);
  expect(() => openDatabase({ file })).toThrow(/is missing, and its log .* holds \d+ commits/);
  expect(existsSync(`${file}-wal`)).toBe(true);
  const doctor = await runInProcess(['doctor'], { WXRC_DATA: folder, LANG: 'en_US.UTF-8' });
  expect(doctor.out).toMatch(/✗ store: .*is missing, and its log/);
});
