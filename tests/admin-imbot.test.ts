import { afterAll, beforeAll, expect, it } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { ImbotClient } from './support/imbot-client.ts';

let running: TestDaemon;
let admin: AdminClient;
let client: ImbotClient;

beforeAll(async () => {
  running = await startDaemon();
  client = new ImbotClient(() => running.url);
  admin = new AdminClient(() => running.url);
  await admin.login();
});
afterAll(() => running.close());

const get = async (path: string): Promise<unknown> => (await admin.ok('GET', path)).body;

it('users are found by id and profile, page by page', async () => {
  for (const id of ['u1', 'u2', 'u%3']) {
    await client.post('/user', { id, role: 'B', wechat: { nickName: `名字 ${id}` } });
  }
  const first = await get('/imbot/users?limit=2');
  expect(first).toMatchObject({
    items: [
      { id: 'u%3', role: 'B', wechat: { nickName: '名字 u%3' }, createdAt: expect.any(Number) },
      { id: 'u1' },
    ],
    next: 'u1',
  });
  expect(await get('/imbot/users?limit=2&cursor=u1')).toMatchObject({
    ...{ items: [{ id: 'u2' }], next: null },
  });
  const found = await get(`/imbot/users?text=${encodeURIComponent('名字 u2')}`);
  expect(found).toMatchObject({ items: [{ id: 'u2' }] });
  expect(await get('/imbot/users?text=%25')).toMatchObject({ items: [{ id: 'u%3' }] });
});

it('queues are looked into, and nothing is taken', async () => {
  for (const at of [1, 2, 3]) await client.say('a', 'z', { text: `${at}`, timestamp: at });
  await client.take('a', 'z');
  for (const at of [4, 5, 6]) await client.say('a', 'z', { text: `${at}`, timestamp: at });
  await client.say('b', 'z', { text: 'x', timestamp: 9 });
  expect(await get('/imbot/queues?to=z')).toEqual({
    items: [
      { from: 'b', to: 'z', count: 1 },
      { from: 'a', to: 'z', count: 3 },
    ],
  });
  const page = await get('/imbot/queue?from=a&to=z&limit=2');
  expect(page).toEqual({
    items: [
      { seq: 4, at: expect.any(Number), msg: { text: '4', timestamp: 4 } },
      { seq: 5, at: expect.any(Number), msg: { text: '5', timestamp: 5 } },
    ],
    next: '5',
  });
  expect(await get('/imbot/queue?from=a&to=z&cursor=5')).toMatchObject({
    ...{ items: [{ msg: { text: '6' } }], next: null },
  });
  expect(await get('/imbot/queue?from=z&to=a')).toEqual({ items: [], next: null });
  expect(await get('/imbot/queues?to=nobody')).toEqual({ items: [] });
  expect(await client.count('a', 'z')).toBe(3);
});

it('metrics count messages and notices', async () => {
  const before = await (await fetch(`${running.url}/metrics`)).text();
  const count = Number(/^wxrc_imbot_messages_total (\d+)$/m.exec(before)?.[1]);
  await client.say('m', 'n', { text: 'x', timestamp: 1 }, 'http://example.com/');
  await client.post('/msg', { fromUserId: 'm' });
  const after = await (await fetch(`${running.url}/metrics`)).text();
  expect(after).toContain(`wxrc_imbot_messages_total ${count + 1}`);
  expect(after).toContain('wxrc_imbot_timers 1');
  expect(after).toContain('wxrc_imbot_notices_total{outcome="told"} 0');
});
