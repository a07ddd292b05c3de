import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { get, playClient, post } from './support/chatbot-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { delta, done, end, FakeModel, role } from './support/fake-model.ts';

// Polls of an answer that comes in pieces.

const timestamp = '2026/11/22 10:00:00';
const pieces = ['今天', '天气', '很好，', '适合', '出门😀。'];
const whole = pieces.join('');
let fake: FakeModel;
let running: TestDaemon;

beforeAll(async () => {
  fake = await FakeModel.open();
  running = await startDaemon({
    bots: [],
    chatbot: { starter: false, llm: { baseUrl: fake.baseUrl, apiKey: 'k', model: 'fake' } },
  });
});
afterAll(async () => {
  await running.close();
  await fake.close();
});

test('the page shows one copy of an answer that comes in pieces', async () => {
  let polls = 0;
  async function* slowly(): AsyncGenerator<string> {
    yield role;
    for (const piece of pieces) {
      // The page asks between any two of them.
      const before = polls;
      await eventually('another poll', () => polls > before);
      yield delta(piece);
    }
    yield end();
    yield done;
  }
  fake.answer = () => ({ steps: slowly() });
  const asked = { sessionId: randomUUID(), content: '天气怎么样', timestamp };
  const shown = await playClient(running.url, asked, () => {
    polls += 1;
  });
  expect(shown).toBe(whole);
});

test('without an offset nothing is told before the end; with one, what is new', async () => {
  let go = (): void => {};
  const wait = new Promise<void>((resolve) => {
    go = resolve;
  });
  fake.answer = () => ({
    steps: [
      role,
      ...pieces.slice(0, 2).map(delta),
      wait,
      ...pieces.slice(2).map(delta),
      end(),
      done,
    ],
  });
  const sessionId = randomUUID();
  await post(running.url, '/send', { sessionId, content: '天气怎么样', timestamp });
  const poll = (more: Record<string, string> = {}) =>
    get(running.url, '/receive', { sessionId, timestamp, ...more });
  const first = await eventually('its beginning', async () => {
    const reply = await poll({ offset: '0' });
    return reply.data.content === '今天天气' ? reply : undefined;
  });
  expect(first).toMatchObject({ code: 100, data: { offset: 4 } });
  expect(await poll()).toMatchObject({ code: 100, data: { content: '' } });
  expect(await poll({ offset: '3' })).toMatchObject({ code: 100, data: { content: '气' } });
  const more = poll({ offset: '4', wait: '25' });
  go();
  // One that waits is told as soon as there is more.
  const { code, data } = await more;
  const rest =
    code === 200 ? '' : (await poll({ offset: String(data.offset), wait: '25' })).data.content;
  expect(`${data.content}${rest}`.length).toBeGreaterThan(0);
  const last = await eventually('its end', async () => {
    const reply = await poll();
    return reply.code === 200 ? reply : undefined;
  });
  expect(last.data.content).toBe(whole);
  expect((await poll({ offset: '4' })).data).toMatchObject({
    content: whole.slice(4),
    offset: whole.length,
  });
  expect((await poll({ offset: '9999' })).data.content).toBe('');
});
