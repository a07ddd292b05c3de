import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Database } from '../store/database.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { type ImbotAnswer, ImbotClient } from './support/imbot-client.ts';

let running: TestDaemon;
let client: ImbotClient;

beforeAll(async () => {
  running = await startDaemon({ language: 'en' });
  client = new ImbotClient(() => running.url);
});
afterAll(async () => {
  await running.close();
  // Whatever was sent: nothing of ours has failed.
  expect(running.log()).not.toContain('request failed');
});

const msg = { type: 'text', reply: 'x', timestamp: 1 };
const say = { fromUserId: 'a', toUserId: 'b', msg };
const long = 'x'.repeat(129);

/** In the form of the family, naming the field. */
function expectRefused(
  { status, json, headers }: ImbotAnswer,
  wanted: number,
  field: string,
): void {
  expect(status, JSON.stringify(json)).toBe(wanted);
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(json).toEqual({ error: expect.stringContaining(field) });
}

describe.each([
  [
    '/msg',
    say,
    [
      [{ fromUserId: undefined }, 'fromUserId: missing'],
      [{ fromUserId: '' }, 'fromUserId'],
      [{ fromUserId: 5 }, 'fromUserId: must be a string'],
      [{ fromUserId: null }, 'fromUserId: must be a string'],
      [{ fromUserId: long }, 'fromUserId'],
      [{ fromUserId: 'a\u0000' }, 'fromUserId'],
      [{ fromUserId: '\ud800' }, 'fromUserId'],
      [{ toUserId: undefined }, 'toUserId: missing'],
      [{ toUserId: ['b'] }, 'toUserId'],
      [{ templateUrl: 5 }, 'templateUrl'],
      [{ templateUrl: `http://x/${'x'.repeat(2048)}` }, 'templateUrl'],
      [{ msg: undefined }, 'msg: missing'],
      [{ msg: 'hello' }, 'msg: must be an object'],
      [{ msg: null }, 'msg'],
      [{ msg: [msg] }, 'msg'],
      [{ msg: {} }, 'msg.timestamp: missing'],
      [{ msg: { ...msg, timestamp: undefined } }, 'msg.timestamp: missing'],
      [{ msg: { ...msg, timestamp: 'yesterday' } }, 'msg.timestamp'],
      [{ msg: { ...msg, timestamp: -1 } }, 'msg.timestamp'],
      [{ msg: { ...msg, timestamp: '-1' } }, 'msg.timestamp'],
      [{ msg: { ...msg, timestamp: 1e17 } }, 'msg.timestamp'],
      [{ msg: { ...msg, timestamp: null } }, 'msg.timestamp'],
      [{ msg: { ...msg, timestamp: {} } }, 'msg.timestamp'],
      [{ msg: { ...msg, type: 5 } }, 'msg.type'],
      [{ msg: { ...msg, type: '' } }, 'msg.type'],
      [{ msg: { ...msg, reply: undefined } }, 'msg.reply: missing'],
      [{ msg: { ...msg, reply: 5 } }, 'msg.reply: must be a string'],
      [{ msg: { ...msg, type: 'image', reply: { url: 'x' } } }, 'msg.reply'],
    ],
  ],
  [
    '/user',
    { id: 'a', role: 'B', wechat: {} },
    [
      [{ id: undefined }, 'id: missing'],
      [{ id: '' }, 'id'],
      [{ id: 7 }, 'id: must be a string'],
      [{ role: 'A' }, 'role: must be B or C'],
      [{ role: 'b' }, 'role'],
      [{ role: null }, 'role'],
      [{ wechat: 'x' }, 'wechat: must be an object'],
      [{ wechat: { nickName: 5 } }, 'wechat.nickName: must be a string'],
      [{ wechat: { gender: {} } }, 'wechat.gender'],
      [{ wechat: { avatarUrl: [] } }, 'wechat.avatarUrl'],
    ],
  ],
  [
    '/form_id',
    { openId: 'a', formId: '1' },
    [
      [{ openId: undefined }, 'openId: missing'],
      [{ openId: 5 }, 'openId'],
      [{ formId: undefined }, 'formId: missing'],
      [{ formId: '' }, 'formId'],
      [{ formId: 'x'.repeat(513) }, 'formId'],
    ],
  ],
  [
    '/template_msg',
    { formId: '1', fromUserId: 'a', toUserId: 'b', msg },
    [
      [{ fromUserId: undefined }, 'fromUserId: missing'],
      [{ toUserId: undefined }, 'toUserId: missing'],
      [{ formId: 5 }, 'formId'],
      [{ msg: undefined }, 'msg: missing'],
      [{ msg: { type: 'text', timestamp: 1 } }, 'msg.reply'],
    ],
  ],
] as [string, object, [object, string][]][])('POST %s', (path, good, faults) => {
  it.each(faults)('%j names %s', async (fault, field) => {
    expectRefused(await client.post(path, { ...good, ...fault }), 400, field);
  });

  it.each([
    ['no JSON', '{"a":'],
    ['nothing', ''],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['null', 'null'],
    ['broken UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])],
    ['a form that is none', 'a%zz[=1', 'application/x-www-form-urlencoded'],
    ['a form with odd names', 'fromUserId=a&__proto__[x]=1', 'application/x-www-form-urlencoded'],
  ])('%s is refused', async (_what, body, type = 'application/json') => {
    const answer = await client.post(path, body, type);
    expectRefused(answer, 400, '');
  });

  it.each([
    'text/plain',
    'text/xml',
    'application/json; charset=gbk',
    'multipart/form-data; boundary=x',
  ])('%s is refused', async (type) => {
    expectRefused(await client.post(path, JSON.stringify(good), type), 415, 'Content-Type');
  });

  it('a body that is too large is refused', async () => {
    const body = { ...good, more: 'x'.repeat(300_000) };
    expectRefused(await client.post(path, body), 413, '262144');
  });
});

test('a message and a profile have bounds of their own', async () => {
  const large = { ...say, msg: { ...msg, reply: 'x'.repeat(66_000) } };
  expectRefused(await client.post('/msg', large), 413, 'msg');
  const fits = { ...say, fromUserId: 'large', msg: { ...msg, reply: '你'.repeat(21_800) } };
  expect((await client.post('/msg', fits)).status).toBe(200);
  expect(await client.take('large', 'b')).toEqual([fits.msg]);
  const profile = { id: 'a', wechat: { nickName: 'x'.repeat(20_000) } };
  expectRefused(await client.post('/user', profile), 413, 'wechat');
});

test.each([
  ['/user', {}, 'id: missing'],
  ['/user', { id: '' }, 'id'],
  ['/users', { limit: 0 }, 'limit'],
  ['/users', { limit: 10_001 }, 'limit'],
  ['/users', { limit: 'x' }, 'limit'],
  ['/openid', {}, 'code: missing'],
  ['/openid', { code: '' }, 'code'],
  ['/pending_count', {}, 'fromUserId: missing'],
  ['/pending_count', { fromUserId: 'a' }, 'toUserId: missing'],
  ['/pending_count_list', {}, 'userId: missing'],
  ['/pending_msgs', { toUserId: 'a' }, 'fromUserId: missing'],
  ['/pending_msgs', { fromUserId: 'a', toUserId: long }, 'toUserId'],
  ['/msg', { toUserId: 'b', startTimeStamp: 0, endTimeStamp: 1 }, 'fromUserId'],
  ['/msg', { fromUserId: 'a', startTimeStamp: 0, endTimeStamp: 1 }, 'toUserId'],
  ['/msg', { fromUserId: 'a', toUserId: 'b', endTimeStamp: 1 }, 'startTimeStamp: missing'],
  ['/msg', { fromUserId: 'a', toUserId: 'b', startTimeStamp: 0 }, 'endTimeStamp: missing'],
  [
    '/msg',
    { fromUserId: 'a', toUserId: 'b', startTimeStamp: 'x', endTimeStamp: 1 },
    'startTimeStamp: must be a number',
  ],
  ['/msg', { fromUserId: 'a', toUserId: 'b', startTimeStamp: 0, endTimeStamp: -1 }, 'endTimeStamp'],
  [
    '/msg',
    { fromUserId: 'a', toUserId: 'b', startTimeStamp: 0, endTimeStamp: 1, limit: 0 },
    'limit',
  ],
  [
    '/msg',
    { fromUserId: 'a', toUserId: 'b', startTimeStamp: 0, endTimeStamp: 1, after: 'x' },
    'after',
  ],
] as [string, Record<string, string | number>, string][])(
  'GET %s %j names %s',
  async (path, query, field) => {
    expectRefused(await client.get(path, query), 400, field);
  },
);

test('DELETE /form_id without openId names it', async () => {
  expectRefused(await client.call('DELETE', '/form_id'), 400, 'openId: missing');
});

test('methods and addresses that are not there are refused in the same form', async () => {
  const methods: [string, string][] = [
    ['PUT', '/msg'],
    ['DELETE', '/msg'],
    ['POST', '/pending_msgs'],
    ['DELETE', '/user'],
    ['POST', '/users'],
    ['GET', '/form_id'],
    ['PATCH', '/template_msg'],
  ];
  for (const [method, path] of methods) {
    const answer = await client.call(method, path);
    expectRefused(answer, 405, '');
    expect(answer.headers.get('allow'), path).toMatch(/[A-Z]/);
  }
  for (const path of ['', '/', '/nothing', '/msg/1', '/wechat']) {
    expectRefused(await client.call('GET', path), 404, '');
  }
});

/** Refuses every transaction while it is full. */
class FullDisk implements Database {
  full = false;
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  transaction: Database['transaction'] = (work, options) =>
    this.full
      ? Promise.reject(new Error('disk /secret is full'))
      : this.#db.transaction(work, options);
  insert: Database['insert'] = (...args) => this.#db.insert(...args);
  read: Database['read'] = (...args) => this.#db.read(...args);
  readLong: Database['readLong'] = (...args) => this.#db.readLong(...args);
  backup: Database['backup'] = (file) => this.#db.backup(file);
  close: Database['close'] = () => this.#db.close();
}

test('what the database refuses is answered without a word of it', async () => {
  const disks: FullDisk[] = [];
  const wrapDatabase = (db: Database): Database => {
    const disk = new FullDisk(db);
    disks.push(disk);
    return disk;
  };
  const broken = await startDaemon({}, { wrapDatabase });
  const [disk] = disks;
  if (disk === undefined) throw new Error('no database');
  try {
    const other = new ImbotClient(() => broken.url);
    disk.full = true;
    for (const [path, body] of [
      ['/msg', say],
      ['/user', { id: 'a' }],
    ] as const) {
      const answer = await other.post(path, body);
      expect([answer.status, answer.json]).toEqual([500, { error: 'Internal Server Error' }]);
    }
    disk.full = false;
    expect((await other.post('/msg', say)).status).toBe(200);
    expect(await other.take('a', 'b')).toEqual([msg]);
  } finally {
    disk.full = false;
    await broken.close();
  }
});
