import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RealClock } from '../bot/clock.ts';
import type { Call } from '../bot/wechat/api.ts';
import { eventually } from './support/eventually.ts';
import { WechatListener } from './support/wechat-listener.ts';
import { WechatRig } from './support/wechat-rig.ts';

let listener: WechatListener;
let rig: WechatRig;
beforeEach(async () => {
  listener = await WechatListener.open();
  rig = await WechatRig.open({ apiBase: listener.url, clock: new RealClock() });
});
afterEach(async () => {
  await rig.close();
  await listener.close();
});

const call = (more: Partial<Call> = {}) =>
  rig.wechat.api.call(rig.account, { method: 'POST', path: '/x', body: {}, ...more });

it('a slow answer counts, until its time is over', async () => {
  listener.answer = () => ({ afterMs: 100 });
  expect((await call()).kind).toBe('ok');
  listener.answer = () => ({ hang: true });
  expect(await call({ timeoutMs: 80 })).toEqual({
    kind: 'unknown',
    error: 'no whole answer within 80 ms',
  });
});

it('what left and came to no answer is unknown', async () => {
  await call();
  listener.answer = () => ({ close: true });
  expect((await call()).kind).toBe('unknown');
  listener.answer = () => ({ cut: true });
  expect((await call()).kind).toBe('unknown');
  listener.answer = () => ({ body: '<html>502 Bad Gateway</html>', type: 'text/html' });
  expect((await call()).kind).toBe('unknown');
  listener.answer = () => ({ status: 500, body: 'x' });
  expect(await call()).toEqual({ kind: 'unknown', error: 'HTTP 500' });
  listener.answer = () => ({ body: '{"errcode":"many"}' });
  expect((await call()).kind).toBe('unknown');
  listener.answer = () => ({ body: '{"errcode":0' });
  expect((await call()).kind).toBe('unknown');
  listener.answer = () => ({ body: '[]' });
  expect((await call()).kind).toBe('unknown');
});

it('JSON is read under any name', async () => {
  for (const type of ['text/plain', 'application/json; encoding=utf-8', 'text/html', '']) {
    listener.answer = () => ({ type, body: '\ufeff {"errcode":45015,"errmsg":"over"}\n' });
    expect(await call()).toMatchObject({ kind: 'refused', errcode: 45015, errmsg: 'over' });
  }
});

it('what never left is told apart', async () => {
  rig.create({ apiBase: 'http://127.0.0.1:1' });
  expect(await call({ token: false })).toEqual({ kind: 'unsent', error: 'ECONNREFUSED' });
  rig.create({ apiBase: 'http://no-such-host.invalid' });
  expect((await call({ token: false })).kind).toBe('unsent');
});

it('a handshake that fails has sent nothing', async () => {
  const server: Server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  rig.create({ apiBase: `https://127.0.0.1:${port}` });
  expect((await call({ token: false })).kind).toBe('unsent');
  server.close();
});

it('follows no redirect', async () => {
  const other = await WechatListener.open();
  listener.answer = () => ({ status: 307, headers: { location: `${other.url}/x` } });
  expect(await call()).toEqual({ kind: 'unsent', error: 'HTTP 307' });
  expect(other.asked).toEqual([]);
  await other.close();
});

it('an answer has a bound', async () => {
  listener.answer = () => ({ body: `{"errcode":0,"x":"${'x'.repeat(1_100_000)}"}` });
  expect(await call()).toMatchObject({ kind: 'unknown', error: expect.stringMatching(/longer/) });
});

it('a base address may have a path and a slash at its end', async () => {
  rig.create({ apiBase: `${listener.url}/proxy/` });
  await call();
  expect(listener.asked.map(({ path }) => path)).toEqual([
    '/proxy/cgi-bin/stable_token',
    '/proxy/x',
  ]);
});

it('is broken off when the process ends', async () => {
  listener.answer = () => ({ hang: true });
  const ending = new AbortController();
  const answer = call({ signal: ending.signal });
  await eventually('the call', () => listener.calls().length === 1);
  ending.abort();
  expect(await answer).toEqual({ kind: 'unknown', error: 'broken off' });
  expect(await call({ signal: ending.signal })).toEqual({ kind: 'unsent', error: 'broken off' });
});

it('tells nobody what it was asked with', async () => {
  listener.answer = () => ({ close: true });
  await rig.wechat.sessions.code2session(rig.account, 'THE-CODE');
  await call();
  const log = rig.lines.join('');
  expect(log).toContain('/sns/jscode2session');
  for (const secret of ['SECRET', 'ACCESS_TOKEN', 'THE-CODE']) expect(log).not.toContain(secret);
});

it('counts calls by path and code', async () => {
  await call();
  listener.answer = () => ({ body: '{"errcode":45015}' });
  await call();
  await call();
  expect(rig.wechat.meter.read('calls')).toEqual([
    { labels: { path: '/x', errcode: 'ok' }, count: 1 },
    { labels: { path: '/x', errcode: '45015' }, count: 2 },
  ]);
  expect(rig.wechat.meter.read('refreshes')).toEqual([
    { labels: { account: 'wx1', result: 'ok' }, count: 1 },
  ]);
});

it('a login keeps its session_key, sealed, and gives it to nobody', async () => {
  listener.answer = () => ({ body: '{"openid":"oA","session_key":"KEY-OF-ANNA"}' });
  expect(await rig.wechat.sessions.code2session(rig.account, 'c')).toEqual({
    ok: true,
    openid: 'oA',
  });
  const [row] = await rig.db.read<{ session_key: Uint8Array; union_id: unknown }>(
    'SELECT * FROM wechat_sessions',
  );
  expect(Buffer.from(row?.session_key ?? []).toString('latin1')).not.toContain('KEY-OF-ANNA');
  expect(row?.union_id).toBeNull();
  expect(rig.lines.join('')).not.toContain('KEY-OF-ANNA');
  listener.answer = () => ({ body: '{"openid":""}' });
  expect(await rig.wechat.sessions.code2session(rig.account, 'c')).toMatchObject({ ok: false });
  rig.create({ secret: undefined });
  expect(await rig.wechat.sessions.code2session(rig.account, 'c')).toMatchObject({ ok: false });
});
