import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { ImbotClient } from './support/imbot-client.ts';

let running: TestDaemon;
let client: ImbotClient;

beforeAll(async () => {
  running = await startDaemon();
  client = new ImbotClient(() => running.url);
});
afterAll(async () => {
  await running.close();
  expect(running.log()).not.toContain('request failed');
});

const names = [
  'fromUserId',
  'toUserId',
  'msg',
  'id',
  'role',
  'wechat',
  'openId',
  'formId',
  'userId',
];
const values = fc.oneof(
  fc.constantFrom<unknown>('a', 'desk', 'desk-1', '1001', 'B', '', 0, null, { timestamp: 1 }),
  fc.record({ type: fc.constantFrom('text', 'x'), reply: fc.string(), timestamp: fc.jsonValue() }),
  fc.jsonValue(),
);
const body = fc.oneof(
  fc
    .dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), values, { maxKeys: 6 })
    .map((one) => JSON.stringify(one)),
  fc.json(),
  fc.string(),
  fc.uint8Array({ maxLength: 40 }),
  fc
    .array(
      fc.constantFrom('fromUserId=a', 'toUserId=b', 'msg[timestamp]=1', 'msg=%7B', '[', '&', '='),
    )
    .map((parts) => parts.join('&')),
);
const type = fc.constantFrom(
  ...['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'application/json;;'],
);
const posts = ['/msg', '/user', '/form_id', '/template_msg', '/MSG'];
const gets = ['/user', '/users', '/pending_count', '/pending_count_list', '/pending_msgs', '/msg'];
const query = fc.dictionary(
  fc.constantFrom(...names, 'startTimeStamp', 'endTimeStamp', 'limit', 'after'),
  fc.oneof(fc.constantFrom('a', 'b', '0', '1', '9e9', '1_1', '-1'), fc.string()),
);

it('3,000 calls of any kind: an answer to each, in the form of the family, and never 5xx', async () => {
  const statuses = new Map<number, number>();
  const look = (status: number, json: unknown): void => {
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    expect([200, 400, 404, 413, 415]).toContain(status);
    if (status !== 200) expect(json).toEqual({ error: expect.any(String) });
    else expect(json).toBeTypeOf('object');
  };
  const post = fc.asyncProperty(fc.constantFrom(...posts), body, type, async (path, text, kind) => {
    const { status, json } = await client.post(path, text, kind);
    look(status, json);
  });
  const get = fc.asyncProperty(fc.constantFrom(...gets), query, async (path, fields) => {
    const { status, json } = await client.get(path, fields);
    look(status, json);
  });
  await Promise.all([
    fc.assert(post, { numRuns: 1500, endOnFailure: true }),
    fc.assert(get, { numRuns: 1500, endOnFailure: true }),
  ]);
  expect(statuses.get(200)).toBeGreaterThan(50);
  expect(statuses.get(400)).toBeGreaterThan(500);
}, 60_000);
