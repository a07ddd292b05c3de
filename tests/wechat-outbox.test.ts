import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownCodes } from '../bot/wechat/errors.ts';
import { eventually } from './support/eventually.ts';
import { OutboxScene } from './support/outbox-scene.ts';

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

describe('order', () => {
  it('is kept for each user, one call at a time, however many are written at once', async () => {
    let open = 0;
    let most = 0;
    listener.answer = async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setTimeout(resolve, 5));
      open -= 1;
      return {};
    };
    await rig.opened('oA');
    await Promise.all(['1', '2', '3', '4', '5'].map((text) => rig.say('oA', text)));
    await rig.settle();
    expect(scene.said()).toEqual(['oA 1', 'oA 2', 'oA 3', 'oA 4', 'oA 5']);
    expect(most).toBe(1);
  });

  it('does not hold up others: eight users at once, and the rest behind them', async () => {
    const held: (() => void)[] = [];
    listener.answer = async () => {
      await new Promise<void>((resolve) => held.push(resolve));
      return {};
    };
    for (let user = 0; user < 10; user += 1) {
      await rig.opened(`o${user}`);
      await rig.say(`o${user}`, 'a');
      await rig.say(`o${user}`, 'b');
    }
    await eventually('eight calls', () => held.length === 8);
    expect(scene.said()).toHaveLength(8);
    expect(new Set(scene.said()).size).toBe(8);
    listener.answer = () => ({});
    for (const release of held) release();
    await rig.settle();
    expect(scene.said()).toHaveLength(20);
    for (let user = 0; user < 10; user += 1) {
      const own = scene.said().filter((one) => one.startsWith(`o${user} `));
      expect(own).toEqual([`o${user} a`, `o${user} b`]);
    }
  });

  it('what has to wait lets nothing of the same user pass', async () => {
    scene.answers(-1);
    await rig.opened('oA');
    await rig.opened('oB');
    await rig.say('oA', 'first');
    await rig.say('oA', 'second');
    await rig.settle();
    await rig.say('oB', 'other');
    await rig.settle();
    expect(scene.said()).toEqual(['oA first', 'oB other']);
    await rig.settle(2000);
    expect(scene.said().slice(2)).toEqual(['oA first', 'oA second']);
  });
});

describe('long texts', () => {
  it('go in parts, each of which counts', async () => {
    await rig.opened('oA');
    await rig.say('oA', 'x'.repeat(5000), 4);
    await rig.settle();
    expect(scene.sent().map(({ text }) => JSON.parse(text).text.content.length)).toEqual([
      2048, 2048, 904,
    ]);
    expect(await scene.left()).toEqual([2]);
    expect(await rig.told()).toEqual([]);
  });

  it('do not begin where the end would not be allowed', async () => {
    await rig.opened('oA');
    await rig.say('oA', 'a');
    await rig.say('oA', 'b');
    await rig.say('oA', 'c');
    await rig.say('oA', 'x'.repeat(5000), 4);
    await rig.say('oA', 'd');
    await rig.settle();
    expect(scene.said()).toEqual(['oA a', 'oA b', 'oA c', 'oA d']);
    expect(await scene.reasons()).toEqual(['4 quota']);
    expect((await rig.states()).slice(3, 6)).toEqual([
      '4 failed 45047',
      '5 failed 45047',
      '6 failed 45047',
    ]);
  });

  it('end where a part fails, and the agent is told once', async () => {
    scene.answers(0, 87014);
    await rig.opened('oA');
    await rig.say('oA', 'x'.repeat(5000), 4);
    await rig.say('oA', 'next', 5);
    await rig.settle();
    expect(scene.sent()).toHaveLength(3);
    expect(await rig.states()).toEqual([
      '1 sent 0',
      '2 failed 87014',
      '3 failed 87014',
      '4 sent 0',
    ]);
    expect(await scene.reasons()).toEqual(['4 rejected']);
  });
});

describe('what WeChat does not allow is not asked', () => {
  it('without a window', async () => {
    await rig.say('oA', 'x', 9);
    await rig.settle();
    expect(listener.asked).toEqual([]);
    const told = await rig.told();
    expect(told).toMatchObject([
      { agent: 'kim', contact: 'oA', messageId: 9, reason: 'window_closed' },
    ]);
    expect(told[0]?.errcode).toBeUndefined();
    expect(rig.wechat.meter.read('refused')).toMatchObject([
      { labels: { reason: 'none' }, count: 1 },
    ]);
  });

  it('after the fifth, until the user writes again', async () => {
    await rig.opened('oA');
    for (let id = 1; id <= 6; id += 1) await rig.say('oA', `${id}`, id);
    await rig.settle();
    expect(scene.said()).toHaveLength(5);
    expect(await scene.reasons()).toEqual(['6 quota']);
    await rig.opened('oA');
    await rig.say('oA', '7', 7);
    await rig.settle();
    expect(scene.said().at(-1)).toBe('oA 7');
  });

  it('after 48 hours', async () => {
    await rig.opened('oA');
    await clock.advance(48 * 3_600_000);
    await rig.say('oA', 'x', 9);
    await rig.settle();
    expect(scene.sent()).toEqual([]);
    expect(await scene.reasons()).toEqual(['9 window_closed']);
  });

  it.each([
    ['miniprogram', { type: 'voice', url: 'audio/x.mp3' }],
    ['miniprogram', { type: 'video', url: 'video/x.mp4' }],
    ['miniprogram', { type: 'unknown', kind: 'msgmenu', data: {} }],
    ['official', { type: 'file', url: 'file/x.pdf' }],
    ['official', { type: 'location', latitude: 1, longitude: 2, label: 'x' }],
    ['official', { type: 'unknown', kind: 'hologram', data: {} }],
  ] as const)('a kind that %s accounts do not send', async (kind, content) => {
    rig.wechat.applyConfig([{ ...rig.account.settings, kind }]);
    await rig.opened('oA');
    await rig.say('oA', content, 9);
    await rig.settle();
    expect(listener.asked).toEqual([]);
    expect(await rig.states()).toEqual(['1 failed 45162']);
    expect(await scene.reasons()).toEqual(['9 rejected']);
    expect(await scene.left()).toEqual([5]);
  });

  it('by an account that the config does not have any more', async () => {
    rig.wechat.applyConfig([]);
    await rig.say('oA', 'x', 9);
    await rig.settle();
    expect(await scene.reasons()).toEqual(['9 config']);
  });

  it('an empty text', async () => {
    await rig.opened('oA');
    await rig.say('oA', ' \n', 9);
    await rig.settle();
    expect(await rig.states()).toEqual(['1 failed 44004']);
  });
});

it('simulated: nothing is asked, every send succeeds and is written down', async () => {
  rig.wechat.applyConfig([{ ...rig.account.settings, simulate: true, secret: undefined }]);
  await rig.say('oA', 'x'.repeat(3000), 9);
  const { sha256 } = await rig.files.put(Buffer.from('GIF89a\u0001\u0000\u0001\u0000;'));
  await rig.say('oA', { type: 'image', url: `image/${sha256}.gif` });
  await rig.settle();
  expect(listener.asked).toEqual([]);
  expect(await rig.states()).toEqual(['1 sent 0', '2 sent 0', '3 sent 0']);
  expect((await rig.rows()).map(({ error }) => error)).toEqual(Array(3).fill('ok (simulated)'));
});

it('an agent who cannot be told does not hold up the rest', async () => {
  rig.fault = new Error('no such agent');
  scene.answers(87014);
  await rig.opened('oA');
  await rig.say('oA', 'x');
  await rig.say('oA', 'y');
  await rig.settle(5000);
  expect(await rig.states()).toEqual(['1 failed 87014', '2 sent 0']);
});

it('nor the start', async () => {
  await rig.wechat.stop();
  await rig.opened('oA');
  await rig.say('oA', 'x');
  await rig.say('oA', 'y');
  await rig.db.transaction((tx) =>
    tx.run("UPDATE wechat_outbox SET state = 'sending' WHERE id = 1"),
  );
  rig.fault = new Error('no such agent');
  await rig.create().start();
  await rig.settle();
  expect(await rig.states()).toEqual([`1 unknown ${ownCodes.unknown}`, '2 sent 0']);
});

it('what nobody said is told to nobody', async () => {
  await rig.db.transaction((tx) =>
    rig.wechat.outbox.send(tx, {
      ...{ account: 'wx1', openId: 'oA', messageId: 1, conversation: 1, agent: '' },
      content: { type: 'text', text: 'welcome' },
    }),
  );
  await rig.settle();
  expect(await rig.told()).toEqual([]);
  expect(await rig.states()).toEqual(['1 failed 45015']);
});

it('nothing is sent of a transaction that is rolled back', async () => {
  await rig.opened('oA');
  await rig.db
    .transaction(async (tx) => {
      await rig.wechat.outbox.send(tx, {
        ...{ account: 'wx1', openId: 'oA', messageId: 1, conversation: 1, agent: 'kim' },
        content: { type: 'text', text: 'x' },
      });
      throw new Error('no');
    })
    .catch(() => {});
  await rig.settle();
  expect(await rig.rows()).toEqual([]);
});
