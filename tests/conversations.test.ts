import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import type { GobelieveClient } from './support/gobelieve-client.ts';
import { ImbotClient } from './support/imbot-client.ts';
import type { OfficialClient } from './support/official-client.ts';
import { ServiceScene } from './support/service-scene.ts';

// One inbox for agents, whatever ways both sides come by.

let scene: ServiceScene;
let sandbox: ServiceScene['sandbox'];
let admin: ServiceScene['admin'];
let imbot: ImbotClient;

beforeAll(async () => {
  scene = await ServiceScene.open();
  ({ sandbox, admin } = scene);
  imbot = new ImbotClient(() => scene.running.url);
});
afterAll(() => scene.close());

// Each test has a desk of its own, or none.
beforeEach(() => scene.closeDesks());

const say = (from: OfficialClient, to: string, content: string): void =>
  from.ws.send(JSON.stringify({ data: { msg_type: 'text', contact_id: to, msg: { content } } }));
const text = (client: GobelieveClient): unknown[] =>
  client.texts.map((one) => (JSON.parse(one) as { text: string }).text);
const replies = (msgs: unknown[]): unknown[] =>
  msgs.map((one) => (one as { reply: unknown }).reply);

test('a user of WeChat and a seller who looks at three places, with a restart in between', async () => {
  await scene.openDesk(501);
  const seller = await scene.gobelieve(7, 501);
  const official = await scene.socket('501');
  await sandbox.say('oAnn', { text: '在吗' });
  await seller.holds(1);
  await official.gets(1);
  const [asked] = seller.inbox.taken;
  // As a customer of the seller's own application: a client answers whom it was written by.
  expect(asked).toMatchObject({ senderApp: 7, receiverApp: 7, receiver: 501 });
  const ann = asked?.sender ?? 0;
  expect(official.messages[0]?.data).toMatchObject({
    ...{ contact_id: 'oAnn', msg_type: 'text', msg: { content: '在吗' } },
  });

  await seller.customer(7, ann, '{"text":"在的"}');
  expect(await scene.seenBy('oAnn', 1)).toEqual(['在的']);
  await official.gets(2);
  say(official, 'oAnn', '请讲');
  expect(await scene.seenBy('oAnn', 2)).toEqual(['在的', '请讲']);
  await seller.holds(3);
  expect(text(seller)).toEqual(['在吗', '在的', '请讲']);

  await official.close();
  await seller.close();
  await scene.restart();
  await sandbox.say('oAnn', { text: '多少钱' });
  const again = await scene.gobelieve(7, 501);
  const back = await scene.socket('501');
  // What this user's device has confirmed does not come again.
  await again.holds(1);
  await eventually('all of it', () => back.contents.includes('多少钱'));
  await imbot.say('501', 'oAnn', { type: 'text', reply: '九块九', timestamp: 1 });
  expect(await scene.seenBy('oAnn', 3)).toEqual(['在的', '请讲', '九块九']);
  await again.holds(2);
  expect(text(again)).toEqual(['多少钱', '九块九']);
  await eventually('the answer', () => back.contents.includes('九块九'));
  expect(new Set(back.ids).size).toBe(back.ids.length);
  expect(back.ids).toEqual(back.ids.toSorted((a, b) => a - b));
  expect(replies(await imbot.take('oAnn', '501'))).toEqual(['在吗', '多少钱']);
  expect(replies(await imbot.history('501', 'oAnn')).toSorted()).toEqual(
    ['在的', '请讲', '九块九'].toSorted(),
  );
  await again.close();
  await back.close();
});

test('without a desk: what waits outlives a restart, and is told once to who comes', async () => {
  for (const words of ['一', '二', '三']) await sandbox.say('oBen', { text: words });
  await imbot.say('carl', 'desk', { type: 'text', reply: '四', timestamp: 4 });
  const listed = async () =>
    (await admin.ok('GET', '/im/conversations?waiting=true')).body.items.map((one) => one.contact);
  await eventually('both wait', async () => (await listed()).length === 2);
  await scene.restart();
  expect((await listed()).toSorted()).toEqual(['carl', 'oBen']);
  const [joe, eve] = await Promise.all([scene.socket('joe'), scene.socket('eve')]);
  await eventually('all told', () => joe.messages.length + eve.messages.length >= 4);
  expect(await listed()).toEqual([]);
  for (const contact of ['oBen', 'carl']) {
    const wanted = contact === 'oBen' ? ['一', '二', '三'] : ['四'];
    const heard = [joe, eve].map((one) =>
      one.messages.filter(({ data }) => data.contact_id === contact),
    );
    const [told, none] = heard.toSorted((a, b) => b.length - a.length);
    expect(told?.map(({ data }) => data.msg?.['content'])).toEqual(wanted);
    expect(none).toEqual([]);
  }
  const agent = joe.messages.some(({ data }) => data.contact_id === 'oBen') ? joe : eve;
  say(agent, 'oBen', '来了');
  expect(await scene.seenBy('oBen', 1)).toEqual(['来了']);
  await joe.close();
  await eve.close();
});

test('a customer of GoBelieve and an agent on a socket', async () => {
  const uid = 101;
  await scene.openDesk(502);
  const customer = await scene.gobelieve(8, uid);
  const official = await scene.socket('502');
  await customer.customer(7, 502, '{"text":"有货吗"}');
  await official.gets(1);
  const contact = String(uid);
  expect(official.messages[0]?.data).toMatchObject({ contact_id: contact });
  say(official, contact, '有');
  await customer.holds(2);
  expect(text(customer)).toEqual(['有货吗', '有']);
  expect(customer.inbox.taken[1]).toMatchObject({ senderApp: 7, sender: 502, receiverApp: 8 });
  await customer.customer(7, 502, '{"image2":{"url":"http://a/b.png"}}');
  // His own words do not come back to where he said them.
  await official.gets(2);
  expect(official.messages[1]?.data).toMatchObject({
    ...{ msg_type: 'image', msg: { media_path: 'http://a/b.png' } },
  });
  await customer.close();
  await official.close();
});

test('a seller does not get through to the customer of another one', async () => {
  await scene.openDesk(503);
  const seller = await scene.gobelieve(7, 503);
  await sandbox.say('oEve', { text: '在吗' });
  await seller.holds(1);
  const eve = seller.inbox.taken[0]?.sender ?? 0;
  await admin.ok('PUT', `/im/desks/${scene.storeId}/sellers/504`, { status: 'online' });
  const other = await scene.gobelieve(7, 504);
  expect((await other.customer(7, eve, '{"text":"我来"}')).status).toBe(70);
  // Nor does he over a socket.
  const official = await scene.socket('504');
  say(official, 'oEve', '我来');
  expect((await official.frame(-1)).result.message).toBe('该顾客由其他客服接待');
  await seller.customer(7, eve, '{"text":"在的"}');
  expect(await scene.seenBy('oEve', 1)).toEqual(['在的']);
  expect(other.texts).toEqual([]);
  await official.close();
  await seller.close();
  await other.close();
});
