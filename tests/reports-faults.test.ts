import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createTls, type Server } from 'node:https';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { selfSigned } from './support/certificate.ts';
import { listen } from './support/report-rig.ts';
import { faultOf, readSource } from './support/source-reader.ts';

const folder = mkdtempSync(join(tmpdir(), 'wxrc-faults-'));
let http: Awaited<ReturnType<typeof listen>>;
let tls: Server;
const mute = createSocket((socket) => socket.end('hello\r\n'));

beforeAll(async () => {
  const answers: Record<string, [number, string, string]> = {
    '/text': [200, 'text/plain; charset=utf-8', 'oops not json S3CRET'],
    '/html': [200, 'text/html', '<h1>Log in</h1>'],
    '/bare': [200, '', 'x'],
    '/half': [200, 'application/json', '{"rows":[1,'],
    '/nothing': [204, '', ''],
    '/gbk': [200, 'application/json', '\xc4\xe3'],
    '/rows': [200, 'application/json', '{"data":{"items":3}}'],
  };
  http = await listen((request, response) => {
    const path = request.url ?? '';
    if (path === '/breaks') {
      response.writeHead(200, { 'content-length': '100' }).write('[');
      setTimeout(() => response.destroy(), 50);
      return;
    }
    const [status, type, body] = answers[path] ?? [Number(path.slice(1)), 'text/plain', 'no'];
    response.writeHead(status, type === '' ? {} : { 'content-type': type });
    response.end(Buffer.from(body, 'latin1'));
  });
  tls = createTls(
    selfSigned('erp', Date.now() - 86_400_000, Date.now() + 86_400_000),
    (_request, response) => response.end('[]'),
  );
  await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  writeFileSync(join(folder, 'bad.json'), '{\n  "data": oops S3CRET\n}');
  writeFileSync(join(folder, 'empty.json'), '');
  writeFileSync(join(folder, 'open.csv'), 'a,b\n1,2\n"x,3\n');
  writeFileSync(join(folder, 'gbk.csv'), Buffer.from([0xc4, 0xe3, 0x0a, 0x31]));
  writeFileSync(
    join(folder, 'no.db'),
    'this is no database at all, but it is long enough to be one',
  );
  const db = new Sqlite(join(folder, 'shop.db'));
  db.exec('CREATE TABLE orders (shop TEXT)');
  db.close();
});
afterAll(() => {
  http.close();
  tls.close();
  mute.close();
  rmSync(folder, { recursive: true, force: true });
});

const portOf = (server: { address: () => unknown }) => (server.address() as AddressInfo).port;
const fault = (source: object, words = {}) => faultOf(readSource(source, { folder, words }));

describe('what HTTP answers', () => {
  test.each([
    ['/text', '应答不是 JSON（200 text/plain）'],
    ['/html', '应答不是 JSON（200 text/html）'],
    ['/bare', '应答不是 JSON（200）'],
    ['/half', '应答不是 JSON（200 application/json）'],
    ['/nothing', '应答为空（204）'],
    ['/gbk', '不是 UTF-8 编码'],
    ['/401', '对方拒绝了凭据（401）'],
    ['/404', '地址不存在（404）'],
    ['/429', '对方嫌请求过于频繁（429）'],
    ['/500', '对方服务器出错（500）'],
    ['/418', '对方应答 418'],
    ['/breaks', '连接中断（ECONNRESET）'],
  ])('%s', async (path, told) => {
    const host = new URL(http.url).host;
    const url = `${http.url}${path}`;
    expect(await fault({ type: 'http', url })).toBe(`数据源 HTTP ${host}：${told}`);
  });

  test.each([
    ['data.rows', 'pick data.rows：没有“rows”'],
    ['data.items[*]', 'pick data.items[*]：[*] 处不是列表'],
    ['data.items[0]', 'pick data.items[0]：[0] 处不是列表'],
    ['data[', 'pick data[：从“[”起无法解析'],
  ])('the way %s', async (pick, told) => {
    const source = { type: 'http', url: `${http.url}/rows`, pick };
    expect(await fault(source)).toBe(`数据源 HTTP ${new URL(http.url).host}：${told}`);
  });

  test('no answer: nobody there, no name, no TLS, no HTTP, within the network', async () => {
    const ask = (url: string) => fault({ type: 'http', url, timeoutSeconds: 4 });
    expect(await ask('http://127.0.0.1:1/?key=S3CRET')).toBe(
      '数据源 HTTP 127.0.0.1:1：连接被拒绝（ECONNREFUSED）',
    );
    expect(await ask('http://nowhere.invalid/')).toMatch(
      /^数据源 HTTP nowhere\.invalid：域名无法解析（(ENOTFOUND|EAI_AGAIN)）$/,
    );
    expect(await ask(`https://127.0.0.1:${portOf(tls)}/`)).toMatch(
      /：TLS 证书不受信任（DEPTH_ZERO_SELF_SIGNED_CERT）$/,
    );
    expect(await ask(`https://127.0.0.1:${portOf(mute)}/`)).toMatch(/：TLS 握手失败（\w+）$/);
    expect(await ask(`http://127.0.0.1:${portOf(mute)}/`)).toMatch(/：应答不是 HTTP（HPE_\w+）$/);
    expect(await ask('http://10.0.0.1/')).toBe('数据源 HTTP 10.0.0.1：内网地址，不允许访问');
  });
});

test.each([
  ['bad.json', 'JSON bad.json：文件不是 JSON'],
  ['empty.json', 'JSON empty.json：文件是空的'],
  ['open.csv', 'CSV open.csv：第 3 行：引号没有闭合'],
  ['gbk.csv', 'CSV gbk.csv：不是 UTF-8 编码'],
  ['gone.csv', 'CSV gone.csv：报表目录中没有文件 gone.csv'],
])('file %s', async (file, told) => {
  expect(await fault({ type: 'file', file })).toBe(`数据源 ${told}`);
});

test.each([
  ['gone.db', 'SELECT 1', '报表目录中没有文件 gone.db'],
  ['no.db', 'SELECT * FROM x', '文件不是 SQLite 数据库'],
  ['shop.db', 'SELECT * FROM x', '没有表 x'],
  ['shop.db', 'SELECT m FROM orders', '没有列 m'],
  ['shop.db', 'SELEC m FROM orders', 'SQL 在 SELEC 附近有误'],
  ['shop.db', 'SELECT shop FROM orders WHERE (', 'SQL 不完整'],
  ['shop.db', 'SELECT ?', 'params 的个数与 SQL 不符'],
  ['shop.db', "INSERT INTO orders VALUES ('x') RETURNING *", '只能读取，不能写入'],
  ['shop.db', 'SELECT abs(-9223372036854775808)', '数据库报错：integer overflow'],
])('SQLite %s: %s', async (file, sql, told) => {
  expect(await fault({ type: 'sqlite', file, sql })).toBe(`数据源 SQLite ${file}：${told}`);
});

describe('what a template gets wrong', () => {
  test.each([
    [
      '{% for a in (1..1000000000) %}{{ a }}{% endfor %}',
      /^生成的文字或循环次数超过模板的上限（第 1 行第 1 列）$/,
    ],
    ['一\n{{ x | nope }}', /^没有过滤器“nope”（第 2 行第 1 列）$/],
    ['{% if x %}', /^\{% if x %\} 没有闭合（第 1 行第 1 列）$/],
    ['{% include "a" %}', /^不能引用其他模板：a（/],
    ['{{ }}', /^\{% … %\} 或 \{\{ … \}\} 中缺少值（/],
  ])('%s', async (text, told) => {
    const ours = await fault({ type: 'none' }, { text });
    expect(ours).toMatch(/^报表的 text 有误：/);
    expect(ours.replace('报表的 text 有误：', '')).toMatch(told);
  });
});
