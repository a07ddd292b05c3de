import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import { AdminClient } from './support/admin-client.ts';
import { bgpQuestion, ChatSocket, get, post, type Reply } from './support/chatbot-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';

// A chat in which agents answer: they see it among the conversations of customer service.

const minute = 60_000;
const clock = new VirtualClock(Date.UTC(2026, 10, 22, 2));
let running: TestDaemon;
let admin: AdminClient;
let second = 0;

beforeAll(async () => {
  running = await startDaemon(
    {
      bots: [],
      apps: [{ appid: 7, secret: 'secret' }],
      rules: [
        {
          ...{ name: 'refund', kind: 'contains', pattern: '退款' },
          reply: { type: 'handover', text: '退款由同事处理，请稍候。' },
        },
      ],
    },
    { clock },
  );
  admin = new AdminClient(() => running.url);
  await admin.login();
  const { desks } = running.daemon.core.im;
  const { storeId } = await desks.addDesk({ appid: 7, name: '客服' });
  await desks.putSeller({ storeId, uid: 1001, name: 'Anna', status: 'online' });
});
afterAll(() => running.close());

/** Asks, each time a second later. @returns the stamp */
async function ask(sessionId: string, content: string): Promise<string> {
  second += 1;
  const two = (count: number): string => String(count).padStart(2, '0');
  const timestamp = `2026/11/22 10:${two(Math.floor(second / 60))}:${two(second % 60)}`;
  expect(await post(running.url, '/send', { sessionId, content, timestamp })).toMatchObject({
    code: 200,
  });
  return timestamp;
}

function receive(sessionId: string, timestamp?: string): Promise<Reply> {
  return get(running.url, '/receive', { sessionId, ...(timestamp !== undefined && { timestamp }) });
}

function answer(sessionId: string, timestamp?: string): Promise<string | undefined> {
  return eventually('the answer', async () => {
    const { code, data } = await receive(sessionId, timestamp);
    return code === 200 ? (data.content ?? '') || '(nothing)' : undefined;
  });
}

async function conversation(sessionId: string): Promise<string> {
  return await eventually('the conversation', async () => {
    const { items } = (await admin.ok('GET', '/im/conversations?via=chat&limit=200')).body;
    const found = items.find((one) => Object(one).contact === `chat:${sessionId}`);
    return found && `/im/conversations/${found.id}`;
  });
}

async function words(path: string): Promise<unknown[]> {
  const { items } = (await admin.ok('GET', `${path}/messages`)).body;
  return items.map(({ content }) => content['text']).reverse();
}

test('a word for an agent, his answers through the same chat, and back by a word', async () => {
  const sessionId = randomUUID();
  await answer(sessionId, await ask(sessionId, bgpQuestion));
  expect(await answer(sessionId, await ask(sessionId, '转人工'))).toContain('人工');
  const path = await conversation(sessionId);
  // What led there is told with it.
  const [before = ''] = (await words(path)).map(String);
  expect(before).toContain(bgpQuestion);
  expect(before).toMatch(/转人工$/);

  const first = await ask(sessionId, '邻居一直 Idle');
  const later = await ask(sessionId, '在吗');
  expect(await receive(sessionId, later)).toMatchObject({ code: 100, data: { content: '' } });
  const socket = await ChatSocket.open(running.url, sessionId);
  await admin.ok('POST', `${path}/messages`, { text: '请把配置发来。' });
  expect(await answer(sessionId, later)).toBe('请把配置发来。');
  // Nobody waits for what was said before it.
  expect((await receive(sessionId, first)).data.content).toContain('一并回复');
  expect(socket.frames.at(-1)).toMatchObject({ code: 200, data: { content: '请把配置发来。' } });
  // Said unasked: told to the socket, and the last answer there is.
  await admin.ok('POST', `${path}/messages`, { text: '还在吗？' });
  await eventually('the word', () => socket.frames.at(-1)?.data.content === '还在吗？');
  expect(await answer(sessionId)).toBe('还在吗？');
  socket.drop();

  expect(await answer(sessionId, await ask(sessionId, '退出人工'))).toContain('已返回机器人');
  expect(await answer(sessionId, await ask(sessionId, 'BGP实验ping不通'))).toContain('display bgp');
  expect(await words(path)).toEqual([
    before,
    '邻居一直 Idle',
    '在吗',
    '请把配置发来。',
    '还在吗？',
  ]);
});

test('a rule hands over; the agent gives it back', async () => {
  const sessionId = randomUUID();
  expect(await answer(sessionId, await ask(sessionId, '我要退款'))).toBe(
    '退款由同事处理，请稍候。',
  );
  const path = await conversation(sessionId);
  const asked = await ask(sessionId, '多久到账');
  await admin.ok('POST', `${path}/messages`, { text: '/bot' });
  expect(await answer(sessionId, asked)).toContain('已返回机器人');
  expect((await running.daemon.core.chatbot.chats.get(sessionId)).state).toBe('open');
});

test('an operator hands it back: the customer is told, and the bot answers', async () => {
  const sessionId = randomUUID();
  await answer(sessionId, await ask(sessionId, '转人工'));
  const path = await conversation(sessionId);
  const asked = await ask(sessionId, '多久到账');
  const { body } = await admin.ok('POST', `/chatbot/chats/${sessionId}/hand-back`);
  expect(body.state).toBe('open');
  expect(await answer(sessionId, asked)).toContain('已返回机器人');
  expect((await admin.ok('GET', path)).body.waiting).toBe(false);
  expect(await answer(sessionId, await ask(sessionId, bgpQuestion))).toContain('display bgp');
  // Nothing is asked any more: the customer is told all the same.
  await answer(sessionId, await ask(sessionId, '转人工'));
  await admin.ok('POST', `/chatbot/chats/${sessionId}/hand-back`);
  expect(await answer(sessionId)).toContain('人工服务已结束');
  await admin.refused(409, 'POST', `/chatbot/chats/${sessionId}/hand-back`);
  await admin.refused(404, 'POST', '/chatbot/chats/nobody/hand-back');
  const { items } = (await admin.ok('GET', '/audit?operation=handBackChat')).body;
  expect(items).toHaveLength(4);
  expect(JSON.stringify(items[3])).toContain(sessionId);
});

test('nobody answers: after a while the bot does again, over a restart, too', async () => {
  const sessionId = randomUUID();
  await answer(sessionId, await ask(sessionId, '人工客服'));
  const asked = await ask(sessionId, '有人吗');
  await running.restart();
  expect(await receive(sessionId, asked)).toMatchObject({ code: 100 });
  await clock.advance(29 * minute);
  await running.daemon.core.chatbot.care.run();
  expect(await receive(sessionId, asked)).toMatchObject({ code: 100 });
  await clock.advance(2 * minute);
  await running.daemon.core.chatbot.care.run();
  expect(await answer(sessionId, asked)).toContain('暂时没有答复');
  expect(await answer(sessionId, await ask(sessionId, bgpQuestion))).toContain('display bgp');
});

test('a chat that has ended hears nothing more', async () => {
  const sessionId = randomUUID();
  await answer(sessionId, await ask(sessionId, '转人工'));
  const path = await conversation(sessionId);
  await post(running.url, '/destroy', { sessionId });
  await admin.refused(409, 'POST', `${path}/messages`, { text: '您好' });
  expect(await receive(sessionId)).toMatchObject({ code: 410, data: {} });
});

test('a long question about agents is a question', async () => {
  const sessionId = randomUUID();
  await ask(sessionId, '请问你们公司的人工客服一般在什么时间段可以联系得上呢，周末有人吗');
  await answer(sessionId);
  expect((await running.daemon.core.chatbot.chats.get(sessionId)).state).toBe('open');
});
