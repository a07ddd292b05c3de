import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { get, post, type Reply } from './support/chatbot-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { OfficialClient } from './support/official-client.ts';

// Chats handed over to a desk whose only seller is there, or is not.

let running: TestDaemon;
let admin: AdminClient;
let storeId = 0;
let second = 0;

beforeAll(async () => {
  running = await startDaemon({ bots: [], apps: [{ appid: 7, secret: 'secret' }] });
  admin = new AdminClient(() => running.url);
  await admin.login();
  const { desks } = running.daemon.core.im;
  ({ storeId } = await desks.addDesk({ appid: 7, name: '客服' }));
});
afterAll(() => running.close());
beforeEach(() => seller('online'));

async function seller(status: 'online' | 'offline'): Promise<void> {
  const { desks } = running.daemon.core.im;
  await desks.putSeller({ storeId, uid: 1001, name: 'Anna', status });
}

function stamp(): string {
  second += 1;
  const two = (count: number): string => String(count).padStart(2, '0');
  return `2026/11/22 10:${two(Math.floor(second / 60))}:${two(second % 60)}`;
}

async function ask(sessionId: string, content: string): Promise<string> {
  const timestamp = stamp();
  const asked = await post(running.url, '/send', { sessionId, content, timestamp });
  expect(asked).toMatchObject({ code: 200 });
  return timestamp;
}

function receive(sessionId: string, timestamp?: string, more = {}): Promise<Reply> {
  const query = { sessionId, ...(timestamp !== undefined && { timestamp }), ...more };
  return get(running.url, '/receive', query);
}

/** Asks, and waits for the answer. */
async function said(sessionId: string, content: string): Promise<Reply['data']> {
  const timestamp = await ask(sessionId, content);
  return await eventually('the answer', async () => {
    const { code, data } = await receive(sessionId, timestamp);
    return code === 200 ? data : undefined;
  });
}

interface Conversation {
  id: number;
  waiting: boolean;
  agent: string | null;
}

async function conversation(sessionId: string): Promise<Conversation> {
  return await eventually('the conversation', async () => {
    const { items } = (await admin.ok('GET', '/im/conversations?via=chat&limit=200')).body;
    return items.find((one) => Object(one).contact === `chat:${sessionId}`) as
      | Conversation
      | undefined;
  });
}

async function answer(sessionId: string, text: string): Promise<void> {
  const { id } = await conversation(sessionId);
  await admin.ok('POST', `/im/conversations/${id}/messages`, { text });
}

const stateOf = async (sessionId: string): Promise<string> =>
  (await running.daemon.core.chatbot.chats.get(sessionId)).state;

test("a client that polls by stamps gets every line of the agent's, once and in order", async () => {
  const sessionId = randomUUID();
  await said(sessionId, '转人工');
  const asked = await ask(sessionId, '在吗');
  for (const text of ['答1', '答2', '答3']) await answer(sessionId, text);
  const lines: (string | undefined)[] = [];
  let at = asked;
  for (let poll = 0; poll < 3; poll += 1) {
    const { code, data } = await receive(sessionId, at);
    expect(code).toBe(200);
    lines.push(data.content);
    at = data.timestamp ?? '';
  }
  expect(lines).toEqual(['答1', '答2', '答3']);
  // Nothing yet: a poll that waits is told when there is something.
  expect(await receive(sessionId, at)).toMatchObject({ code: 100, data: { content: '' } });
  const later = receive(sessionId, at, { wait: '20' });
  await answer(sessionId, '答4');
  expect(await later).toMatchObject({ code: 200, data: { content: '答4' } });
});

test('from the stamp of the word that somebody comes, too', async () => {
  const sessionId = randomUUID();
  const { timestamp } = await said(sessionId, '转人工');
  await answer(sessionId, '您好');
  expect((await receive(sessionId, timestamp)).data.content).toBe('您好');
});

test('two questions, one answer: no answer is empty', async () => {
  const sessionId = randomUUID();
  await said(sessionId, '转人工');
  const first = await ask(sessionId, '在吗');
  const last = await ask(sessionId, '有货吗');
  await answer(sessionId, '有的');
  expect((await receive(sessionId, last)).data.content).toBe('有的');
  expect((await receive(sessionId, first)).data.content).toMatch(/一并|下一条/);
});

test('an agent who answers a chat that is over is told so; nothing waits', async () => {
  const sessionId = randomUUID();
  const anna = await OfficialClient.open(running.url, 'userid=1001');
  await said(sessionId, '转人工');
  const { id } = await conversation(sessionId);
  await post(running.url, '/destroy', { sessionId });
  const over = await eventually('word of the end', () =>
    anna.frames.map((one) => JSON.stringify(one)).find((one) => one.includes('"ended"')),
  );
  expect(over).toContain(`chat:${sessionId}`);
  expect(await conversation(sessionId)).toMatchObject({ waiting: false });
  await admin.refused(409, 'POST', `/im/conversations/${id}/messages`, { text: '还在吗' });
  const data = { msg_type: 'text', contact_id: `chat:${sessionId}`, msg: { content: '?' } };
  anna.ws.send(JSON.stringify({ data }));
  await eventually('word that it did not arrive', () =>
    anna.frames.some((one) => JSON.stringify(one).includes('"not_sent"')),
  );
  await anna.close();
});

test('an agent is told when the customer goes back to the bot, the customer when the agent leaves', async () => {
  const sessionId = randomUUID();
  const anna = await OfficialClient.open(running.url, 'userid=1001');
  await said(sessionId, '转人工');
  await conversation(sessionId);
  await said(sessionId, '退出人工');
  await eventually('word of it', () =>
    anna.frames.some((one) => /"ended".*"reason":"back"/.test(JSON.stringify(one))),
  );
  await anna.close();
  const { timestamp } = await said(sessionId, '转人工');
  await answer(sessionId, '/bot');
  expect((await receive(sessionId, timestamp)).data.content).toContain('机器人');
  expect(await stateOf(sessionId)).toBe('open');
});

test('nobody is there: it is said, the word is kept, the bot goes on; who comes takes over', async () => {
  await seller('offline');
  const sessionId = randomUUID();
  const { content } = await said(sessionId, '转人工');
  expect(content).toContain('没有客服在线');
  expect(await stateOf(sessionId)).toBe('open');
  expect((await said(sessionId, '请问BGP协议实验ping不通怎么办?')).content).toContain(
    'display bgp',
  );
  const { timestamp } = await said(sessionId, '你们几点上班');
  await answer(sessionId, '九点');
  expect((await receive(sessionId, timestamp)).data.content).toBe('九点');
  expect(await stateOf(sessionId)).toBe('human');
});

test('a word that nobody was told of goes with its session', async () => {
  const { desks } = running.daemon.core.im;
  await desks.removeSeller(storeId, 1001);
  const sessionId = randomUUID();
  await said(sessionId, '转人工');
  expect(await conversation(sessionId)).toMatchObject({ waiting: true });
  await post(running.url, '/destroy', { sessionId });
  expect(await conversation(sessionId)).toMatchObject({ waiting: false });
});

test('agents see what was said before, by whom', async () => {
  const sessionId = randomUUID();
  await said(sessionId, '请问BGP协议实验ping不通怎么办?');
  await said(sessionId, '转人工');
  const { id } = await conversation(sessionId);
  const { items } = (await admin.ok('GET', `/im/conversations/${id}/messages`)).body;
  const text = String(items.at(-1)?.content?.['text']);
  expect(text).toMatch(/客户：请问BGP.*\n机器人：[\s\S]*display bgp[\s\S]*\n客户：转人工$/);
});

const calls = [
  '人工',
  '人工！',
  'human',
  'Agent',
  'talk to a human',
  'I want to talk to an agent please',
];
test.each(calls)('%s is a word for an agent', async (call) => {
  const sessionId = randomUUID();
  await said(sessionId, call);
  expect(await stateOf(sessionId)).toBe('human');
});

const questions = ['人工智能是什么', 'what is an agent', 'how do human users log in to the lab'];
test.each(questions)('%s is a question', async (question) => {
  const sessionId = randomUUID();
  await said(sessionId, question);
  expect(await stateOf(sessionId)).toBe('open');
});
