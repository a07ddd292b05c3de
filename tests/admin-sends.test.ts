import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { CommandClient } from './support/command-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';
import { logInBot } from './support/log-in-bot.ts';
import { WebhookSink } from './support/webhook-sink.ts';

let running: TestDaemon;
let admin: AdminClient;
let client: CommandClient;
let roomId: string;
const sink = new WebhookSink();
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

beforeAll(async () => {
  await sink.start();
  running = await startDaemon({
    channels: [
      { chid: 'demo', key: 'secret', callbackUrl: sink.url, events: ['sendStatus'] },
      { chid: 'quiet', key: 'quiet' },
    ],
  });
  admin = new AdminClient(() => running.url);
  client = new CommandClient(() => running.url);
  await admin.login();
  await logInBot(running, 'bot01');
  const { items } = (await admin.ok('GET', '/bots/bot01/rooms?topic=测试群')).body;
  roomId = String(items[0]?.id);
});
afterAll(async () => {
  client.close();
  await running.close();
  await sink.stop();
});

const room = (id = roomId) =>
  fetch(`${running.url}/simulator/bot01/rooms/${id}/messages`).then(
    async (response) =>
      (await response.json()) as { messages: { kind: string; text?: string; self: boolean }[] },
  );

async function settled(msgid: number) {
  return eventually(async () => {
    const { body } = await admin.ok('GET', `/sends/${msgid}`);
    return ['queued', 'sending'].includes(body.state) ? undefined : body;
  }, `send ${msgid}`);
}

test.each([
  ['a text by room id', () => ({ roomId }), { kind: 'text', text: '你好 by id' }],
  ['a text by topic', () => ({ roomTopic: '测试群' }), { kind: 'text', text: '你好 by topic' }],
  ['a picture', () => ({ roomId }), { kind: 'image', file: pixel }],
  [
    'a card',
    () => ({ roomId }),
    {
      kind: 'miniProgram',
      card: {
        appid: 'wx1',
        username: 'gh_1',
        title: 't',
        pagePath: 'p',
        thumbUrl: 'https://example.com/thumb',
        thumbKey: 'obtained before',
      },
    },
  ],
])('an operator sends %s', async (_what, target, content) => {
  const before = (await room()).messages.length;
  const { body } = await admin.ok('POST', '/sends', { botcode: 'bot01', ...target(), content });
  expect(body).toMatchObject({ chid: '~operator', sendStatus: '0' });
  const done = await settled(body.msgid);
  expect([done.state, done.reason]).toEqual(['sent', null]);
  const { messages } = await room();
  expect(messages).toHaveLength(before + 1);
  expect(messages.at(-1)?.self).toBe(true);
});

test('the same txcode sends once; with other content it is refused', async () => {
  const send = (text: string) => ({
    botcode: 'bot01',
    roomId,
    txcode: 'once',
    content: { kind: 'text', text },
  });
  const first = (await admin.ok('POST', '/sends', send('one'))).body;
  const again = (await admin.ok('POST', '/sends', send('one'))).body;
  expect(again.msgid).toBe(first.msgid);
  await admin.refused(409, 'POST', '/sends', send('two'));
  // Half characters would be kept as one and the same.
  for (const txcode of ['s\ud800', 's\ud801']) {
    await admin.refused(400, 'POST', '/sends', { ...send('one'), txcode });
    const later = { botcode: 'bot01', roomId, text: 'x', at: Date.now() + 86_400_000, txcode };
    await admin.refused(400, 'POST', '/scheduled-sends', later);
  }
  // A channel's number is another number.
  const own = await client.call(
    'roomSendText',
    { roomId, text: 'x' },
    { head: { txcode: 'once' } },
  );
  expect(own.msgid).not.toBe(first.msgid);
});

test('no channel is told of what an operator sent', async () => {
  const { body } = await admin.ok('POST', '/sends', {
    botcode: 'bot01',
    roomId,
    content: { kind: 'text', text: 'for nobody' },
  });
  await settled(body.msgid);
  const own = await client.call('roomSendText', { roomId, text: 'for demo' });
  await eventually(() => sink.received.some((one) => one.event['msgid'] === own.msgid), 'told');
  expect(sink.received.map((one) => one.event['msgid'])).not.toContain(body.msgid);
});

test('sends are listed newest first, by filter, page by page', async () => {
  for (let i = 0; i < 5; i += 1) {
    await client.call('roomSendText', { roomId, text: `list ${i}` });
  }
  const seen: number[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await admin.ok('GET', `/sends?chid=demo&limit=2${cursor}`);
    expect(body.items.every((one) => one.chid === 'demo')).toBe(true);
    seen.push(...body.items.map((one) => one.msgid));
    if (body.next === null) break;
    cursor = `&cursor=${body.next}`;
  }
  expect(seen.length).toBeGreaterThanOrEqual(5);
  expect(seen).toEqual([...seen].sort((a, b) => b - a));
  expect(new Set(seen).size).toBe(seen.length);
  expect((await admin.ok('GET', '/sends?botcode=other')).body.items).toEqual([]);
  for (const query of [
    'state=odd',
    'limit=201',
    'cursor=abc',
    'colour=red',
    'state=sent&state=x',
  ]) {
    await admin.refused(400, 'GET', `/sends?${query}`);
  }
});

test('what waits can be cancelled, once, and shows its place', async () => {
  await admin.ok('POST', '/bots/bot01/release');
  const texts = ['first', 'second'];
  const msgids: number[] = [];
  for (const text of texts) {
    const body = { botcode: 'bot01', roomId, content: { kind: 'text', text } };
    msgids.push((await admin.ok('POST', '/sends', body)).body.msgid);
  }
  const [first = 0, second = 0] = msgids;
  const { body: queue } = await admin.ok('GET', `/bots/bot01/queue?msgid=${second}`);
  expect(queue).toMatchObject({ length: 2, position: 2, reason: expect.any(String) });
  expect((await admin.ok('GET', '/sends?state=queued')).body.items).toHaveLength(2);
  expect((await admin.ok('POST', `/sends/${first}/cancel`)).body.state).toBe('cancelled');
  expect((await admin.ok('POST', `/sends/${first}/cancel`)).body.state).toBe('cancelled');
  await admin.ok('POST', '/bots/bot01/login');
  expect((await settled(second)).state).toBe('sent');
  await admin.refused(409, 'POST', `/sends/${second}/cancel`);
  await admin.refused(404, 'POST', '/sends/999999/cancel');
});

test('the trace tells every step in order, deliveries included, by msgid and by txcode', async () => {
  sink.reply = ({ event }) =>
    event['type'] === 'sendStatus' && event['txcode'] === 'traced'
      ? { body: '{"result":"later"}' }
      : {};
  const head = { txcode: 'traced' };
  const { msgid } = await client.call('roomSendText', { roomId, text: 'traced' }, { head });
  const traced = await eventually(async () => {
    const { body } = await admin.ok('GET', `/trace?msgid=${msgid}`);
    return (body.sends[0]?.deliveries[0]?.tries.length ?? 0) > 0 ? body : undefined;
  }, 'a try');
  sink.reply = () => ({});
  const [send] = traced.sends;
  const steps = send?.steps.map((one) => one.step) ?? [];
  expect(steps[0]).toBe('accepted');
  for (const step of ['handed', 'acknowledged', 'sent', 'event', 'post']) {
    expect(steps).toContain(step);
  }
  const times = send?.steps.map((one) => one.at) ?? [];
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(send?.deliveries[0]).toMatchObject({ state: 'due', tries: [{ status: 200 }] });
  expect(traced.commands[0]?.answer).toContain('"rtCode":"0"');

  for (const query of ['txcode=traced', 'txcode=traced&chid=demo']) {
    const { body } = await admin.ok('GET', `/trace?${query}`);
    expect(body.sends.map((one) => one.send.msgid)).toEqual([msgid]);
  }
  await admin.refused(404, 'GET', '/trace?txcode=traced&chid=quiet');
  await admin.refused(404, 'GET', '/trace?msgid=999999');
  await admin.refused(400, 'GET', '/trace');
  await admin.refused(400, 'GET', '/trace?msgid=1&txcode=x');
});

test.each([
  ['without a bot', { botcode: undefined }, 400, 'botcode'],
  ['to an unknown bot', { botcode: 'none' }, 404, undefined],
  ['to nowhere', { roomId: undefined }, 400, 'roomId'],
  ['to two places', { contactId: 'x' }, 400, 'roomId'],
  ['without content', { content: undefined }, 400, 'content'],
  ['of an unknown kind', { content: { kind: 'smell' } }, 400, 'content.kind'],
  ['with an empty text', { content: { kind: 'text', text: '' } }, 400, 'content.text'],
  ['with a half character', { content: { kind: 'text', text: '\ud800' } }, 400, 'content.text'],
  ['with a picture that is none', { content: { kind: 'image', file: 'data:,x' } }, 400, undefined],
  ['with an address of ours', { content: { kind: 'image', file: 'file:///x' } }, 400, undefined],
  ['that never expires', { expiresInSeconds: 0 }, 400, 'expiresInSeconds'],
])('a send %s is refused', async (_what, change, status, field) => {
  const body = { botcode: 'bot01', roomId, content: { kind: 'text', text: 'x' }, ...change };
  const answer = await admin.refused(status, 'POST', '/sends', body);
  if (field !== undefined) expect(answer.body.field).toBe(field);
});

test('a send that is not there is not found', async () => {
  await admin.refused(404, 'GET', '/sends/999999');
  await admin.refused(400, 'GET', '/sends/x');
  await admin.refused(400, 'GET', '/sends/0');
});
