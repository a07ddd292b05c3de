import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import type { Tx } from '../store/database.ts';
import { WechatRig } from './support/wechat-rig.ts';

const hour = 3_600_000;
const start = 1_790_000_000_000;
let rig: WechatRig;
let clock: VirtualClock;
beforeEach(async () => {
  clock = new VirtualClock(start);
  rig = await WechatRig.open({ apiBase: 'http://127.0.0.1:1', clock });
});
afterEach(() => rig.close());

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => rig.db.transaction(work);
const may = (sends = 1) => inTx((tx) => rig.wechat.windows.may(tx, 'wx1', 'oA', sends));
/** Spends as long as it may, up to `most`. @returns how often */
async function spend(most = 100): Promise<number> {
  const { windows } = rig.wechat;
  for (let count = 0; count < most; count += 1) {
    const done = await inTx(async (tx) => {
      const answer = await windows.may(tx, 'wx1', 'oA');
      if (answer.ok) await windows.spend(tx, 'wx1', 'oA', answer.charged);
      return answer.ok;
    });
    if (!done) return count;
  }
  return most;
}

describe('of a mini program', () => {
  it('nothing may be sent to who has done nothing', async () => {
    expect(await may()).toEqual({ ok: false, reason: 'none' });
  });

  it('five within 48 hours of a word, and another word begins anew', async () => {
    await rig.opened('oA');
    expect(await may()).toMatchObject({ ok: true, left: 5, until: start + 48 * hour });
    expect(await spend()).toBe(5);
    expect(await may()).toEqual({ ok: false, reason: 'quota', until: start + 48 * hour });
    await clock.advance(hour);
    await rig.opened('oA');
    expect(await spend(2)).toBe(2);
    await clock.advance(48 * hour - 1);
    expect(await may()).toMatchObject({ ok: true, left: 3 });
    await clock.advance(1);
    expect(await may()).toEqual({ ok: false, reason: 'over_time', until: start + 49 * hour });
  });

  it('two within a minute of entering; a click opens nothing', async () => {
    await rig.opened('oA', 'enter');
    await rig.opened('oA', 'click');
    expect(await spend()).toBe(2);
    await clock.advance(60_000);
    expect(await may()).toMatchObject({ reason: 'over_time' });
  });

  it('what closes first is used first', async () => {
    await rig.opened('oA');
    await rig.opened('oA', 'enter');
    expect(await spend(2)).toBe(2);
    await clock.advance(61_000);
    expect(await may()).toMatchObject({ ok: true, left: 5 });
  });
});

it('of an official account: three within a minute of a click, a follow, a scan', async () => {
  rig.create({ kind: 'official' });
  for (const action of ['click', 'follow', 'scan'] as const) {
    await rig.opened('oA', action);
    expect(await spend()).toBe(3);
    await clock.advance(60_000);
    expect((await may()).ok).toBe(false);
  }
  await rig.opened('oA', 'enter');
  expect((await may()).ok).toBe(false);
  await rig.opened('oA');
  expect(await spend()).toBe(5);
});

it('is asked for as many as are needed', async () => {
  await rig.opened('oA');
  expect(await spend(3)).toBe(3);
  expect((await may(2)).ok).toBe(true);
  expect(await may(3)).toMatchObject({ ok: false, reason: 'quota' });
});

it('survives a restart', async () => {
  await rig.opened('oA');
  await spend(4);
  rig.create();
  expect(await may()).toMatchObject({ ok: true, left: 1 });
});

it('a push that is worked off late opens what is left of its time, and closes nothing newer', async () => {
  await rig.opened('oA', 'message', start - 40 * hour);
  expect(await may()).toMatchObject({ ok: true, until: start + 8 * hour });
  await rig.opened('oA', 'message', start - hour);
  await spend(1);
  await rig.opened('oA', 'message', start - 2 * hour);
  expect(await may()).toMatchObject({ left: 4, until: start + 47 * hour });
  await rig.opened('oA', 'message', start + 5 * hour);
  expect(await may()).toMatchObject({ left: 5, until: start + 48 * hour });
});

it('gives back what did not count, to the window it was taken from', async () => {
  const { windows } = rig.wechat;
  await rig.opened('oA');
  const first = { action: 'message', at: start } as const;
  await spend(2);
  await inTx((tx) => windows.giveBack(tx, 'wx1', 'oA', first));
  expect(await may()).toMatchObject({ left: 4 });
  await clock.advance(1000);
  await rig.opened('oA');
  await spend(1);
  await inTx((tx) => windows.giveBack(tx, 'wx1', 'oA', first));
  expect(await may()).toMatchObject({ left: 4 });
});

it('believes WeChat, but only of what was open when it was asked', async () => {
  const { windows } = rig.wechat;
  await rig.opened('oA');
  await inTx((tx) => windows.wasUsedUp(tx, 'wx1', 'oA', clock.now()));
  expect(await may()).toMatchObject({ reason: 'quota' });
  await inTx((tx) => windows.wasClosed(tx, 'wx1', 'oA', clock.now()));
  expect(await may()).toMatchObject({ reason: 'over_time', until: start });
  const before = clock.now();
  await clock.advance(1000);
  await rig.opened('oA');
  await inTx((tx) => windows.wasClosed(tx, 'wx1', 'oA', before));
  await inTx((tx) => windows.wasUsedUp(tx, 'wx1', 'oA', before));
  expect(await may()).toMatchObject({ ok: true, left: 5 });
});

it('who has left is forgotten', async () => {
  await rig.opened('oA');
  await inTx((tx) => rig.wechat.windows.forget(tx, 'wx1', 'oA'));
  expect(await may()).toEqual({ ok: false, reason: 'none' });
});

it('users and accounts do not mix', async () => {
  await rig.opened('oB');
  expect((await may()).ok).toBe(false);
  await inTx((tx) => rig.wechat.windows.opened(tx, 'wx2', 'oA', 'message', start));
  expect((await may()).ok).toBe(false);
});

it('shows operators what is left until when', async () => {
  await rig.opened('oA');
  await spend(1);
  await rig.opened('oA', 'enter');
  await clock.advance(90_000);
  expect(await rig.wechat.windows.list('wx1', 'oA')).toEqual([
    {
      ...{ action: 'enter', at: start, sends: 0, most: 2, left: 0 },
      ...{ until: start + 60_000, state: 'over' },
    },
    {
      ...{ action: 'message', at: start, sends: 1, most: 5, left: 4 },
      ...{ until: start + 48 * hour, state: 'open' },
    },
  ]);
});

it('old ones are forgotten', async () => {
  await rig.opened('oA');
  await clock.advance(31 * 24 * hour);
  await rig.opened('oB');
  expect(await rig.wechat.windows.prune(10)).toBe(1);
  expect(await may()).toEqual({ ok: false, reason: 'none' });
});
