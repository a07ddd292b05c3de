import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstCustomer } from '../bot/im/desks.ts';
import {
  basic,
  type GobelieveRest,
  gobelieveRest,
  server7,
  userOf,
} from './support/gobelieve-rest.ts';

const success = { code: 200, message: 'success' };
const done = { meta: success, data: { success: true }, success: true };

let rig: GobelieveRest;
/** App 7 sends its customers there, app 8 has none. */
let storeId: number;
let appKey: string;
let lastUid = 1000;

beforeAll(async () => {
  rig = await gobelieveRest();
  ({ storeId } = await rig.im.desks.addDesk({ appid: 7, name: '售后' }));
  await rig.im.apps.update(7, { storeId });
  ({ appKey } = await rig.im.apps.add({ appid: 9 }));
  await rig.im.apps.update(9, { storeId });
});
afterAll(async () => {
  await rig.close();
  // Nothing went wrong inside.
  expect(rig.lines).toEqual([]);
});

const call: GobelieveRest['call'] = (...request) => rig.call(...request);
const fresh = (): number => ++lastUid;

function refused(message: string, status = 400) {
  return { status, json: { meta: { code: status, message } } };
}

describe.each(['/auth/customer', '/customer/register', '/v2/customer/register'])('%s', (path) => {
  const register = (body: unknown, credential = '') => call('POST', path, body, credential);

  test('the same customer for a customer id, a new one without', async () => {
    const body = {
      appid: 7,
      customer_id: 'c1',
      name: '顾客',
      avatar: 'http://a/b',
      platform_id: 3,
    };
    const { status, json } = await register(body);
    expect([status, json.meta]).toEqual([200, success]);
    const { token, client_id: client } = json.data;
    expect(json.data).toEqual({
      token: expect.stringMatching(/^[A-Za-z0-9]{30}$/),
      store_id: storeId,
      client_id: expect.any(Number),
    });
    expect(client).toBeGreaterThanOrEqual(firstCustomer);
    expect((await register({ appid: '7', customer_id: 'c1' })).json.data).toEqual(json.data);
    expect(await rig.im.users.authenticate(token)).toMatchObject({ uid: client, name: '顾客' });
    const nameless = [{ appid: 7 }, { appid: 7, customer_id: '' }, { appid: 7, customer_id: null }];
    const ids = new Set([client]);
    for (const one of nameless) ids.add((await register(one)).json.data.client_id);
    expect(ids.size).toBe(4);
    const digits = (await register({ appid: 7, customer_id: 12 })).json.data.client_id;
    expect((await register({ appid: 7, customer_id: '12' })).json.data.client_id).toBe(digits);
  });

  test('what may come along has to be right', async () => {
    const key = (appid: number, text: string): string =>
      `Basic ${Buffer.from(`${appid}:${text}`).toString('base64')}`;
    const body = { appid: 9, customer_id: 'c1' };
    expect((await register(body, key(9, appKey))).status).toBe(200);
    expect((await register(body, key(9, appKey.toUpperCase()))).status).toBe(200);
    expect((await register({ appid: 7 }, server7)).status).toBe(200);
    // A token opens nothing here, so it shuts nothing either.
    expect((await register(body, 'Bearer whatever')).status).toBe(200);
    expect(await register(body, key(9, 'wrong'))).toMatchObject(refused('非法的appid', 403));
    expect(await register(body, basic(9, 'wrong'))).toMatchObject(refused('非法的appid', 403));
    expect(await register(body, server7)).toMatchObject(refused('非法的appid', 403));
  });

  test('input at fault', async () => {
    const missing = refused('app do not support customer');
    expect(await register({ appid: 8 })).toMatchObject(missing);
    expect(await register({ appid: 404 })).toMatchObject(missing);
    expect(await register('{')).toMatchObject(refused('invalid json format'));
    const bodies: [string, unknown][] = [
      ['appid', {}],
      ['appid', { appid: 'x' }],
      ['appid', { appid: 1.5 }],
      ['customer_id', { appid: 7, customer_id: { a: 1 } }],
      ['customer_id', { appid: 7, customer_id: 'x'.repeat(256) }],
      ['customer_id', { appid: 7, customer_id: 'a\0b' }],
      ['name', { appid: 7, name: 5 }],
      ['avatar', { appid: 7, avatar: [] }],
      ['', [7]],
      ['', 'null'],
    ];
    for (const [field, body] of bodies) {
      const answer = await register(body);
      expect(answer, JSON.stringify(body)).toMatchObject({
        status: 400,
        json: { meta: { code: 400 } },
      });
      expect(answer.json.meta.message).toMatch(new RegExp(`^invalid param(: ${field})?`));
    }
  });
});

describe('/supporters', () => {
  test('keeps the seller, prefers those online, cuts mail addresses', async () => {
    const desk = await rig.im.desks.addDesk({ appid: 7, name: '售前' });
    const at = desk.storeId;
    const token = await userOf(rig, fresh());
    const ask = (query = `?store_id=${at}`, who = token) =>
      call('GET', `/supporters${query}`, undefined, who);
    expect(await ask()).toMatchObject(refused('store no supporter'));
    await rig.im.desks.putSeller({
      storeId: at,
      uid: 31,
      name: 'li@example.com',
      avatar: 'http://a',
    });
    await rig.im.desks.putSeller({ storeId: at, uid: 32, name: '王' });
    const first = { seller_id: 31, name: 'li', avatar: 'http://a', status: 'offline' };
    expect((await ask()).json).toEqual({ meta: success, data: first });
    await rig.im.desks.setStatus(at, 32, 'online');
    expect((await ask(`?store=${at}`)).json.data).toEqual(first);
    expect((await ask(undefined, await userOf(rig, fresh()))).json.data).toEqual({
      seller_id: 32,
      name: '王',
      avatar: '',
      status: 'online',
    });
  });

  test('input at fault', async () => {
    const token = await userOf(rig, fresh());
    const ask = (query: string, who = token) => call('GET', `/supporters${query}`, undefined, who);
    expect(await ask('')).toMatchObject(refused('require store_id param'));
    expect((await ask('?store_id=x')).status).toBe(400);
    expect((await ask('?store_id=1&store_id=2')).status).toBe(400);
    expect(await ask('?store_id=404')).toMatchObject(refused('store no supporter'));
    expect((await ask('?store_id=1', '')).status).toBe(401);
    expect((await ask('?store_id=1', server7)).status).toBe(403);
    // A desk of another application.
    const { storeId: foreign } = await rig.im.desks.addDesk({ appid: 8, name: '别家' });
    await rig.im.desks.putSeller({ storeId: foreign, uid: 1 });
    expect(await ask(`?store_id=${foreign}`)).toMatchObject(refused('store no supporter'));
  });

  test('a seller says that it is there', async () => {
    const uid = fresh();
    await rig.im.desks.putSeller({ storeId, uid });
    const say = async (body: unknown, who = uid) =>
      call('PATCH', '/supporters', body, await userOf(rig, who));
    expect((await say({ store_id: storeId, status: 'online' })).json).toEqual(done);
    expect((await rig.im.desks.sellers(storeId)).find((one) => one.uid === uid)?.status).toBe(
      'online',
    );
    expect((await say({ store_id: storeId, status: 'away' })).status).toBe(400);
    expect((await say({ status: 'online' })).status).toBe(400);
    expect((await say({ store_id: 404, status: 'online' })).status).toBe(404);
    expect((await say({ store_id: storeId, status: 'online' }, fresh())).status).toBe(404);
    const other = `Bearer ${await rig.im.users.grant({ appid: 8, uid })}`;
    const body = { store_id: storeId, status: 'offline' };
    expect((await call('PATCH', '/supporters', body, other)).status).toBe(404);
  });
});

describe.each(['', '/v2'])('%s/device', (prefix) => {
  const device = (verb: string, body: unknown, token: string) =>
    call('POST', `${prefix}/device/${verb}`, body, token);

  test('binds and unbinds, sealed', async () => {
    const uid = fresh();
    const token = await userOf(rig, uid);
    const bound = () => rig.im.pushTokens.of({ appid: 7, uid });
    const body = { apns_device_token: 'aa11', xm_device_token: 'bb', hw_device_token: '', x: 1 };
    expect((await device('bind', body, token)).json).toEqual(done);
    expect(await bound()).toEqual([
      { kind: 'apns', token: 'aa11' },
      { kind: 'xm', token: 'bb' },
    ]);
    const rows = await rig.db.read<{ token: Uint8Array }>(
      'SELECT token FROM im_push_tokens WHERE uid = ?',
      [uid],
    );
    expect(rows.some((row) => Buffer.from(row.token).includes('aa11'))).toBe(false);
    expect((await device('bind', { apns_device_token: 'cc' }, token)).status).toBe(200);
    // The token of the telephone before.
    expect((await device('unbind', { apns_device_token: 'aa11' }, token)).json).toEqual(done);
    expect(await bound()).toContainEqual({ kind: 'apns', token: 'cc' });
    await device('unbind', { apns_device_token: 'cc', xm_device_token: 'bb' }, token);
    expect(await bound()).toEqual([]);
  });

  test.each(['bind', 'unbind'])('input at fault: %s', async (verb) => {
    const token = await userOf(rig, fresh());
    const none = refused('invalid param: a device token is needed');
    expect(await device(verb, {}, token)).toMatchObject(none);
    expect(
      await device(verb, { gcm_device_token: null, jp_device_token: '' }, token),
    ).toMatchObject(none);
    const bodies = [
      { gcm_device_token: 5 },
      { ng_device_token: 'x'.repeat(2049) },
      [],
      '{',
      'null',
    ];
    for (const body of bodies) {
      expect((await device(verb, body, token)).status, JSON.stringify(body)).toBe(400);
    }
    expect((await device(verb, { xg_device_token: 'x' }, '')).status).toBe(401);
    expect((await device(verb, { xg_device_token: 'x' }, server7)).status).toBe(403);
  });
});
