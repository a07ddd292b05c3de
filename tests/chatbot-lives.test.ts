import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import { answerOf, ChatSocket, get, post } from './support/chatbot-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { SlowWebhook } from './support/slow-webhook.ts';

const webhook = new SlowWebhook();
const timestamp = '2026/11/22 10:00:00';
const minute = 60_000;

beforeAll(() => webhook.start());
afterAll(() => webhook.stop());

const config = () => ({
  bots: [],
  chatbot: { idleHours: 2 },
  retention: { messagesDays: 1 },
  rules: [
    { name: 'slow', kind: 'exact', pattern: '慢', reply: { type: 'webhook', url: webhook.url } },
    { name: 'fast', kind: 'exact', pattern: '快', reply: { type: 'text', text: '马上' } },
  ],
});

async function during(
  clock: VirtualClock | undefined,
  work: (running: TestDaemon) => Promise<void>,
): Promise<void> {
  const running = await startDaemon(config(), clock === undefined ? {} : { clock });
  try {
    await work(running);
  } finally {
    await running.close();
  }
}

test('a restart in the middle: what was half made says so, the rest is as it was', async () => {
  webhook.answer = () => new Promise(() => {});
  await during(undefined, async (running) => {
    const [done, half, waiting] = [randomUUID(), randomUUID(), randomUUID()];
    await post(running.url, '/send', { sessionId: done, content: '快', timestamp });
    const before = await answerOf(running.url, done);
    const asked = { sessionId: half, content: '慢', timestamp };
    const sent = await post(running.url, '/send', asked);
    await post(running.url, '/send', { ...asked, sessionId: waiting });
    await post(running.url, '/send', { sessionId: waiting, content: '快', timestamp });
    const poll = get(running.url, '/receive', { sessionId: half, wait: '25' });
    const socket = await ChatSocket.open(running.url, half);
    await eventually('the questions', () => webhook.asked.length >= 2);
    await running.restart();
    // Whoever waited was answered, and whoever watched told to come back.
    expect((await poll).code).toBe(100);
    await eventually('the end of the socket', () => socket.closed === 1001);
    expect(await get(running.url, '/receive', { sessionId: done, timestamp })).toEqual(before);
    for (const sessionId of [half, waiting]) {
      expect(await get(running.url, '/receive', { sessionId })).toMatchObject({
        code: 200,
        data: { content: '抱歉，刚才的回答没有完成，请再问一次。' },
      });
    }
    // The same question once more stays the same question; another one is answered.
    expect((await post(running.url, '/send', asked)).data.messageId).toBe(sent.data.messageId);
    await post(running.url, '/send', { ...asked, content: '快' });
    expect((await answerOf(running.url, half)).data.content).toBe('马上');
    const again = await ChatSocket.open(
      running.url,
      half,
      `&messageId=${encodeURIComponent(sent.data.messageId ?? '')}&seq=3`,
    );
    expect((await again.frame(200)).data).toMatchObject({ finish: 'error' });
    again.drop();
  });
});

test('sessions without a word end, and are forgotten when they are old', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 22, 2));
  await during(clock, async (running) => {
    const { care, office } = running.daemon.core.chatbot;
    const [idle, busy] = [randomUUID(), randomUUID()];
    const ask = async (sessionId: string): Promise<void> => {
      await post(running.url, '/send', { sessionId, content: '快', timestamp });
      await eventually('the answer', async () => {
        return (await get(running.url, '/receive', { sessionId })).code === 200;
      });
    };
    await ask(idle);
    await ask(busy);
    await clock.advance(115 * minute);
    const later = { sessionId: busy, content: '快', timestamp: '2026/11/23 09:00:00' };
    await post(running.url, '/send', later);
    await eventually('the second answer', async () => {
      return (await get(running.url, '/receive', later)).code === 200;
    });
    await clock.advance(10 * minute);
    await care.run();
    expect(await get(running.url, '/receive', { sessionId: idle })).toMatchObject({
      code: 410,
      data: {},
    });
    expect(await get(running.url, '/receive', { sessionId: busy })).toMatchObject({ code: 200 });
    // Step by step: what lies on the disk does not wait for a clock that leaps.
    for (let hours = 0; hours < 30; hours += 1) {
      await clock.advance(60 * minute);
      await care.run();
    }
    expect(await get(running.url, '/receive', { sessionId: idle })).toMatchObject({ code: 404 });
    expect(await office.list(undefined, undefined, 10)).toEqual([]);
  });
});

test('a step that never ends does not hold its chat for ever', async () => {
  webhook.answer = () => new Promise(() => {});
  const clock = new VirtualClock(Date.UTC(2026, 10, 22, 2));
  await during(clock, async (running) => {
    const sessionId = randomUUID();
    webhook.asked.length = 0;
    await post(running.url, '/send', { sessionId, content: '慢', timestamp });
    await eventually('the question', () => webhook.asked.length === 1);
    await clock.advance(61_000);
    const answer = await eventually('its end', async () => {
      const reply = await get(running.url, '/receive', { sessionId });
      return reply.code === 200 ? reply : undefined;
    });
    expect(answer.data.content).toContain('请再问一次');
  });
});
