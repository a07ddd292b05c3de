import { afterAll, beforeAll, expect, test } from 'vitest';
import { gobelieveRoutes } from '../api/gobelieve/routes.ts';
import {
  basic,
  type GobelieveRest,
  gobelieveRest,
  server7,
  server8,
} from './support/gobelieve-rest.ts';

let rig: GobelieveRest;
let lastUid = 2000;

beforeAll(async () => {
  rig = await gobelieveRest();
});
afterAll(async () => {
  await rig.close();
  expect(rig.lines).toEqual([]);
});

const call: GobelieveRest['call'] = (...request) => rig.call(...request);
const fresh = (): number => ++lastUid;

async function tokenOf(uid: number): Promise<string> {
  return `Bearer ${(await call('POST', '/auth/grant', { uid })).json.data.token}`;
}

async function groupOf(members: unknown[]): Promise<number> {
  const answer = await call('POST', '/groups', { master: 1, name: '群', members });
  return answer.json.data.group_id;
}

const inbox = (appid: number, uid: number) => rig.im.log.read({ appid, uid }, 0, 1000);

test('what is outside of the application does not exist', async () => {
  const uid = fresh();
  const gid = await groupOf([uid]);
  const refused = { status: 400, json: { meta: { code: 400, message: 'group non exists' } } };
  const calls: [string, string, unknown?][] = [
    ['PATCH', `/groups/${gid}`, { name: '抢' }],
    ['DELETE', `/groups/${gid}`],
    ['POST', `/groups/${gid}/upgrade`],
    ['POST', `/groups/${gid}/members`, [1]],
    ['POST', `/groups/${gid}/members`, []],
    ['DELETE', `/groups/${gid}/members`, [uid]],
    ['DELETE', `/groups/${gid}/members/${uid}`],
    ['PATCH', `/groups/${gid}/members/${uid}`, { mute: true }],
    ['PATCH', `/groups/${gid}/members/${uid}`, { do_not_disturb: true }],
    ['POST', '/messages/groups', { sender: uid, receiver: gid, content: 'x' }],
  ];
  for (const [method, path, body] of calls) {
    expect(await call(method, path, body, server8), `${method} ${path}`).toMatchObject(refused);
    const nowhere = JSON.parse(JSON.stringify(body ?? null).replaceAll(`${gid}`, '999999'));
    const absent = path.replace(`${gid}`, '999999');
    expect(await call(method, absent, nowhere ?? undefined), absent).toMatchObject(refused);
  }
  const notice = { group_id: gid, content: 'x' };
  expect((await call('POST', '/messages/groups/notifications', notice, server8)).json).toEqual({
    meta: { code: 400, message: 'group no member' },
  });
  await call('POST', '/messages/systems', { receiver: uid, content: 'x' }, server8);
  expect(await inbox(7, uid)).toHaveLength(1);
  expect(await inbox(8, uid)).toHaveLength(1);
  expect(await rig.im.groups.get(gid)).toMatchObject({ name: '群', super: false });
});

test('a number that is taken is refused in the same words, whoever has it', async () => {
  const own = await groupOf([1]);
  const { gid: foreign } = await rig.im.groups.create({
    ...{ appid: 8, master: 1, name: '别家', members: [1] },
  });
  const gone = await groupOf([1]);
  await call('DELETE', `/groups/${gone}`);
  const disbanded = await rig.im.groups.create({
    ...{ appid: 8, master: 1, name: '别家', members: [1] },
  });
  await rig.im.groups.disband(8, disbanded.gid);
  const body = { master: 1, name: 'x', members: [1] };
  for (const [path, credential] of [
    ['/groups', server7],
    ['/client/groups', await tokenOf(1)],
  ] as const) {
    for (const gid of [own, foreign, disbanded.gid]) {
      const answer = await call('POST', path, { ...body, group_id: gid }, credential);
      const message = `group id ${gid} cannot be used`;
      expect(answer).toMatchObject({ status: 400, json: { meta: { code: 400, message } } });
    }
  }
  // One's own that is no more may be made again.
  expect((await call('POST', '/groups', { ...body, group_id: gone })).status).toBe(200);
});

test('the number of a customer is granted to nobody else', async () => {
  const { storeId } = await rig.im.desks.addDesk({ appid: 7, name: '售后' });
  await rig.im.apps.update(7, { storeId });
  const made = await call('POST', '/auth/customer', { appid: 7, customer_id: 'c' }, '');
  const { client_id: uid, token } = made.json.data;
  expect((await call('POST', '/auth/grant', { uid })).json.data).toEqual({ token });
  expect((await call('POST', '/auth/grant', { uid }, server8)).status).toBe(400);
  expect((await call('POST', '/auth/grant', { uid: uid + 1 })).status).toBe(400);
});

test.each<[string, string, number, string]>([
  ['none', '', 401, '非法的appid'],
  ['an unknown application', basic(9, 'secret'), 403, '非法的appid'],
  ['another secret', basic(7, 'wrong'), 403, '非法的appid'],
  ['no number', basic('seven', 'secret'), 403, '非法的appid'],
  ['no base64', 'Basic %%%', 403, '非法的appid'],
  ['half of it', `Basic ${Buffer.from('7').toString('base64')}`, 403, '非法的appid'],
  ['another scheme', 'Digest x', 403, '非法的appid'],
])('a server with %s for credentials is refused', async (_what, credential, code, message) => {
  for (const path of ['/auth/grant', '/v2/groups', '/messages/peers']) {
    const answer = await call('POST', path, 'not even JSON', credential);
    const hint = expect.stringContaining('md5 of the secret');
    expect(answer).toMatchObject({ status: code, json: { meta: { code, message, hint } } });
    expect(answer.headers.has('www-authenticate')).toBe(code === 401);
  }
});

test('clients and servers keep to their own; the case of the digest does not matter', async () => {
  const token = await tokenOf(fresh());
  const wrong = { status: 403, json: { meta: { code: 403, message: '非法的access token' } } };
  expect((await call('POST', '/groups', {}, token)).status).toBe(403);
  expect(await call('POST', '/messages/dequeue', {}, 'Bearer nobody')).toMatchObject(wrong);
  expect(await call('POST', '/messages/dequeue', {}, server7)).toMatchObject(wrong);
  expect((await call('POST', '/messages/dequeue', {}, '')).status).toBe(401);
  const [, encoded = ''] = server7.split(' ');
  const shouting = Buffer.from(Buffer.from(encoded, 'base64').toString().toUpperCase());
  const credential = `basic ${shouting.toString('base64')}`;
  expect((await call('POST', '/auth/grant', { uid: 1 }, credential)).status).toBe(200);
});

test.each<[string, string, number]>([
  ['GET', '/groups', 405],
  ['PUT', '/groups/1', 405],
  ['GET', '/v2/auth/grant', 405],
  ['DELETE', '/messages/peers', 405],
  ['POST', '/groups/1/nothing', 404],
  ['GET', '/messages/nowhere', 404],
  ['POST', '/v2/users', 404],
  ['PATCH', '/groups/abc', 404],
  ['DELETE', '/groups/1/members/-5', 404],
  ['DELETE', '/groups/99999999999999999999', 404],
  ['POST', '/users/1e3', 404],
  ['POST', '/users/%zz', 404],
])('%s %s is answered in the form of the family: %i', async (method, path, code) => {
  const answer = await call(method, path, undefined, '');
  expect(answer).toMatchObject({
    status: code,
    json: { meta: { code, message: expect.any(String) } },
  });
});

test('every route is refused without credentials, whatever is sent', async () => {
  for (const { method, path } of gobelieveRoutes) {
    const address = path.replaceAll(/\{\w+\}/g, '1');
    for (const prefix of ['', '/v2']) {
      const answer = await call(method.toUpperCase(), `${prefix}${address}`, undefined, '');
      expect([address, answer.status, answer.json.meta.code]).toEqual([address, 401, 401]);
    }
  }
});
