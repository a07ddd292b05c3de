import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Parties } from '../bot/im/message.ts';
import {
  type GobelieveRest,
  gobelieveRest,
  NotedSession,
  server7,
  server8,
  userOf,
} from './support/gobelieve-rest.ts';

const success = { code: 200, message: 'success' };

let rig: GobelieveRest;
/** App 7 sends its customers there. */
let storeId: number;
let lastUid = 1000;

beforeAll(async () => {
  rig = await gobelieveRest();
  ({ storeId } = await rig.im.desks.addDesk({ appid: 7, name: '售后' }));
  await rig.im.apps.update(7, { storeId });
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

describe('/messages', () => {
  async function said(uid: number): Promise<void> {
    const content = Buffer.from('{"text":"客服"}');
    const customer = { customerApp: 7, customer: uid, storeId, seller: 31 };
    const told: ['customer' | 'toDesk' | 'fromDesk', Parties][] = [
      ['customer', { senderApp: 7, receiverApp: 8 }],
      ['toDesk', customer],
      ['toDesk', { ...customer, storeId: 404 }],
    ];
    for (const [kind, parties] of told) {
      const to = kind === 'customer' ? { appid: 8, uid: 31 } : { appid: 7, uid: 31 };
      const say = { appid: 7, sender: uid, receiver: 31, content, kind, parties, to };
      await new Promise<void>((resolve, reject) =>
        rig.im.sender.customer(say, (error) => (error ? reject(error) : resolve())),
      );
    }
  }

  test('what was said to and by the caller, oldest first', async () => {
    const [one, two] = [fresh(), fresh()];
    const token = await userOf(rig, two);
    await call('POST', '/messages/peers', { sender: one, receiver: two, content: '你好' });
    await call('POST', '/messages/peers', { sender: two, receiver: one, content: '好' });
    await call('POST', '/messages/systems', { receiver: two, content: '系统' });
    const made = await call('POST', '/groups', { master: one, name: 'g', members: [two] });
    const gid: number = made.json.data.group_id;
    await call('POST', '/messages/groups', { sender: one, receiver: gid, content: '大家好' });
    await said(two);
    const timestamp = Math.floor(rig.clock.now() / 1000);
    const text = '{"text":"客服"}';
    const desk = { customer_appid: 7, customer_id: two, seller_id: 31, sender: two, receiver: 31 };
    const toDesk = { id: 7, command: 24, ...desk, store_id: storeId, content: text, timestamp };
    const history = await call('GET', '/messages', undefined, token);
    expect(history.json).toEqual({
      meta: success,
      data: [
        { id: 1, command: 4, sender: one, receiver: two, content: '你好', timestamp },
        { id: 2, command: 4, sender: two, receiver: one, content: '好', timestamp },
        { id: 5, command: 8, sender: one, receiver: gid, content: '大家好', timestamp },
        {
          id: 6,
          command: 64,
          sender: two,
          receiver: 31,
          sender_appid: 7,
          receiver_appid: 8,
          content: text,
          timestamp,
        },
        toDesk,
        { ...toDesk, id: 8, store_id: 404 },
      ],
    });
    const atDesk = await call('GET', `/v2/messages?store=${storeId}`, undefined, token);
    expect(atDesk.json.data).toEqual([toDesk]);
  });

  test('the newest 1024 entries', async () => {
    const uid = fresh();
    const work = Array.from({ length: 1030 }, (_, at) => {
      const say = { appid: 7, sender: 1, receiver: uid, content: Buffer.from(String(at + 1)) };
      return new Promise<void>((resolve, reject) =>
        rig.im.sender.peer(say, (error) => (error ? reject(error) : resolve())),
      );
    });
    await Promise.all(work);
    const { json } = await call('GET', '/messages', undefined, await userOf(rig, uid));
    expect(json.data).toHaveLength(1024);
    expect([json.data.at(0).content, json.data.at(-1).content]).toEqual(['7', '1030']);
  });

  test('pages of other sites may read it', async () => {
    const token = await userOf(rig, fresh());
    const headers = { origin: 'https://shop.example', 'access-control-request-method': 'GET' };
    const asked = await fetch(`${rig.url}/messages`, { method: 'OPTIONS', headers });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-headers')).toContain('Authorization');
    for (const path of ['/auth/customer', '/supporters', '/images', '/client/groups/5']) {
      const other = await fetch(`${rig.url}/v2${path}`, { method: 'OPTIONS', headers });
      expect([path, other.status]).toEqual([path, 204]);
      expect(other.headers.get('access-control-allow-origin')).toBe('*');
    }
    for (const credential of [token, '']) {
      const answer = await call('GET', '/messages', undefined, credential);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    }
    const sending = await call('POST', '/messages/peers', {}, server7);
    expect(sending.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('input at fault', async () => {
    const token = await userOf(rig, fresh());
    expect((await call('GET', '/messages?store=x', undefined, token)).status).toBe(400);
    expect((await call('GET', '/messages', undefined, '')).status).toBe(401);
    expect((await call('GET', '/messages', undefined, server7)).status).toBe(403);
    expect((await call('DELETE', '/messages', undefined, token)).status).toBe(405);
  });
});

describe('/messages/offline', () => {
  const offline = async (query: string, credential = server7) =>
    (await call('GET', `/messages/offline${query}`, undefined, credential)).json.data;
  const say = (sender: number, receiver: number) =>
    call('POST', '/messages/peers', { sender, receiver, content: 'x' });

  test('what lies behind the place that was read', async () => {
    const [one, two] = [fresh(), fresh()];
    const token = await userOf(rig, two);
    expect(await offline(`?uid=${two}`)).toEqual({ count: 0, new: 0 });
    await say(one, two);
    await say(one, two);
    expect(await offline(`?uid=${two}&platform_id=1&device_id=x`)).toEqual({ count: 2, new: 1 });
    expect(await offline('', token)).toEqual({ count: 2, new: 1 });
    expect(await offline(`?uid=${two}`, token)).toEqual({ count: 2, new: 1 });
    rig.im.cursors.raise({ appid: 7, uid: two }, 1);
    expect(await offline(`?uid=${two}`)).toEqual({ count: 1, new: 1 });
    rig.im.cursors.raise({ appid: 7, uid: two }, 2);
    expect(await offline(`?uid=${two}`)).toEqual({ count: 0, new: 0 });
    // What one said elsewhere is no news.
    expect(await offline(`?uid=${one}`)).toEqual({ count: 2, new: 0 });
    // A user of another application.
    expect(await offline(`?uid=${one}`, server8)).toEqual({ count: 0, new: 0 });
  });

  test('of a customer', async () => {
    const made = await call('POST', '/auth/customer', { appid: 7, customer_id: 'waiting' });
    await say(1, made.json.data.client_id);
    expect(await offline('?customer_id=waiting')).toEqual({ count: 1, new: 1 });
    expect(await offline('?customer_id=never')).toEqual({ count: 0, new: 0 });
    const credential = `Bearer ${made.json.data.token}`;
    const as = (id: string) =>
      call('GET', `/messages/offline?customer_id=${id}`, undefined, credential);
    expect((await as('waiting')).status).toBe(200);
    expect((await as('never')).status).toBe(403);
  });

  test('quiet conversations are not new', async () => {
    const [one, two, three] = [fresh(), fresh(), fresh()];
    const set = (body: unknown) => call('POST', `/users/${three}`, body);
    await set({ do_not_disturb: { peer_uid: one, on: true } });
    await say(one, three);
    expect(await offline(`?uid=${three}`)).toEqual({ count: 1, new: 0 });
    const made = await call('POST', '/groups', { master: one, name: 'g', members: [one, three] });
    const path = `/groups/${made.json.data.group_id}`;
    await call('PATCH', `${path}/members/${three}`, { do_not_disturb: true });
    const toGroup = { sender: one, receiver: made.json.data.group_id, content: 'x' };
    await call('POST', '/messages/groups', toGroup);
    expect(await offline(`?uid=${three}`)).toEqual({ count: 3, new: 0 });
    await say(two, three);
    expect(await offline(`?uid=${three}`)).toEqual({ count: 4, new: 1 });
    rig.im.cursors.raise({ appid: 7, uid: three }, 4);
    await set({ do_not_disturb: { peer_uid: one, on: false } });
    await say(one, three);
    expect(await offline(`?uid=${three}`)).toEqual({ count: 1, new: 1 });
  });

  test('nothing is new on a mute phone while a desktop is online', async () => {
    const uid = fresh();
    await say(1, uid);
    await call('POST', `/users/${uid}`, { mute: true });
    expect(await offline(`?uid=${uid}`)).toEqual({ count: 1, new: 1 });
    const phone = Object.assign(new NotedSession(7, uid), { platform: 2 });
    rig.im.hub.add(phone);
    expect(await offline(`?uid=${uid}`)).toEqual({ count: 1, new: 1 });
    const desktop = new NotedSession(7, uid);
    rig.im.hub.add(desktop);
    expect(await offline(`?uid=${uid}`)).toEqual({ count: 1, new: 0 });
    await call('POST', `/users/${uid}`, { mute: false });
    expect(await offline(`?uid=${uid}`)).toEqual({ count: 1, new: 1 });
    for (const session of [phone, desktop]) rig.im.hub.remove(session);
  });

  test('input at fault', async () => {
    const ask = (query: string, credential?: string) =>
      call('GET', `/messages/offline${query}`, undefined, credential);
    expect(await ask('')).toMatchObject(refused('invalid uid'));
    expect(await ask('?customer_id=')).toMatchObject(refused('invalid uid'));
    expect((await ask('?uid=x')).status).toBe(400);
    expect((await ask('?uid=0')).status).toBe(400);
    expect((await ask('?uid=1', '')).status).toBe(401);
    expect((await ask('?uid=1', 'Bearer wrong')).status).toBe(403);
    const token = await userOf(rig, fresh());
    expect(await ask('?uid=1', token)).toMatchObject(refused('uid must be self', 403));
  });
});
