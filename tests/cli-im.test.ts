import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runInProcess } from './support/cli.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { GobelieveClient } from './support/gobelieve-client.ts';

let running: TestDaemon;
let local: Record<string, string>;

beforeAll(async () => {
  running = await startDaemon({ bots: [], apps: [{ appid: 7, secret: 'secret' }] });
  local = { WXRC_DATA: running.dataDir, LANG: 'en_US.UTF-8' };
});
afterAll(() => running.close());

/** Runs with --json and reads the result. */
async function json(...args: string[]) {
  const { code, out, err } = await runInProcess([...args, '--json'], local);
  expect([args, code, err]).toEqual([args, 0, '']);
  return JSON.parse(out) as Record<string, unknown>;
}

/** What is printed for people, without the space between columns. */
async function says(...args: string[]): Promise<string[]> {
  const { code, out, err } = await runInProcess(args, local);
  expect([args, code, err]).toEqual([args, 0, '']);
  return out
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' ').trimEnd());
}

async function fails(code: number, said: RegExp, ...args: string[]): Promise<void> {
  const result = await runInProcess(args, local);
  expect([result.code, result.out]).toEqual([code, '']);
  expect(result.err).toMatch(said);
}

async function rest(appid: number, secret: string, path: string, body: unknown) {
  const word = `${appid}:${createHash('md5').update(secret).digest('hex')}`;
  const response = await fetch(`${running.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(word).toString('base64')}` },
    body: JSON.stringify(body),
  });
  const { data } = (await response.json()) as { data?: { group_id: number } };
  return { status: response.status, data };
}

test('applications: add, list, update, key, rotate, remove', async () => {
  const added = await json('app', 'add', '40', '--name', '商城');
  expect(added['app']).toEqual({
    ...{ appid: 40, name: '商城', storeId: null, firstKey: 0, source: 'admin' },
  });
  const grant = async (secret: unknown) =>
    (await rest(40, String(secret), '/auth/grant', { uid: 1 })).status;
  expect(await grant(added['secret'])).toBe(200);
  expect(await says('app', 'list')).toEqual([
    'APPID NAME DESK SOURCE',
    '7 app 7 - config',
    '40 商城 - admin',
  ]);
  expect(await says('app', 'key', '40')).toEqual([added['appKey']]);
  const { secret } = await json('app', 'rotate', '40');
  expect([await grant(added['secret']), await grant(secret)]).toEqual([403, 200]);
  expect(await says('app', 'update', '40', '--name', '超市')).toEqual(['40 超市 -']);
  const moved = ['app', 'update', '40', '--first-key', '5000'];
  expect(await says(...moved)).toEqual(['40 超市 - first key 5000']);
  expect((await says('app', 'list'))[0]).toBe('APPID NAME DESK FIRST_KEY SOURCE');
  await fails(1, /only be raised|只能调高/, 'app', 'update', '40', '--first-key', '4999');
  await fails(2, /--first-key/, 'app', 'update', '40', '--first-key', '-1');
  await fails(1, /no desk 99|没有咨询台 99/, 'app', 'update', '40', '--desk', '99');
  await fails(1, /exists already|已存在/, 'app', 'add', '40');
  await fails(2, /APPID/, 'app', 'add', 'forty');
  await fails(1, /declared in the config|配置文件/, 'app', 'rotate', '7');
  await fails(2, /--yes/, 'app', 'remove', '40');
  expect(await json('app', 'remove', '40', '--yes')).toEqual({ removed: 40 });
  const [printed = ''] = await says('app', 'add', '41', '--secret', 'chosen', '--first-key', '9');
  expect(printed).toBe('application 41 added');
});

test('desks and sellers', async () => {
  const { storeId } = await json('desk', 'add', '售后', '--app', '7', '--id', '12');
  expect(storeId).toBe(12);
  expect(await json('app', 'update', '7', '--desk', '12')).toMatchObject({ storeId: 12 });
  expect(await says('desk', 'rename', '12', '客服')).toEqual(['12 客服']);
  const [, line] = await says('desk', 'list', '--app', '7');
  expect(line).toMatch(/^12 7 客服 \d{4}-/);
  expect((await json('desk', 'list', '--app', '41'))['items']).toEqual([]);

  expect(await says('seller', 'put', '12', '501', '--name', '小李')).toEqual(['501 小李 offline']);
  const online = { storeId: 12, uid: 501, status: 'online' };
  expect(await json('seller', 'status', '12', '501', 'online')).toEqual(online);
  expect(await says('seller', 'list', '12')).toEqual(['UID NAME STATUS', '501 小李 online']);
  await fails(1, /status/, 'seller', 'status', '12', '501', 'away');
  expect(await json('seller', 'remove', '12', '501')).toEqual({ removed: 501 });
  await fails(1, /seller 501|客服 501/, 'seller', 'remove', '12', '501');

  await fails(2, /--app is missing/, 'desk', 'add', 'x');
  await fails(2, /--yes/, 'desk', 'remove', '12');
  await fails(1, /desk 12|咨询台 12/, 'desk', 'remove', '12', '--yes');
  expect(await says('app', 'update', '7', '--desk', 'none')).toEqual(['7 app 7 -']);
  expect(await json('desk', 'remove', '12', '--yes')).toEqual({ removed: 12 });
});

test('users: find, look, set, token, history, connections, kick, revoke', async () => {
  const [token = ''] = await says('im', 'token', '7', '61', '--name', '张三');
  expect(await json('im', 'token', '7', '61')).toEqual({ token });
  const [, line] = await says('im', 'users', '张', '--app', '7');
  expect(line).toMatch(/^7 61 张三 - - \d{4}-/);
  expect((await json('im', 'users', '张', '--limit', '0'))['items']).toEqual([]);
  const set = ['--forbidden', 'on', '--mute', 'on', '--name', '三'];
  expect(await says('im', 'set', '7', '61', ...set)).toEqual(['7 61 三 forbidden,mute']);
  await fails(2, /on or off/, 'im', 'set', '7', '61', '--mute', 'yes');
  await fails(1, /user 62|用户 62/, 'im', 'user', '7', '62');

  const address = { ws: `${running.url.replace('http', 'ws')}/ws` };
  const client = new GobelieveClient({ address, appid: 7, uid: 61, token, platform: 3 });
  await client.connect();
  await client.peer(61, 'first');
  await client.peer(62, '{"text":"second"}');
  const history = await says('im', 'history', '7', '61');
  expect(history.map((one) => one.replace(/\d{4}-\S+ \S+/, 'T'))).toEqual([
    'SEQ TIME KIND FROM TO CONTENT',
    '1 T peer 61 61 first',
    '2 T peer 61 62 {"text":"second"}',
  ]);
  expect((await json('im', 'history', '7', '61', '--limit', '1'))['items']).toMatchObject([
    { seq: 2, json: { text: 'second' } },
  ]);
  await fails(2, /say which/, 'im', 'history', '7');
  await fails(2, /say which/, 'im', 'history', '7', '61', '--group', '1');

  const [, connected = ''] = await says('im', 'connections', '--uid', '61');
  expect(connected).toMatch(/^\d+ 7 61 web 0 websocket 127\.0\.0\.1 \d{4}-/);
  const shown = (await says('im', 'user', '7', '61')).join('\n');
  expect(shown).toMatch(/^7 61 三 online forbidden,mute\ninbox 2, read \d\nconnection \d+ web /);
  const [id = ''] = connected.split(' ');
  expect(await json('im', 'kick', id)).toEqual({ count: 1 });
  expect(await client.closed).toContain('operator');
  await fails(1, new RegExp(`connection ${id}|连接 ${id}`), 'im', 'kick', id);
  await client.connect();
  expect(await says('im', 'kick', '7', '61')).toEqual(['connections ended: 1']);
  await client.closed;
  await client.connect();
  expect(await json('im', 'revoke', '7', '61')).toEqual({ revoked: 61 });
  await client.closed;
  await expect(client.connect()).rejects.toThrow('refused');
  await client.close();
});

test('groups: find, look, history, disband', async () => {
  const group = { master: 1, name: '一班', members: [{ uid: 1, name: '张三' }, 2] };
  const gid = String((await rest(7, 'secret', '/groups', group)).data?.group_id);
  await rest(7, 'secret', '/messages/groups', { sender: 1, receiver: gid, content: '你好' });
  const [, line] = await says('im', 'groups', '班');
  expect(line).toMatch(new RegExp(`^${gid} 7 一班 - 1 2 \\d{4}-`));
  const [head, title, first] = await says('im', 'group', gid);
  expect([head, title]).toEqual([
    `${gid} 一班 app 7 master 1`,
    'UID NAME NICKNAME MUTE ONLINE JOINED',
  ]);
  expect(first).toMatch(/^1 张三 - - - \d{4}-/);
  expect(await json('im', 'group', gid)).toMatchObject({ memberCount: 2, members: [{}, {}] });
  const { items } = await json('im', 'history', '--group', gid);
  expect(items).toMatchObject([{ kind: 'notice' }, { kind: 'group', text: '你好' }]);
  await fails(2, /--yes/, 'im', 'disband', gid);
  expect(await json('im', 'disband', gid, '--yes')).toEqual({ disbanded: Number(gid) });
  await fails(1, new RegExp(`group ${gid}|群 ${gid}`), 'im', 'group', gid);
});

test('help names them all', async () => {
  const out = (await says('help', 'im')).join('\n');
  for (const word of ['users', 'groups', 'connections', 'kick', 'revoke', 'history']) {
    expect(out).toContain(`im ${word}`);
  }
});
