import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ChatbotError,
  ConnectionError,
  ProblemError,
  RtCodeError,
  WxrcClient,
  type WxrcEvent,
} from '../scripts/client/index.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { type DaemonDoor, openDoor } from './support/daemon-door.ts';
import { eventually } from './support/eventually.ts';

const room = { roomTopic: '测试群' };
const png =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const card = {
  ...{ appid: 'wx1', username: 'gh_1', title: 'Card', pagepath: 'p' },
  thumbnailUrl: png,
};

let daemon: TestDaemon;
let door: DaemonDoor;
let client: WxrcClient;

beforeAll(async () => {
  daemon = await startDaemon({
    channels: [
      { chid: 'demo', key: '钥匙' },
      { chid: 'other', key: 'secret' },
    ],
    bots: [{ botcode: 'bot01', driver: 'simulator', autoScan: false, seed: 1 }],
    apps: [{ appid: 7, secret: 'secret' }],
  });
  door = await openDoor(daemon.url);
  client = clientOf({});
  await client.admin.login('admin', 'test-password');
});
afterAll(async () => {
  await door?.close();
  await daemon?.close();
});

function clientOf(options: Partial<ConstructorParameters<typeof WxrcClient>[0]>): WxrcClient {
  return new WxrcClient({
    url: `${door.url}/`,
    chid: 'demo',
    key: '钥匙',
    botcode: 'bot01',
    app: { appid: 7, secret: 'secret' },
    retry: { tries: 8, firstMs: 20, mostMs: 300, timeoutMs: 5000 },
    ...options,
  });
}

async function scan(): Promise<void> {
  await eventually('the bot', async () => {
    const { state } = await client.commands.botStatus();
    if (state === 'scan') await fetch(`${daemon.url}/simulator/bot01/scan`, { method: 'POST' });
    if (state === 'confirm')
      await fetch(`${daemon.url}/simulator/bot01/confirm`, { method: 'POST' });
    return state === 'ready' && (await client.commands.roomList()).ready;
  });
}

describe.each(['MD5', 'HMAC-SHA256'] as const)('commands signed by %s', (signature) => {
  it('every one is done', async () => {
    const { commands } = clientOf({ signature });
    await commands.login();
    await scan();
    const { rooms } = await commands.roomList();
    expect(rooms.map((one) => one.roomTopic)).toContain(room.roomTopic);
    const { msgid, sendStatus } = await commands.roomSendText({ ...room, text: '你好' });
    expect(sendStatus).toMatch(/^[01]$/);
    const state = await eventually('the message', async () => {
      const status = await commands.msgStatus({ msgid });
      return status.final === true && status;
    });
    expect(state).toMatchObject({ state: 'sent', sendStatus: '1', final: true });
    expect((await commands.roomSendImg({ ...room, file: png })).msgid).toBeGreaterThan(msgid);
    expect((await commands.roomSendApp({ ...room, app: card })).msgid).toBeGreaterThan(msgid);
    const contacts = await client.admin.call('listContacts', { params: { botcode: 'bot01' } });
    const contactId = contacts.items[0]?.id ?? '';
    expect((await commands.contactSendText({ contactId, text: 'hi' })).sendStatus).toBe('0');
    expect(await commands.botQueue()).toMatchObject({ length: expect.any(Number) });
    expect(await commands.send('webLogin', {})).toMatchObject({ rtMsg: expect.any(String) });
    const late = await commands.msgCancel({ msgid }).catch((error: unknown) => error);
    expect(late).toMatchObject({ rtCode: '34', command: 'msgCancel', name: 'RtCodeError' });
    await commands.logout();
  });

  it('the same txcode is the same message; other content under it is refused', async () => {
    const { commands } = clientOf({ signature });
    const txcode = `same-${signature}`;
    const first = await commands.roomSendText({ ...room, text: 'once' }, { txcode });
    const again = await commands.roomSendText({ ...room, text: 'once' }, { txcode });
    expect(again).toEqual(first);
    await expect(
      commands.roomSendText({ ...room, text: 'twice' }, { txcode }),
    ).rejects.toMatchObject({ rtCode: '12', txcode });
  });
});

it('a wrong key, an unknown bot, a command without a right are told by their rtCode, at once', async () => {
  const wrong = clientOf({ key: 'wrong' }).commands.botStatus();
  await expect(wrong).rejects.toThrow(RtCodeError);
  await expect(wrong).rejects.toMatchObject({ rtCode: '13' });
  const nobody = client.commands.botStatus({ botcode: 'nobody' });
  await expect(nobody).rejects.toMatchObject({ rtCode: '11' });
  expect(() => clientOf({ key: undefined } as never).commands).toThrow(TypeError);
});

it('an answer of nobody of ours is no answer', async () => {
  const elsewhere = clientOf({ url: `${daemon.url}/docs/`, retry: { tries: 2, firstMs: 1 } });
  await expect(elsewhere.commands.botStatus()).rejects.toThrow(ConnectionError);
});

it('calls operations by id and by address, lists page by page, and tells problems', async () => {
  const { admin } = client;
  const bot = await admin.call('getBot', { params: { botcode: 'bot01' } });
  expect(bot.botcode).toBe('bot01');
  const params = { botcode: 'bot01' };
  expect((await admin.at('get', '/api/v1/bots/{botcode}', { params })).botcode).toBe('bot01');
  for (let n = 0; n < 5; n += 1) {
    await client.commands.roomSendText({ ...room, text: `page ${n}` });
  }
  const seen: number[] = [];
  for await (const send of admin.all('listSends', { query: { limit: 2, chid: 'demo' } })) {
    seen.push(send.msgid);
  }
  expect(seen.length).toBeGreaterThanOrEqual(5);
  expect(new Set(seen).size).toBe(seen.length);
  await admin.call('addChannel', { body: { chid: 'a/b'.replace('/', '.'), key: 'k' } });
  await admin.call('removeChannel', { params: { chid: 'a.b' } });
  const missing = await admin.call('getBot', { params: { botcode: 'x/../y' } }).catch((e) => e);
  expect(missing).toBeInstanceOf(ProblemError);
  expect(missing).toMatchObject({ status: 404, code: 'unknown_bot' });
  await expect(admin.call('getBot', { params: { botcode: '..' } })).rejects.toThrow(TypeError);
  const stranger = clientOf({ token: 'x' }).admin.call('listBots');
  await expect(stranger).rejects.toMatchObject({ status: 401 });
  const english = clientOf({ language: 'en' });
  await english.admin.login('admin', 'test-password');
  await expect(
    english.admin.call('createSend', {
      body: { botcode: 'nobody', roomTopic: 'x', content: { kind: 'text', text: 'x' } },
    }),
  ).rejects.toMatchObject({ detail: expect.stringContaining('there is no bot') });
});

it('speaks as the server of an application', async () => {
  const { im } = client;
  const token = await im.grant(1001, 'Anna');
  expect(await im.grant(1001)).toBe(token);
  await im.grant(1002, 'Ben');
  await im.sayToUser(1001, 1002, '你好');
  const gid = await im.createGroup(1001, 'Tea', [1001, 1002]);
  await im.sayToGroup(1001, gid, { text: 'all', more: 1 });
  expect(await im.call('countOffline', { query: { uid: 1002 } })).toMatchObject({ count: 3 });
  const stranger = clientOf({ app: { appid: 7, secret: 'wrong' } }).im.grant(1003);
  await expect(stranger).rejects.toMatchObject({ status: 403, name: 'ProblemError' });
});

it('asks the chatbot and waits', async () => {
  const { content, finish, sessionId } = await client.chatbot.ask('你好');
  expect([content.length > 0, finish]).toEqual([true, 'stop']);
  await expect(client.chatbot.ask('', { sessionId })).rejects.toThrow(ChatbotError);
});

it('events are the same by stream, by polls and by pulls, over two restarts', async () => {
  const first = (await client.events().pull({ limit: 1000 })).lastId;
  const ended = new AbortController();
  const [streamed, polled]: [WxrcEvent[], WxrcEvent[]] = [[], []];
  const follow = async (events: AsyncIterable<WxrcEvent>, into: WxrcEvent[]) => {
    for await (const event of events) into.push(event);
  };
  const wish = { after: first, signal: ended.signal };
  const readers = [
    follow(client.events().stream(wish), streamed),
    follow(client.events().poll({ ...wish, wait: 2 }), polled),
  ];
  const settled = Promise.allSettled(readers);
  for (let round = 0; round < 3; round += 1) {
    if (round > 0) {
      door.lead(undefined);
      await daemon.restart();
      door.lead(daemon.url);
    }
    await client.commands.login();
    await scan();
    for (let n = 0; n < 3; n += 1) {
      await client.commands.roomSendText({ ...room, text: `${round} ${n}` });
    }
    await eventually('the queue', async () => (await client.commands.botQueue()).length === 0);
  }
  // QR codes that are of no use any more are left out where they are read late.
  const ids = (events: readonly WxrcEvent[]) =>
    events.filter((one) => one.type !== 'qrCode').map((one) => one.eventId);
  const all = await eventually('the events', async () => {
    const { events } = await client.events().pull({ after: first, limit: 1000 });
    const wanted = ids(events);
    const last = wanted.at(-1);
    return ids(streamed).at(-1) === last && ids(polled).at(-1) === last && wanted;
  });
  ended.abort(new Error('enough'));
  expect((await settled).map((one) => one.status)).toEqual(['rejected', 'rejected']);
  expect(ids(streamed)).toEqual(all);
  expect(ids(polled)).toEqual(all);
  const sends = streamed.filter((one) => one.type === 'sendStatus');
  expect(sends.length).toBeGreaterThanOrEqual(9);
  const onlySends = await client
    .events()
    .pull({ after: first, types: ['sendStatus'], limit: 1000 });
  expect(onlySends.events.map((one) => one.eventId)).toEqual(sends.map((one) => one.eventId));
});

it('a stream with a wrong key ends with its refusal; an operator reads any channel', async () => {
  const wrong = clientOf({ key: 'wrong' }).events().stream();
  await expect(wrong.next()).rejects.toMatchObject({ status: 401 });
  const other = await client.events('other').pull();
  expect(other.events.map((one) => one.type)).toContain('botStatus');
  await expect(client.events('nobody').pull()).rejects.toMatchObject({ status: 404 });
});
