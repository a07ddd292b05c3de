import { afterEach, expect, test } from 'vitest';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';
import { type ServedPuppet, servePuppet } from './support/puppet-farm.ts';

/*
 * Bots that drive a real client: behind them are somebody's friends and colleagues.
 */

const question = 'ping不通网关怎么办？';
const rules = [
  { name: 'duty', pattern: '值班', reply: { type: 'text', text: '今天小王值班。' } },
  {
    ...{ name: 'order', kind: 'exact', pattern: '你好订单' },
    reply: { type: 'webhook', url: 'http://127.0.0.1:9/none' },
  },
];

let running: TestDaemon | undefined;
let served: ServedPuppet | undefined;

afterEach(async () => {
  await running?.close();
  await served?.close();
  running = undefined;
  served = undefined;
});

async function open(config: Record<string, unknown>) {
  served = await servePuppet();
  const { puppet } = served;
  puppet.keepLogin();
  const made = puppet.addRoom('同事群', ['张三']);
  const friend = puppet.addContact('老友');
  const bot = {
    ...{ botcode: 'sales', driver: 'wechaty', puppet: 'wechaty-puppet-service' },
    puppetOptions: served.options,
  };
  running = await startDaemon({ bots: [bot], ...config });
  const { core } = running.daemon;
  await eventually(() => core.bots.get('sales')?.view().state === 'ready', 'ready');
  const told = (chat: string) => puppet.seenIn(chat).flatMap((one) => (one.self ? one.text : []));
  return {
    core,
    roomId: made.id,
    inRoom: (text: string) => {
      const from = made.members[0]?.id ?? '';
      puppet.say(from, { roomId: made.id }, `@wxrc ${text}`, [puppet.currentUserId]);
    },
    inPrivate: (text: string) => puppet.say(friend, { contactId: friend }, text),
    room: () => told(made.id),
    friend: () => told(friend),
    asked: async () =>
      (await core.chatbot.office.list('open', undefined, 50)).reduce(
        (sum, { turns }) => sum + turns,
        0,
      ),
  };
}

test('a real bot leaves friends and rooms alone while nobody says that the chatbot answers there', async () => {
  const { core, ...at } = await open({ rules });
  for (const text of ['你好', question, '谢谢', '转人工']) {
    at.inPrivate(text);
    at.inRoom(text);
  }
  // What was written for it is answered, behind all that was not; nothing else of it is kept.
  at.inPrivate('今天谁值班？');
  at.inRoom('今天谁值班？');
  await eventually(() => at.friend().length > 0 && at.room().length > 0, 'the rule');
  expect(at.friend()).toEqual(['今天小王值班。']);
  expect(at.room()).toEqual([expect.stringContaining('今天小王值班。')]);
  expect(await at.asked()).toBe(2);
  expect(await core.chatbot.knowhow.knowledge.unanswered.list(undefined, 10)).toEqual([]);
  // A rule that has no answer after all hands on to nobody.
  at.inPrivate('你好订单');
  await eventually(async () => (await at.asked()) === 3, 'the webhook');
  await eventually(() => core.chatbot.chats.lines.pending === 0, 'its end');
  expect(at.friend()).toHaveLength(1);
  // An operator says of one room that it answers there.
  await core.chatbot.switches.set('sales', at.roomId, true);
  at.inRoom(question);
  await eventually(() => at.room().length === 2, 'the answer');
  expect(at.room()[1]).toContain('display ip interface');
});

test('a real bot that the config names answers', async () => {
  const at = await open({ chatbot: { bots: ['sales'] } });
  at.inPrivate(question);
  at.inRoom(question);
  await eventually(() => at.friend().length === 1 && at.room().length === 1, 'both');
  expect(at.friend()[0]).toContain('display ip interface');
});

test('who asks for help is told whom to ask: in a room its owner, in private the person behind the account', async () => {
  const at = await open({ language: 'en' });
  at.inRoom('help');
  at.inPrivate('help');
  await eventually(() => at.friend().length === 1 && at.room().length === 1, 'both');
  expect(at.room()[0]).toContain('owner of this room');
  expect(at.friend()[0]).toContain('whose account this is');
});
