import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { GobelieveClient } from './support/gobelieve-client.ts';
import { command } from './support/gobelieve-frames.ts';
import { basic } from './support/gobelieve-rest.ts';
import { appid, GobelieveScene } from './support/gobelieve-scene.ts';

/** Anybody may become a customer: what a customer's token opens, and what it does not. */
let scene: GobelieveScene;
let storeId: number;
let seller: number;

beforeAll(async () => {
  scene = await GobelieveScene.start();
  const { im } = scene.daemon.daemon.core;
  ({ storeId } = await im.desks.addDesk({ appid, name: '售后' }));
  await im.apps.update(appid, { storeId });
  seller = scene.uid();
  await im.desks.putSeller({ storeId, uid: seller, status: 'online' });
});
afterEach(() => scene.hangUp());
afterAll(() => scene?.close());

interface Customer {
  uid: number;
  token: string;
}

let last = 0;
const fresh = (): string => `customer ${++last}`;

async function register(id = fresh()): Promise<Response> {
  const body = JSON.stringify({ appid, customer_id: id });
  return await fetch(`${scene.daemon.url}/auth/customer`, { method: 'POST', body });
}

async function customer(id?: string): Promise<Customer> {
  const response = await register(id);
  const { data } = (await response.json()) as { data: { token: string; client_id: number } };
  return { uid: data.client_id, token: data.token };
}

async function call(
  { token }: Pick<Customer, 'token'>,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; json: { meta: unknown; data?: unknown } }> {
  const response = await fetch(`${scene.daemon.url}${path}`, {
    ...{ method, headers: { authorization: `Bearer ${token}` } },
    ...(body !== undefined && { body: body instanceof Uint8Array ? body : JSON.stringify(body) }),
  });
  return { status: response.status, json: (await response.json()) as { meta: unknown } };
}

async function online({ uid, token }: Customer, version: 0 | 1 | 2 = 2): Promise<GobelieveClient> {
  return await scene.online(uid, { token, version });
}

it('groups that one is not in do not concern a customer, whether they are there or not', async () => {
  const [me, a] = [await customer(), scene.uid()];
  const gid = await scene.group([a]);
  const refused = { status: 403, json: { meta: { code: 403, message: 'not for customers' } } };
  for (const one of [gid, 999_999]) {
    const path = `/client/groups/${one}`;
    const calls: [string, string, unknown?][] = [
      ['GET', path],
      ['GET', `${path}?uid=${a}&fields=members`],
      ['PATCH', path, { name: '抢' }],
      ['PATCH', path, { notice: '抢' }],
      ['DELETE', path],
      ['POST', `${path}/members`, [me.uid]],
      ['POST', `${path}/members`, { members: [me.uid], inviter: { uid: me.uid } }],
      ['DELETE', `${path}/members`, [a]],
      ['DELETE', `${path}/members/${me.uid}`],
      ['DELETE', `${path}/members/${a}`],
      ['PATCH', `${path}/members/${me.uid}`, { quiet: true }],
    ];
    for (const [method, at, body] of calls) {
      expect(await call(me, method, at, body), `${method} ${at}`).toMatchObject(refused);
      expect((await call(me, method, `/v2${at}`, body)).status).toBe(403);
    }
  }
  const own = { master: me.uid, name: 'x', members: [me.uid, a] };
  expect(await call(me, 'POST', '/client/groups', own)).toMatchObject(refused);
  expect((await call(me, 'GET', `/client/groups?uid=${a}`)).json.data).toEqual([]);
  const { im } = scene.daemon.daemon.core;
  expect([...((await im.groups.get(gid))?.members.keys() ?? [])]).toEqual([a]);
});

it('in a group that the application put a customer into, it is a member', async () => {
  const [me, a] = [await customer(), await scene.online()];
  const gid = await scene.group([a.uid, me.uid]);
  const path = `/client/groups/${gid}`;
  expect((await call(me, 'GET', path)).json.data).toMatchObject({ id: gid });
  expect((await call(me, 'GET', '/client/groups')).json.data).toMatchObject([{ id: gid }]);
  const settings = `${path}/members/${me.uid}`;
  expect((await call(me, 'PATCH', settings, { quiet: true })).status).toBe(200);
  const client = await online(me);
  expect(await client.group(gid, '我')).toMatchObject({ status: 0 });
  await a.holds(2);
  expect((await call(me, 'PATCH', path, { name: '抢' })).status).toBe(403);
  expect((await call(me, 'POST', `${path}/members`, [a.uid])).status).toBe(403);
  expect((await call(me, 'DELETE', settings)).status).toBe(200);
  expect(await client.group(gid, '我')).toMatchObject({ status: 64 });
  expect((await call(me, 'GET', path)).status).toBe(403);
});

it.each([0, 1, 2] as const)('a customer speaks to sellers only, version %i', async (version) => {
  const refused = { status: version === 2 ? 72 : undefined, key: undefined };
  const [me, a] = [await customer(), await scene.online()];
  const other = await customer();
  const [client, sold] = [await online(me, version), await scene.online(seller)];
  const before = sold.texts.length;
  for (const to of [a.uid, other.uid, me.uid, 4711]) {
    expect(await client.peer(to, '广告')).toEqual(refused);
    client.realtime(to, '广告');
  }
  expect(await client.peer(seller, '你好')).toMatchObject({ key: expect.any(Number) });
  expect(await client.customer(appid, seller, '在吗')).toMatchObject({ key: expect.any(Number) });
  await sold.holds(before + 2);
  expect(sold.texts.slice(before)).toEqual(['你好', '在吗']);
  client.realtime(seller, '输入中');
  await sold.until('it', () => sold.live.length > 0);
  await a.ping();
  expect([a.texts, a.live]).toEqual([[], []]);
  // And the seller back.
  expect(await sold.customer(appid, me.uid, '在')).toMatchObject({ status: 0 });
  await client.holds(3);
});

it('chat rooms are not for customers', async () => {
  const [a, client] = [await scene.online(), await online(await customer())];
  const room = scene.uid();
  a.enterRoom(room);
  client.enterRoom(room);
  expect(await client.room('大家好')).toEqual({ status: 72, key: undefined });
  await a.room('自己人');
  await client.ping();
  expect([a.live, client.live]).toEqual([[], []]);
});

it('a word to somebody who is no seller of the desk reaches the one who is', async () => {
  const [me, a] = [await customer(), await scene.online()];
  const [client, sold] = [await online(me), await scene.online(seller)];
  const before = sold.texts.length;
  const seq = client.utter(command.toDesk, { desk: [appid, me.uid, storeId, a.uid], text: '旧' });
  expect(await client.acked(seq)).toMatchObject({ status: 0 });
  await sold.holds(before + 1);
  expect(sold.inbox.taken.at(-1)).toMatchObject({ text: '旧', desk: [7, me.uid, storeId, seller] });
  await a.ping();
  expect(a.texts).toEqual([]);
});

it('a customer who is forbidden gets no token any more', async () => {
  const id = fresh();
  const me = await customer(id);
  const client = await online(me);
  const { im } = scene.daemon.daemon.core;
  await im.users.setForbidden({ appid, uid: me.uid }, true);
  await im.users.revoke({ appid, uid: me.uid });
  await client.closed;
  const response = await register(id);
  expect([response.status, await response.json()]).toEqual([
    403,
    { meta: { code: 403, message: 'the customer is forbidden' } },
  ]);
  expect((await call(me, 'GET', '/messages')).status).toBe(403);
  await im.users.setForbidden({ appid, uid: me.uid }, false);
  const again = await customer(id);
  expect(again.uid).toBe(me.uid);
  expect(again.token).not.toBe(me.token);
});

it('so many customers a minute are registered from one address, and more with the secret', async () => {
  const { daemon } = scene;
  await daemon.restart({ im: { tcpPort: 0, customersPerMinute: 5 } });
  for (let at = 0; at < 5; at += 1) expect((await register()).status).toBe(200);
  // What is wrong anyway costs nothing.
  const body = JSON.stringify({ appid: 404 });
  const wrong = await fetch(`${daemon.url}/customer/register`, { method: 'POST', body });
  expect(wrong.status).toBe(400);
  const refused = await register();
  expect([refused.status, await refused.json()]).toEqual([
    429,
    { meta: { code: 429, message: expect.stringContaining('too many') } },
  ]);
  const wait = Number(refused.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(12);
  const own = await fetch(`${daemon.url}/customer/register`, {
    ...{
      method: 'POST',
      headers: { authorization: basic(7, 'secret') },
      body: JSON.stringify({ appid }),
    },
  });
  expect(own.status).toBe(200);
});

it('a customer uploads so much a minute, a user as much as it likes', async () => {
  const { daemon } = scene;
  await daemon.restart({ im: { tcpPort: 0, customerUploadsPerMinute: 2 } });
  const [me, other] = [await customer(), await customer()];
  const user = { token: await scene.token(scene.uid()) };
  const upload = async (by: { token: string }): Promise<number> =>
    (await call(by, 'POST', '/files', Buffer.from(`${Math.random()}`))).status;
  expect([await upload(me), await upload(me), await upload(me)]).toEqual([200, 200, 429]);
  expect([await upload(other), await upload(other), await upload(other)]).toEqual([200, 200, 429]);
  for (let at = 0; at < 5; at += 1) expect(await upload(user)).toBe(200);
});
