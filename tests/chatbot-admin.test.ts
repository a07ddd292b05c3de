import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { answerOf, bgpQuestion, post } from './support/chatbot-client.ts';
import { runInProcess } from './support/cli.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';

const timestamp = '2026/11/22 10:00:00';
let running: TestDaemon;
let admin: AdminClient;

beforeAll(async () => {
  running = await startDaemon({
    chatbot: { starter: true },
    bots: [{ botcode: 'bot01', driver: 'simulator', autoScan: false }],
    rules: [{ name: 'hi', kind: 'exact', pattern: '你好', reply: { type: 'text', text: '您好' } }],
  });
  admin = new AdminClient(() => running.url);
  await admin.login();
});
afterAll(() => running.close());

async function cli(...words: string[]): Promise<string> {
  const where = ['--data', running.dataDir, '--url', running.url, '--lang', 'en'];
  const { code, out, err } = await runInProcess([...words, ...where]);
  if (code !== 0) throw new Error(`${words.join(' ')}: ${code} ${err}`);
  return out;
}

test('talks are listed with how each answer came about', async () => {
  const sessions = Array.from({ length: 5 }, () => randomUUID());
  for (const sessionId of sessions) {
    await post(running.url, '/send', { sessionId, content: bgpQuestion, timestamp });
    await answerOf(running.url, sessionId);
  }
  const listed: unknown[] = [];
  for (let next = ''; ; ) {
    const { body } = await admin.ok('GET', `/chatbot/chats?limit=2${next}`);
    listed.push(...body.items.map((one) => one.id));
    if (body.next === null) break;
    next = `&cursor=${encodeURIComponent(body.next)}`;
  }
  expect(listed.sort()).toEqual(sessions.sort());
  const [first = ''] = sessions;
  await post(running.url, '/destroy', { sessionId: first });
  const ended = (await admin.ok('GET', '/chatbot/chats?state=ended')).body.items;
  expect(ended.map((one) => [one.id, one.state])).toEqual([[first, 'ended']]);
  const [turn] = (await admin.ok('GET', `/chatbot/chats/${first}/turns`)).body.items;
  expect(turn).toMatchObject({
    ...{
      question: bgpQuestion,
      answer: expect.stringContaining('bgp'),
      state: 'done',
      liked: null,
    },
    trace: [
      { step: 'rules', outcome: 'pass', ms: expect.any(Number) },
      { step: 'human', outcome: 'pass' },
      {
        ...{ step: 'knowledge', outcome: 'answered', verdict: 'direct' },
        ...{ entry: expect.any(Number), score: expect.any(Number) },
        candidates: expect.arrayContaining([
          expect.objectContaining({ title: expect.any(String) }),
        ]),
      },
    ],
  });
  await admin.refused(404, 'GET', '/chatbot/chats/nobody');
  await admin.refused(404, 'GET', '/chatbot/chats/nobody/turns');
  await admin.refused(400, 'GET', '/chatbot/chats?cursor=x');
});

test('a trial: an answer, what was offered, a number that picks', async () => {
  const hi = (await admin.ok('POST', '/chatbot/ask', { question: '你好' })).body;
  expect(hi).toMatchObject({ answer: '您好', trace: [{ step: 'rules', outcome: 'answered' }] });
  await admin.refused(400, 'POST', '/chatbot/ask', { question: '' });
  await admin.refused(400, 'POST', '/chatbot/ask', { question: '你好', chat: 'somebody-elses' });
  const { knowledge } = running.daemon.core.chatbot.knowhow;
  for (const [title, answer] of [
    ['打印机卡纸怎么处理', '打开后盖。'],
    ['打印机卡纸如何预防', '纸要干燥。'],
  ] as const) {
    await knowledge.add({ kb: 'office', title, answer });
  }
  const offered = (await admin.ok('POST', '/chatbot/ask', { question: '打印机卡纸' })).body;
  const told = Object(offered) as { answer: string; chat: string };
  expect(told.answer).toMatch(/^您是不是想问：\n1\. 打印机卡纸.*\n2\. 打印机卡纸/);
  const pick = { question: ' ２ ', chat: told.chat };
  const picked = Object((await admin.ok('POST', '/chatbot/ask', pick)).body) as { answer: string };
  const second = /2\. (.*)/.exec(told.answer)?.[1] ?? '';
  expect(picked.answer).toBe(second.includes('预防') ? '纸要干燥。' : '打开后盖。');
  // A number that was not offered is a question like any other; so is one later on.
  const other = (await admin.ok('POST', '/chatbot/ask', { ...pick, question: '1' })).body;
  expect(Object(other).answer).not.toMatch(/打开后盖|纸要干燥/);
});

test('on the command line', async () => {
  const asked = await cli('chat', 'ask', bgpQuestion);
  expect(asked).toContain('display bgp peer');
  expect(asked).toMatch(/knowledge: answered, \d+ ms, direct, entry \d+, score 0\.\d+/);
  const session = randomUUID();
  await post(running.url, '/send', { sessionId: session, content: '你好', timestamp });
  await answerOf(running.url, session);
  expect(await cli('chat', 'list')).toContain(session);
  const shown = await cli('chat', 'show', session);
  expect(shown).toContain('> 你好');
  expect(shown).toContain('< 您好');
  expect(JSON.parse(await cli('chat', 'show', session, '--json'))).toMatchObject({
    id: session,
    items: [{ question: '你好', answer: '您好' }],
  });
});

test('rooms are switched by operators and on the command line', async () => {
  for (const path of ['scan', 'confirm']) {
    await fetch(`${running.url}/simulator/bot01/${path}`, { method: 'POST' });
  }
  const known = await eventually('a room', async () => {
    return (await admin.ok('GET', '/chatbot/rooms?botcode=bot01')).body.items[0];
  });
  const { roomId } = Object(known) as { roomId: string };
  const of = async (): Promise<unknown> =>
    (await admin.ok('GET', '/chatbot/rooms')).body.items.find(
      (one) => Object(one).roomId === roomId,
    );
  expect(known).toMatchObject({ botcode: 'bot01', enabled: true, own: false });
  await admin.ok('PUT', '/chatbot/rooms', { botcode: 'bot01', roomId, enabled: false });
  expect(await of()).toMatchObject({ enabled: false, own: true });
  await running.restart();
  admin = new AdminClient(() => running.url);
  await admin.login();
  await eventually('the rooms again', of);
  expect(await of()).toMatchObject({ enabled: false, own: true });
  expect(await cli('chat', 'rooms', 'bot01', '--on', roomId)).toMatch(/ on /);
  await cli('chat', 'rooms', 'bot01', '--default', roomId);
  expect(await of()).toMatchObject({ enabled: true, own: false });
  const nowhere = { botcode: 'bot01', roomId: 'nowhere', enabled: true };
  await admin.refused(404, 'PUT', '/chatbot/rooms', nowhere);
});

test('metrics', async () => {
  const session = randomUUID();
  const body = { sessionId: session, content: '你好', timestamp };
  await post(running.url, '/send', body);
  await post(running.url, '/send', body);
  await answerOf(running.url, session);
  const text = await (await fetch(`${running.url}/metrics`)).text();
  expect(text).toMatch(/wxrc_chatbot_questions_total\{outcome="asked"\} 1\n/);
  expect(text).toMatch(/wxrc_chatbot_questions_total\{outcome="repeated"\} 1\n/);
  expect(text).toMatch(/wxrc_chatbot_answers_total\{step="rules"\} 1\n/);
  expect(text).toMatch(/wxrc_chatbot_chats\{state="open"\} \d+\n/);
  expect(text).toMatch(/wxrc_chatbot_pending 0\n/);
  expect(text).toMatch(/wxrc_chatbot_answer_seconds_count 1\n/);
});
