import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { base, ChatSocket, get, post } from './support/chatbot-client.ts';
import { runInProcess } from './support/cli.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { delta, done, end, FakeModel, role } from './support/fake-model.ts';

// What keeps a chatbot in service: what is told of its model and its config, and whose a session is.

const timestamp = '2026/11/22 10:00:00';
let fake: FakeModel;
let running: TestDaemon;

beforeAll(async () => {
  fake = await FakeModel.open();
  running = await startDaemon({
    bots: [],
    chatbot: {
      starter: false,
      llm: { baseUrl: fake.baseUrl, apiKey: 'k', model: 'fake' },
      greetings: { welcome: '您好，这里是咖啡机商城。' },
      knowledge: ['/nowhere/shop.csv'],
      handover: { storeId: 9 },
    },
  });
});
afterAll(async () => {
  await running.close();
  await fake.close();
});

function says(text: string): void {
  fake.answer = () => ({ steps: [role, delta(text), end(), done] });
}

async function answer(content: string, sessionId: string = randomUUID()): Promise<string> {
  await post(running.url, '/send', { sessionId, content, timestamp });
  return await eventually('the answer', async () => {
    const { code, data } = await get(running.url, '/receive', { sessionId, timestamp });
    return code === 200 ? data.content : undefined;
  });
}

interface Ready {
  status: string;
  warnings: string[];
  parts: { chatbot: { detail?: string } };
}
async function readiness(): Promise<Ready> {
  return (await (await fetch(`${running.url}/ready`)).json()) as Ready;
}

const unanswered = () => running.daemon.core.chatbot.knowhow.knowledge.unanswered;

describe('courtesies', () => {
  const said: [string, string][] = [
    ['你好', '这里是咖啡机商城'],
    ['您好！', '这里是咖啡机商城'],
    ['Hello', '这里是咖啡机商城'],
    ['谢谢', '不客气'],
    ['Thank you!', 'You are welcome'],
    ['再见～', '再见'],
    ['bye', 'Goodbye'],
  ];
  test.each(said)('%s', async (question, words) => {
    expect(await answer(question)).toContain(words);
    const open = await unanswered().list(undefined, 100);
    expect(open.map((one) => one.question)).not.toContain(question);
  });

  test('more than a courtesy is a question, and an entry of one’s own goes first', async () => {
    says('模型说');
    expect(await answer('你好，几点开门')).toBe('模型说');
    const { knowledge } = running.daemon.core.chatbot.knowhow;
    await knowledge.add({ kb: 'shop', title: '早上好', answer: '早！要来一杯吗？' });
    expect(await answer('早上好')).toBe('早！要来一杯吗？');
  });
});

test('what only a model could answer is kept, and marked', async () => {
  says('不知道');
  await answer('刀盘寿命多少公斤');
  const kept = await eventually('the question', async () =>
    (await unanswered().list(undefined, 100)).find((one) => one.question === '刀盘寿命多少公斤'),
  );
  expect(kept).toMatchObject({ byModel: true });
});

test('what a config names and there is not is told: in the log and by /ready', async () => {
  expect(running.log()).toContain('/nowhere/shop.csv cannot be read');
  expect(running.log()).toContain('there is no desk 9');
  const ready = await readiness();
  expect(ready.status).toBe('ready');
  const warning = ready.warnings.find((one) => one.startsWith('chatbot:'));
  expect(warning).toContain('knowledge files cannot be read (1)');
  expect(warning).toContain('no desk 9');
  expect(warning).not.toContain('/nowhere');
});

test('a model that fails is counted, told by /ready while it rests, and no stack is logged', async () => {
  fake.answer = () => ({ steps: [role, delta('半句'), 'cut'] });
  expect(await answer('几点关门')).toContain('回答中断');
  expect(running.log()).toContain('an answer broke off');
  expect(running.log()).not.toContain('a step of an answer failed');
  const metrics = async (): Promise<string> => await (await fetch(`${running.url}/metrics`)).text();
  expect(await metrics()).toMatch(/wxrc_chatbot_model_failures_total\{reason="cut"\} 1/);
  expect(await metrics()).toMatch(/wxrc_chatbot_model_resting 0/);
  fake.answer = () => ({ status: 401, steps: [] });
  for (let at = 0; at < 5; at += 1) await answer(`问题 ${at}`);
  expect(await metrics()).toMatch(/wxrc_chatbot_model_resting 1/);
  const ready = await readiness();
  expect(ready.parts.chatbot.detail).toContain('model rests');
});

test('an answer that the end of the daemon broke off keeps what was told of it', async () => {
  const own = await startDaemon({
    bots: [],
    chatbot: { starter: false, llm: { baseUrl: fake.baseUrl, apiKey: 'k', model: 'fake' } },
  });
  try {
    fake.answer = () => ({ steps: [role, delta('咖啡机的清洗步骤'), 'hang'] });
    const sessionId = randomUUID();
    await post(own.url, '/send', { sessionId, content: '怎么清洗', timestamp });
    const row = async () => await own.daemon.core.chatbot.chats.store.last(sessionId);
    await eventually('a part on disk', async () => (await row())?.reply === '咖啡机的清洗步骤');
    await own.restart();
    const query = { sessionId, timestamp };
    const whole = (await get(own.url, '/receive', query)).data.content;
    expect(whole).toMatch(/^咖啡机的清洗步骤\s+（回答中断/);
    // Whoever has seen more than was kept is told that it broke off, and no more.
    for (const offset of ['8', '12']) {
      const { code, data } = await get(own.url, '/receive', { ...query, offset });
      expect([code, data.content?.trim()]).toEqual([200, '（回答中断，请再问一次。）']);
    }
  } finally {
    await own.close();
  }
});

test('a socket to a session that has ended is told so in a frame', async () => {
  const sessionId = randomUUID();
  await answer('谢谢', sessionId);
  await post(running.url, '/destroy', { sessionId });
  const socket = await ChatSocket.open(running.url, sessionId);
  expect(await socket.frame(410)).toMatchObject({ code: 410, data: {} });
  await eventually('its end', () => socket.closed === 1000);
});

test('thresholds in the wrong order are refused; files that are not there are told by the check', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-config-'));
  const file = join(folder, 'wxrc.jsonc');
  writeFileSync(file, '{"chatbot": {"thresholds": {"direct": 0.2, "suggest": 0.6}}}');
  expect(() => loadConfig({ config: file }, {})).toThrow(/chatbot\.thresholds/);
  writeFileSync(file, '{"language": "en", "chatbot": {"knowledge": ["nofile.csv", "a.doc"]}}');
  const { code, err, out } = await runInProcess(['config', 'check', '--config', file]);
  // A start runs without them.
  expect(code).toBe(0);
  expect(out + err).toContain('nofile.csv cannot be read');
  expect(out + err).toContain('a.doc does not end');
  rmSync(folder, { recursive: true });
});

describe('a session of a person', () => {
  const tokens = { ann: 'a'.repeat(32), bob: 'b'.repeat(32), server: 's'.repeat(32) };
  let own: TestDaemon;
  beforeAll(async () => {
    own = await startDaemon({
      bots: [],
      access: {
        tokens: [
          tokens.server,
          { token: tokens.ann, userId: 'ann' },
          { token: tokens.bob, userId: 'bob' },
        ],
      },
    });
  });
  afterAll(() => own.close());

  async function call(who: keyof typeof tokens, path: string, body?: unknown): Promise<number> {
    const response = await fetch(`${own.url}${base}${path}`, {
      headers: { authorization: `Bearer ${tokens[who]}`, 'content-type': 'application/json' },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    });
    return ((await response.json()) as { code: number }).code;
  }

  test('is nobody else’s, but a server’s', async () => {
    const sessionId = 's1';
    expect(await call('ann', '/send', { sessionId, content: '谢谢', timestamp })).toBe(200);
    for (const path of ['/receive?sessionId=s1', '/receive?sessionId=s1&wait=1']) {
      expect(await call('bob', path)).toBe(404);
      expect([100, 200]).toContain(await call('ann', path));
      expect([100, 200]).toContain(await call('server', path));
    }
    expect(await call('bob', '/send', { sessionId, content: '在吗', timestamp })).toBe(404);
    expect(await call('bob', '/destroy', { sessionId })).toBe(404);
    await expect(
      ChatSocket.open(own.url, sessionId, `&access_token=${tokens.bob}`),
    ).rejects.toThrow('404');
    const stream = await fetch(`${own.url}${base}/stream`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.bob}` },
      body: JSON.stringify({ sessionId, content: '谢谢', timestamp }),
    });
    expect(await stream.text()).toContain('"code":404');
    await call('server', '/send', { sessionId: 's2', content: '谢谢', timestamp });
    expect(await call('ann', '/receive?sessionId=s2')).toBe(404);
  });
});
