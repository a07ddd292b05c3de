import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, CommandClient } from './support/command-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';

interface SimRoom {
  id: string;
  topic: string;
  members: { id: string; name: string }[];
}
interface SimMessage {
  kind: string;
  text?: string;
  card?: Record<string, unknown>;
  file?: unknown;
}

const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let daemon: TestDaemon;
let client: CommandClient;

async function simulator<T>(path: string, body?: object): Promise<T> {
  const init =
    body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        };
  const response = await fetch(`${daemon.url}/simulator/bot01${path}`, init);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

const makeRoom = (topic: string, members = ['张三', '李四']): Promise<SimRoom> =>
  simulator('/rooms', { topic, members });

async function known(id: string): Promise<void> {
  await eventually(async () => {
    const { rooms } = (await client.call('roomList')) as unknown as {
      rooms: { roomId: string }[];
    };
    return rooms.some((room) => room.roomId === id);
  }, 'the room is known');
}

async function messages(room: SimRoom): Promise<SimMessage[]> {
  return (await simulator<{ messages: SimMessage[] }>(`/rooms/${room.id}/messages`)).messages;
}

/** What msgStatus says once the message is settled. */
async function settled(answer: Answer): Promise<Answer> {
  expect(answer).toMatchObject({ rtCode: '0', msgid: expect.any(Number) });
  return await eventually(async () => {
    const status = await client.call('msgStatus', { msgid: answer.msgid });
    return status['final'] === true ? status : undefined;
  }, `message ${answer.msgid} is settled`);
}

beforeAll(async () => {
  daemon = await startDaemon();
  client = new CommandClient(() => daemon.url);
});
afterAll(async () => {
  client?.close();
  await daemon?.close();
});

it('login brings a QR code, scan and confirm a bot that is logged in', async () => {
  expect(await client.call('login')).toEqual({ rtCode: '0', rtMsg: '成功' });
  await eventually(
    async () => (await client.call('botStatus'))['userAction'] === 'scan',
    'a QR code to scan',
  );
  expect(await client.call('botStatus')).toMatchObject({ botStatus: 'logout', state: 'scan' });
  await simulator('/scan', {});
  await simulator('/confirm', {});
  const status = await eventually(async () => {
    const now = await client.call('botStatus');
    return now['state'] === 'ready' ? now : undefined;
  }, 'the bot is ready');
  expect(status).toMatchObject({
    botStatus: 'login',
    userAction: 'none',
    stateAge: expect.any(Number),
    account: { id: expect.any(String), name: expect.any(String) },
  });
  expect((await client.call('roomList'))['ready']).toBe(true);
  expect((await client.call('macLogin')).rtCode).toBe('0');
});

describe('messages', () => {
  it('a text arrives with its visible @, and is told as sent', async () => {
    const room = await makeRoom('维修服务群');
    await known(room.id);
    const body = {
      text: '您好，工单已受理',
      roomTopic: '维修服务群',
      atList: ['张三'],
      atUser: '李四',
    };
    const answer = await client.call('roomSendText', body);
    expect(answer.sendStatus).toBe('0');
    expect(await settled(answer)).toMatchObject({ sendStatus: '1', roomId: room.id });
    const seen = await messages(room);
    expect(seen.map((one) => one.text)).toEqual(['@张三 @李四 您好，工单已受理']);
    const byTxcode = {
      txcode: (await client.call('msgStatus', { msgid: answer.msgid }))['txcode'],
    };
    expect(await client.call('msgStatus', byTxcode)).toMatchObject({ msgid: answer.msgid });
    const place = await client.call('botQueue', { msgid: answer.msgid });
    expect(place).toMatchObject({ position: 0, sendStatus: '1', estimatedTime: null });
  });

  it('3: the one to @ is not in the room; 4: is nobody; the text leaves without', async () => {
    const room = await makeRoom('没有王五', ['张三']);
    await simulator('/contacts', { name: '王五' });
    await known(room.id);
    const send = (name: string): Promise<Answer> =>
      client.call('roomSendText', { text: name, roomId: room.id, atList: [name] });
    const nobody = await settled(await send('查无此人'));
    expect(nobody.sendStatus).toBe('4');
    const elsewhere = await settled(await send('王五'));
    expect(elsewhere.sendStatus).toBe('3');
    expect((await messages(room)).map((one) => one.text)).toEqual(['查无此人', '王五']);
  });

  it('2: no such room, by topic and by id, with the proof in rtMsg', async () => {
    for (const where of [{ roomTopic: '没有这个群' }, { roomId: 'nobody@chatroom' }]) {
      const answer = await client.call('roomSendText', { text: '你好', ...where });
      const status = answer.sendStatus === '2' ? answer : await settled(answer);
      expect(status).toMatchObject({ rtCode: '0', sendStatus: '2' });
      if (answer.sendStatus === '2') expect(answer.rtMsg).toContain('群不存在');
    }
  });

  it('a topic of two rooms is refused with their ids; the id is good', async () => {
    const [one, two] = [await makeRoom('重名群'), await makeRoom('重名群')];
    await known(two.id);
    const refused = await client.call('roomSendText', { text: '你好', roomTopic: '重名群' });
    expect(refused.rtCode).toBe('32');
    expect(refused.rtMsg).toContain(one.id);
    expect(refused.rtMsg).toContain(two.id);
    const answer = await client.call('roomSendText', { text: '你好', roomId: two.id });
    expect((await settled(answer)).sendStatus).toBe('1');
    expect([(await messages(one)).length, (await messages(two)).length]).toEqual([0, 1]);
  });

  it('a picture and a card arrive', async () => {
    const room = await makeRoom('图片群');
    await known(room.id);
    const image = await client.call('roomSendImage', { file: pixel, roomTopic: '图片群' });
    expect((await settled(image)).sendStatus).toBe('1');
    const card = {
      ...{ appid: 'wx0123456789abcdef', username: 'gh_1', description: '报修', title: '在线报修' },
      ...{ pagepath: 'pages/index', thumbUrl: '3052020100044b', thumbKey: '0123' },
    };
    const sent = await client.call('roomSendApp', { app: JSON.stringify(card), roomId: room.id });
    expect((await settled(sent)).sendStatus).toBe('1');
    const seen = await messages(room);
    expect(seen.map((one) => one.kind)).toEqual(['image', 'miniProgram']);
    expect(JSON.stringify(seen[1]?.card)).toContain('pages/index');
  });
});

it('while the bot is logged out messages wait, say why, and can be cancelled', async () => {
  const room = await makeRoom('等待群');
  await known(room.id);
  expect((await client.call('logout')).rtCode).toBe('0');
  await eventually(
    async () => (await client.call('botStatus'))['botStatus'] === 'logout',
    'logged out',
  );
  const first = await client.call('roomSendText', { text: '一', roomId: room.id });
  const second = await client.call('roomSendText', { text: '二', roomId: room.id });
  expect([first.sendStatus, second.sendStatus]).toEqual(['0', '0']);
  expect(await client.call('botQueue', { msgid: second.msgid })).toMatchObject({
    length: 2,
    position: 2,
    estimatedTime: null,
    reason: expect.any(String),
  });
  expect(await client.call('msgCancel', { msgid: first.msgid })).toMatchObject({
    rtCode: '0',
    sendStatus: '-1',
  });
  expect(await client.call('botQueue', { msgid: second.msgid })).toMatchObject({
    length: 1,
    position: 1,
  });
});

it('what has left cannot be cancelled: 34', async () => {
  await client.call('login');
  await eventually(async () => (await client.call('botStatus'))['state'] === 'scan', 'a QR code');
  await simulator('/scan', {});
  await simulator('/confirm', {});
  const room = await makeRoom('已发群');
  await known(room.id);
  const answer = await client.call('roomSendText', { text: '走了', roomId: room.id });
  expect((await settled(answer)).sendStatus).toBe('1');
  const refused = await client.call('msgCancel', { msgid: answer.msgid });
  expect(refused).toMatchObject({ rtCode: '34', rtMsg: expect.stringContaining('已结束') });
});
