import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { get, post } from './support/chatbot-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';

// Questions that were asked all at once: what becomes of those behind the one that is answered.

let running: TestDaemon;
let admin: AdminClient;

beforeAll(async () => {
  const rule = (pattern: string) => ({
    ...{ name: pattern, kind: 'exact', pattern },
    reply: { type: 'text', text: `answer to ${pattern}` },
  });
  running = await startDaemon({
    ...{ bots: [], chatbot: { starter: false }, rules: [rule('first'), rule('second')] },
    apps: [{ appid: 7, secret: 'secret' }],
  });
  admin = new AdminClient(() => running.url);
  await admin.login();
  const { desks } = running.daemon.core.im;
  const { storeId } = await desks.addDesk({ appid: 7, name: '客服' });
  await desks.putSeller({ storeId, uid: 1001, name: 'Anna', status: 'online' });
});
afterAll(() => running.close());

function askAll(chatId: string, contents: readonly string[]) {
  const { chats } = running.daemon.core.chatbot;
  const channel = 'mpweixin';
  return Promise.all(contents.map((content) => chats.ask({ chatId, content, channel })));
}

/** What agents were told, oldest first. */
async function toldTo(chatId: string): Promise<unknown[]> {
  const { items } = (await admin.ok('GET', '/im/conversations?via=chat&limit=200')).body;
  const found = items.find((one) => Object(one).contact === `chat:${chatId}`);
  if (found === undefined) return [];
  const messages = (await admin.ok('GET', `/im/conversations/${found.id}/messages`)).body.items;
  return messages.map(({ content }) => Object(content).text).reverse();
}

async function turns(chatId: string): Promise<{ question: string; state: string; text: string }[]> {
  return (await running.daemon.core.chatbot.office.turns(chatId, undefined, 50)).reverse();
}

test('what waits behind a word for an agent reaches him with it, each once, whenever all ends', async () => {
  const { chats } = running.daemon.core.chatbot;
  const chatId = randomUUID();
  const later = Array.from({ length: 8 }, (_, at) => `问题${at}`);
  const gone = new Promise<void>((resolve) => {
    chats.watch(chatId, {
      piece: () => {},
      // As if killed at this moment: nothing is done any more.
      settled: () => resolve(chats.stop()),
      ended: () => {},
    });
  });
  await askAll(chatId, ['转人工', ...later]);
  await gone;
  await running.restart();
  expect(await toldTo(chatId)).toEqual(['转人工', ...later]);
  const said = await askAll(chatId, ['还在吗']);
  expect(said[0]?.repeated).toBe(false);
  expect(await toldTo(chatId)).toEqual(['转人工', ...later, '还在吗']);
  expect((await turns(chatId)).map(({ state }) => state)).toEqual([
    'done',
    ...Array.from({ length: 9 }, () => 'making'),
  ]);
});

test('what waits behind a word that leads back is answered by the bot', async () => {
  const chatId = randomUUID();
  await askAll(chatId, ['转人工', '先问客服', '退出人工', '第一问', '第二问']);
  const all = await eventually('all answers', async () => {
    const found = await turns(chatId);
    return found.every(({ state }) => state === 'done') ? found : undefined;
  });
  expect(all.map(({ question }) => question)).toEqual([
    ...['转人工', '先问客服', '退出人工', '第一问', '第二问'],
  ]);
  expect(all[1]?.state).toBe('done');
  expect(all[2]?.text).toContain('已返回机器人');
  for (const { text } of all.slice(3)) {
    expect(text).not.toBe('');
    expect(text).not.toContain('已返回机器人');
  }
  expect(await toldTo(chatId)).toEqual(['转人工', '先问客服']);
});

test('nothing of a chat stays in memory when nobody waits in it any more', async () => {
  const { chats } = running.daemon.core.chatbot;
  const ids = Array.from({ length: 50 }, () => randomUUID());
  await Promise.all(ids.map((chatId) => askAll(chatId, ['zzqq', 'zzpp'])));
  await eventually('the answers', () => chats.lines.pending === 0);
  for (const chatId of ids.slice(25)) await chats.end(chatId);
  await eventually('their lines to go', () => chats.lines.size === 0);
});

test('a question without a stamp is found again by the one it was given', async () => {
  const sessionId = randomUUID();
  const ask = (content: string, messageId: string) =>
    post(running.url, '/message/send', { sessionId, messageId, content });
  const { timestamp } = (await ask('first', 'a')).data;
  // Stamps know whole seconds, and of two in one second the last is meant.
  const second = Math.floor(Date.now() / 1000);
  await eventually('another second', () => Math.floor(Date.now() / 1000) > second);
  expect(await ask('second', 'b')).toMatchObject({ code: 200 });
  await eventually('the answers', () => running.daemon.core.chatbot.chats.lines.pending === 0);
  const query = { sessionId, timestamp: String(timestamp) };
  expect(await get(running.url, '/receive', query)).toMatchObject({
    data: { content: 'answer to first' },
  });
});
