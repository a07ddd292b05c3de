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

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the page of the mini program', () => {
  test('shows the answer once', async () => {
    const asked = { sessionId: randomUUID(), content: bgpQuestion, timestamp };
    const shown = await playClient(url, asked);
    const kept = await answerOf(url, asked.sessionId, timestamp);
    expect(shown).toContain('display bgp peer');
    expect(shown).toBe(kept.data.content);
  });

  test('shows a slow answer once', async () => {
    let polls = 0;
    webhook.answer = async ({ text }) => {
      await eventually('ten polls in vain', () => polls >= 10);
      return { text: `答：${text}` };
    };
    const asked = { sessionId: randomUUID(), content: '慢慢来', timestamp };
    const shown = await playClient(url, asked, () => {
      polls += 1;
    });
    expect(shown).toBe('答：慢慢来');
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
  }, 90_000);
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
    const began = performance.now();
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
    // A minute's worth at once, and one more each two seconds that this takes.
    const seconds = (performance.now() - began) / 1000;
    expect(answered + taken.length).toBeLessThanOrEqual(31 + seconds / 2);
    const refused = later.filter((one) => one.code !== 200);
    expect(refused[0]).toMatchObject({ code: 429, message: expect.any(String), data: {} });
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
