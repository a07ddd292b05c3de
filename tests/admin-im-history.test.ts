import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type AdminBody, AdminClient } from './support/admin-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';
import { GobelieveClient } from './support/gobelieve-client.ts';

let running: TestDaemon;
let admin: AdminClient;
const online: GobelieveClient[] = [];
const md5 = createHash('md5').update('secret').digest('hex');
const authorization = `Basic ${Buffer.from(`7:${md5}`).toString('base64')}`;

beforeAll(async () => {
  running = await startDaemon({ bots: [], apps: [{ appid: 7, secret: 'secret' }] });
  admin = new AdminClient(() => running.url);
  await admin.login();
});
afterEach(async () => {
  for (const client of online.splice(0)) await client.close();
});
afterAll(() => running.close());

/** As the application's server; answers `data`. */
async function rest(method: string, path: string, body: unknown) {
  const response = await fetch(`${running.url}${path}`, {
    method,
    headers: { authorization },
    body: JSON.stringify(body),
  });
  expect([path, response.status]).toEqual([path, 200]);
  return ((await response.json()) as { data: { group_id: number } }).data;
}

async function logIn(uid: number, platform = 3, appid = 7): Promise<GobelieveClient> {
  const path = `/im/apps/${appid}/users/${uid}/token`;
  const { token } = (await admin.ok('POST', path, {})).body;
  const address = { ws: `${running.url.replace('http', 'ws')}/ws` };
  const client = new GobelieveClient({ address, appid, uid, token, platform });
  await client.connect();
  online.push(client);
  return client;
}

/** All of a history, page by page, newest first. */
async function history(path: string, limit: number): Promise<AdminBody[]> {
  const items = [];
  for (let cursor = ''; ; ) {
    const { body } = await admin.ok('GET', `${path}/messages?limit=${limit}${cursor}`);
    items.push(...body.items);
    if (body.next === null) return items;
    if (items.length > 1000) throw new Error('a history without an end');
    cursor = `&cursor=${body.next}`;
  }
}

const texts = (items: AdminBody[]) => items.map((one) => one.text);
const group = async (members: number[], name: string, more = {}): Promise<number> =>
  (await rest('POST', '/groups', { master: 1, name, members, ...more })).group_id;
const inGroup = (gid: number, content: string) =>
  rest('POST', '/messages/groups', { sender: 1, receiver: gid, content });

test('the inbox of a user: text, JSON and other bytes, newest first, page by page', async () => {
  await admin.ok('POST', '/im/apps/7/users/22/token', {});
  const said = ['你好', '{"text":"hi","uuid":"u1"}', '{"no json', '12', ' [1] '];
  for (const content of said) {
    await rest('POST', '/messages/peers', { sender: 21, receiver: 22, content });
  }
  await rest('POST', '/messages/systems', { receiver: 22, content: '系统' });
  const bytes = Buffer.from([0xff, 0xfe, 0]);
  await new Promise<void>((resolve) => {
    const say = { appid: 7, sender: 22, receiver: 21, content: bytes };
    running.daemon.core.im.sender.peer(say, () => resolve());
  });

  const all = await history('/im/apps/7/users/22', 3);
  expect(all.map((one) => one.seq)).toEqual([7, 6, 5, 4, 3, 2, 1]);
  expect(texts(all)).toEqual([null, '系统', ...said.toReversed()]);
  expect(all[0]).toMatchObject({ sender: 22, receiver: 21, base64: bytes.toString('base64') });
  expect(all[1]).toMatchObject({ kind: 'system', sender: 0, base64: null });
  const parsed = all.map((one) => ('json' in one ? one.json : 'none'));
  expect(parsed).toEqual([
    ...Array(2).fill('none'),
    [1],
    'none',
    'none',
    expect.any(Object),
    'none',
  ]);
  expect(all[5]).toMatchObject({ json: { text: 'hi', uuid: 'u1' }, kind: 'peer', parties: null });
  expect(texts(await history('/im/apps/7/users/22', 7))).toEqual(texts(all));
  expect((await admin.ok('GET', '/im/apps/7/users/22')).body).toMatchObject({
    inbox: { last: 7, read: 0 },
  });
  expect(await history('/im/apps/7/users/22', 200)).toEqual(all);
  await admin.refused(404, 'GET', '/im/apps/7/users/9999/messages');
  await admin.refused(400, 'GET', '/im/apps/7/users/22/messages?cursor=x');
});

test('a history ends, and has each message once, over the gap that a restore leaves', async () => {
  await admin.ok('POST', '/im/apps/7/users/24/token', {});
  const gid = await group([23, 24], '大', { super: true });
  for (const content of ['1', '2', '3']) {
    await rest('POST', '/messages/peers', { sender: 23, receiver: 24, content });
    await inGroup(gid, content);
  }
  const { db } = running.daemon.core;
  await db.transaction(async (tx) => {
    await tx.run('INSERT INTO im_inbox (appid, uid, seq, message_id) VALUES (7, 24, 1000003, 0)');
    await tx.run('INSERT INTO im_group_inbox (gid, seq, message_id) VALUES (?, 1000004, 0)', [gid]);
  });
  for (const limit of [1, 2, 3, 50]) {
    expect(texts(await history('/im/apps/7/users/24', limit))).toEqual(['3', '2', '1']);
    const inside = texts(await history(`/im/groups/${gid}`, limit));
    expect(inside.slice(0, 3)).toEqual(['3', '2', '1']);
    expect(inside).toHaveLength(4);
  }
});

test('groups are found, looked at and disbanded', async () => {
  const gid = await group([31, 32, 33], '一班');
  const other = await group([31], '二班', { super: true });
  const found = async (query: string) => {
    const { body } = await admin.ok('GET', `/im/groups?${query}`);
    return body.items.map((one) => [one.gid, one.name]);
  };
  expect(await found(`text=${encodeURIComponent('班')}`)).toEqual([
    [gid, '一班'],
    [other, '二班'],
  ]);
  expect(await found(`text=${gid}`)).toEqual([[gid, '一班']]);
  expect(await found('appid=8')).toEqual([]);
  const first = (await admin.ok('GET', `/im/groups?text=${encodeURIComponent('班')}&limit=1`)).body;
  expect(await found(`text=${encodeURIComponent('班')}&cursor=${first.next}`)).toEqual([
    [other, '二班'],
  ]);

  const facts = { gid, appid: 7, name: '一班', notice: '', master: 1, super: false };
  expect((await admin.ok('GET', `/im/groups/${gid}`)).body).toEqual({
    ...facts,
    memberCount: 3,
    createdAt: expect.any(Number),
  });
  await logIn(33);
  await admin.ok('POST', '/im/apps/7/users/31/token', { name: '小明' });
  const members = (await admin.ok('GET', `/im/groups/${gid}/members?limit=2`)).body;
  expect(members.items.map((one) => [one.uid, one.name])).toEqual([
    [31, '小明'],
    [32, ''],
  ]);
  const rest33 = (await admin.ok('GET', `/im/groups/${gid}/members?cursor=${members.next}`)).body;
  expect(rest33.items).toEqual([expect.objectContaining({ uid: 33, online: true, mute: false })]);

  await admin.ok('DELETE', `/im/groups/${gid}`);
  const [told] = await history('/im/apps/7/users/33', 5);
  expect(told?.text).toContain(`"disband":{"group_id":${gid}`);
  for (const path of ['', '/members', '/messages']) {
    await admin.refused(404, 'GET', `/im/groups/${gid}${path}`);
  }
  await admin.refused(404, 'DELETE', `/im/groups/${gid}`);
});

test('what was said in a group is read from its longest member', async () => {
  const gid = await group([41, 42], '群');
  await inGroup(gid, '一');
  await rest('POST', '/messages/peers', { sender: 41, receiver: 42, content: 'private' });
  await rest('POST', `/groups/${gid}/members`, { members: [1] });
  await rest('DELETE', `/groups/${gid}/members/41`, undefined);
  await inGroup(gid, '二');
  for (const limit of [1, 2, 50]) {
    const all = await history(`/im/groups/${gid}`, limit);
    expect(texts(all)).toEqual([
      '二',
      expect.stringContaining('quit_group'),
      expect.stringContaining('add_member'),
      '一',
      expect.stringContaining('create'),
    ]);
    expect(new Set(all.map((one) => one.inboxOf))).toEqual(new Set([42]));
  }
  const empty = await group([], '空');
  expect(await history(`/im/groups/${empty}`, 5)).toEqual([]);
  for (const cursor of ['7', 'own:1', 'x:1:1', 'own:1:-1']) {
    await admin.refused(400, 'GET', `/im/groups/${gid}/messages?cursor=${cursor}`);
  }
});

test('a super group is read from its own inbox, then from before it was one', async () => {
  const gid = await group([51, 52], '群');
  await inGroup(gid, '一');
  await inGroup(gid, '二');
  await rest('POST', `/groups/${gid}/upgrade`, undefined);
  await inGroup(gid, '三');
  await rest('DELETE', `/groups/${gid}/members/52`, undefined);
  await rest('POST', `/groups/${gid}/members`, { members: [52] });
  for (const limit of [1, 2, 3, 4, 5, 50]) {
    const all = await history(`/im/groups/${gid}`, limit);
    expect(texts(all)).toEqual([
      expect.stringContaining('add_member'),
      expect.stringContaining('quit_group'),
      '三',
      expect.stringContaining('upgrade'),
      '二',
      '一',
      expect.stringContaining('create'),
    ]);
    expect(all.map((one) => one.inboxOf)).toEqual([null, null, null, null, 51, 51, 51]);
  }
});

test('connections are listed and ended', async () => {
  const phone = await logIn(61, 2);
  const web = await logIn(61);
  const other = await logIn(62, 1);
  const list = async (query = ''): Promise<AdminBody[]> =>
    (await admin.ok('GET', `/im/connections${query}`)).body.items;
  const all = await list();
  expect(all).toMatchObject([
    { appid: 7, uid: 61, platform: 'android', transport: 'websocket', address: '127.0.0.1' },
    { appid: 7, uid: 61, platform: 'web', device: 0 },
    { appid: 7, uid: 62, platform: 'ios' },
  ]);
  const { body } = await admin.ok('GET', '/im/connections?limit=2');
  expect(await list(`?cursor=${body.next}`)).toEqual(all.slice(2));
  expect(await list('?uid=61')).toEqual(all.slice(0, 2));
  expect(await list('?appid=7&uid=62')).toEqual(all.slice(2));
  expect(await list('?appid=8')).toEqual([]);
  const { connections, ...user } = (await admin.ok('GET', '/im/apps/7/users/61')).body;
  expect([user, connections]).toMatchObject([{ online: true }, all.slice(0, 2)]);

  await admin.ok('DELETE', `/im/connections/${all[0]?.id}`);
  expect(await phone.closed).toContain('operator');
  await eventually(async () => (await list()).length === 2, 'one is gone');
  expect([web.isConnected, other.isConnected]).toEqual([true, true]);
  await admin.refused(404, 'DELETE', `/im/connections/${all[0]?.id}`);
  await phone.connect();
  expect((await admin.ok('DELETE', '/im/apps/7/users/61/connections')).body.count).toBe(2);
  await Promise.all([phone.closed, web.closed]);
  expect((await admin.ok('DELETE', '/im/apps/7/users/61/connections')).body.count).toBe(0);

  await admin.ok('DELETE', '/im/apps/7/users/62/token');
  await other.closed;
  await expect(other.connect()).rejects.toThrow('refused');
});

test('users of a removed application are disconnected and kept out until it is added again', async () => {
  await admin.ok('POST', '/im/apps', { appid: 70 });
  const stranger = await logIn(61);
  const client = await logIn(61, 3, 70);
  await admin.ok('DELETE', '/im/apps/70');
  expect(await client.closed).toContain('removed');
  await expect(client.connect()).rejects.toThrow('refused');
  expect(stranger.isConnected).toBe(true);
  await admin.ok('POST', '/im/apps', { appid: 70 });
  await client.connect();
});
