import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf, base, bgpQuestion, get, post, type Reply } from './support/chatbot-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

/** The document's own examples, as it has them. */
const document = readFileSync(new URL('seeds/003.md', import.meta.url), 'utf8');
const sessionId = '80d5a793-0d16-4c15-9246-f6bc87e77ed6';
const timestamp = '2023/11/03 15:30:00';
let running: TestDaemon;
let url: string;

beforeAll(async () => {
  const rules = [
    { name: 'echo one', kind: 'exact', pattern: '一', reply: { type: 'text', text: '壹' } },
    { name: 'echo two', kind: 'exact', pattern: '二', reply: { type: 'text', text: '贰' } },
    {
      ...{ name: 'card', kind: 'exact', pattern: '名片' },
      reply: {
        ...{ type: 'card', appid: 'wx1', username: 'gh_1@app', title: '实验手册' },
        ...{ description: '网络实验', pagePath: 'pages/index', thumbUrl: 'https://x.test/a.png' },
      },
    },
  ];
  running = await startDaemon({ rules });
  url = running.url;
});
afterAll(() => running.close());

/** What a curl example asks, against this daemon. */
function played(name: string): Promise<Response> {
  const section = document.slice(document.indexOf(`chatbot/${name}\``));
  const example = section.slice(
    section.indexOf('curl'),
    section.indexOf('```', section.indexOf('curl')),
  );
  const method = /-X (\w+)/.exec(example)?.[1] ?? 'GET';
  const address = /https:\/\/api\.example\.com([^"\s]+)/.exec(example)?.[1] ?? '';
  const body = /-d '([^']+)'/.exec(example)?.[1];
  return fetch(`${url}${address}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body }),
  });
}

describe('the examples of the document', () => {
  test('send, receive until the answer is there, destroy', async () => {
    const sent = await played('send');
    expect(sent.status).toBe(200);
    expect(sent.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await sent.json()).toMatchObject({ code: 200, message: 'OK' });

    const answer = await answerOf(url, sessionId, timestamp);
    expect(answer).toEqual({
      code: 200,
      message: 'OK',
      data: {
        sessionId,
        content: expect.stringContaining('display bgp peer'),
        timestamp: expect.stringMatching(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d$/),
      },
    });
    for (let again = 0; again < 3; again += 1) {
      expect(await (await played('receive')).json()).toEqual(answer);
    }
    expect(await get(url, '/receive', { sessionId })).toEqual(answer);

    expect(await (await played('destroy')).json()).toMatchObject({ code: 200 });
    expect(await (await played('destroy')).json()).toMatchObject({ code: 200 });
    const gone = { code: 410, message: expect.any(String), data: {} };
    expect(await (await played('receive')).json()).toEqual(gone);
    expect(await (await played('send')).json()).toEqual(gone);
  });
});

describe('second resolution', () => {
  test('several questions of one second: the last of them; without a stamp the last of all', async () => {
    const session = randomUUID();
    const ask = (content: string, at: string) =>
      post(url, '/send', { sessionId: session, content, timestamp: at });
    await ask('一', '2026/01/01 00:00:00');
    await ask('二', '2026/01/01 00:00:00');
    await answerOf(url, session);
    const inSecond = await answerOf(url, session, '2026/01/01 00:00:00');
    expect(inSecond.data.content).toBe('贰');
    await ask('一', '2026/01/01 00:00:01');
    // Each question has its own answer, whatever was asked since.
    expect((await answerOf(url, session, '2026/01/01 00:00:00')).data.content).toBe('贰');
    expect((await answerOf(url, session, '2026/01/01 00:00:01')).data.content).toBe('壹');
    expect((await answerOf(url, session)).data.content).toBe('壹');
    // A stamp without a question of its own: what was asked since.
    expect((await answerOf(url, session, '2025/12/31 23:59:59')).data.content).toBe('壹');
    const since = await get(url, '/receive', {
      sessionId: session,
      timestamp: '2026/01/01 00:00:02',
    });
    expect(since).toEqual({ code: 404, message: expect.stringContaining('timestamp'), data: {} });
  });

  test('the same question once more is the same question', async () => {
    const session = randomUUID();
    const body = { sessionId: session, content: bgpQuestion, timestamp };
    const replies = await Promise.all(Array.from({ length: 20 }, () => post(url, '/send', body)));
    expect(new Set(replies.map((one) => one.data.messageId)).size).toBe(1);
    expect(await running.daemon.core.chatbot.chats.get(session)).toMatchObject({ turns: 1 });
    await post(url, '/send', { ...body, content: '一' });
    await post(url, '/send', { ...body, timestamp: '2023/11/03 15:30:01' });
    expect(await running.daemon.core.chatbot.chats.get(session)).toMatchObject({ turns: 3 });
  });

  test('stamps are read in the configured zone', async () => {
    const session = randomUUID();
    await post(url, '/send', { sessionId: session, content: '一', timestamp });
    const turn = await running.daemon.core.chatbot.chats.turnAfter(session);
    expect(new Date(turn?.askedAt ?? 0).toISOString()).toBe('2023-11-03T07:30:00.000Z');
  });
});

describe('what is refused', () => {
  const good = { sessionId, content: '一', timestamp };
  const long = 'x'.repeat(4001);
  const names: [string, string, unknown][] = [
    ['/send', 'sessionId', { ...good, sessionId: undefined }],
    ['/send', 'sessionId', { ...good, sessionId: '' }],
    ['/send', 'sessionId', { ...good, sessionId: 7 }],
    ['/send', 'sessionId', { ...good, sessionId: 'x'.repeat(129) }],
    ['/send', 'sessionId', { ...good, sessionId: 'a\nb' }],
    ['/send', 'sessionId', { ...good, sessionId: 'room:bot01:r:c' }],
    ['/send', 'sessionId', { ...good, sessionId: ['a'] }],
    ['/send', 'content', { ...good, content: undefined }],
    ['/send', 'content', { ...good, content: '' }],
    ['/send', 'content', { ...good, content: ' \n ' }],
    ['/send', 'content', { ...good, content: null }],
    ['/send', 'content', { ...good, content: long }],
    ['/send', 'timestamp', { ...good, timestamp: undefined }],
    ['/send', 'timestamp', { ...good, timestamp: 1698996600000 }],
    ['/send', 'timestamp', { ...good, timestamp: '2023-11-03 15:30:00' }],
    ['/send', 'timestamp', { ...good, timestamp: '2023/11/31 15:30:00' }],
    ['/send', 'timestamp', { ...good, timestamp: '2023/11/03 25:30:00' }],
    ['/send', 'timestamp', { ...good, timestamp: '2023/11/03 15:30' }],
    ['/destroy', 'sessionId', {}],
    ['/message/send', 'messageId', good],
    ['/message/appraise', 'like', { sessionId, messageId: 'x', like: 'yes' }],
    ['/session/destroy', 'sessionId', {}],
  ];
  test.each(names)('%s without a right %s', async (path, field, body) => {
    const refused = await post(url, path, body);
    expect(refused).toEqual({ code: 400, message: expect.stringContaining(field), data: {} });
  });

  const bodies = ['', 'null', '[]', '7', '"x"', '{', '{"sessionId":', '\u0000', 'sessionId=x'];
  test.each(bodies)('a body that is %j', async (body) => {
    expect(await post(url, '/send', body)).toMatchObject({ code: 400, data: {} });
  });

  test('what is no UTF-8', async () => {
    const body = Buffer.concat([
      Buffer.from('{"sessionId":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]);
    const response = await fetch(`${url}${base}/send`, { method: 'POST', body });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ code: 400, data: {} });
  });

  const queries: [Record<string, string>, number, string][] = [
    [{}, 400, 'sessionId'],
    [{ sessionId: '' }, 400, 'sessionId'],
    [{ sessionId: 'nobody' }, 404, 'sessionId'],
    [{ sessionId: 'nobody', timestamp: 'yesterday' }, 400, 'timestamp'],
    [{ sessionId: 'nobody', timestamp: '2023/02/30 00:00:00' }, 400, 'timestamp'],
    [{ sessionId: 'nobody', wait: 'long' }, 400, 'wait'],
    [{ sessionId: 'nobody', wait: '-1' }, 400, 'wait'],
    [{ sessionId: 'nobody', offset: '1.5' }, 400, 'offset'],
  ];
  test.each(queries)('receive %j is %i', async (query, code, field) => {
    const refused = await get(url, '/receive', query);
    expect(refused).toMatchObject({ message: expect.stringContaining(field), data: {} });
    expect(refused.code).toBe(code);
  });

  test('an unknown session', async () => {
    for (const path of ['/destroy', '/session/destroy']) {
      expect(await post(url, path, { sessionId: randomUUID() })).toMatchObject({
        code: 404,
        data: {},
      });
    }
    expect(await get(url, '/receive', { sessionId: randomUUID() })).toMatchObject({ code: 404 });
  });

  test('bodies of 100 kB and more, in form', async () => {
    for (const size of [100_001, 400_000]) {
      const refused = await post(url, '/send', { ...good, content: 'x'.repeat(size) });
      expect(refused).toMatchObject({ code: 413, data: {} });
    }
    const kept = await post(url, '/send', { ...good, content: 'x'.repeat(90_000) });
    expect(kept).toMatchObject({ code: 400, message: expect.stringContaining('content') });
  });

  test('addresses that there are not, in form', async () => {
    const nowhere = await fetch(`${url}${base}/nothing`);
    expect([nowhere.status, await nowhere.json()]).toEqual([
      404,
      { code: 404, message: expect.any(String), data: {} },
    ]);
    const wrong = await fetch(`${url}${base}/send`);
    expect([wrong.status, await wrong.json()]).toMatchObject([405, { code: 405, data: {} }]);
  });

  test('nothing of a chat in a room can be had by its name', async () => {
    const room = 'room:bot01:r:c';
    await running.daemon.core.chatbot.chats.ask({ chatId: room, content: '一', channel: 'room' });
    expect(await get(url, '/receive', { sessionId: room })).toMatchObject({ code: 400, data: {} });
  });
});

describe('the second version', () => {
  const session = randomUUID();
  const messageId = `${session}--${randomUUID()}`;
  let replyId = '';

  test('a question has a name, and so has its reply', async () => {
    const body = { sessionId: session, messageId, content: '名片', timestamp };
    const sent = await post(url, '/message/send', body);
    expect(sent).toMatchObject({
      code: 200,
      data: { messageId: expect.stringContaining(`${session}--`) },
    });
    replyId = sent.data.messageId ?? '';
    expect(replyId).not.toBe(messageId);
    expect((await post(url, '/message/send', body)).data.messageId).toBe(replyId);
    expect(await post(url, '/message/send', { ...body, content: '一' })).toMatchObject({
      code: 409,
    });
  });

  test('the reply, a card with its words', async () => {
    const reply: Reply = await get(url, '/message/receive', {
      sessionId: session,
      messageId: replyId,
      wait: '5',
    });
    expect(reply).toMatchObject({
      code: 200,
      data: {
        ...{
          sessionId: session,
          messageId: replyId,
          content: '实验手册\n网络实验',
          finish: 'stop',
        },
        reply: { type: 'card', card: { appid: 'wx1', pagePath: 'pages/index' } },
      },
    });
    const other = { sessionId: session, messageId };
    expect(await get(url, '/message/receive', other)).toMatchObject({ code: 404, data: {} });
    const foreign = randomUUID();
    await post(url, '/send', { sessionId: foreign, content: '一', timestamp });
    expect(
      await get(url, '/message/receive', { sessionId: foreign, messageId: replyId }),
    ).toMatchObject({ code: 404, data: {} });
  });

  test('liked, or not', async () => {
    const body = { sessionId: session, messageId: replyId, like: true };
    expect(await post(url, '/message/appraise', body)).toMatchObject({ code: 200 });
    const liked = async () =>
      (await running.daemon.core.chatbot.chats.turn(session, replyId)).liked;
    expect(await liked()).toBe(true);
    await post(url, '/message/appraise', { ...body, like: false });
    expect(await liked()).toBe(false);
    expect(await post(url, '/message/appraise', { ...body, messageId: 'x' })).toMatchObject({
      code: 404,
    });
  });

  test('destroyed', async () => {
    expect(await post(url, '/session/destroy', { sessionId: session })).toMatchObject({
      code: 200,
    });
    const gone = await get(url, '/message/receive', { sessionId: session, messageId: replyId });
    expect(gone).toMatchObject({ code: 410, data: {} });
  });
});
