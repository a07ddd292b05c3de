import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  answerOf,
  bgpQuestion,
  ChatSocket,
  get,
  post,
  type Reply,
  readStream,
} from './support/chatbot-client.ts';
import { eventually } from './support/eventually.ts';
import { type SlowChatbot, slowChatbot, timestamp } from './support/slow-chatbot.ts';

let chatbot: SlowChatbot;
let url: string;
let webhook: SlowChatbot['webhook'];

beforeAll(async () => {
  chatbot = await slowChatbot();
  ({ url, webhook } = chatbot);
});
afterAll(() => chatbot.close());
beforeEach(() => chatbot.calm());

test('sockets and streams tell what polls are told', async () => {
  const sessionId = randomUUID();
  const socket = await ChatSocket.open(url, sessionId);
  const { events, raw } = await readStream(url, { sessionId, content: bgpQuestion, timestamp });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  expect(raw).toMatch(/^[\x00-\x7f]*$/);
  expect(events.map((one) => one.event)).toEqual(['accepted', 'delta', 'done']);
  const [accepted, piece, done] = events;
  expect(accepted?.frame).toMatchObject({ code: 202, data: { sessionId } });
  expect(piece).toMatchObject({ id: '0', frame: { code: 100, data: { seq: 0 } } });
  expect(done?.frame).toMatchObject({ code: 200, data: { sessionId, finish: 'stop' } });
  const polled = await answerOf(url, sessionId, timestamp);
  expect(done?.frame.data.content).toBe(polled.data.content);
  expect(piece?.frame.data.delta).toBe(polled.data.content);
  // The socket watches its session, whoever asks.
  const told = await socket.frame(200);
  expect(told).toEqual(done?.frame);
  expect(
    socket
      .pieces()
      .map((one) => one.delta)
      .join(''),
  ).toBe(polled.data.content);
  socket.drop();
});

test('every word of a socket is answered in form', async () => {
  const sessionId = randomUUID();
  const socket = await ChatSocket.open(url, sessionId);
  const answers = async (text: string): Promise<Reply> => {
    const from = socket.frames.length;
    socket.sayText(text);
    return await eventually('an answer', () => socket.frames[from]);
  };
  const say = (frame: unknown): Promise<Reply> => answers(JSON.stringify(frame));
  expect(await say({ type: 'ping' })).toEqual({ code: 200, message: 'pong', data: {} });
  for (const text of ['', '{', '[]', '7', '{"type":7}', '{"type":"fly"}', '{"type":"toString"}']) {
    expect(await answers(text)).toMatchObject({ code: 400, data: {} });
  }
  const send = (data: unknown): Promise<Reply> => say({ type: 'send', data });
  expect((await send({})).message).toContain('content');
  expect((await send({ content: 'x'.repeat(4001) })).message).toContain('content');
  expect((await send({ content: '快', timestamp: 'now' })).message).toContain('timestamp');
  expect((await send({ content: '快', sessionId: 'other' })).message).toContain('sessionId');
  const missing = { type: 'resume', data: { messageId: 'none' } };
  expect(await say(missing)).toMatchObject({ code: 404, data: { messageId: 'none' } });
  const asked = await send({ content: '快', messageId: 'm1' });
  expect(asked).toMatchObject({ code: 202, data: { sessionId, questionId: 'm1' } });
  const first = await socket.frame(200, 1);
  expect(first.data).toMatchObject({ messageId: asked.data.messageId, content: '马上' });
  // Once more: the same, with its answer.
  const from = socket.frames.length;
  expect(await send({ content: '快', messageId: 'm1' })).toEqual(asked);
  expect(await socket.frame(200, from)).toEqual(first);
  expect(await send({ content: '慢', messageId: 'm1' })).toMatchObject({
    code: 409,
    data: { messageId: 'm1' },
  });
  expect(await say({ type: 'destroy' })).toMatchObject({ code: 200, data: { sessionId } });
  await eventually('its end', () => socket.closed === 1000);
  expect(await get(url, '/receive', { sessionId })).toMatchObject({ code: 410 });
  // Pages cannot read why an upgrade is refused.
  const late = await ChatSocket.open(url, sessionId);
  expect(await late.frame(410)).toMatchObject({ code: 410, data: {} });
  await expect(ChatSocket.open(url, '')).rejects.toThrow('400');
});

test('cancelled on the socket; destroyed elsewhere', async () => {
  webhook.answer = () => new Promise(() => {});
  const sessionId = randomUUID();
  const socket = await ChatSocket.open(url, sessionId);
  socket.say('send', { content: '慢' });
  const { data } = await socket.frame(202);
  socket.say('cancel', { messageId: data.messageId });
  expect((await socket.frame(200)).data).toMatchObject({ finish: 'cancelled', content: '' });
  await post(url, '/destroy', { sessionId });
  expect(await socket.frame(410)).toMatchObject({ data: {} });
  await eventually('its end', () => socket.closed === 1000);
});

test('streams refuse in form, and go on', async () => {
  const refused = async (body: Record<string, unknown>): Promise<Reply | undefined> => {
    const { events } = await readStream(url, body);
    expect(events.map((one) => one.event)).toEqual(['error']);
    return events[0]?.frame;
  };
  expect((await refused({}))?.message).toContain('sessionId');
  const sessionId = randomUUID();
  expect((await refused({ sessionId }))?.message).toContain('content');
  expect(await refused({ sessionId, messageId: 'x' })).toMatchObject({ code: 404, data: {} });
  const { events } = await readStream(url, { sessionId, content: '快' });
  const { messageId } = events[0]?.frame.data ?? {};
  const whole = await readStream(url, { sessionId, messageId });
  expect(whole.events.at(-1)).toMatchObject({
    event: 'done',
    frame: { data: { content: '马上' } },
  });
  await post(url, '/destroy', { sessionId });
  expect(await refused({ sessionId, content: '快' })).toMatchObject({ code: 410, data: {} });
});
