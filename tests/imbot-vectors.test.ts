import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { type ImbotAnswer, ImbotClient } from './support/imbot-client.ts';

interface Vectors {
  routes: {
    route: string;
    field?: string;
    ok: { status: number; body?: unknown; body_document?: unknown };
  }[];
  queue_cases: {
    push: { from: string; to: string; msg: Record<string, unknown> }[];
    pending_count?: [string, string, number];
    pending_msgs?: [string, string, unknown[]];
    pending_count_after?: number;
    pending_count_list?: [string, unknown[]];
  }[];
}

const file = join(import.meta.dirname, 'vectors', 'seed000-imbot-behaviour.json');
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

let running: TestDaemon;
let client: ImbotClient;

beforeAll(async () => {
  running = await startDaemon();
  client = new ImbotClient(() => running.url);
});
afterAll(() => running.close());

it('the queues behave as in the tests of the original', async () => {
  let checks = 0;
  for (const one of vectors.queue_cases) {
    for (const { from, to, msg } of one.push) await client.say(from, to, msg);
    if (one.pending_count !== undefined) {
      const [from, to, count] = one.pending_count;
      expect(await client.count(from, to)).toBe(count);
      checks += 1;
    }
    if (one.pending_msgs !== undefined) {
      const [from, to, msgs] = one.pending_msgs;
      expect(await client.take(from, to)).toEqual(msgs);
      expect(await client.count(from, to)).toBe(one.pending_count_after);
      checks += 2;
    }
    if (one.pending_count_list !== undefined) {
      const [user, counts] = one.pending_count_list;
      expect(await client.counts(user)).toEqual(counts);
      checks += 1;
    }
  }
  expect(checks).toBe(4);
});

/** What each route is called with; those of WeChat and the uploads have tests of their own. */
const calls: Record<string, (path: string) => Promise<ImbotAnswer>> = {
  'POST /msg': (path) =>
    client.post(path, { fromUserId: 'v', toUserId: 'w', msg: { text: '1', timestamp: 1 } }),
  'POST /user': (path) => client.post(path, { id: 'v', role: 'B', wechat: {} }),
  'GET /user?id=': () => client.get('/user', { id: 'v' }),
  'GET /users': (path) => client.get(path),
  'POST /form_id': (path) => client.post(path, { openId: 'v', formId: '1' }),
  'DELETE /form_id?openId=': () => client.call('DELETE', '/form_id?openId=v'),
  'GET /pending_count': (path) => client.get(path, { fromUserId: 'v', toUserId: 'w' }),
  'GET /pending_count_list?userId=': () => client.get('/pending_count_list', { userId: 'w' }),
  'GET /pending_msgs': (path) => client.get(path, { fromUserId: 'v', toUserId: 'w' }),
  'GET /msg': (path) =>
    client.get(path, { fromUserId: 'v', toUserId: 'w', startTimeStamp: 0, endTimeStamp: 9 }),
};

it('every route of the original is there, and answers in the form of the document', async () => {
  const left = new Set(vectors.routes.map(({ route }) => route));
  for (const { route, ok } of vectors.routes) {
    const call = calls[route];
    if (call === undefined) continue;
    const { status, json } = await call(route.split(' ')[1] ?? '');
    expect([route, status]).toEqual([route, ok.status]);
    expect(formOf(json), route).toEqual(formOf(ok.body ?? ok.body_document));
    left.delete(route);
  }
  expect([...left].sort()).toEqual([
    'GET /openid?code=',
    'GET /wechat/customer',
    'POST /audio',
    'POST /image',
    'POST /template_msg',
    'POST /video',
    'POST /wechat/customer',
  ]);
  for (const route of left) {
    const [method = '', path = ''] = route.split(' ');
    const { status } = await client.call(method, path);
    expect([route, status === 405]).toEqual([route, false]);
  }
});

/** Names of fields, in order; of a list those of its first. */
function formOf(value: unknown): unknown {
  if (Array.isArray(value)) return [formOf(value[0])].filter((one) => one !== 'none').slice(0, 1);
  if (typeof value !== 'object' || value === null)
    return value === undefined ? 'none' : typeof value;
  return Object.keys(value);
}
