import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from '../store/migrator.ts';
import { SqliteDatabase } from '../store/sqlite.ts';
import { checkWal } from '../store/wal-check.ts';
import { runInProcess } from './support/cli.ts';

let folder: string;
const servers: Server[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-doctor-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
  rmSync(folder, { recursive: true, force: true });
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}
const open = (): Promise<number> => listening(createServer((socket) => socket.destroy()));

/** What doctor finds for a config, as `check status`, and how it ended. */
async function examine(config: object, more: string[] = []) {
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify({ dataDir: './data', http: { port: 0 }, ...config }));
  const { code, out, err } = await runInProcess([
    ...['doctor', '--config', file, '--json', '--lang', 'en', ...more],
  ]);
  expect(err).toBe('');
  const { findings } = JSON.parse(out) as {
    findings: { check: string; status: string; detail: string }[];
  };
  const about = (check: string) =>
    findings.filter((one) => one.check === check).map((one) => `${one.status} ${one.detail}`);
  return { code, out, about };
}

const nameOf = (at: number): string =>
  `wxrc-${new Date(at).toISOString().replace(/[-:.]/g, '')}-auto.backup`;
const hour = 3_600_000;

describe('backups', () => {
  test('that nobody plans, and that are not there yet', async () => {
    expect((await examine({})).about('backups')).toEqual([
      'warn none are made by themselves (backup.at)',
    ]);
    expect((await examine({ backup: { at: '03:30' } })).about('backups')).toEqual([
      'info there is none yet',
    ]);
  });

  test('that are young, or too old', async () => {
    const kept = join(folder, 'backups');
    mkdirSync(kept);
    const backup = { at: '03:30', folder: kept };
    writeFileSync(join(kept, nameOf(Date.now() - 30 * hour)), 'x');
    expect((await examine({ backup })).about('backups')).toEqual([
      expect.stringMatching(/^warn the newest is .* old, 1 B$/),
    ]);
    writeFileSync(join(kept, nameOf(Date.now() - 2 * hour)), 'x');
    expect((await examine({ backup })).about('backups')).toEqual([
      expect.stringMatching(/^ok the newest is 2.* old, 1 B$/),
    ]);
  });

  test('whose folder cannot be', async () => {
    writeFileSync(join(folder, 'file'), '');
    const backup = { at: '03:30', folder: join(folder, 'file', 'backups') };
    const { code, about } = await examine({ backup });
    expect(about('backups')[0]).toMatch(/^fail .* cannot be written to$/);
    expect(code).toBe(1);
  });
});

test('lanes of alarms: none, those that can be reached, those that cannot, bots that are not there', async () => {
  expect((await examine({})).about('alarms')).toEqual([
    'warn there are no lanes (alarms.lanes): nobody is told when something is wrong',
  ]);
  const port = await open();
  const mail = { kind: 'email', from: 'a@example.com', to: ['b@example.com'], password: 'HIDE' };
  const lanes = [
    { kind: 'webhook', name: 'up', url: `http://127.0.0.1:${port}/?access_token=HIDE` },
    { kind: 'webhook', name: 'down', url: 'http://127.0.0.1:1/hook/HIDE' },
    { ...mail, name: 'mail', host: '127.0.0.1', port },
    { ...mail, name: 'no-mail', host: '127.0.0.1', port: 1 },
    { kind: 'room', name: 'ops', bot: 'bot01', roomTopic: 'ops' },
    { kind: 'room', name: 'nobody', bot: 'bot09', roomTopic: 'ops' },
  ];
  const bots = [{ botcode: 'bot01', driver: 'simulator' }];
  const { about, out, code } = await examine({ alarms: { lanes }, bots });
  expect(lanes.map(({ name }) => about(`alarms ${name}`)[0]?.split(' ')[0])).toEqual([
    ...['ok', 'warn', 'ok', 'warn', 'ok', 'warn'],
  ]);
  expect(code).toBe(0);
  expect(out).not.toContain('HIDE');
});

test('databases of reports: by address and by file', async () => {
  const port = await open();
  const file = (name: string, text: string): { urlFile: string } => {
    writeFileSync(join(folder, name), text);
    return { urlFile: name };
  };
  const databases = {
    up: { url: `postgres://reader:HIDE@127.0.0.1:${port}/shop` },
    down: { url: 'postgres://reader:HIDE@127.0.0.1:1/shop' },
    kept: file('kept', `postgres://reader:HIDE@127.0.0.1:${port}/shop\n`),
    wrong: file('wrong', 'HIDE'),
    missing: { urlFile: 'missing' },
  };
  const { about, out, code } = await examine({ reporting: { databases } });
  expect(Object.keys(databases).map((name) => about(`postgres ${name}`)[0]?.split(' ')[0])).toEqual(
    ['ok', 'warn', 'ok', 'fail', 'fail'],
  );
  expect(code).toBe(1);
  expect(out).not.toContain('HIDE');
});

test.each([
  [0, 'ok'],
  [3 * 60_000, 'warn'],
  [-20 * 60_000, 'fail'],
])('the clock, of which another is %i ms ahead: %s', async (ahead, status) => {
  const port = await listening(
    createHttpServer((_request, response) => {
      response.setHeader('date', new Date(Date.now() + ahead).toUTCString());
      response.setHeader('connection', 'close');
      response.end();
    }),
  );
  const { about } = await examine({}, ['--time-url', `http://127.0.0.1:${port}/`]);
  expect(about('clock').map((one) => one.split(' ')[0])).toEqual([status]);
});

test('the console is built, or will be', async () => {
  expect((await examine({})).about('console')[0]).toMatch(/^(ok built|info not built yet)/);
  mkdirSync(join(folder, 'data', 'console'), { recursive: true });
  writeFileSync(join(folder, 'data', 'console', 'index.html'), '');
  expect((await examine({})).about('console')).toEqual(['ok built']);
});

describe('the database of a daemon that was killed', () => {
  /** With so many commits that are only in its log. */
  async function killed(): Promise<string> {
    const made = join(folder, 'made.db');
    const db = new SqliteDatabase({ file: made });
    await migrate(db, { now: Date.now() });
    for (let id = 0; id < 20; id += 1) {
      await db.transaction((tx) =>
        tx.run('INSERT INTO settings (name, value) VALUES (?, ?)', [`x${id}`, 'x']),
      );
    }
    const data = join(folder, 'data');
    mkdirSync(data, { mode: 0o700 });
    copyFileSync(made, join(data, 'wxrc.db'));
    copyFileSync(`${made}-wal`, join(data, 'wxrc.db-wal'));
    await db.close();
    return join(data, 'wxrc.db-wal');
  }

  test('is whole', async () => {
    await killed();
    const { about } = await examine({});
    expect([about('store'), about('log')]).toEqual([
      [expect.stringMatching(/^ok schema \d+\/\d+, not running$/)],
      [],
    ]);
  });

  test('has a torn end: nothing of it was acknowledged', async () => {
    const wal = await killed();
    truncateSync(wal, readFileSync(wal).length - 100);
    const { about, code } = await examine({});
    expect(about('store')[0]).toMatch(/^ok/);
    expect(code).toBe(0);
  });

  test.each([['doctor'], ['migrate', '--status'], ['migrate'], ['backup']])(
    'is damaged in the middle: %s %s tells it, and makes SQLite forget nothing',
    async (...args) => {
      const wal = await killed();
      const bytes = readFileSync(wal);
      const middle = Math.floor(bytes.length / 2);
      bytes[middle] = (bytes[middle] ?? 0) ^ 0x10;
      writeFileSync(wal, bytes);
      const lost = checkWal(wal)?.lostCommits ?? 0;
      expect(lost).toBeGreaterThan(5);
      if (args[0] === 'doctor') {
        const { about, code } = await examine({});
        expect(about('log')[0]).toMatch(new RegExp(`^fail commits .* not whole: ${lost}$`));
        expect(about('store')[0]).toMatch(/^fail .*wxrc wal cut/);
        expect(code).toBe(1);
      } else {
        const told = await runInProcess([...args, '--data', join(folder, 'data')]);
        expect([told.code, told.err]).toEqual([74, expect.stringContaining('wxrc wal cut')]);
      }
      expect(readFileSync(wal).equals(bytes)).toBe(true);
    },
  );
});
