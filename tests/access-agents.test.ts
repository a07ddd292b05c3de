import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../scripts/wechat-sandbox/sandbox.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { ImbotClient } from './support/imbot-client.ts';
import { OfficialClient } from './support/official-client.ts';

const tokens = {
  server: 'token-of-the-server-0123',
  joe: 'token-of-joe-0123456789',
  ann: 'token-of-ann-0123456789',
};
const wx = { appid: 'wx0123456789abcdef', secret: 'secret', token: 'token' };
let running: TestDaemon;
let sandbox: Sandbox;
const opened: OfficialClient[] = [];

beforeEach(async () => {
  sandbox = await startSandbox({ accounts: [{ ...wx, kind: 'miniprogram' }] });
  running = await startDaemon({
    language: 'en',
    apps: [{ appid: 7, secret: 'secret' }],
    wechat: [{ ...wx, apiBase: sandbox.url }],
    access: {
      tokens: [
        tokens.server,
        { token: tokens.joe, userId: 'Joe' },
        { token: tokens.ann, userId: 'Ann', agent: true },
      ],
    },
  });
  sandbox.setPush(`${running.url}/api/imbot/wechat/customer`);
});
afterEach(async () => {
  for (const client of opened.splice(0)) client.ws.terminate();
  await running.close();
  await sandbox.close();
});

const as = (who: keyof typeof tokens): ImbotClient =>
  new ImbotClient(() => running.url, { authorization: `Bearer ${tokens[who]}` });
const text = (reply: string) => ({ type: 'text', reply, timestamp: 1 });
async function socket(who: keyof typeof tokens, userId: string): Promise<OfficialClient> {
  const query = `userid=${userId}&access_token=${tokens[who]}`;
  const client = await OfficialClient.open(running.url, query);
  opened.push(client);
  await client.frame('102');
  return client;
}
const waiting = () => running.daemon.core.im.conversations.countWaiting();
const agentOf = async (contact: string) =>
  (await running.daemon.core.im.conversations.ofContact('imbot', '', contact))?.agent;
const ask = (contact: string) => as('server').say(contact, 'desk', text(`private of ${contact}`));

describe('a token of one person makes nobody an agent:', () => {
  it('not by choosing a role', async () => {
    const refused = await as('joe').post('/user', { id: 'Joe', role: 'B' });
    expect([refused.status, refused.text]).toEqual([
      403,
      '{"error":"role: this access token may not choose it"}',
    ]);
    expect((await as('joe').post('/user', { id: 'Joe', role: 'C' })).status).toBe(200);
    expect((await as('joe').post('/user', { id: 'Joe', wechat: { nickName: 'J' } })).status).toBe(
      200,
    );
    // One that was given may be said again, and not be given up either.
    expect((await as('server').post('/user', { id: 'Joe', role: 'B' })).status).toBe(200);
    expect((await as('joe').post('/user', { id: 'Joe', role: 'B' })).status).toBe(200);
    expect((await as('joe').post('/user', { id: 'Joe', role: 'C' })).status).toBe(403);
    expect((await as('ann').post('/user', { id: 'Ann', role: 'B' })).status).toBe(403);
  });

  it('not by polling, whatever role he was given', async () => {
    await as('server').post('/user', { id: 'Joe', role: 'B' });
    await as('joe').counts('Joe');
    await as('joe').take('victim', 'Joe');
    await ask('victim');
    await as('joe').counts('Joe');
    expect(await as('joe').counts('Joe')).toEqual([]);
    expect([await waiting(), await agentOf('victim')]).toEqual([1, undefined]);
  });

  it('not by opening a socket', async () => {
    const joe = await socket('joe', 'Joe');
    await ask('victim');
    const ann = await socket('ann', 'Ann');
    await ann.gets(1);
    expect(await agentOf('victim')).toBe('Ann');
    expect(joe.frames.filter(({ result }) => result.code === 1001)).toEqual([]);
    ann.ws.terminate();
    await eventually('she is gone', () => running.daemon.core.im.hub.count === 1);
    await ask('victim');
    expect(await waiting()).toBe(1);
    expect(joe.frames.filter(({ result }) => result.code === 1001)).toEqual([]);
  });
});

it('an agent of the config is on duty by polling, without a role; so is a server for a B', async () => {
  await as('ann').counts('Ann');
  await ask('carl');
  expect(await agentOf('carl')).toBe('Ann');
  expect(await as('ann').counts('Ann')).toHaveLength(1);
  await as('server').counts('Bowen');
  await as('server').post('/user', { id: 'Bowen', role: 'B' });
  await as('server').counts('Bowen');
  await ask('dora');
  expect(await agentOf('dora')).toBe('Bowen');
});

it('a server puts whom it names on duty by a socket', async () => {
  const bowen = await socket('server', 'Bowen');
  await ask('carl');
  await bowen.gets(1);
  expect(await agentOf('carl')).toBe('Bowen');
});

it('where a desk has sellers nothing of this counts', async () => {
  const { desks } = running.daemon.core.im;
  const { storeId } = await desks.addDesk({ appid: 7, name: '客服' });
  await desks.putSeller({ storeId, uid: 1001, name: 'Anna', status: 'online' });
  await socket('ann', 'Ann');
  await ask('carl');
  expect(await agentOf('carl')).toBe('1001');
});

describe('notices asked for with a token of one person', () => {
  const tell = (who: keyof typeof tokens, words: string) =>
    as(who).post('/template_msg', { fromUserId: 'Joe', toUserId: 'vq', msg: text(words) });
  const seen = () => JSON.stringify(sandbox.messages('vq'));

  it('tell of what waits, in its own words, once in a while, and leave agents some sends', async () => {
    await sandbox.say('vq', { text: 'help me' });
    const windows = () => running.daemon.core.wechat.windows.list(wx.appid, 'vq');
    await eventually('the window', async () => (await windows()).length === 1);
    const nothing = await tell('joe', 'SPAM http://evil');
    expect([nothing.status, nothing.text]).toEqual([
      403,
      '{"error":"toUserId: no message of yours waits for this user"}',
    ]);
    await as('joe').say('Joe', 'vq', text('what I said'));
    const told = await Promise.all([tell('joe', 'SPAM'), tell('joe', 'SPAM')]);
    expect(told.map(({ status }) => status).sort()).toEqual([200, 429]);
    expect(told.find(({ status }) => status === 200)?.json).toMatchObject({ errcode: 0 });
    expect(told.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('30');
    expect(await windows()).toMatchObject([{ left: 4 }]);
    expect(seen()).toContain('what I said');
    expect(seen()).not.toContain('SPAM');
    // A server is not held to what waits, but leaves agents what they need, too.
    for (const [errcode, left] of [
      [0, 3],
      [0, 2],
      [-1, 2],
    ]) {
      const { status, json } = await tell('server', 'a notice');
      expect(status).toBe(200);
      if (errcode === 0) expect(json).toMatchObject({ errcode });
      else expect(json).not.toMatchObject({ errcode: 0 });
      expect(await windows()).toMatchObject([{ left }]);
    }
  });
});

describe('HEAD', () => {
  it.each([
    '/pending_msgs?fromUserId=h1&toUserId=h2',
    '/pending_count_list?userId=h2',
    '/openid?code=x',
  ])('%s takes nothing', async (path) => {
    await as('server').say('h1', 'h2', text('must survive'));
    const { status, headers } = await as('server').call('HEAD', path);
    expect([status, headers.get('allow'), headers.get('content-type')]).toEqual([
      405,
      'GET',
      'application/json; charset=utf-8',
    ]);
    expect(await as('server').take('h1', 'h2')).toEqual([text('must survive')]);
    expect((await new ImbotClient(() => running.url).call('HEAD', path)).status).toBe(401);
  });

  it('burns no code of a login', async () => {
    const path = `/openid?code=${sandbox.code('oA')}`;
    expect((await as('server').call('HEAD', path)).status).toBe(405);
    expect(await as('server').call('GET', path)).toMatchObject({ status: 200 });
  });
});
