import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon;
let admin: AdminClient;

beforeAll(async () => {
  running = await startDaemon({ bots: [], apps: [{ appid: 7, secret: 'secret' }] });
  admin = new AdminClient(() => running.url);
  await admin.login();
});
afterAll(() => running.close());

/** A call of the application's server, client, or of its program on a customer's device. */
async function rest(method: string, path: string, authorization: string, body?: unknown) {
  const response = await fetch(`${running.url}${path}`, {
    method,
    headers: { authorization },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { data } = (await response.json()) as { data?: Record<string, unknown> };
  return { status: response.status, data: data ?? {} };
}

function basic(appid: number, word: string): string {
  return `Basic ${Buffer.from(`${appid}:${word}`).toString('base64')}`;
}

function server(appid: number, secret: string): string {
  return basic(appid, createHash('md5').update(secret).digest('hex'));
}

const grants = async (appid: number, secret: string, uid = 1): Promise<number> =>
  (await rest('POST', '/auth/grant', server(appid, secret), { uid })).status;

async function pages(path: string, limit: number) {
  const items = [];
  for (let cursor = ''; ; ) {
    const { body } = await admin.ok('GET', `${path}limit=${limit}${cursor}`);
    expect(body.items.length).toBeLessThanOrEqual(limit);
    items.push(...body.items);
    if (body.next === null) return items;
    cursor = `&cursor=${body.next}`;
  }
}

test('an application is added, serves, rotates its secret, is removed', async () => {
  const added = (await admin.ok('POST', '/im/apps', { appid: 30, name: '商城' })).body;
  const view = { appid: 30, name: '商城', storeId: null, firstKey: 0, source: 'admin' };
  expect(added.app).toEqual(view);
  expect((await admin.ok('GET', '/im/apps/30')).body).toEqual(view);
  expect(await grants(30, added.secret)).toBe(200);
  expect((await admin.ok('GET', '/im/apps/30/app-key')).body.appKey).toBe(added.appKey);

  const { secret } = (await admin.ok('POST', '/im/apps/30/rotate')).body;
  expect(await grants(30, added.secret)).toBe(403);
  expect(await grants(30, secret)).toBe(200);
  expect((await admin.ok('PATCH', '/im/apps/30', { name: '超市' })).body.name).toBe('超市');
  expect(await grants(30, secret)).toBe(200);

  await admin.ok('DELETE', '/im/apps/30');
  expect(await grants(30, secret)).toBe(403);
  await admin.refused(404, 'GET', '/im/apps/30');
});

test('where new inboxes begin can be raised, and never lowered', async () => {
  const { app } = (await admin.ok('POST', '/im/apps', { appid: 33, firstKey: 5000 })).body;
  expect(app).toMatchObject({ appid: 33, firstKey: 5000 });
  const raised = (await admin.ok('PATCH', '/im/apps/33', { firstKey: 6000 })).body;
  expect(raised).toMatchObject({ firstKey: 6000 });
  const { body } = await admin.refused(400, 'PATCH', '/im/apps/33', { firstKey: 5999 });
  expect(body).toMatchObject({ field: 'firstKey' });
  for (const firstKey of [-1, 1.5, '7', 2 ** 53]) {
    await admin.refused(400, 'PATCH', '/im/apps/33', { firstKey });
    await admin.refused(400, 'POST', '/im/apps', { appid: 34, firstKey });
  }
  expect((await admin.ok('GET', '/im/apps/33')).body).toMatchObject({ firstKey: 6000 });
  await admin.ok('POST', '/im/apps/33/users/1/token', {});
  expect((await admin.ok('GET', '/im/apps/33/users/1')).body).toMatchObject({
    inbox: { last: 6000, read: 0 },
  });
  await admin.ok('DELETE', '/im/apps/33');
});

test('applications are listed by number, page by page', async () => {
  for (const appid of [9, 100]) await admin.ok('POST', '/im/apps', { appid, secret: 'chosen' });
  expect(await grants(100, 'chosen')).toBe(200);
  expect((await pages('/im/apps?', 2)).map((one) => one.appid)).toEqual([7, 9, 100]);
});

test('an application of the config file: its secret is changed there, its name and desk here', async () => {
  const { body } = await admin.refused(409, 'DELETE', '/im/apps/7');
  expect(body.detail).toContain('配置文件');
  await admin.refused(409, 'POST', '/im/apps/7/rotate');
  expect((await admin.ok('PATCH', '/im/apps/7', { name: '文件' })).body.source).toBe('config');
  expect(await grants(7, 'secret')).toBe(200);
});

test.each([
  ['without appid', {}, 'appid'],
  ['with a mistyped appid', { appid: '31' }, 'appid'],
  ['with appid 0', { appid: 0 }, 'appid'],
  ['with an empty secret', { appid: 31, secret: '' }, 'secret'],
  ['with a name that is no text', { appid: 31, name: 'a\0b' }, 'name'],
  ['with an unknown field', { appid: 31, colour: 'red' }, 'colour'],
])('an application %s is refused', async (_what, body, field) => {
  expect((await admin.refused(400, 'POST', '/im/apps', body)).body.field).toBe(field);
});

test('customers reach the desk of their application, and a seller who is there', async () => {
  const { appKey } = (await admin.ok('GET', '/im/apps/7/app-key')).body;
  const register = () =>
    rest('POST', '/customer/register', basic(7, appKey), { appid: 7, customer_id: 'c1' });
  expect((await register()).status).toBe(400);

  const { storeId } = (await admin.ok('POST', '/im/desks', { appid: 7, name: '售后' })).body;
  await admin.refused(400, 'PATCH', '/im/apps/7', { storeId: storeId + 1 });
  await admin.ok('PATCH', '/im/apps/7', { storeId });
  const { data } = await register();
  expect(data).toMatchObject({ store_id: storeId });
  const supporter = async () =>
    (await rest('GET', `/supporters?store_id=${storeId}`, `Bearer ${data['token']}`)).data;

  const sellers = `/im/desks/${storeId}/sellers`;
  await admin.ok('POST', '/im/apps/7/users/501/token', { name: '小李' });
  const first = (await admin.ok('PUT', `${sellers}/501`, {})).body;
  expect(first).toEqual({ storeId, uid: 501, name: '小李', avatar: '', status: 'offline' });
  await admin.ok('PUT', `${sellers}/502`, { name: '小王', status: 'online' });
  expect(await supporter()).toMatchObject({ seller_id: 502, status: 'online' });
  await admin.ok('PUT', `${sellers}/502/status`, { status: 'offline' });
  expect((await admin.ok('PUT', `${sellers}/502`, { avatar: 'https://a/b' })).body).toMatchObject({
    name: '小王',
    status: 'offline',
  });
  expect((await pages(`${sellers}?`, 1)).map((one) => one.uid)).toEqual([501, 502]);
  await admin.ok('DELETE', `${sellers}/502`);
  expect(await supporter()).toMatchObject({ seller_id: 501, status: 'offline' });

  await admin.refused(409, 'DELETE', `/im/desks/${storeId}`);
  expect((await admin.ok('PATCH', '/im/apps/7', { storeId: null })).body.storeId).toBeNull();
  await admin.ok('DELETE', `/im/desks/${storeId}`);
  await admin.refused(404, 'GET', sellers);
  expect((await register()).status).toBe(400);
});

test('desks are added, renamed and listed', async () => {
  const desk = { appid: 7, name: '咨询', storeId: 4000 };
  expect((await admin.ok('POST', '/im/desks', desk)).body).toMatchObject(desk);
  await admin.refused(409, 'POST', '/im/desks', desk);
  await admin.refused(404, 'POST', '/im/desks', { appid: 31, name: 'x' });
  await admin.refused(400, 'POST', '/im/desks', { appid: 7 });
  const next = (await admin.ok('POST', '/im/desks', { appid: 9, name: '其他' })).body;
  expect(next.storeId).toBe(4001);
  expect((await admin.ok('PATCH', '/im/desks/4000', { name: '新' })).body.name).toBe('新');
  expect((await admin.ok('GET', '/im/desks/4000')).body.name).toBe('新');
  expect((await pages('/im/desks?', 1)).map((one) => one.storeId)).toEqual([4000, 4001]);
  expect((await pages('/im/desks?appid=9&', 5)).map((one) => one.storeId)).toEqual([4001]);
  await admin.refused(404, 'PATCH', '/im/desks/5', { name: 'x' });
  await admin.refused(404, 'GET', '/im/desks/5');
  await admin.refused(404, 'DELETE', '/im/desks/5');
  await admin.refused(404, 'PUT', '/im/desks/5/sellers/1', {});
  await admin.refused(404, 'PUT', '/im/desks/4000/sellers/1/status', { status: 'online' });
  await admin.refused(400, 'PUT', '/im/desks/4000/sellers/1/status', { status: 'away' });
  await admin.refused(404, 'DELETE', '/im/desks/4000/sellers/1');
  await admin.refused(400, 'GET', '/im/desks/nine');
});

test('a user is found, looked at and set', async () => {
  await admin.ok('POST', '/im/apps/9/users/-3/token', { name: '张_三' });
  await admin.ok('POST', '/im/apps/9/users/12/token', { name: '张三丰' });
  await rest('POST', '/auth/grant', server(100, 'chosen'), { uid: 12, user_name: '李四' });

  const found = async (query: string) =>
    (await pages(`/im/users?${query}&`, 1)).map((one) => [one.appid, one.uid]);
  expect(await found(`text=${encodeURIComponent('张')}`)).toEqual([
    [9, -3],
    [9, 12],
  ]);
  expect(await found('text=_')).toEqual([[9, -3]]);
  expect(await found('text=12')).toEqual([
    [9, 12],
    [100, 12],
  ]);
  expect(await found('text=12&appid=100')).toEqual([[100, 12]]);
  await admin.refused(400, 'GET', '/im/users?cursor=12');
  await admin.refused(400, 'GET', '/im/users?appid=x');

  const path = '/im/apps/9/users/12';
  const set = { name: '张君宝', forbidden: true, mute: true };
  expect((await admin.ok('PATCH', path, set)).body).toMatchObject({ uid: 12, ...set });
  await admin.ok('PATCH', path, { forbidden: false });
  const quiet = { do_not_disturb: { peer_uid: 8, on: true } };
  await rest('POST', '/users/12', server(9, 'chosen'), quiet);
  expect((await admin.ok('GET', path)).body).toMatchObject({
    ...{ name: '张君宝', forbidden: false, mute: true, online: false },
    ...{ quietPeers: [8], quietGroups: [], inbox: { last: 0, read: 0 }, connections: [] },
  });
  await admin.refused(400, 'PATCH', path, { forbidden: 'yes' });
  await admin.refused(404, 'PATCH', '/im/apps/9/users/13', { name: 'x' });
  await admin.refused(404, 'GET', '/im/apps/31/users/12');
  await admin.refused(400, 'GET', '/im/apps/9/users/0');
});

test('a token is granted for a trial and revoked', async () => {
  const path = '/im/apps/9/users/77/token';
  const { token } = (await admin.ok('POST', path, {})).body;
  expect(token).toMatch(/^[A-Za-z0-9]{30}$/);
  const own = await rest('POST', '/auth/grant', server(9, 'chosen'), { uid: 77 });
  expect(own.data['token']).toBe(token);
  const status = async () => (await rest('GET', '/client/groups', `Bearer ${token}`)).status;
  expect(await status()).toBe(200);
  await admin.ok('DELETE', path);
  expect(await status()).toBe(403);
  expect((await admin.ok('POST', path, {})).body.token).not.toBe(token);
  await admin.refused(404, 'POST', '/im/apps/31/users/1/token', {});
  await admin.refused(404, 'DELETE', '/im/apps/9/users/78/token');
  await admin.refused(400, 'POST', '/im/apps/9/users/0/token', {});
});

test('secrets, keys and tokens are shown when asked for, not in lists and not in the log', async () => {
  const made = (await admin.ok('POST', '/im/apps', { appid: 50 })).body;
  const secrets = [
    made.secret,
    made.appKey,
    (await admin.ok('POST', '/im/apps/50/rotate')).body.secret,
    (await admin.ok('POST', '/im/apps/50/users/5/token', {})).body.token,
  ];
  admin.texts.length = 0;
  for (const path of ['apps', 'apps/50', 'users', 'apps/50/users/5', 'desks', 'connections']) {
    await admin.ok('GET', `/im/${path}`);
  }
  await admin.ok('PATCH', '/im/apps/50', { name: 'x' });
  for (const secret of secrets) {
    expect(admin.texts.join('\n')).not.toContain(secret);
    expect(running.log()).not.toContain(secret);
  }
  expect(running.log()).toContain('rotateImSecret');
});
