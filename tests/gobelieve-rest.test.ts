import { afterAll, beforeAll, expect, test } from 'vitest';
import type { User } from '../bot/im/message.ts';
import {
  type GobelieveRest,
  gobelieveRest,
  NotedSession,
  server8,
} from './support/gobelieve-rest.ts';

const success = { code: 200, message: 'success' };
const done = { meta: success, data: { success: true }, success: true };

let rig: GobelieveRest;
let lastUid = 1000;

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

async function groupOf(members: unknown[], more: object = {}): Promise<number> {
  const answer = await call('POST', '/groups', { master: 1, name: '群', members, ...more });
  expect(answer).toMatchObject({ status: 200, json: { meta: success } });
  return answer.json.data.group_id;
}

/** What lies in a user's inbox, oldest first. */
async function inbox(user: User | number) {
  const of = typeof user === 'number' ? { appid: 7, uid: user } : user;
  return (await rig.im.log.read(of, 0, 1000)).map(({ message }) => {
    const { kind, sender, receiver, content } = message;
    return { kind, sender, receiver, content: content.toString() };
  });
}

/** The notices about groups in a user's inbox. */
async function notices(uid: number): Promise<unknown[]> {
  const all = await inbox(uid);
  return all.filter(({ kind }) => kind === 'notice').map(({ content }) => JSON.parse(content));
}

test('a grant gives a token, the same each time, for integers and their digits', async () => {
  const first = await call('POST', '/auth/grant', {
    uid: 11,
    user_name: '张三',
    platform_id: 2,
    device_id: 'abc',
  });
  expect(first.status).toBe(200);
  expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(first.json).toEqual({ meta: success, data: { token: expect.any(String) } });
  expect(first.json.data.token).toMatch(/^[A-Za-z0-9]{30}$/);
  const again = await call('POST', '/v2/auth/grant', { uid: '11', user_name: null });
  expect(again.json).toEqual(first.json);
  expect(await rig.im.users.get({ appid: 7, uid: 11 })).toMatchObject({ name: '张三' });
  const other = await call('POST', '/auth/grant', { uid: 11 }, server8);
  expect(other.json.data.token).not.toBe(first.json.data.token);
  expect(await rig.im.users.authenticate(first.json.data.token)).toMatchObject({ uid: 11 });
});

test.each(['POST', 'PATCH'])('settings of a user are all kept (%s)', async (method) => {
  const uid = fresh();
  const user = { appid: 7, uid };
  const all = {
    name: '李四',
    forbidden: true,
    do_not_disturb: { peer_uid: '12', on: '开' },
    mute: 'on',
  };
  expect(await call(method, `/users/${uid}`, all)).toMatchObject({ status: 200, json: done });
  expect(await rig.im.users.get(user)).toMatchObject({ name: '李四', forbidden: true, mute: true });
  expect(await rig.im.users.isQuiet(user, 'peer', 12)).toBe(true);
  const off = { do_not_disturb: { peer_uid: 12, on: 0 }, mute: false, forbidden: 'false' };
  expect((await call(method, `/v2/users/${uid}`, off)).status).toBe(200);
  expect(await rig.im.users.get(user)).toMatchObject({ forbidden: false, mute: false });
  expect(await rig.im.users.isQuiet(user, 'peer', 12)).toBe(false);
  expect(await rig.im.users.get({ appid: 8, uid })).toBeUndefined();
});

test('a group is made of integers, digits and objects, each once, and they are told', async () => {
  const [a, b, c] = [fresh(), fresh(), fresh()];
  const members = [a, `${b}`, { uid: `${c}`, name: '王五', avatar: 'http://a/b.png' }, b];
  const gid = await groupOf(members, { master: `${a}`, super: 'false' });
  const group = await rig.im.groups.get(gid);
  expect([...(group?.members.keys() ?? [])].sort()).toEqual([a, b, c]);
  expect(group).toMatchObject({ appid: 7, master: a, super: false, name: '群' });
  const told = {
    create: {
      group_id: gid,
      master: a,
      name: '群',
      members: [a, b, { uid: c, name: '王五', avatar: 'http://a/b.png' }],
      timestamp: Math.floor(rig.clock.now() / 1000),
    },
  };
  for (const uid of [a, b, c]) expect(await notices(uid)).toEqual([told]);
  expect(await groupOf([], { super: 1 })).toBe(gid + 1);
  expect(await rig.im.groups.get(gid + 1)).toMatchObject({ super: true, master: 1 });
});

test('the application may choose the number of a group, once', async () => {
  expect(await groupOf([1], { group_id: '70001' })).toBe(70001);
  const again = await call('POST', '/groups', {
    master: 1,
    name: '',
    members: [],
    group_id: 70001,
  });
  expect(again).toMatchObject({ status: 400, json: { meta: { code: 400 } } });
  expect(await groupOf([1])).toBe(70002);
});

test('a group is renamed, made a super group, and disbanded', async () => {
  const uid = fresh();
  const gid = await groupOf([uid]);
  expect((await call('PATCH', `/groups/${gid}`, { name: '新名' })).json).toEqual(done);
  expect((await call('POST', `/v2/groups/${gid}/upgrade`)).json).toEqual(done);
  expect(await rig.im.groups.get(gid)).toMatchObject({ name: '新名', super: true });
  expect((await call('DELETE', `/groups/${gid}`)).json).toEqual(done);
  expect(await rig.im.groups.get(gid)).toBeUndefined();
  expect(await notices(uid)).toMatchObject([
    { create: {} },
    { update_name: { group_id: gid, name: '新名' } },
    { disband: { group_id: gid, group_name: '新名' } },
  ]);
});

test.each<[string, (uid: number) => unknown]>([
  ['an object with members', (uid) => ({ members: [{ uid, name: '甲' }] })],
  ['an object with numbers', (uid) => ({ members: [`${uid}`] })],
  ['an object with an inviter', (uid) => ({ members: [uid], inviter: { uid: 1, name: '乙' } })],
  ['a bare list', (uid) => [{ uid: `${uid}` }]],
  ['a bare list of numbers', (uid) => [uid]],
  ['one member', (uid) => ({ uid, name: '甲', avatar: 'x' })],
])('members are added by %s, and all are told', async (_form, body) => {
  const [old, uid] = [fresh(), fresh()];
  const gid = await groupOf([old]);
  expect((await call('POST', `/groups/${gid}/members`, body(uid))).json).toEqual(done);
  expect([...((await rig.im.groups.get(gid))?.members.keys() ?? [])]).toEqual([old, uid]);
  const added = { add_member: { group_id: gid, group_name: '群', member_id: uid } };
  expect((await notices(old)).at(-1)).toMatchObject(added);
  expect(await notices(uid)).toMatchObject([added]);
});

test('nobody is added by an empty list', async () => {
  const gid = await groupOf([1]);
  expect((await call('POST', `/groups/${gid}/members`, { members: [] })).json).toEqual(done);
  expect((await call('POST', `/groups/${gid}/members`, [])).json).toEqual(done);
});

test('members leave, one by one or by a list of numbers, digits and objects', async () => {
  const [a, b, c, d] = [fresh(), fresh(), fresh(), fresh()];
  const gid = await groupOf([a, b, c, d]);
  expect((await call('DELETE', `/groups/${gid}/members/${a}`)).json).toEqual(done);
  expect(await call('DELETE', `/groups/${gid}/members/${a}`)).toMatchObject({ status: 200 });
  const list = [b, `${c}`, { uid: d, name: '丁' }];
  expect((await call('DELETE', `/groups/${gid}/members`, list)).json).toEqual(done);
  expect((await rig.im.groups.get(gid))?.members.size).toBe(0);
  expect((await notices(a)).at(-1)).toMatchObject({ quit_group: { member_id: a } });
  expect((await notices(d)).at(-1)).toMatchObject({ quit_group: { member_id: d, name: '丁' } });
});

test('settings of a member: one of two counts, and mute besides', async () => {
  const uid = fresh();
  const user = { appid: 7, uid };
  const gid = await groupOf([uid]);
  const path = `/groups/${gid}/members/${uid}`;
  const first = await call('PATCH', path, { do_not_disturb: true, nickname: '不算' });
  expect(first.json).toEqual(done);
  expect(await rig.im.users.isQuiet(user, 'group', gid)).toBe(true);
  await call('PATCH', path, { do_not_disturb: '关' });
  expect(await rig.im.users.isQuiet(user, 'group', gid)).toBe(false);
  expect((await call('PATCH', path, { nickname: '小名', mute: 1 })).json).toEqual(done);
  const group = await rig.im.groups.get(gid);
  expect(group?.members.get(uid)).toMatchObject({ nickname: '小名', mute: true });
  expect((await notices(uid)).slice(1)).toMatchObject([
    { update_member_nickname: { group_id: gid, member_id: uid, nickname: '小名' } },
  ]);
  await call('PATCH', path, { mute: false });
  expect(group?.members.get(uid)?.mute).toBe(false);
});

test('messages to a user, by the system, to a group and about a group are kept', async () => {
  const [a, b] = [fresh(), fresh()];
  const gid = await groupOf([a, b]);
  const say = (path: string, body: object) => call('POST', `/messages/${path}`, body);
  const content = '{"text":"你好"}';
  const stranger = fresh();
  const answers = [
    await say('peers', { sender: a, receiver: `${b}`, content }),
    await say('groups', { sender: stranger, receiver: gid, content }),
    await say('systems', { receiver: b, content: '系统' }),
    await say('groups/notifications', { group_id: `${gid}`, content: '{"x":{}}' }),
  ];
  for (const answer of answers) expect(answer).toMatchObject({ status: 200, json: done });
  expect((await inbox(a)).slice(1)).toEqual([
    { kind: 'peer', sender: a, receiver: b, content },
    { kind: 'group', sender: stranger, receiver: gid, content },
    { kind: 'notice', sender: 0, receiver: gid, content: '{"x":{}}' },
  ]);
  expect((await inbox(b)).map(({ kind }) => kind)).toEqual([
    'notice',
    'peer',
    'group',
    'system',
    'notice',
  ]);
});

test('notifications and words in a chat room reach those who are there', async () => {
  const uid = fresh();
  const here = new NotedSession(7, uid);
  const foreign = new NotedSession(8, uid);
  for (const session of [here, foreign]) {
    rig.im.hub.add(session);
    rig.im.hub.enterRoom(session, 77);
  }
  const notification = { receiver: uid, content: '在线' };
  expect((await call('POST', '/messages/notifications', notification)).json).toEqual(done);
  const word = { sender: 5, receiver: '77', content: '大家好' };
  expect((await call('POST', '/v2/messages/rooms', word)).json).toEqual(done);
  const empty = await call('POST', '/messages/rooms', { ...word, receiver: 78 });
  expect(empty.status).toBe(200);
  expect(here.heard).toEqual([
    ['notification', '在线'],
    ['chatRoom', 5, 77, '大家好'],
  ]);
  expect(foreign.heard).toEqual([]);
  expect(await inbox(uid)).toEqual([]);
  for (const session of [here, foreign]) {
    rig.im.hub.leaveRoom(session, 77);
    rig.im.hub.remove(session);
  }
});

test('a client says that it has fetched: nothing happens', async () => {
  const answer = await call('POST', '/messages/dequeue', undefined, await tokenOf(fresh()));
  expect(answer).toMatchObject({ status: 200, json: done });
});
