import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../scripts/wechat-sandbox/sandbox.ts';
import { AdminClient } from './support/admin-client.ts';
import { runInProcess } from './support/cli.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { GobelieveClient } from './support/gobelieve-client.ts';
import { ImbotClient } from './support/imbot-client.ts';
import { OfficialClient } from './support/official-client.ts';

/**
 * One inbox for agents, over the whole daemon: customers come by WeChat, the mini-program IM and
 * GoBelieve; agents look at a GoBelieve client, a socket and the queues of the mini-program IM.
 */
const account = { appid: 'wx0123456789abcdef', secret: 'secret', token: 'token' };
let sandbox: Sandbox;
let running: TestDaemon;
let admin: AdminClient;
let imbot: ImbotClient;
let lastUid = 100;
let storeId = 0;

beforeAll(async () => {
  sandbox = await startSandbox({ accounts: [{ ...account, kind: 'miniprogram' }] });
  running = await startDaemon({
    bots: [],
    apps: [
      { appid: 7, secret: 'secret' },
      { appid: 8, secret: 'secret' },
    ],
    im: { tcpPort: 0 },
    wechat: [{ ...account, apiBase: sandbox.url }],
  });
  admin = new AdminClient(() => running.url);
  await admin.login();
  imbot = new ImbotClient(() => running.url);
  sandbox.setPush(`${running.url}/api/imbot/wechat/customer`);
});
afterAll(async () => {
  await running.close();
  await sandbox.close();
});

// Each test has a desk of its own, or none.
beforeEach(async () => {
  for (const { storeId: desk } of (await admin.ok('GET', '/im/desks')).body.items) {
    await admin.ok('PATCH', '/im/apps/8', { storeId: null });
    await admin.ok('DELETE', `/im/desks/${desk}`);
  }
});

async function openDesk(...uids: number[]): Promise<void> {
  ({ storeId } = (await admin.ok('POST', '/im/desks', { appid: 7, name: '客服' })).body);
  for (const uid of uids) {
    await admin.ok('PUT', `/im/desks/${storeId}/sellers/${uid}`, { status: 'online' });
  }
  await admin.ok('PATCH', '/im/apps/8', { storeId });
}

async function gobelieve(appid: number, uid: number): Promise<GobelieveClient> {
  const secret = createHash('md5').update('secret').digest('hex');
  const response = await fetch(`${running.url}/auth/grant`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${appid}:${secret}`).toString('base64')}` },
    body: JSON.stringify({ uid }),
  });
  const { data } = (await response.json()) as { data: { token: string } };
  const address = { tcp: running.daemon.imPort ?? 0 };
  const client = new GobelieveClient({ address, appid, uid, token: data.token });
  await client.connect();
  await client.holds(0);
  return client;
}

async function restart(): Promise<void> {
  await running.restart();
  sandbox.setPush(`${running.url}/api/imbot/wechat/customer`);
  await admin.login();
}

const socket = (name: string): Promise<OfficialClient> =>
  OfficialClient.open(running.url, `userid=${name}`);
const say = (from: OfficialClient, to: string, content: string): void =>
  from.ws.send(JSON.stringify({ data: { msg_type: 'text', contact_id: to, msg: { content } } }));
const text = (client: GobelieveClient): unknown[] =>
  client.texts.map((one) => (JSON.parse(one) as { text: string }).text);
const seenBy = async (openid: string, count: number): Promise<unknown[]> => {
  const custom = () => sandbox.messages(openid).filter((one) => one.via === 'custom');
  await eventually(`${count} answers`, () => custom().length >= count);
  return custom().map((one) => one.text);
};
const replies = (msgs: unknown[]): unknown[] =>
  msgs.map((one) => (one as { reply: unknown }).reply);

test('a user of WeChat and a seller who looks at three places, with a restart in between', async () => {
  await openDesk(501);
  const seller = await gobelieve(7, 501);
  const official = await socket('501');
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
  expect(await seenBy('oAnn', 1)).toEqual(['在的']);
  await official.gets(2);
  say(official, 'oAnn', '请讲');
  expect(await seenBy('oAnn', 2)).toEqual(['在的', '请讲']);
  await seller.holds(3);
  expect(text(seller)).toEqual(['在吗', '在的', '请讲']);

  await official.close();
  await seller.close();
  await restart();
  await sandbox.say('oAnn', { text: '多少钱' });
  const again = await gobelieve(7, 501);
  const back = await socket('501');
  // What this user's device has confirmed does not come again.
  await again.holds(1);
  await eventually('all of it', () => back.contents.includes('多少钱'));
  await imbot.say('501', 'oAnn', { type: 'text', reply: '九块九', timestamp: 1 });
  expect(await seenBy('oAnn', 3)).toEqual(['在的', '请讲', '九块九']);
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
  await restart();
  expect((await listed()).toSorted()).toEqual(['carl', 'oBen']);
  const [joe, eve] = await Promise.all([socket('joe'), socket('eve')]);
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
  expect(await seenBy('oBen', 1)).toEqual(['来了']);
  await joe.close();
  await eve.close();
});

test('a customer of GoBelieve and an agent on a socket', async () => {
  lastUid += 1;
  await openDesk(502);
  const customer = await gobelieve(8, lastUid);
  const official = await socket('502');
  await customer.customer(7, 502, '{"text":"有货吗"}');
  await official.gets(1);
  const contact = String(lastUid);
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
  await openDesk(503);
  const seller = await gobelieve(7, 503);
  await sandbox.say('oEve', { text: '在吗' });
  await seller.holds(1);
  const eve = seller.inbox.taken[0]?.sender ?? 0;
  await admin.ok('PUT', `/im/desks/${storeId}/sellers/504`, { status: 'online' });
  const other = await gobelieve(7, 504);
  expect((await other.customer(7, eve, '{"text":"我来"}')).status).toBe(70);
  // Nor does he over a socket.
  const official = await socket('504');
  say(official, 'oEve', '我来');
  expect((await official.frame(-1)).result.message).toBe('该顾客由其他客服接待');
  await seller.customer(7, eve, '{"text":"在的"}');
  expect(await seenBy('oEve', 1)).toEqual(['在的']);
  expect(other.texts).toEqual([]);
  await official.close();
  await seller.close();
  await other.close();
});

test('operators look, answer, assign, release, name', async () => {
  await openDesk(505, 506);
  await admin.ok('PUT', `/im/desks/${storeId}/sellers/506/status`, { status: 'offline' });
  await sandbox.say('oFay', { text: '你好' });
  const found = await eventually('the conversation', async () => {
    const { items } = (await admin.ok('GET', '/im/conversations?text=oFa&via=wechat')).body;
    return items[0];
  });
  const path = `/im/conversations/${found.id}`;
  expect(found).toMatchObject({ contact: 'oFay', agent: '505', storeId, waiting: false });
  const answered = (await admin.ok('POST', `${path}/messages`, { text: '稍等' })).body;
  expect(answered.agent).toBe('505');
  expect(await seenBy('oFay', 1)).toEqual(['稍等']);
  const history = (await admin.ok('GET', `${path}/messages?limit=1`)).body;
  expect(history.items).toMatchObject([
    { by: 'agent', agent: '505', content: { type: 'text', text: '稍等' } },
  ]);
  const older = (await admin.ok('GET', `${path}/messages?cursor=${history.next}`)).body;
  expect(older).toMatchObject({ items: [{ by: 'customer', agent: null }], next: null });

  await admin.refused(400, 'PATCH', path, { agent: 'nobody' });
  await admin.refused(404, 'PATCH', path, { storeId: 99 });
  await admin.refused(404, 'GET', '/im/conversations/99999');
  await admin.refused(400, 'GET', '/im/conversations?cursor=x');
  const changed = (await admin.ok('PATCH', path, { agent: '506', name: '费' })).body;
  expect(changed).toMatchObject({ agent: '506', name: '费' });
  expect((await admin.ok('PATCH', path, { agent: null })).body.agent).toBeNull();
  expect((await admin.ok('GET', path)).body.name).toBe('费');
  await sandbox.say('oFay', { text: '喂' });
  await eventually(
    'the one on duty',
    async () => (await admin.ok('GET', path)).body.agent === '505',
  );

  const pages: string[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await admin.ok('GET', `/im/conversations?limit=2${cursor}`);
    pages.push(...body.items.map((one) => one.contact));
    if (body.next === null) break;
    cursor = `&cursor=${body.next}`;
  }
  expect(pages[0]).toBe('oFay');
  expect(new Set(pages).size).toBe(pages.length);
  expect(pages.length).toBeGreaterThan(4);
});

test('the command line does the same', async () => {
  const local = { WXRC_DATA: running.dataDir, LANG: 'en_US.UTF-8' };
  const says = async (...args: string[]): Promise<string[]> => {
    const { code, out, err } = await runInProcess(['conversation', ...args], local);
    expect([args, code, err]).toEqual([args, 0, '']);
    return out
      .trimEnd()
      .split('\n')
      .map((line) => line.replaceAll(/ +/g, ' ').trimEnd());
  };
  await openDesk(507, 508);
  await admin.ok('PUT', `/im/desks/${storeId}/sellers/508/status`, { status: 'offline' });
  await sandbox.say('oGus', { text: '你好' });
  const [, line = ''] = await eventually('the list', async () => {
    const lines = await says('list', 'oGus', '--via', 'wechat', '--limit', '5');
    return lines.length > 1 && lines;
  });
  const id = line.split(' ')[0] ?? '';
  expect(line.split(' ').slice(3)).toEqual(['wechat', 'oGus', '-', `${storeId}`, '507', '-']);
  const [said] = await says('say', id, '稍等');
  expect(said).toMatch(/^message \d+ sent \(as 507\)$/);
  expect(await seenBy('oGus', 1)).toEqual(['稍等']);
  expect(await says('assign', id, '508')).toEqual([`${id} wechat oGus - ${storeId} 508`]);
  const shown = await says('show', id);
  expect(shown.map((one) => one.replace(/\d{4}-\S+ \S+/, 'T'))).toEqual([
    `${id} wechat oGus - ${storeId} 508`,
    'T > oGus 你好',
    'T < 507 稍等',
  ]);
  expect(await says('assign', id, 'none')).toEqual([`${id} wechat oGus - ${storeId} -`]);
  expect(await says('list', '--waiting')).toHaveLength(1);
});

test('metrics tell who waits, and how many were answered', async () => {
  await sandbox.say('oHal', { text: '有人吗' });
  const read = async () => (await fetch(`${running.url}/metrics`)).text();
  const metrics = await eventually('one waits', async () => {
    const all = await read();
    return all.includes('wxrc_conversations_waiting 1') && all;
  });
  expect(metrics).toMatch(/wxrc_conversation_answers_total\{via="wechat"\} [1-9]/);
});
