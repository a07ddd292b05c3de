import { afterEach, beforeEach, expect, test } from 'vitest';
import { Heard } from '../../tests/support/driver-harness.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { type SimulatorHttp, simulatorHttp } from '../../tests/support/simulator-http.ts';
import { type SimulatorRig, simulatorRig } from '../../tests/support/simulator-rig.ts';

let rig: SimulatorRig;
let heard: Heard;
let http: SimulatorHttp;

beforeEach(async () => {
  rig = simulatorRig();
  heard = new Heard(rig.driver);
  http = await simulatorHttp(rig.simulators);
});

afterEach(async () => {
  await http.close();
  await rig.close();
});

const call: SimulatorHttp['call'] = (...request) => http.call(...request);

async function logIn(): Promise<void> {
  await rig.driver.start(new AbortController().signal);
  expect((await call('POST', '/scan')).json.state).toBe('scanned');
  expect((await call('POST', '/confirm')).json.state).toBe('loggedIn');
}

test('scan, confirm and kick, each only when there is something to it', async () => {
  expect((await call('GET', '')).json).toMatchObject({ botcode: 'bot01', state: 'stopped' });
  expect((await call('POST', '/scan')).status).toBe(409);
  await rig.driver.start(new AbortController().signal);
  const waiting = await call('GET', '');
  expect(waiting.json).toMatchObject({ state: 'waiting', keptSession: false });
  expect(waiting.json.qr.code).toBe(heard.of('scan')[0]?.code);
  expect((await call('POST', '/confirm')).status).toBe(409);
  expect((await call('POST', '/kick')).status).toBe(409);
  expect((await call('POST', '/scan')).status).toBe(200);
  const again = await call('POST', '/scan');
  expect(again.json).toMatchObject({ status: 409, title: 'Conflict', type: 'about:blank' });
  expect(again.json.detail).toMatch(/二维码/);
  expect((await call('POST', '/confirm')).json).toMatchObject({
    state: 'loggedIn',
    account: { name: '模拟微信 bot01' },
    keptSession: true,
  });
  expect(heard.of('login')).toHaveLength(1);
  expect((await call('POST', '/scan')).status).toBe(409);
  expect((await call('POST', '/kick', { reason: '换手机' })).json.state).toBe('idle');
  expect(heard.of('logout')).toEqual([{ type: 'logout', reason: '换手机' }]);
});

test('another account can scan', async () => {
  await rig.driver.start(new AbortController().signal);
  await call('POST', '/scan', { account: '别人的微信' });
  await call('POST', '/confirm');
  expect(heard.of('login')[0]?.account.name).toBe('别人的微信');
});

test('the first rooms and contacts are there before the first login', async () => {
  const { rooms } = (await call('GET', '/rooms')).json;
  expect(rooms.map((room) => room.topic)).toEqual(['测试群', '项目通知群']);
  expect(rooms[0]?.members.map((one) => one.name)).toEqual(['张三', '李四', '王五']);
  const { contacts } = (await call('GET', '/contacts')).json;
  expect(contacts.map((one) => one.name)).toContain('客户小陈');
});

test('a room is made, changed, talked in, and shows what it has seen in order', async () => {
  await logIn();
  const made = await call('POST', '/rooms', { topic: '路由群', members: ['甲', '乙'] });
  expect(made).toMatchObject({
    status: 200,
    json: { topic: '路由群', members: [{ name: '甲' }, { name: '乙' }] },
  });
  const { id, members } = made.json;
  expect(id).toMatch(/^sim-\w+@chatroom$/);
  await rig.driver.sendText({ kind: 'room', id }, '第一句', { ref: '17' });
  await call('POST', `/rooms/${id}/say`, { from: '甲', text: '第二句' });
  await call('POST', `/rooms/${encodeURIComponent(id)}/say`, {
    from: members[1]?.id,
    text: '第三句',
    at: true,
  });
  const { messages } = (await call('GET', `/rooms/${id}/messages`)).json;
  const account = heard.of('login')[0]?.account.id;
  expect(messages).toMatchObject([
    { from: account, self: true, kind: 'text', text: '第一句', ref: '17', at: rig.clock.now() },
    { from: members[0]?.id, fromName: '甲', self: false, text: '第二句' },
    {
      from: members[1]?.id,
      fromName: '乙',
      text: '@模拟微信 bot01\u2005第三句',
      mentions: [account],
    },
  ]);
  expect(new Set(messages.map((one) => one.id)).size).toBe(3);
  const rest = await call('GET', `/rooms/${id}/messages?after=${messages[0]?.id}&limit=1`);
  expect(rest.json.messages).toEqual([messages[2]]);

  const changed = await call('PATCH', `/rooms/${id}`, {
    topic: '改名群',
    add: ['丙'],
    remove: ['甲', members[1]?.id],
  });
  expect(changed.json).toMatchObject({ id, topic: '改名群', members: [{ name: '丙' }] });
  expect((await call('GET', `/rooms/${id}`)).json).toEqual(changed.json);
  expect(heard.of('room').at(-1)).toEqual({
    type: 'room',
    roomId: id,
    topic: '改名群',
    gone: false,
  });
});

test('cards are spelled as the document does, files without their bytes', async () => {
  await logIn();
  const { id } = (await call('POST', '/rooms', { topic: '卡片' })).json;
  const card = {
    appid: 'wx1',
    username: 'gh_1@app',
    title: '标题',
    description: '说明',
    pagePath: 'pages/a',
    thumbUrl: 'http://127.0.0.1/a.png',
  };
  const file = { name: 'a.png', type: 'image/png', bytes: Buffer.from('abc') };
  await rig.driver.sendMiniProgram({ kind: 'room', id }, card, { ref: '1' });
  await rig.driver.sendImage({ kind: 'room', id }, file, { ref: '2' });
  const { messages } = (await call('GET', `/rooms/${id}/messages`)).json;
  expect(messages[0]).toMatchObject({
    kind: 'miniProgram',
    card: {
      appid: 'wx1',
      username: 'gh_1@app',
      title: '标题',
      description: '说明',
      pagepath: 'pages/a',
      thumbnailUrl: 'http://127.0.0.1/a.png',
    },
  });
  expect(messages[1]?.file).toEqual({
    name: 'a.png',
    type: 'image/png',
    size: 3,
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    url: 'file/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad.png',
  });
});

test('contacts write and are written to', async () => {
  await logIn();
  const { id } = (await call('POST', '/contacts', { name: '新客户' })).json;
  await call('POST', `/contacts/${id}/say`, { text: '你好' });
  expect(heard.of('message')[0]?.message).toMatchObject({ fromId: id, text: '你好' });
  await rig.driver.sendText({ kind: 'contact', id }, '您好', { ref: '1' });
  const { messages } = (await call('GET', `/contacts/${id}/messages`)).json;
  expect(messages.map((one) => one.text)).toEqual(['你好', '您好']);
});

test('faults are ordered, listed, used up and cleared; their kind is read in any spelling', async () => {
  await logIn();
  for (const kind of ['lost answer', 'lostAnswer', 'lost-answer', 'Lost_Answer']) {
    expect((await call('POST', '/faults', { kind })).json).toMatchObject({
      kind: 'lost-answer',
      on: 'send',
      times: 1,
    });
  }
  expect((await call('GET', '/faults')).json.faults).toHaveLength(4);
  const { id } = (await call('POST', '/rooms', { topic: '故障' })).json;
  const lost = rig.driver.sendText({ kind: 'room', id }, '丢', { ref: '1' });
  lost.catch(() => {});
  expect((await call('GET', '')).json.faults).toHaveLength(3);
  expect((await call('DELETE', '/faults')).json).toEqual({ faults: [] });
  expect((await call('GET', '/faults')).json.faults).toEqual([]);
  await rig.clock.advance(15_000);
  await expect(lost).rejects.toMatchObject({ fault: 'unknown' });
  await call('POST', '/faults', { kind: 'streamDeath' });
  await rig.clock.advance(1);
  await eventually('down', () => heard.of('down').length === 1);
});

test.each([
  ['a bot that is not simulated', 'GET', '/../bot99/rooms', undefined, 404, undefined],
  ['a room that is not there', 'GET', '/rooms/sim-x@chatroom/messages', undefined, 404, undefined],
  ['a room to change that is not there', 'PATCH', '/rooms/sim-x', { topic: 'a' }, 404, undefined],
  ['a contact that is not there', 'POST', '/contacts/nobody/say', { text: 'a' }, 404, undefined],
  ['no topic', 'POST', '/rooms', {}, 400, 'topic'],
  ['a topic of another type', 'POST', '/rooms', { topic: 7 }, 400, 'topic'],
  [
    'a member of another type',
    'POST',
    '/rooms',
    { topic: 'a', members: ['b', {}] },
    400,
    'members[1]',
  ],
  ['an unknown field', 'POST', '/rooms', { topic: 'a', menbers: [] }, 400, 'menbers'],
  ['an unknown fault', 'POST', '/faults', { kind: 'earthquake' }, 400, 'kind'],
  ['no fault', 'POST', '/faults', {}, 400, 'kind'],
  ['a fault that cannot be', 'POST', '/faults', { kind: 'duplicate', on: 'text' }, 400, 'on'],
  ['a negative time', 'POST', '/faults', { kind: 'delay', ms: -1 }, 400, 'ms'],
  ['a body that is too long', 'POST', '/rooms', { topic: 'x'.repeat(1_100_000) }, 413, undefined],
  ['an unknown mark', 'GET', '/rooms/{first}/messages?after=x', undefined, 400, 'after'],
  ['a limit of nothing', 'GET', '/rooms/{first}/messages?limit=0', undefined, 400, 'limit'],
  ['a stranger who speaks', 'POST', '/rooms/{first}/say', { from: '路人', text: 'a' }, 400, 'from'],
  ['a stranger to remove', 'PATCH', '/rooms/{first}', { remove: ['路人'] }, 400, 'remove'],
])('%s is refused, the field named', async (_what, method, path, body, status, field) => {
  const first = rig.wechat.rooms()[0]?.id ?? '';
  const answer = await call(method, path.replace('{first}', first), body);
  expect(answer.json).toMatchObject({ status, type: 'about:blank', detail: expect.any(String) });
  expect(answer.status).toBe(status);
  expect(answer.type).toBe('application/problem+json; charset=utf-8');
  expect(answer.json.field).toBe(field);
});

test('a speaker whose name two members bear has to be named by id', async () => {
  const made = (await call('POST', '/rooms', { topic: '同名', members: ['陈晨', '陈晨'] })).json;
  const ids = made.members.map((one) => one.id);
  expect(new Set(ids).size).toBe(2);
  const refused = await call('POST', `/rooms/${made.id}/say`, { from: '陈晨', text: '我' });
  expect(refused.json).toMatchObject({ status: 409, field: 'from' });
  for (const id of ids) expect(refused.json.detail).toContain(id);
  expect((await call('POST', `/rooms/${made.id}/say`, { from: ids[1], text: '我' })).status).toBe(
    200,
  );
});

test('a form is not JSON', async () => {
  const response = await fetch(`${http.base}/rooms`, {
    method: 'POST',
    body: new URLSearchParams({ topic: 'a' }),
  });
  expect(response.status).toBe(415);
});

test('a silent change is not told, but true', async () => {
  await logIn();
  const id = (await call('GET', '/rooms')).json.rooms[0]?.id ?? '';
  await call('PATCH', `/rooms/${id}`, { topic: '悄悄改名', silent: true });
  expect(heard.of('room')).toEqual([]);
  expect((await rig.driver.room(id)).topic).toBe('悄悄改名');
});

test('thrown out of a room, the bot cannot send there any more', async () => {
  await logIn();
  const id = (await call('GET', '/rooms')).json.rooms[0]?.id ?? '';
  const thrown = await call('PATCH', `/rooms/${id}`, { remove: ['模拟微信 bot01'] });
  expect(thrown.json.gone).toBe(true);
  expect(heard.of('room').at(-1)).toMatchObject({ roomId: id, gone: true });
  await expect(
    rig.driver.sendText({ kind: 'room', id }, '还在吗', { ref: '1' }),
  ).rejects.toMatchObject({ fault: 'absent' });
  await call('PATCH', `/rooms/${id}`, { add: ['模拟微信 bot01'] });
  await rig.driver.sendText({ kind: 'room', id }, '回来了', { ref: '2' });
});
