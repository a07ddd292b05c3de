import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  answerOf,
  bgpQuestion,
  ChatSocket,
  get,
  playClient,
  post,
  type Reply,
  readStream,
} from './support/chatbot-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { SlowWebhook } from './support/slow-webhook.ts';

const timestamp = '2026/11/22 10:00:00';
const webhook = new SlowWebhook();
let running: TestDaemon;
let url: string;

beforeAll(async () => {
  await webhook.start();
  running = await startDaemon({
    rules: [
      { name: 'slow', kind: 'prefix', pattern: '慢', reply: { type: 'webhook', url: webhook.url } },
      { name: 'fast', kind: 'prefix', pattern: '快', reply: { type: 'text', text: '马上' } },
    ],
  });
  url = running.url;
});
afterAll(async () => {
  await running.close();
  await webhook.stop();
});
beforeEach(() => {
  webhook.asked.length = 0;
  webhook.answer = async ({ text }) => ({ text: `答：${text}` });
});

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the page of the mini program', () => {
  test('shows the answer once', async () => {
    const asked = { sessionId: randomUUID(), content: bgpQuestion, timestamp };
    const { shown } = await playClient(url, asked);
    const kept = await answerOf(url, asked.sessionId, timestamp);
    expect(shown).toContain('display bgp peer');
    expect(shown).toBe(kept.data.content);
  });

  test('shows a slow answer once', async () => {
    webhook.answer = async ({ text }) => {
      await after(1300);
      return { text: `答：${text}` };
    };
    const asked = { sessionId: randomUUID(), content: '慢慢来', timestamp };
    const { shown, polls } = await playClient(url, asked);
    expect(shown).toBe('答：慢慢来');
    expect(polls).toBeGreaterThan(8);
  });

  test('1,000 of them at once', async () => {
    const pages = Array.from({ length: 1000 }, (_, at) => ({
      ...{ sessionId: randomUUID(), timestamp },
      content: at % 2 === 0 ? `快问 ${at}` : bgpQuestion,
    }));
    // Not every one polls by itself: that would measure this client.
    const sent = await Promise.all(pages.map((page) => post(url, '/send', page)));
    expect(new Set(sent.map((one) => one.code))).toEqual(new Set([200]));
    const shown = await Promise.all(
      pages.map(async ({ sessionId }) =>
        get(url, '/receive', { sessionId, timestamp, wait: '25' }),
      ),
    );
    for (const [at, { code, data }] of shown.entries()) {
      expect(code).toBe(200);
      expect(data.sessionId).toBe(pages[at]?.sessionId);
      expect(data.content).toContain(at % 2 === 0 ? '马上' : 'display bgp peer');
    }
  }, 30_000);
});

describe('long polls and pieces', () => {
  test('a poll that waits is answered when the answer is there, not later', async () => {
    let go = (): void => {};
    webhook.answer = async () => {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      return { text: '好了' };
    };
    const sessionId = randomUUID();
    await post(url, '/send', { sessionId, content: '慢', timestamp });
    const poll = get(url, '/receive', { sessionId, wait: '25' });
    await eventually('the question', () => webhook.asked.length === 1);
    expect(await get(url, '/receive', { sessionId })).toMatchObject({
      code: 100,
      message: 'Continue',
      data: { sessionId, content: '', timestamp: expect.stringMatching(/^\d{4}\//) },
    });
    const began = performance.now();
    go();
    expect(await poll).toMatchObject({ code: 200, data: { content: '好了' } });
    expect(performance.now() - began).toBeLessThan(2000);
    const rest = await get(url, '/receive', { sessionId, offset: '1' });
    expect(rest).toMatchObject({ code: 200, data: { content: '了', offset: 2 } });
  });

  test('a poll waits no longer than it says, nor for a session that ends', async () => {
    webhook.answer = () => new Promise(() => {});
    const sessionId = randomUUID();
    await post(url, '/send', { sessionId, content: '慢', timestamp });
    expect(await get(url, '/receive', { sessionId, wait: '1' })).toMatchObject({ code: 100 });
    const poll = get(url, '/receive', { sessionId, wait: '25' });
    await after(50);
    await post(url, '/destroy', { sessionId });
    expect(await poll).toMatchObject({ code: 410, data: {} });
  });

  test('an answer that nobody wants any more', async () => {
    webhook.answer = () => new Promise(() => {});
    const sessionId = randomUUID();
    const { data } = await post(url, '/send', { sessionId, content: '慢', timestamp });
    await post(url, '/send', { sessionId, content: '快', timestamp });
    const { messageId } = data;
    expect(await post(url, '/message/cancel', { sessionId, messageId })).toMatchObject({
      code: 200,
    });
    const gone = await get(url, '/message/receive', { sessionId, messageId: messageId ?? '' });
    expect(gone).toMatchObject({ code: 200, data: { content: '', finish: 'cancelled' } });
    // The next one has its turn.
    expect((await answerOf(url, sessionId)).data.content).toBe('马上');
  });
});

describe('one session that asks and asks', () => {
  test('is bounded: 10 wait, 30 a minute, told in form', async () => {
    let go = (): void => {};
    const wait = new Promise<void>((resolve) => {
      go = resolve;
    });
    webhook.answer = () => wait.then(() => ({ text: '好' }));
    const sessionId = randomUUID();
    const ask = (content: string): Promise<Reply> =>
      post(url, '/send', { sessionId, content, timestamp });
    const replies = await Promise.all(Array.from({ length: 100 }, (_, at) => ask(`慢 ${at}`)));
    const taken = replies.filter((one) => one.code === 200);
    expect(taken.length).toBeGreaterThanOrEqual(10);
    expect(taken.length).toBeLessThanOrEqual(11);
    for (const one of replies)
      if (one.code !== 200) expect(one).toMatchObject({ code: 429, data: {} });
    // Others are not kept waiting.
    const other = randomUUID();
    await post(url, '/send', { sessionId: other, content: '快', timestamp });
    expect((await answerOf(url, other)).data.content).toBe('马上');
    go();
    expect((await answerOf(url, sessionId)).data.content).toBe('好');
    const later: Reply[] = [];
    for (let at = 0; at < 40; at += 1) {
      later.push(await ask(`快 ${at}`));
      await answerOf(url, sessionId);
    }
    const answered = later.filter((one) => one.code === 200).length;
    expect(answered + taken.length).toBeGreaterThanOrEqual(29);
    expect(answered + taken.length).toBeLessThanOrEqual(34);
    expect(later.at(-1)).toMatchObject({ code: 429, message: expect.any(String), data: {} });
    // What was asked before is no new question.
    expect(await ask('快 0')).toMatchObject({ code: 200 });
  });

  test('questions are answered in their order, one at a time', async () => {
    let open = 0;
    let most = 0;
    webhook.answer = async ({ text }) => {
      open += 1;
      most = Math.max(most, open);
      await after(10);
      open -= 1;
      return { text };
    };
    const sessionId = randomUUID();
    const socket = await ChatSocket.open(url, sessionId);
    for (let at = 0; at < 8; at += 1) socket.say('send', { content: `慢 ${at}` });
    await eventually('all', () => socket.frames.filter((one) => one.code === 200).length === 8);
    expect(webhook.asked.map((one) => one['text'])).toEqual(
      Array.from({ length: 8 }, (_, at) => `慢 ${at}`),
    );
    expect(most).toBe(1);
    socket.drop();
  });
});

describe('sockets and streams of one answer', () => {
  test('tell what polls are told', async () => {
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
    for (const text of [
      '',
      '{',
      '[]',
      '7',
      '{"type":7}',
      '{"type":"fly"}',
      '{"type":"toString"}',
    ]) {
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
});
