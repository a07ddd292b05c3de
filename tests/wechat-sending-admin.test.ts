import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AnswerScene, mini } from './support/answer-scene.ts';
import { runInProcess } from './support/cli.ts';
import { eventually } from './support/eventually.ts';

let scene: AnswerScene;
let sandbox: AnswerScene['sandbox'];
let running: AnswerScene['running'];
let admin: AnswerScene['admin'];
let imbot: AnswerScene['imbot'];

beforeAll(async () => {
  scene = await AnswerScene.open();
  ({ sandbox, running, admin, imbot } = scene);
});
afterAll(() => scene.close());
beforeEach(() => scene.begin());
afterEach(() => scene.agent.close());

describe('operators', () => {
  it('see and send again what failed', async () => {
    await scene.write();
    sandbox.block(scene.openId);
    scene.answer({ content: 'x' });
    await eventually('the notice', () => scene.notices().length === 1);
    const path = `/wechat/outbox?account=wxmini&openId=${scene.openId}`;
    const [item] = (await admin.ok('GET', path)).body.items;
    expect(item).toMatchObject({ state: 'failed', agent: 'kim', kind: 'custom', errcode: 48002 });
    expect((await admin.ok('GET', `/wechat/outbox/${item?.id}`)).body.content).toEqual({
      content: { type: 'text', text: 'x' },
    });
    sandbox.block(scene.openId, false);
    await admin.ok('POST', `/wechat/outbox/${item?.id}/resend`);
    await scene.sees('x');
    await admin.refused(409, 'POST', `/wechat/outbox/${item?.id}/resend`);
    await admin.refused(404, 'GET', '/wechat/outbox/999999');
    await admin.refused(400, 'GET', `/wechat/outbox?openId=${scene.openId}`);
    expect((await admin.ok('GET', '/wechat/outbox?state=sent&limit=1')).body.items).toHaveLength(1);
  });

  it('see what may be sent to a user', async () => {
    await scene.write();
    scene.answer({ content: 'x' });
    await scene.sees('x');
    await sandbox.accept(scene.openId, 'TPL');
    await imbot.post('/form_id', { openId: scene.openId, formId: 'F1' });
    const user = `/wechat/accounts/wxmini/users/${scene.openId}`;
    expect((await admin.ok('GET', user)).body).toMatchObject({
      ...{ account: 'wxmini', openId: scene.openId, left: 4 },
      windows: [{ action: 'message', sends: 1, left: 4, state: 'open' }],
      credits: [
        { kind: 'template', value: 'TPL', state: 'live' },
        { kind: 'form', value: 'F1', state: 'live' },
      ],
    });
    await admin.refused(404, 'GET', '/wechat/accounts/wx0/users/x');
  });

  it('do so on the command line', async () => {
    await scene.write();
    sandbox.block(scene.openId);
    scene.answer({ content: 'x' });
    await eventually('the notice', () => scene.notices().length === 1);
    const run = async (...args: string[]): Promise<string> => {
      const { code, out, err } = await runInProcess(args, {
        WXRC_DATA: running.dataDir,
        LANG: 'en',
      });
      expect([code, err]).toEqual([0, '']);
      return out;
    };
    const listed = await run('wechat', 'outbox', '--account', 'wxmini', '--user', scene.openId);
    expect(listed).toMatch(/failed +custom +48002/);
    const id = /^(\d+) /m.exec(listed)?.[1] ?? '';
    expect(await run('wechat', 'send', id)).toMatch(/用户拒收该账号的消息/);
    expect(await run('wechat', 'user', 'wxmini', scene.openId)).toMatch(/^5 more until /);
    await sandbox.event(scene.openId, { event: 'user_enter_tempsession' }, { appid: mini.appid });
    const both = await run('wechat', 'user', 'wxmini', scene.openId);
    expect(both).toMatch(/^7 more until .* at the latest/);
    expect(both).toMatch(/^window {2}enter .* – .* sent 0 of 2, left 2 {2}open$/m);
    const [, conversation] =
      /^(\d+) .*oUser/m.exec(await run('conversation', 'list', scene.openId)) ?? [];
    expect(await run('conversation', 'show', conversation ?? '')).toContain(
      '[event] user_enter_tempsession',
    );
    sandbox.block(scene.openId, false);
    await run('wechat', 'resend', id);
    await scene.sees('x');
  });

  it('are told of what nobody knows the fate of, and may double it only knowingly', async () => {
    const cli = (...args: string[]) =>
      runInProcess(args, { WXRC_DATA: running.dataDir, LANG: 'en' });
    await scene.write();
    sandbox.fault({ kind: 'close', path: 'custom/send', done: true });
    scene.answer({ content: 'x' });
    await eventually('the notice', () => scene.notices().length === 1);
    const path = `/wechat/outbox?account=wxmini&openId=${scene.openId}`;
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
      scene.openId,
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
    await scene.sees('x');
    expect((await cli('wechat', 'resend', id, '--yes')).code).toBe(0);
    await scene.sees('x', 'x');
  });

  it('are told which refusals are ours; the agent gets no code that WeChat never said', async () => {
    scene.answer({ content: 'x' });
    await scene.write();
    scene.answer({ media_path: 'http://10.0.0.1/secret.png' }, 'image');
    await eventually('the notice', () => scene.notices().length === 1);
    expect(scene.notices()).toMatchObject([{ reason: 'rejected' }]);
    expect(scene.notices()[0]).not.toHaveProperty('errcode');
    const path = `/wechat/outbox?account=wxmini&openId=${scene.openId}`;
    const [picture] = (await admin.ok('GET', path)).body.items;
    expect(picture).toMatchObject({ local: true, hint: expect.stringContaining('fetch.allow') });
    for (let sent = 0; sent < 6; sent += 1) scene.answer({ content: `${sent}` });
    await eventually('the notice', () => scene.notices().length === 2);
    expect(scene.notices()[1]).toMatchObject({ reason: 'quota' });
    expect(scene.notices()[1]).not.toHaveProperty('errcode');
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
