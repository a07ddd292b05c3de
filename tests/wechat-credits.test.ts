import { afterEach, beforeEach, expect, it } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import type { Credits } from '../bot/wechat/credits.ts';
import type { Tx } from '../store/database.ts';
import { WechatRig } from './support/wechat-rig.ts';

const day = 86_400_000;
const start = 1_790_000_000_000;
let rig: WechatRig;
let clock: VirtualClock;
let credits: Credits;
beforeEach(async () => {
  clock = new VirtualClock(start);
  rig = await WechatRig.open({ apiBase: 'http://127.0.0.1:1', clock });
  credits = rig.wechat.credits;
});
afterEach(() => rig.close());

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => rig.db.transaction(work);
const take = (openId = 'oA') => inTx((tx) => credits.takeForm(tx, openId));
const answer = (accepted: boolean, at = clock.now(), templateId = 'T') =>
  inTx((tx) => credits.answered(tx, 'wx1', 'oA', [{ templateId, accepted }], at));
const change = (accepted: boolean, at = clock.now()) =>
  inTx((tx) => credits.changed(tx, 'wx1', 'oA', [{ templateId: 'T', accepted }], at));
const use = () => inTx((tx) => credits.used(tx, 'wx1', 'oA', 'T'));
const drop = (at = clock.now()) => inTx((tx) => credits.dropped(tx, 'wx1', 'oA', 'T', at));
const allowed = () => inTx((tx) => credits.allowed(tx, 'wx1', 'oA', 'T'));

it('form ids: first in, first out, once each', async () => {
  for (const id of ['f1', 'f2', 'f2', 'f3']) await credits.addForm('oA', id);
  await credits.addForm('oB', 'other');
  expect([await take(), await take(), await take(), await take(), await take()]).toEqual([
    ...['f1', 'f2', 'f2', 'f3', undefined],
  ]);
  expect(await take('oB')).toBe('other');
});

it('form ids live for seven days', async () => {
  await credits.addForm('oA', 'old');
  await clock.advance(7 * day - 1);
  await credits.addForm('oA', 'new');
  expect(await take()).toBe('old');
  await credits.addForm('oA', 'older');
  await clock.advance(7 * day - 1);
  await credits.addForm('oA', 'newest');
  await clock.advance(1);
  expect(await take()).toBe('newest');
});

it('two at once do not get the same form id', async () => {
  await credits.addForm('oA', 'f1');
  await credits.addForm('oA', 'f2');
  expect((await Promise.all([take(), take(), take()])).toSorted()).toEqual([
    ...['f1', 'f2', undefined],
  ]);
});

it('a form id that was taken in vain is there again', async () => {
  await credits.addForm('oA', 'f1');
  await inTx(async (tx) => {
    await credits.takeForm(tx, 'oA');
    throw new Error('no');
  }).catch(() => {});
  expect(await take()).toBe('f1');
});

it('form ids are removed all at once', async () => {
  await credits.addForm('oA', 'f1');
  await credits.addForm('oA', 'f2');
  expect(await credits.removeForms('oA')).toBe(2);
  expect(await take()).toBeUndefined();
});

it('accepting allows one send each', async () => {
  expect(await allowed()).toBe('unknown');
  await answer(true);
  await answer(true);
  await use();
  expect(await allowed()).toBe('yes');
  await use();
  // Nobody has refused anything: only WeChat knows.
  expect(await allowed()).toBe('unknown');
});

it('not wanting another one takes nothing away; refusing in the settings takes all', async () => {
  await answer(true);
  await answer(true);
  await answer(false);
  expect(await allowed()).toBe('yes');
  await change(false);
  expect(await allowed()).toBe('no');
  await change(true);
  expect(await allowed()).toBe('no');
  await answer(true);
  expect(await allowed()).toBe('yes');
});

it('what WeChat says is gone is gone, until the user accepts again', async () => {
  await drop();
  expect(await allowed()).toBe('no');
  await drop();
  await clock.advance(1000);
  await answer(true);
  expect(await allowed()).toBe('yes');
  await answer(true);
  await clock.advance(1000);
  await drop();
  expect(await allowed()).toBe('no');
});

it('a no to what was sent before does not touch what was accepted since', async () => {
  const sent = clock.now();
  await clock.advance(1000);
  await answer(true);
  await drop(sent);
  await change(false, sent);
  expect(await allowed()).toBe('yes');
});

it('templates do not mix', async () => {
  await answer(true, clock.now(), 'other');
  expect(await allowed()).toBe('unknown');
});

it('tells in the log of what did not arrive', async () => {
  const outcome = { templateId: 'T', msgId: '271781022721654784', errorStatus: 'failed' };
  await inTx((tx) => credits.sent(tx, 'wx1', 'oA', [{ ...outcome, errorCode: 0 }]));
  expect(rig.lines).toEqual([]);
  await inTx((tx) => credits.sent(tx, 'wx1', 'oA', [{ ...outcome, errorCode: 43101 }]));
  expect(rig.lines.join('')).toContain('271781022721654784');
});

it('shows both kinds to operators, and forgets who has left', async () => {
  await credits.addForm('oA', 'f1');
  await answer(true);
  await use();
  await clock.advance(8 * day);
  expect(await credits.list('wx1', 'oA')).toMatchObject([
    { kind: 'template', value: 'T', state: 'used', usedAt: start },
    { kind: 'form', value: 'f1', state: 'expired', expiresAt: start + 7 * day },
  ]);
  await inTx((tx) => credits.forget(tx, 'wx1', 'oA'));
  expect(await credits.list('wx1', 'oA')).toMatchObject([{ kind: 'form' }]);
});

it('forgets what ended a month ago, and nothing live', async () => {
  await credits.addForm('oA', 'f1');
  await answer(true);
  await use();
  await answer(true);
  await clock.advance(38 * day);
  expect(await credits.prune(10)).toBe(2);
  expect(await allowed()).toBe('yes');
});
