import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../scripts/wechat-sandbox/sandbox.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { ImbotClient } from './support/imbot-client.ts';
import { OfficialClient } from './support/official-client.ts';

let running: TestDaemon;
let sandbox: Sandbox;
let client: ImbotClient;
let storeId: number;
const text = (reply: string, timestamp = 1537606347) => ({
  ...{ type: 'text', reply, timestamp, more: { kept: [1, null] } },
});

beforeEach(async () => {
  const account = { appid: 'wx0123456789abcdef', secret: 'secret', token: 'token' };
  sandbox = await startSandbox({ accounts: [{ ...account, kind: 'miniprogram' }] });
  running = await startDaemon({
    apps: [{ appid: 7, secret: 'secret' }],
    wechat: [{ ...account, apiBase: sandbox.url }],
  });
  client = new ImbotClient(() => running.url);
  sandbox.setPush(`${running.url}/api/imbot/wechat/customer`);
});
afterEach(async () => {
  await running.close();
  await sandbox.close();
});

/** Two who sell at a desk; the first is there. */
async function openDesk(): Promise<void> {
  const { desks } = running.daemon.core.im;
  ({ storeId } = await desks.addDesk({ appid: 7, name: '客服' }));
  await desks.putSeller({ storeId, uid: 1001, name: 'Anna', status: 'online' });
  await desks.putSeller({ storeId, uid: 1002, name: 'Bert', status: 'offline' });
}

const queueOf = async (from: string, to: string) => ({
  queue: await client.take(from, to),
  history: await client.history(from, to),
});

it('a question to an agent of the desk is his, as it was given, and once', async () => {
  await openDesk();
  await client.post('/user', { id: 'carl', wechat: { nickName: '卡尔' } });
  await client.say('carl', '1002', text('在吗'));
  expect(await client.counts('1002')).toEqual([
    { fromUserId: 'carl', timestamp: 1537606347, count: 1 },
  ]);
  expect(await queueOf('carl', '1002')).toEqual({ queue: [text('在吗')], history: [text('在吗')] });
  const { conversations } = running.daemon.core.im;
  const talk = await conversations.ofContact('imbot', '', 'carl');
  expect(talk).toMatchObject({ agent: '1002', storeId, name: '卡尔' });

  // He answers: the customer's queue holds it, as it was given.
  await client.say('1002', 'carl', text('在的'));
  expect(await client.counts('carl')).toEqual([
    { fromUserId: '1002', timestamp: 1537606347, count: 1 },
  ]);
  expect(await queueOf('1002', 'carl')).toEqual({ queue: [text('在的')], history: [text('在的')] });
});

it('a question to the desk goes to whoever is on duty; the one who asked finds it, too', async () => {
  await openDesk();
  await client.say('carl', 'desk', text('1'));
  await client.say('dora', `desk-${storeId}`, text('2'));
  expect(await queueOf('carl', '1001')).toEqual({ queue: [text('1')], history: [text('1')] });
  expect(await queueOf('dora', '1001')).toEqual({ queue: [text('2')], history: [text('2')] });
  expect(await queueOf('carl', 'desk')).toEqual({ queue: [], history: [text('1')] });
  expect(await client.history('dora', `desk-${storeId}`)).toEqual([text('2')]);
  const nowhere = await client.post('/msg', {
    ...{ fromUserId: 'carl', toUserId: 'desk-99', msg: text('3') },
  });
  expect([nowhere.status, nowhere.json]).toEqual([
    404,
    { error: expect.stringContaining('toUserId') },
  ]);
});

it('what nobody was there for waits, and comes as it was given when somebody asks', async () => {
  await client.say('carl', 'desk', text('1', 5));
  await client.say('carl', 'desk', text('2', 4));
  expect(await client.history('carl', 'desk')).toEqual([text('2', 4), text('1', 5)]);
  // A customer who polls is no agent.
  await client.post('/user', { id: 'carla' });
  expect(await client.counts('carla')).toEqual([]);
  await client.post('/user', { id: 'boss', role: 'B' });
  // It is handed over behind this: what it tells may be of before or after.
  await client.counts('boss');
  const taken = await eventually('a handover', async () => {
    const msgs = await client.take('carl', 'boss');
    return msgs.length > 0 && msgs;
  });
  const rest = await client.take('carl', 'boss');
  expect([...taken, ...rest]).toEqual([text('1', 5), text('2', 4)]);
  expect(await client.history('carl', 'boss')).toEqual([text('2', 4), text('1', 5)]);
  // From now on it is between those two.
  await client.say('boss', 'carl', text('answer'));
  expect(await client.take('boss', 'carl')).toEqual([text('answer')]);
  await client.say('carl', 'boss', text('thanks'));
  expect(await client.take('carl', 'boss')).toEqual([text('thanks')]);
});

it('two who wrote to each other before are customer and agent as soon as one asks', async () => {
  await client.post('/user', { id: 'boss', role: 'B' });
  for (const at of [1, 2]) {
    await client.say('boss', 'carl', text(`plain ${at}`));
    await client.say('carl', 'boss', text(`plain ${at}`));
  }
  await client.counts('boss');
  await client.say('carl', 'desk', text('asked'));
  await client.say('boss', 'carl', text('answer'));
  await client.say('carl', 'boss', text('thanks'));
  const { conversations } = running.daemon.core.im;
  expect(conversations.answers.imbot).toBe(1);
  const talk = await conversations.ofContact('imbot', '', 'carl');
  const customer = talk?.customer ?? { appid: 0, uid: 0 };
  const kinds = (await running.daemon.core.im.log.read(customer, 0, 10)).map(
    ({ message }) => message.kind,
  );
  // The question, the answer and the thanks; what was said before is no customer service.
  expect(kinds).toHaveLength(3);
  const [one, two] = [text('plain 1'), text('plain 2')];
  expect(await client.take('boss', 'carl')).toEqual([one, two, text('answer')]);
  expect(await client.take('carl', 'boss')).toEqual([one, two, text('asked'), text('thanks')]);
});

it('an agent on a socket and a customer of the mini-program IM talk', async () => {
  const agent = await OfficialClient.open(running.url, 'userid=agent');
  try {
    await client.say('carl', 'desk', text('在吗'));
    const frame = await eventually('the question', () =>
      agent.frames.find(({ data }) => data.contact_id === 'carl'),
    );
    expect(frame.data).toMatchObject({ msg_type: 'text', msg: { content: '在吗' } });
    const push = { data: { msg_type: 'text', contact_id: 'carl', msg: { content: '在的' } } };
    agent.ws.send(JSON.stringify(push));
    const msgs = await eventually('the answer', async () => {
      const all = await client.take('agent', 'carl');
      return all.length > 0 && all;
    });
    expect(msgs).toEqual([{ type: 'text', reply: '在的', timestamp: expect.any(Number) }]);
  } finally {
    agent.ws.terminate();
  }
});

it('a user of WeChat is answered over the mini-program IM', async () => {
  await client.post('/user', { id: 'boss', role: 'B' });
  await client.counts('boss');
  expect(await sandbox.say('oAnna', { text: '你好' })).toMatchObject({ ok: true });
  const msgs = await eventually('the question', async () => {
    const all = await client.take('oAnna', 'boss');
    return all.length > 0 && all;
  });
  expect(msgs).toEqual([{ type: 'text', reply: '你好', timestamp: expect.any(Number) }]);
  await client.say('boss', 'oAnna', text('您好'), 'http://127.0.0.1:1/template_msg');
  const seen = await eventually('the answer', () => {
    const all = sandbox.messages('oAnna');
    return all.length > 0 && all;
  });
  expect(seen).toMatchObject([{ via: 'custom', text: '您好' }]);
  // It went by WeChat: nothing waits for him here, and nobody tells him of it.
  expect(await queueOf('boss', 'oAnna')).toEqual({ queue: [], history: [text('您好')] });
  expect(running.daemon.core.imbot.notices.armed).toBe(0);
});
