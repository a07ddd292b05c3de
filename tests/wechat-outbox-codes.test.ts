import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownCodes } from '../bot/wechat/errors.ts';
import { eventually } from './support/eventually.ts';
import { OutboxScene } from './support/outbox-scene.ts';
import { errcode } from './support/wechat-listener.ts';

const { start } = OutboxScene;
let scene: OutboxScene;
let listener: OutboxScene['listener'];
let rig: OutboxScene['rig'];
let clock: OutboxScene['clock'];
beforeEach(async () => {
  scene = await OutboxScene.open();
  ({ listener, rig, clock } = scene);
  await rig.wechat.start();
});
afterEach(() => scene.close());

describe('a code of WeChat', () => {
  beforeEach(() => rig.opened('oA'));

  it('-1: three more tries, then it has failed', async () => {
    scene.answers(-1, -1, -1, -1);
    await rig.say('oA', 'x', 9);
    await rig.settle();
    for (const pause of [2000, 10_000, 60_000]) {
      const before = scene.sent().length;
      await rig.settle(pause - 1);
      expect(scene.sent()).toHaveLength(before);
      await rig.settle(1);
      expect(scene.sent()).toHaveLength(before + 1);
    }
    expect(await rig.states()).toEqual(['1 failed -1']);
    expect(await scene.reasons()).toEqual(['9 rejected']);
    // Nothing of it has reached the user.
    expect(await scene.left()).toEqual([5]);
  });

  it('-1 once costs one send in all', async () => {
    scene.answers(-1);
    await rig.say('oA', 'x');
    await rig.settle(2000);
    expect(await rig.states()).toEqual(['1 sent 0']);
    expect(await scene.left()).toEqual([4]);
  });

  it('45011: nothing of the account before the next minute', async () => {
    await clock.advance(20_000);
    scene.answers(45011);
    await rig.opened('oB');
    await rig.say('oA', 'x');
    await rig.settle();
    await rig.say('oB', 'y');
    await rig.settle();
    expect(scene.said()).toEqual(['oA x']);
    const minute = 60_000 - (clock.now() % 60_000) + 1000;
    await rig.settle(minute - 1);
    expect(scene.sent()).toHaveLength(1);
    await rig.settle(1);
    expect(scene.said().slice(1).toSorted()).toEqual(['oA x', 'oB y']);
  });

  it('45009: tomorrow in Beijing, and the agent is told that it has not left', async () => {
    scene.answers(45009);
    await rig.say('oA', 'x', 9);
    await rig.settle();
    expect(await scene.reasons()).toEqual(['9 quota']);
    expect((await rig.told())[0]?.text).toMatch(/goes on after midnight/);
    const offset = 8 * 3_600_000;
    const midnight = Math.ceil((start + offset) / 86_400_000) * 86_400_000 - offset;
    await clock.advance(midnight - clock.now());
    expect(scene.sent()).toHaveLength(1);
    await rig.settle(10_000);
    expect(scene.said()).toEqual(['oA x', 'oA x']);
    expect(await rig.states()).toEqual(['1 sent 0']);
    expect(await rig.told()).toHaveLength(1);
  });

  it('43108: shortly after', async () => {
    scene.answers(43108);
    await rig.say('oA', 'x');
    await rig.settle(1000);
    expect(await rig.states()).toEqual(['1 sent 0']);
  });

  it.each([
    [45015, 'window_closed', 0],
    [45047, 'quota', 0],
    [48002, 'blocked', 5],
    [43107, 'blocked', 5],
    [87014, 'rejected', 5],
    [40003, 'rejected', 5],
    [48001, 'config', 5],
    [47001, 'rejected', 5],
    [99999, 'rejected', 5],
  ])('%i: %s, at once', async (code, reason, rest) => {
    scene.answers(code);
    await rig.say('oA', 'x', 9);
    await rig.settle();
    expect(await rig.states()).toEqual([`1 failed ${code}`]);
    expect(await rig.told()).toMatchObject([
      { agent: 'kim', event: 'not_sent', contact: 'oA', messageId: 9, reason, errcode: code },
    ]);
    expect((await rig.told())[0]?.text).toContain(`words of ${code}`);
    expect(await scene.left()).toEqual([rest]);
  });

  it('of a token that cannot be had: config', async () => {
    listener.tokenAnswer = () => errcode(40164, 'invalid ip');
    await rig.say('oA', 'x', 9);
    await rig.settle();
    expect(scene.sent()).toEqual([]);
    expect(await rig.told()).toMatchObject([{ reason: 'config', errcode: 40164 }]);
    expect(await scene.left()).toEqual([5]);
  });
});

describe('whether it arrived is unknown', () => {
  beforeEach(() => rig.opened('oA'));

  it.each([
    ['the connection is closed', { close: true } as const],
    ['the answer breaks off', { cut: true } as const],
    ['the answer is garbage', { body: '<html>' }],
    ['the answer has no errcode', { body: '{}' }],
    ['the gateway fails', { status: 502, body: 'bad gateway' }],
  ])('when %s: it is not sent again, and it counts', async (_why, answer) => {
    listener.answer = () => answer;
    await rig.say('oA', 'x', 9);
    await rig.settle();
    listener.answer = () => ({});
    await rig.say('oA', 'y', 10);
    await rig.settle(3_600_000);
    expect(scene.said()).toEqual(['oA x', 'oA y']);
    expect(await rig.states()).toEqual([`1 unknown ${ownCodes.unknown}`, '2 sent 0']);
    expect(await scene.reasons()).toEqual(['9 unknown']);
    expect(await scene.left()).toEqual([3]);
  });

  it('when no answer comes in time', async () => {
    listener.answer = () => ({ hang: true });
    await rig.say('oA', 'x', 9);
    await eventually('the call', () => scene.sent().length === 1);
    await clock.advance(10_000);
    await rig.settle();
    expect(await scene.reasons()).toEqual(['9 unknown']);
    expect(scene.sent()).toHaveLength(1);
  });
});

it('what never left is tried again, for a while', async () => {
  await rig.opened('oA');
  await rig.say('oA', 'x', 9);
  await rig.settle();
  rig.wechat.applyConfig([{ ...rig.account.settings, apiBase: 'http://127.0.0.1:1' }]);
  await rig.say('oA', 'y', 10);
  await rig.settle(3000);
  expect(await rig.states()).toEqual(['1 sent 0', '2 due -']);
  rig.wechat.applyConfig([{ ...rig.account.settings, apiBase: listener.url }]);
  await rig.settle(5000);
  expect(scene.said()).toEqual(['oA x', 'oA y']);
  rig.wechat.applyConfig([{ ...rig.account.settings, apiBase: 'http://127.0.0.1:1' }]);
  await rig.say('oA', 'z', 11);
  await rig.settle();
  for (let minutes = 0; minutes < 30; minutes += 1) await rig.settle(60_000);
  expect(await scene.reasons()).toEqual(['11 unreachable']);
  expect(await scene.left()).toEqual([3]);
});
