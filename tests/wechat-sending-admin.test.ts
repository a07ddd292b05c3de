import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../config/config.ts';
import { type Sandbox, startSandbox } from '../scripts/wechat-sandbox/sandbox.ts';
import { AdminClient } from './support/admin-client.ts';
import { runInProcess } from './support/cli.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { ImbotClient } from './support/imbot-client.ts';
import { OfficialClient } from './support/official-client.ts';

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

describe('operators', () => {
  it('see and send again what failed', async () => {
    await write();
    sandbox.block(openId);
    answer({ content: 'x' });
    await eventually('the notice', () => notices().length === 1);
    const path = `/wechat/outbox?account=wxmini&openId=${openId}`;
    const [item] = (await admin.ok('GET', path)).body.items;
    expect(item).toMatchObject({ state: 'failed', agent: 'kim', kind: 'custom', errcode: 48002 });
    expect((await admin.ok('GET', `/wechat/outbox/${item?.id}`)).body.content).toEqual({
      content: { type: 'text', text: 'x' },
    });
    sandbox.block(openId, false);
    await admin.ok('POST', `/wechat/outbox/${item?.id}/resend`);
    await sees('x');
    await admin.refused(409, 'POST', `/wechat/outbox/${item?.id}/resend`);
    await admin.refused(404, 'GET', '/wechat/outbox/999999');
    await admin.refused(400, 'GET', `/wechat/outbox?openId=${openId}`);
    expect((await admin.ok('GET', '/wechat/outbox?state=sent&limit=1')).body.items).toHaveLength(1);
  });

  it('see what may be sent to a user', async () => {
    await write();
    answer({ content: 'x' });
    await sees('x');
    await sandbox.accept(openId, 'TPL');
    await imbot.post('/form_id', { openId, formId: 'F1' });
    const user = `/wechat/accounts/wxmini/users/${openId}`;
    expect((await admin.ok('GET', user)).body).toMatchObject({
      ...{ account: 'wxmini', openId, left: 4 },
      windows: [{ action: 'message', sends: 1, left: 4, state: 'open' }],
      credits: [
        { kind: 'template', value: 'TPL', state: 'live' },
        { kind: 'form', value: 'F1', state: 'live' },
      ],
    });
    await admin.refused(404, 'GET', '/wechat/accounts/wx0/users/x');
  });

  it('do so on the command line', async () => {
    await write();
    sandbox.block(openId);
    answer({ content: 'x' });
    await eventually('the notice', () => notices().length === 1);
    const run = async (...args: string[]): Promise<string> => {
      const { code, out, err } = await runInProcess(args, {
        WXRC_DATA: running.dataDir,
        LANG: 'en',
      });
      expect([code, err]).toEqual([0, '']);
      return out;
    };
    const listed = await run('wechat', 'outbox', '--account', 'wxmini', '--user', openId);
    expect(listed).toMatch(/failed +custom +48002/);
    const id = /^(\d+) /m.exec(listed)?.[1] ?? '';
    expect(await run('wechat', 'send', id)).toMatch(/用户拒收该账号的消息/);
    expect(await run('wechat', 'user', 'wxmini', openId)).toMatch(/^5 more until /);
    await sandbox.event(openId, { event: 'user_enter_tempsession' }, { appid: mini.appid });
    const both = await run('wechat', 'user', 'wxmini', openId);
    expect(both).toMatch(/^7 more until .* at the latest/);
    expect(both).toMatch(/^window {2}enter .* – .* sent 0 of 2, left 2 {2}open$/m);
    const [, conversation] =
      /^(\d+) .*oUser/m.exec(await run('conversation', 'list', openId)) ?? [];
    expect(await run('conversation', 'show', conversation ?? '')).toContain(
      '[event] user_enter_tempsession',
    );
    sandbox.block(openId, false);
    await run('wechat', 'resend', id);
    await sees('x');
  });

  it('are told of what nobody knows the fate of, and may double it only knowingly', async () => {
    const cli = (...args: string[]) =>
      runInProcess(args, { WXRC_DATA: running.dataDir, LANG: 'en' });
    await write();
    sandbox.fault({ kind: 'close', path: 'custom/send', done: true });
    answer({ content: 'x' });
    await eventually('the notice', () => notices().length === 1);
    const path = `/wechat/outbox?account=wxmini&openId=${openId}`;
    const [item] = (await admin.ok('GET', `${path}&state=unknown`)).body.items;
    expect(item).toMatchObject({
      ...{ state: 'unknown', errcode: -1002, local: false },
      hint: expect.stringContaining('未知'),
    });
    expect((await admin.ok('GET', `${path}&state=failed`)).body.items).toEqual([]);
    const id = String(item?.id);
    const listed = await cli(
      'wechat',
      'outbox',
      '--state',
      'unknown',
      '--user',
      openId,
      '--account',
      'wxmini',
    );
    expect(listed.out).toMatch(/unknown +custom +-1002/);
    expect((await cli('wechat', 'send', id)).out).toMatch(/未知/);
    expect(await (await fetch(`${running.url}/metrics`)).text()).toMatch(
      /^wxrc_wechat_outbox\{state="unknown"\} [1-9]/m,
    );
    await admin.refused(409, 'POST', `/wechat/outbox/${id}/resend`);
    const refused = await cli('wechat', 'resend', id);
    expect([refused.code, refused.err]).toEqual([
      expect.any(Number),
      expect.stringMatching(/twice.*--yes/),
    ]);
    expect(refused.code).not.toBe(0);
    await sees('x');
    expect((await cli('wechat', 'resend', id, '--yes')).code).toBe(0);
    await sees('x', 'x');
  });

  it('are told which refusals are ours; the agent gets no code that WeChat never said', async () => {
    answer({ content: 'x' });
    await write();
    answer({ media_path: 'http://10.0.0.1/secret.png' }, 'image');
    await eventually('the notice', () => notices().length === 1);
    expect(notices()).toMatchObject([{ reason: 'rejected' }]);
    expect(notices()[0]).not.toHaveProperty('errcode');
    const path = `/wechat/outbox?account=wxmini&openId=${openId}`;
    const [picture] = (await admin.ok('GET', path)).body.items;
    expect(picture).toMatchObject({ local: true, hint: expect.stringContaining('fetch.allow') });
    for (let sent = 0; sent < 6; sent += 1) answer({ content: `${sent}` });
    await eventually('the notice', () => notices().length === 2);
    expect(notices()[1]).toMatchObject({ reason: 'quota' });
    expect(notices()[1]).not.toHaveProperty('errcode');
    const [last] = (await admin.ok('GET', path)).body.items;
    expect(last).toMatchObject({ state: 'failed', errcode: 45047, local: true });
  });

  it('count what leaves', async () => {
    const text = await (await fetch(`${running.url}/metrics`)).text();
    expect(text).toMatch(/^wxrc_wechat_outbox\{state="sent"\} [1-9]/m);
    expect(text).toMatch(/^wxrc_wechat_outbox\{state="due"\} 0/m);
    expect(text).toMatch(
      /^wxrc_wechat_calls_total\{path="\/cgi-bin\/message\/custom\/send",errcode="ok"\} [1-9]/m,
    );
    expect(text).toContain('wxrc_wechat_token_refreshes_total');
    expect(text).toContain('wxrc_wechat_window_refusals_total');
  });

  it('read no secret anywhere', () => {
    const read = running.log() + admin.texts.join('');
    for (const secret of ['mini-secret', 'off-secret']) expect(read).not.toContain(secret);
    for (const { query } of sandbox.calls('message')) {
      expect(read).not.toContain(query['access_token'] ?? 'none');
    }
  });
});
