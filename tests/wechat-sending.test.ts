import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AnswerScene, mini, official } from './support/answer-scene.ts';
import { eventually } from './support/eventually.ts';
import { pixel } from './support/pictures.ts';

let scene: AnswerScene;
let sandbox: AnswerScene['sandbox'];
let running: AnswerScene['running'];
let imbot: AnswerScene['imbot'];

beforeAll(async () => {
  scene = await AnswerScene.open();
  ({ sandbox, running, imbot } = scene);
});
afterAll(() => scene.close());
beforeEach(() => scene.begin());
afterEach(() => scene.agent.close());

describe('an agent’s answer', () => {
  it.each([mini, official])('reaches the user: $appid', async ({ appid }) => {
    await scene.write(appid);
    scene.answer({ content: '在的' });
    await scene.sees('在的');
    expect(scene.notices()).toEqual([]);
  });

  it('a picture', async () => {
    await scene.write();
    const { sha256 } = await running.daemon.core.files.put(pixel);
    scene.answer({ media_path: `image/${sha256}.png` }, 'image');
    await scene.sees('image');
  });

  it('that comes too often is told to the agent, in a system frame', async () => {
    await scene.write();
    for (const text of ['1', '2', '3', '4', '5', '6']) scene.answer({ content: text });
    await scene.sees('1', '2', '3', '4', '5');
    await eventually('the notice', () => scene.notices().length === 1);
    expect(scene.notices()).toMatchObject([
      { event: 'not_sent', contact_id: scene.openId, reason: 'quota' },
    ]);
    expect(
      sandbox.calls('custom/send').filter(({ text }) => text.includes(scene.openId)),
    ).toHaveLength(5);
    await scene.write();
    scene.answer({ content: '7' });
    await scene.sees('1', '2', '3', '4', '5', '7');
  });

  it('whose user has blocked the account', async () => {
    await scene.write();
    sandbox.block(scene.openId);
    scene.answer({ content: 'x' });
    await eventually('the notice', () => scene.notices().length === 1);
    expect(scene.notices()).toMatchObject([{ reason: 'blocked', errcode: 48002 }]);
  });

  it('of a kind that WeChat does not send', async () => {
    await scene.write();
    scene.answer({ media_path: 'audio/x.mp3' }, 'voice');
    await eventually('the notice', () => scene.notices().length === 1);
    expect(scene.notices()).toMatchObject([{ reason: 'rejected' }]);
    expect(scene.notices()[0]).not.toHaveProperty('errcode');
  });

  it('arrives once though WeChat’s answer is lost, and the agent is told that nobody knows', async () => {
    await scene.write();
    sandbox.fault({ kind: 'cut', path: 'custom/send', openid: scene.openId });
    scene.answer({ content: 'x' });
    await eventually('the notice', () => scene.notices().length === 1);
    expect(scene.notices()).toMatchObject([{ reason: 'unknown' }]);
    scene.answer({ content: 'y' });
    await scene.sees('x', 'y');
  });

  it('survives tokens that end and a busy platform', async () => {
    await scene.write();
    sandbox.fault({ kind: 'expireToken', path: 'custom/send' });
    scene.answer({ content: 'a' });
    await scene.sees('a');
    sandbox.fault({ kind: 'error', path: 'custom/send', errcode: -1, openid: scene.openId });
    scene.answer({ content: 'b' });
    scene.answer({ content: 'c' });
    await scene.sees('a', 'b', 'c');
  });

  it('waits over a restart', async () => {
    await scene.write();
    sandbox.fault({ kind: 'error', path: 'custom/send', errcode: -1, openid: scene.openId });
    scene.answer({ content: 'x' });
    await eventually('a try', () =>
      sandbox.calls('custom/send').some(({ text }) => text.includes(scene.openId)),
    );
    await scene.restart();
    await scene.comes();
    await scene.sees('x');
  });
});

it('a welcome is said in the session of a mini program', async () => {
  await scene.reload({ welcome: '欢迎' });
  await sandbox.event(scene.openId, { event: 'user_enter_tempsession', SessionFrom: 'x' });
  await scene.sees('欢迎');
  await scene.reload();
});

describe('the mini-program IM', () => {
  const msg = { type: 'text', reply: '你好', timestamp: 1_537_606_347_000 };
  const template = async (more: Record<string, unknown> = {}) => {
    const body = { formId: '', fromUserId: 'oBowen', toUserId: scene.openId, msg, ...more };
    return (await imbot.post('/template_msg', body)).json as { errcode: number; errmsg: string };
  };
  beforeAll(async () => {
    await imbot.post('/user', { id: 'oBowen', wechat: { nickName: '博文' } });
  });

  it('logs in without giving the session_key away', async () => {
    const { json } = await imbot.get('/openid', { code: sandbox.code(scene.openId) });
    expect(json).toEqual({ openid: scene.openId });
    const again = await imbot.get('/openid', { code: 'nonsense' });
    expect(again.json).toMatchObject({ errcode: 40029 });
  });

  it('tells by an open window', async () => {
    await scene.write();
    expect(await template()).toMatchObject({ errcode: 0 });
    await scene.sees('博文：你好');
  });

  it('else by a subscribe message that the user has accepted', async () => {
    await sandbox.accept(scene.openId, 'TPL');
    expect(await template()).toMatchObject({ errcode: 0 });
    await scene.sees('博文\n你好\n2018-09-22 16:52');
    expect(await template()).toMatchObject({ errcode: 43101 });
    expect(await template({ formId: 'F' })).toMatchObject({ errcode: 43101 });
    expect(await template()).toMatchObject({ errcode: -1000 });
    expect(sandbox.calls('template/send')).toEqual([]);
  });

  it('by its own address too, when a message is not fetched', async () => {
    await scene.write();
    await imbot.say('oBowen', scene.openId, msg, `${running.url}/api/imbot/template_msg`);
    await scene.sees('博文：你好');
  });
});

it('a stop waits for nobody who waits for WeChat', async () => {
  sandbox.fault({ kind: 'hang', path: 'custom/send', openid: scene.openId });
  await scene.write();
  const asked = imbot.post('/template_msg', {
    ...{ formId: '', fromUserId: 'oBowen', toUserId: scene.openId },
    msg: { type: 'text', reply: 'x', timestamp: 1_537_606_347_000 },
  });
  await eventually('the call', () =>
    sandbox.calls('custom/send').at(-1)?.text.includes(scene.openId),
  );
  const began = performance.now();
  await scene.restart();
  expect(performance.now() - began).toBeLessThan(7000);
  expect((await asked).json).toMatchObject({ errcode: -1001 });
});

it('an account that leaves the config sends nothing more', async () => {
  await scene.write();
  await scene.reload('without');
  scene.answer({ content: 'x' });
  await eventually('the notice', () => scene.notices().length === 1);
  expect(scene.notices()).toMatchObject([{ reason: 'config' }]);
  await scene.reload();
});
