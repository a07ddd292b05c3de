import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../config/config.ts';
import { type Sandbox, startSandbox } from '../scripts/wechat-sandbox/sandbox.ts';
import { AdminClient } from './support/admin-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { ImbotClient } from './support/imbot-client.ts';
import { OfficialClient } from './support/official-client.ts';
import { pixel } from './support/pictures.ts';

/** The whole daemon, with a server that behaves like WeChat's. */
const mini = { appid: 'wxmini', secret: 'mini-secret', token: 'MMMMM' };
const official = {
  appid: 'wxoff',
  secret: 'off-secret',
  token: 'OOOOO',
  kind: 'official' as const,
};
const subscribe = {
  templateId: 'TPL',
  fields: { name1: 'sender', thing2: 'content', date3: 'time' },
};
let sandbox: Sandbox;
let running: TestDaemon;
let admin: AdminClient;
let imbot: ImbotClient;
let agent: OfficialClient;
let user = 0;
let openId = '';
const operator = { username: 'admin', password: 'test-password' };
/** What the config says when it is read again. */
let wechat: unknown[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({ accounts: [mini, official] });
  wechat = [
    { ...mini, apiBase: sandbox.url, subscribe },
    { ...official, apiBase: sandbox.url },
  ];
  running = await startDaemon(
    { bots: [], wechat, imbot: { noticeWaitSeconds: 0 } },
    { reload: () => parseConfig({ wechat, admin: operator, dataDir: running.dataDir, bots: [] }) },
  );
  admin = new AdminClient(() => running.url);
  await admin.login();
  imbot = new ImbotClient(() => running.url);
  pushTo();
});
afterAll(async () => {
  await running.close();
  await sandbox.close();
});
beforeEach(async () => {
  user += 1;
  openId = `oUser${user}`;
  sandbox.clearFaults();
  agent = await OfficialClient.open(running.url, 'userid=kim');
});
afterEach(() => agent.close());

function pushTo(): void {
  sandbox.setPush(`${running.url}/im_component/wx_official_account/push/{appid}`);
}
/** The user writes, and the agent has it. */
async function write(appid = mini.appid): Promise<void> {
  const before = agent.messages.length;
  await sandbox.say(openId, { text: '在吗' }, { appid });
  await agent.gets(before + 1);
}
function answer(msg: Record<string, unknown>, msgType = 'text'): void {
  agent.ws.send(JSON.stringify({ data: { msg_type: msgType, contact_id: openId, msg } }));
}
/** What the user has seen, in order. */
const seen = () => sandbox.messages(openId).map(({ text, msgtype }) => text ?? msgtype);
const sees = (...texts: string[]) =>
  eventually('the user to see it', () => seen().length >= texts.length).then(() =>
    expect(seen()).toEqual(texts),
  );
/** What the agent is told of answers that did not arrive. */
const notices = () =>
  agent.frames
    .filter(({ data }) => data.msg?.['event'] === 'not_sent' && data.msg['contact_id'] === openId)
    .map(({ data }) => data.msg ?? {});

describe('an agent’s answer', () => {
  it.each([mini, official])('reaches the user: $appid', async ({ appid }) => {
    await write(appid);
    answer({ content: '在的' });
    await sees('在的');
    expect(notices()).toEqual([]);
  });

  it('a picture', async () => {
    await write();
    const { sha256 } = await running.daemon.core.files.put(pixel);
    answer({ media_path: `image/${sha256}.png` }, 'image');
    await sees('image');
  });

  it('that comes too often is told to the agent, in a system frame', async () => {
    await write();
    for (const text of ['1', '2', '3', '4', '5', '6']) answer({ content: text });
    await sees('1', '2', '3', '4', '5');
    await eventually('the notice', () => notices().length === 1);
    expect(notices()).toMatchObject([{ event: 'not_sent', contact_id: openId, reason: 'quota' }]);
    expect(sandbox.calls('custom/send').filter(({ text }) => text.includes(openId))).toHaveLength(
      5,
    );
    await write();
    answer({ content: '7' });
    await sees('1', '2', '3', '4', '5', '7');
  });

  it('whose user has blocked the account', async () => {
    await write();
    sandbox.block(openId);
    answer({ content: 'x' });
    await eventually('the notice', () => notices().length === 1);
    expect(notices()).toMatchObject([{ reason: 'blocked', errcode: 48002 }]);
  });

  it('of a kind that WeChat does not send', async () => {
    await write();
    answer({ media_path: 'audio/x.mp3' }, 'voice');
    await eventually('the notice', () => notices().length === 1);
    expect(notices()).toMatchObject([{ reason: 'rejected' }]);
    expect(notices()[0]).not.toHaveProperty('errcode');
  });

  it('arrives once though WeChat’s answer is lost, and the agent is told that nobody knows', async () => {
    await write();
    sandbox.fault({ kind: 'cut', path: 'custom/send', openid: openId });
    answer({ content: 'x' });
    await eventually('the notice', () => notices().length === 1);
    expect(notices()).toMatchObject([{ reason: 'unknown' }]);
    answer({ content: 'y' });
    await sees('x', 'y');
  });

  it('survives tokens that end and a busy platform', async () => {
    await write();
    sandbox.fault({ kind: 'expireToken', path: 'custom/send' });
    answer({ content: 'a' });
    await sees('a');
    sandbox.fault({ kind: 'error', path: 'custom/send', errcode: -1, openid: openId });
    answer({ content: 'b' });
    answer({ content: 'c' });
    await sees('a', 'b', 'c');
  });

  it('waits over a restart', async () => {
    await write();
    sandbox.fault({ kind: 'error', path: 'custom/send', errcode: -1, openid: openId });
    answer({ content: 'x' });
    await eventually('a try', () =>
      sandbox.calls('custom/send').some(({ text }) => text.includes(openId)),
    );
    await running.restart();
    pushTo();
    await admin.login();
    agent = await OfficialClient.open(running.url, 'userid=kim');
    await sees('x');
  });
});

it('a welcome is said in the session of a mini program', async () => {
  wechat = [{ ...mini, apiBase: sandbox.url, subscribe, welcome: '欢迎' }, wechat[1]];
  await running.daemon.reload();
  await sandbox.event(openId, { event: 'user_enter_tempsession', SessionFrom: 'x' });
  await sees('欢迎');
  wechat = [{ ...mini, apiBase: sandbox.url, subscribe }, wechat[1]];
  await running.daemon.reload();
});

describe('the mini-program IM', () => {
  const msg = { type: 'text', reply: '你好', timestamp: 1_537_606_347_000 };
  const template = async (more: Record<string, unknown> = {}) => {
    const body = { formId: '', fromUserId: 'oBowen', toUserId: openId, msg, ...more };
    return (await imbot.post('/template_msg', body)).json as { errcode: number; errmsg: string };
  };
  beforeAll(async () => {
    await imbot.post('/user', { id: 'oBowen', wechat: { nickName: '博文' } });
  });

  it('logs in without giving the session_key away', async () => {
    const { json } = await imbot.get('/openid', { code: sandbox.code(openId) });
    expect(json).toEqual({ openid: openId });
    const again = await imbot.get('/openid', { code: 'nonsense' });
    expect(again.json).toMatchObject({ errcode: 40029 });
  });

  it('tells by an open window', async () => {
    await write();
    expect(await template()).toMatchObject({ errcode: 0 });
    await sees('博文：你好');
  });

  it('else by a subscribe message that the user has accepted', async () => {
    await sandbox.accept(openId, 'TPL');
    expect(await template()).toMatchObject({ errcode: 0 });
    await sees('博文\n你好\n2018-09-22 16:52');
    expect(await template()).toMatchObject({ errcode: 43101 });
    expect(await template({ formId: 'F' })).toMatchObject({ errcode: 43101 });
    expect(await template()).toMatchObject({ errcode: -1000 });
    expect(sandbox.calls('template/send')).toEqual([]);
  });

  it('by its own address too, when a message is not fetched', async () => {
    await write();
    await imbot.say('oBowen', openId, msg, `${running.url}/api/imbot/template_msg`);
    await sees('博文：你好');
  });
});

it('a stop waits for nobody who waits for WeChat', async () => {
  sandbox.fault({ kind: 'hang', path: 'custom/send', openid: openId });
  await write();
  const asked = imbot.post('/template_msg', {
    ...{ formId: '', fromUserId: 'oBowen', toUserId: openId },
    msg: { type: 'text', reply: 'x', timestamp: 1_537_606_347_000 },
  });
  await eventually('the call', () => sandbox.calls('custom/send').at(-1)?.text.includes(openId));
  const began = performance.now();
  await running.restart();
  expect(performance.now() - began).toBeLessThan(7000);
  expect((await asked).json).toMatchObject({ errcode: -1001 });
  pushTo();
  await admin.login();
});

it('an account that leaves the config sends nothing more', async () => {
  await write();
  const before = wechat;
  wechat = [wechat[1]];
  await running.daemon.reload();
  answer({ content: 'x' });
  await eventually('the notice', () => notices().length === 1);
  expect(notices()).toMatchObject([{ reason: 'config' }]);
  wechat = before;
  await running.daemon.reload();
});
