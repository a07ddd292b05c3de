import { afterEach, describe, expect, it } from 'vitest';
import type { Content } from '../bot/im/content.ts';
import type { CustomerRef } from '../bot/im/conversation.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { OfficialClient, push, pushText } from './support/official-client.ts';

let running: TestDaemon;
const opened: OfficialClient[] = [];
afterEach(async () => {
  for (const client of opened.splice(0)) client.ws.terminate();
  await running.close();
});

async function open(query: string): Promise<OfficialClient> {
  const client = await OfficialClient.open(running.url, query);
  opened.push(client);
  return client;
}

const customer: CustomerRef = {
  ...{ via: 'imbot', account: '', contact: 'o-customer' },
  ...{ name: '小李', avatar: 'http://a/li.png' },
};

/** A customer says something. */
async function ask(content: Content, who: CustomerRef = customer): Promise<void> {
  const { db, im } = running.daemon.core;
  await db.transaction((tx) => im.conversations.fromCustomer(tx, { customer: who, content }));
}

const text = (words: string): Content => ({ type: 'text', text: words });

function answer(contact: string, content: string, id: string): string {
  return JSON.stringify({
    data: { id, msg_type: 'text', contact_id: contact, msg: { content } },
    result: { code: 1001, message: 'common' },
  });
}

describe('a customer and an agent on a socket', () => {
  it('the agent sees who it is; the answer reaches the customer, and the other devices', async () => {
    running = await startDaemon();
    const agent = await open('userid=agent1');
    await agent.frame('102');
    await ask(text('在吗'));
    const [asked] = await agent.gets(1);
    expect(asked).toMatchObject({
      data: {
        ...{ name: '小李', avatar: 'http://a/li.png', msg_type: 'text' },
        ...{ contact_id: 'o-customer', msg: { content: '在吗' } },
      },
      result: { code: 1001, message: 'common' },
    });
    expect(asked?.data).not.toHaveProperty('self');

    const second = await open('userid=agent1&device_id=second');
    agent.ws.send(answer('o-customer', '在的', 'a1'));
    const done = await agent.frame(100);
    expect(done.data.client_id).toBe('a1');
    // Not on the connection on which it was said: whoever knows the document only would take it for
    // the customer's words.
    await ask(text('好'));
    await agent.gets(2);
    agent.ws.send(answer('o-customer', '?', 'a2'));
    await agent.frame(100, 1);
    await ask(text('嗯'));
    await agent.gets(3);
    await agent.settled();
    expect(agent.contents).toEqual(['在吗', '好', '嗯']);
    const others = await second.gets(5);
    expect(others[1]?.data).toMatchObject({
      ...{ id: done.data.id, contact_id: 'o-customer', self: true, msg: { content: '在的' } },
    });

    // On another way the customer is a user like any.
    const { im } = running.daemon.core;
    const user = await im.names.get('o-customer');
    const inbox = await im.log.readNewest(user, 10);
    expect(inbox.map(({ message }) => message.id)).toContain(Number(done.data.id));
    const page = await open('userid=o-customer');
    const [own, answered] = await page.gets(5);
    expect(own?.data).toMatchObject({ contact_id: 'agent1', self: true });
    expect(answered?.data).toMatchObject({ contact_id: 'agent1', msg: { content: '在的' } });
    expect(answered?.data).not.toHaveProperty('self');
  });

  it('an answer that is said again is said once', async () => {
    running = await startDaemon();
    const agent = await open('userid=agent1');
    await ask(text('?'));
    await agent.gets(1);
    agent.ws.send(answer('o-customer', '!', 'a1'));
    agent.ws.send(answer('o-customer', '!', 'a1'));
    expect(await agent.frame(100, 1)).toEqual(await agent.frame(100));
    const { im } = running.daemon.core;
    expect(im.conversations.answers.imbot).toBe(1);
  });

  it('what waits for somebody is handed to whoever connects, in order', async () => {
    running = await startDaemon();
    for (const words of ['1', '2', '3']) await ask(text(words));
    await pushText(running.url, 'agent1', 'news');
    const agent = await open('userid=agent1');
    await agent.gets(4);
    expect(agent.contents).toEqual(['news', '1', '2', '3']);
    expect(agent.ids).toEqual([...agent.ids].sort((one, other) => one - other));
    await ask(text('4'));
    await agent.gets(5);
  });

  it('frames live and pushed go together in order, though some have to be looked up', async () => {
    running = await startDaemon();
    const agent = await open('userid=agent1&ack=1');
    await agent.frame('102');
    const jobs: Promise<unknown>[] = [];
    for (let at = 0; at < 60; at += 1) {
      if (at % 3 === 0) jobs.push(ask(text(`${at}`)));
      else if (at % 3 === 1) jobs.push(pushText(running.url, 'agent1', `${at}`));
      else {
        const data = { msg_type: 'text', contact_ids: ['agent1', 'x'], msg: { content: `${at}` } };
        jobs.push(push(running.url, { data }));
      }
    }
    await Promise.all(jobs);
    await agent.gets(60);
    await agent.settled();
    expect(agent.messages).toHaveLength(60);
    expect(agent.ids).toEqual([...new Set(agent.ids)].sort((one, other) => one - other));
  });

  it('an agent is told when an answer does not reach the customer', async () => {
    running = await startDaemon();
    const agent = await open('userid=agent1');
    await ask(text('?'));
    await agent.gets(1);
    const { db, im } = running.daemon.core;
    await db.transaction((tx) =>
      im.conversations.tellAgent(tx, 'agent1', {
        ...{ event: 'not_sent', contact: 'o-customer', messageId: 5 },
        ...{ reason: 'window_closed', text: '已超过 48 小时' },
      }),
    );
    const told = await agent.frame('102', 1);
    expect(told).toMatchObject({
      data: { msg_type: 'system', contact_id: 'system01', id: expect.stringMatching(/^\d+$/) },
      result: { code: '102', message: 'common' },
    });
    expect(JSON.stringify(told.data.msg)).toContain('window_closed');
  });
});

describe('kinds', () => {
  const contents: [Content, number, Record<string, unknown>][] = [
    [
      { type: 'image', url: 'image/a.jpg' },
      1002,
      { media_path: 'https://p.example/wx/image/a.jpg' },
    ],
    [
      { type: 'voice', url: 'http://v/1.amr', duration: 3, text: 'hi' },
      1003,
      { media_path: 'http://v/1.amr' },
    ],
    [{ type: 'video', url: 'file/b.mp4' }, 1004, { media_path: 'https://p.example/wx/file/b.mp4' }],
    [
      { type: 'video', url: 'file/c.mp4', format: 'shortvideo' },
      1005,
      { media_path: 'https://p.example/wx/file/c.mp4' },
    ],
    [
      { type: 'location', latitude: 1.5, longitude: 2.5, label: 'L', scale: 9 },
      1006,
      { latitude: 1.5, longitude: 2.5, label: 'L' },
    ],
    [
      { type: 'link', title: 't', description: 'd', url: 'http://l' },
      1007,
      { title: 't', description: 'd', url: 'http://l' },
    ],
  ];

  it('of customers are spelled as pushes are; files of ours with our address', async () => {
    running = await startDaemon({ publicUrl: 'https://p.example/wx/' });
    const agent = await open('userid=agent1');
    for (const [content] of contents) await ask(content);
    await agent.gets(contents.length);
    for (const [at, [, code, msg]] of contents.entries()) {
      expect(agent.messages[at]?.result.code).toBe(code);
      expect(agent.messages[at]?.data.msg).toMatchObject(msg);
    }
  });

  it('that the document does not have are text where it is wanted so', async () => {
    running = await startDaemon({ official: { foldKinds: true } });
    const agent = await open('userid=agent1');
    for (const [content] of contents) await ask(content);
    const link = {
      msg_type: 'link',
      contact_id: 'agent1',
      name: 'N',
      msg: { title: 'T', url: 'http://u' },
    };
    await push(running.url, { data: link });
    const event = {
      msg_type: 'event',
      contact_id: 'agent1',
      msg: { event: 'CLICK', EventKey: 'k' },
    };
    await push(running.url, { data: event });
    await agent.gets(contents.length + 2);
    expect(agent.messages.map(({ result }) => result.code)).toEqual([
      ...[1002, 1003, 1004, 1004, 1001, 1001, 1001, 1001],
    ]);
    expect(agent.contents.slice(4)).toEqual([
      'L (1.5, 2.5)',
      't d http://l',
      'T http://u',
      'CLICK k',
    ]);
    expect(agent.messages[6]?.data).toMatchObject({ msg_type: 'text', name: 'N' });
    expect(Object.keys(agent.messages[6]?.data ?? {})[0]).toBe('id');
  });
});

it('operators see who is connected, by name, and can end it', async () => {
  running = await startDaemon();
  const client = await open('userid=agent1&device_id=phone');
  const login = await fetch(`${running.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: 'test-password' }),
  });
  const { token } = (await login.json()) as { token: string };
  const headers = { authorization: `Bearer ${token}` };
  const list = async () =>
    (
      (await (await fetch(`${running.url}/api/v1/im/connections`, { headers })).json()) as {
        items: Record<string, unknown>[];
      }
    ).items;
  const [one] = await list();
  expect(one).toMatchObject({
    ...{ family: 'official', appid: -1, name: 'agent1', device: 1, transport: 'websocket' },
  });
  await fetch(`${running.url}/api/v1/im/connections/${one?.['id']}`, { method: 'DELETE', headers });
  expect(await eventually('the end', () => client.closed)).toEqual({
    code: 1008,
    reason: 'kicked by an operator',
  });
  expect(await list()).toEqual([]);
});
