import { afterAll, beforeAll, expect, test } from 'vitest';
import { ChatRooms } from './support/chat-rooms.ts';
import { bgpQuestion } from './support/chatbot-client.ts';
import { eventually } from './support/eventually.ts';

const card = {
  ...{ type: 'card', appid: 'wx0123456789abcdef', username: 'gh_0123@app', title: '实验手册' },
  ...{ description: '网络实验', pagePath: 'pages/index', thumbUrl: 'https://x.test/a.png' },
};
const rules = [
  { name: 'manual', kind: 'exact', pattern: '实验手册', reply: card },
  {
    name: 'word',
    kind: 'contains',
    pattern: '值班',
    reply: { type: 'text', text: '今天小王值班。' },
  },
  {
    ...{ name: 'hidden', kind: 'exact', pattern: '内网手册' },
    reply: { ...card, title: '内网', thumbUrl: 'http://10.0.0.1/a.png' },
  },
  {
    ...{ name: 'picture', kind: 'exact', pattern: '内网图片' },
    reply: { type: 'image', url: 'http://10.0.0.1/b.png' },
  },
  { name: 'people', kind: 'contains', pattern: '找人', reply: { type: 'handover' } },
  {
    ...{ name: 'long', kind: 'exact', pattern: '手册全文' },
    reply: { type: 'text', text: `## 步骤\n${'先执行 **一步**，再看 `结果`。'.repeat(200)}` },
  },
];
let rooms: ChatRooms;

beforeAll(async () => {
  rooms = await ChatRooms.open(rules);
});
afterAll(() => rooms.close());

test("a member @s the bot with the document's question and gets the answer", async () => {
  const talk = await rooms.room();
  await talk.say(bgpQuestion, true);
  expect((await talk.answer()).text).toContain('display bgp peer');
  const [chat] = await rooms.core.chatbot.office.list('open', undefined, 1);
  expect(chat).toMatchObject({ channel: 'room', turns: 1 });
  const [turn] = await rooms.core.chatbot.office.turns(chat?.id ?? '', undefined, 1);
  expect(turn?.question).toBe(bgpQuestion);
  expect(turn?.trace.at(-1)).toMatchObject({ step: 'knowledge', verdict: 'direct' });
});

test('a rule answers with a card, @ed or not', async () => {
  const talk = await rooms.room();
  await talk.say('实验手册');
  const said = await talk.answer();
  expect(said).toMatchObject({
    kind: 'miniProgram',
    card: { title: '实验手册', appid: card.appid },
  });
  await talk.say('请问今天谁值班？', false, '李四');
  // Two may ask at once: who is meant is said.
  expect((await talk.answer(1)).text).toBe('@李四 今天小王值班。');
});

test('what is not for the bot, and what it does not know, stays unanswered', async () => {
  const talk = await rooms.room();
  await talk.say(bgpQuestion);
  await talk.say('晚上去哪里吃火锅', true);
  await talk.say('', true).catch(() => {});
  await rooms.settled();
  expect(await talk.answers()).toEqual([]);
});

test('help is answered as ever', async () => {
  const talk = await rooms.room();
  await talk.say('help', true);
  expect((await talk.answer()).text).toContain('WXRC');
  await rooms.settled();
  expect(await talk.answers()).toHaveLength(1);
});

test('the same words of the same person are answered once a minute; a room only so often', async () => {
  const talk = await rooms.room();
  for (let again = 0; again < 3; again += 1) await talk.say('谁值班', true);
  await talk.answer();
  for (let at = 0; at < 20; at += 1) await talk.say(`第 ${at} 次：谁值班`, true);
  await rooms.settled();
  expect((await talk.answers()).length).toBeLessThanOrEqual(7);
  expect((await talk.answers()).length).toBeGreaterThanOrEqual(5);
});

test('a room that is switched off is silent, and speaks again', async () => {
  const talk = await rooms.room();
  const { switches } = rooms.core.chatbot;
  await switches.set('bot01', talk.id, false);
  await talk.say('谁值班', true);
  await talk.say(bgpQuestion, true);
  await rooms.settled();
  expect(await talk.answers()).toEqual([]);
  await switches.set('bot01', talk.id, undefined);
  await talk.say('谁值班呢', true);
  await talk.answer();
});

test('two bots of ours in one room do not loop', async () => {
  // What one says the other hears, @ed, as if they shared the room.
  const names = ['bot01', 'bot02'].map(
    (one) => rooms.core.bots.get(one)?.view().account?.name ?? '',
  );
  const talks = [
    await rooms.room('bot01', ['张三', names[1] ?? '']),
    await rooms.room('bot02', ['张三', names[0] ?? '']),
  ];
  await talks[0]?.say(bgpQuestion, true);
  await talks[0]?.answer();
  const told = [0, 0];
  for (let round = 0; round < 6; round += 1) {
    for (const [at, one] of talks.entries()) {
      const answers = await one.answers();
      for (const { text = '' } of answers.slice(told[at])) {
        await talks[1 - at]?.say(`${text} 值班`, true, names[at]);
      }
      told[at] = answers.length;
    }
    await rooms.settled();
  }
  expect([(await talks[0]?.answers())?.length, (await talks[1]?.answers())?.length]).toEqual([
    1, 0,
  ]);
});

test("a bot of somebody else's that answers everything does not loop for long", async () => {
  const talk = await rooms.room('bot01', ['别家机器人', '张三']);
  await talk.say('谁值班', true);
  await talk.answer();
  for (let round = 0; round < 30; round += 1) {
    const answers = await talk.answers();
    await talk.say(`${round} ${answers.at(-1)?.text}`, true, '别家机器人');
    // And what only repeats us is nothing to answer at all.
    await talk.say('今天小王值班。', true, '别家机器人');
    await rooms.settled();
  }
  expect((await talk.answers()).length).toBeLessThanOrEqual(8);
});

test('a card that nobody could see leaves as text, a picture as a sentence, and it is said why', async () => {
  const talk = await rooms.room();
  await talk.say('内网手册');
  expect((await talk.answer()).text).toBe('@张三 内网\n网络实验');
  await talk.say('内网图片');
  const second = await talk.answer(1);
  expect(second.text).toContain('图片暂时无法发送');
  expect(second.text).not.toContain('10.0.0.1');
  expect(rooms.running.log()).toContain('an answer leaves as text');
  const { office } = rooms.core.chatbot;
  const [chat] = await office.list('open', undefined, 1);
  const [turn] = await eventually('its fate', async () => {
    const turns = await office.turns(chat?.id ?? '', undefined, 1);
    return turns[0]?.send?.state === 'sent' ? turns : undefined;
  });
  expect(turn?.trace.at(-1)?.note).toContain('sent as text');
});

test('nobody at a desk sees a room: who asks for an agent is told so', async () => {
  const talk = await rooms.room();
  await talk.say('转人工', true);
  expect((await talk.answer()).text).toContain('不能转接人工');
  await talk.say('我要找人', true, '李四');
  expect((await talk.answer(1)).text).toContain('不能转接人工');
  // Not said to the bot.
  await talk.say('我们找人吧');
  await rooms.settled();
  expect(await talk.answers()).toHaveLength(2);
});

test('a long answer is plain text, in parts that end with a sentence', async () => {
  const talk = await rooms.room();
  await talk.say('手册全文', true);
  await talk.answer(1);
  await rooms.settled();
  const parts = (await talk.answers()).map(({ text = '' }) => text);
  expect(parts.join('')).not.toMatch(/[#*`]/);
  for (const part of parts) expect(part).toMatch(/。$/);
});

test('in private, the bot answers what it knows', async () => {
  const friend = await rooms.contact(0);
  await friend.say('谁值班');
  await friend.say(bgpQuestion);
  await friend.say('晚上去哪里吃火锅');
  await friend.say('转人工');
  await eventually('three answers', async () => (await friend.answers()).length === 3);
  await rooms.settled();
  const answers = (await friend.answers()).map(({ text }) => text);
  expect(answers[0]).toBe('今天小王值班。');
  expect(answers[1]).toContain('display bgp');
  expect(answers[2]).toContain('不能转接人工');
});

test('in private, two bots do not talk for long', async () => {
  const friend = await rooms.contact(1);
  await friend.say('谁值班');
  for (let round = 0; round < 20; round += 1) {
    await rooms.settled();
    await friend.say(`${round} ${(await friend.answers()).at(-1)?.text}`);
  }
  await rooms.settled();
  expect((await friend.answers()).length).toBeLessThanOrEqual(8);
});
