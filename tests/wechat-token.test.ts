import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import type { ApiAnswer } from '../bot/wechat/answer.ts';
import { errcode, WechatListener } from './support/wechat-listener.ts';
import { WechatRig } from './support/wechat-rig.ts';

let listener: WechatListener;
let rig: WechatRig;
let clock: VirtualClock;
beforeEach(async () => {
  clock = new VirtualClock(1_790_000_000_000);
  listener = await WechatListener.open();
  rig = await WechatRig.open({ apiBase: listener.url, clock });
});
afterEach(async () => {
  await rig.close();
  await listener.close();
});

const call = (): Promise<ApiAnswer> =>
  rig.wechat.api.call(rig.account, { method: 'POST', path: '/x', body: {} });
/** The tokens that calls came with, in order. */
const used = (): (string | null)[] =>
  listener.calls('/x').map(({ query }) => query.get('access_token'));
const token = (text: string, expires_in = 7200) => ({
  body: JSON.stringify({ access_token: text, expires_in }),
});
/** Answers calls with any other token than these by 40001. */
function takes(...good: string[]): void {
  listener.answer = ({ query }) =>
    good.includes(query.get('access_token') ?? '') ? {} : errcode(40001, 'invalid credential');
}
/** Whether each request for a token was forced. */
const forced = (): boolean[] =>
  listener.asked
    .filter(({ path }) => path === '/cgi-bin/stable_token')
    .map(({ text }) => (JSON.parse(text) as { force_refresh: boolean }).force_refresh);

it('a hundred calls at once fetch one token', async () => {
  listener.tokenAnswer = () => ({ ...token('T1'), afterMs: 30 });
  const answers = await Promise.all(Array.from({ length: 100 }, call));
  expect(answers.filter(({ kind }) => kind === 'ok')).toHaveLength(100);
  expect(listener.tokens).toBe(1);
  expect(new Set(used())).toEqual(new Set(['T1']));
});

it('a hundred at once, whose token WeChat will not have, fetch one more', async () => {
  listener.tokenAnswer = () => token(`T${listener.tokens}`);
  takes('T1');
  await call();
  takes('T2');
  const answers = await Promise.all(Array.from({ length: 100 }, call));
  expect(answers.filter(({ kind }) => kind === 'ok')).toHaveLength(100);
  expect(listener.tokens).toBe(2);
  expect(forced()).toEqual([false, false]);
});

it('none is fetched again within its time, and one is before its end', async () => {
  listener.tokenAnswer = () => token(`T${listener.tokens}`);
  await call();
  await clock.advance(6_899_000);
  await call();
  expect(listener.tokens).toBe(1);
  await clock.advance(2000);
  await call();
  expect(used()).toEqual(['T1', 'T1', 'T2']);
});

it('a token with a short rest is used for half of it', async () => {
  listener.tokenAnswer = () => token(`T${listener.tokens}`, 120);
  await call();
  await clock.advance(59_000);
  await call();
  await clock.advance(2000);
  await call();
  expect(used()).toEqual(['T1', 'T1', 'T2']);
});

it('one that ends in the middle is replaced, and the call repeated once', async () => {
  listener.tokenAnswer = () => token(`T${listener.tokens}`);
  await call();
  for (const code of [42001, 40014, 40001]) {
    let refused = false;
    listener.answer = () => {
      if (refused) return {};
      refused = true;
      return errcode(code);
    };
    expect((await call()).kind).toBe('ok');
  }
  expect(used()).toEqual(['T1', 'T1', 'T2', 'T2', 'T3', 'T3', 'T4']);
});

it('never loops: a second refusal is the answer', async () => {
  listener.tokenAnswer = () => token(`T${listener.tokens}`);
  takes();
  expect(await call()).toMatchObject({ kind: 'refused', errcode: 40001 });
  expect(listener.tokens).toBe(2);
  expect(used()).toEqual(['T1', 'T2']);
});

it('only where the same token comes back, another one is forced', async () => {
  let now = 'T1';
  listener.tokenAnswer = ({ text }) => {
    if (text.includes('"force_refresh":true')) now = 'T2';
    return token(now);
  };
  takes('T1');
  await call();
  takes('T2');
  expect((await call()).kind).toBe('ok');
  expect(forced()).toEqual([false, false, true]);
  expect(used()).toEqual(['T1', 'T1', 'T2']);
});

it('forces no more than WeChat allows: 30 s apart, 20 a day, over restarts too', async () => {
  let made = 1;
  listener.tokenAnswer = ({ text }) => {
    if (text.includes('"force_refresh":true')) made += 1;
    return token(`T${made}`);
  };
  takes();
  const count = (): number => forced().filter(Boolean).length;
  await call();
  expect(count()).toBe(1);
  expect(await call()).toMatchObject({ errcode: 40001 });
  expect(count()).toBe(1);
  for (let times = 0; times < 30; times += 1) {
    await clock.advance(61_000);
    if (times === 5) rig.create();
    await call();
  }
  expect(count()).toBe(20);
  await clock.advance(86_400_000);
  await call();
  expect(count()).toBe(21);
});

it('what cannot be fetched is not asked for by every call', async () => {
  listener.tokenAnswer = () => errcode(40125, 'invalid appsecret');
  const answers = await Promise.all(Array.from({ length: 50 }, call));
  expect(answers.every((one) => one.kind === 'refused' && one.errcode === 40125)).toBe(true);
  await call();
  expect(listener.tokens).toBe(1);
  expect(listener.calls('/x')).toEqual([]);
  listener.tokenAnswer = undefined;
  await clock.advance(31_000);
  expect((await call()).kind).toBe('ok');
});

it('without a token nothing was sent', async () => {
  listener.tokenAnswer = () => ({ body: 'garbage' });
  expect(await call()).toMatchObject({ kind: 'unsent' });
  rig.create({ secret: undefined });
  expect(await call()).toMatchObject({ kind: 'refused', errmsg: 'no secret' });
  expect(listener.calls('/x')).toEqual([]);
});

it('is kept over a restart, sealed', async () => {
  listener.token = 'TOKEN-THAT-NOBODY-READS';
  await call();
  rig.create();
  await call();
  expect(listener.tokens).toBe(1);
  const files = ['', '-wal'].map((end) => readFileSync(`${rig.file}${end}`).toString('latin1'));
  expect(files.join('')).not.toContain(listener.token);
  expect(rig.lines.join('')).not.toContain(listener.token);
  expect(rig.lines.join('')).not.toContain('SECRET');
});

it('one of another secret is of no use', async () => {
  await call();
  rig.create({ secret: 'OTHER' });
  await call();
  expect(listener.tokens).toBe(2);
});

it('comes from a server of the operator’s, which nothing is forced at', async () => {
  rig.create({ tokenUrl: `${listener.url}/mine/token`, secret: undefined });
  listener.tokenAnswer = () => token('MINE');
  takes('MINE');
  await Promise.all([call(), call()]);
  takes();
  expect(await call()).toMatchObject({ errcode: 40001 });
  const asked = listener.asked.filter(({ path }) => path.endsWith('token'));
  expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /mine/token',
    'GET /mine/token',
  ]);
});

it('holds a token of 512 characters', async () => {
  listener.token = 't'.repeat(512);
  await call();
  rig.create();
  await call();
  expect(used()).toEqual([listener.token, listener.token]);
});
