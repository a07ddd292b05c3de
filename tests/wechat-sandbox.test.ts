import { afterEach, beforeEach, expect, test } from 'vitest';
import { decrypt, encrypt, signature } from '../scripts/wechat-sandbox/crypto.ts';
import { defaultAccount, type Sandbox, startSandbox } from '../scripts/wechat-sandbox/sandbox.ts';
import { SandboxCaller } from './support/wechat-sandbox-rig.ts';
import crypto from './vectors/wechat-crypto.json' with { type: 'json' };
import signatures from './vectors/wechat-signature.json' with { type: 'json' };

const minute = 60_000;
const { appid, secret } = defaultAccount;
let sandbox: Sandbox;
let caller: SandboxCaller;

beforeEach(async () => {
  sandbox = await startSandbox({ loginsPerMinute: 5, now: () => 1_800_000_000_000 });
  caller = new SandboxCaller(sandbox);
});
afterEach(() => sandbox.close());

test('its own signature and cipher agree with the known vectors', () => {
  for (const one of signatures.vectors) {
    const parts =
      one.parts ??
      [one.token, one.timestamp, one.nonce, one.encrypt].filter((x) => x !== undefined);
    expect(signature(...parts) === one.signature, one.name).toBe(one.valid ?? true);
  }
  for (const one of crypto.vectors) {
    const { encodingAESKey: key, appid, encrypt: sealed } = one;
    const text = decrypt(key, appid, sealed);
    if (one.msg !== undefined) expect(text, one.name).toBe(one.msg);
    if (one.msg !== undefined && one.random !== undefined) {
      expect(encrypt(key, appid, one.msg, Buffer.from(one.random)), one.name).toBe(sealed);
    }
  }
  for (const one of crypto.must_reject) {
    const due = one.msg_signature;
    if (due !== undefined) {
      const parts = [one.token ?? '', one.timestamp ?? '', one.nonce ?? '', one.encrypt];
      expect(signature(...parts), one.name).not.toBe(due);
      continue;
    }
    const appid = one.appid ?? 'wxba5fad812f8e6fb9';
    expect(() => decrypt(one.encodingAESKey, appid, one.encrypt), one.name).toThrow();
  }
});

const login = (js_code: string, more = {}): ReturnType<SandboxCaller['get']> =>
  caller.get('/sns/jscode2session', {
    appid,
    secret,
    js_code,
    grant_type: 'authorization_code',
    ...more,
  });

test('a code gives the openid once, within five minutes, as text', async () => {
  sandbox.user({ openid: 'anna', unionid: 'union-anna' });
  const code = sandbox.code('anna');
  const answer = await login(code);
  expect(answer.contentType).toBe('text/plain');
  expect(answer).toMatchObject({ openid: 'anna', unionid: 'union-anna' });
  expect(Buffer.from(String(answer['session_key']), 'base64')).toHaveLength(16);
  expect(answer.errcode).toBeUndefined();
  expect(await login(code)).toMatchObject({ errcode: 40163, contentType: 'text/plain' });
  expect(await login('nonsense')).toMatchObject({ errcode: 40029 });
  const old = sandbox.code('anna');
  sandbox.advance(5 * minute);
  expect(await login(old)).toMatchObject({ errcode: 40029 });
  expect(await login(sandbox.code('ben'))).toMatchObject({ openid: 'ben' });
});

test('what else jscode2session refuses', async () => {
  sandbox.user({ openid: 'mallory', risky: true });
  expect(await login(sandbox.code('mallory'))).toMatchObject({ errcode: 40226 });
  expect(await login('x', { appid: '' })).toMatchObject({ errcode: 41002 });
  expect(await login('x', { appid: 'wxunknown' })).toMatchObject({ errcode: 40013 });
  expect(await login('x', { secret: '' })).toMatchObject({ errcode: 41004 });
  expect(await login('x', { secret: 'wrong' })).toMatchObject({ errcode: 40125 });
  expect(await login('x', { grant_type: 'code' })).toMatchObject({ errcode: 40002 });
  expect(await login('')).toMatchObject({ errcode: 41008 });
  for (let n = 0; n < 5; n += 1) {
    expect(await login(sandbox.code('anna'))).toMatchObject({ openid: 'anna' });
  }
  expect(await login(sandbox.code('anna'))).toMatchObject({ errcode: 45011 });
  sandbox.advance(minute);
  expect(await login(sandbox.code('anna'))).toMatchObject({ openid: 'anna' });
});

const plain = (): ReturnType<SandboxCaller['get']> =>
  caller.get('/cgi-bin/token', { appid, secret, grant_type: 'client_credential' });
const good = async (access_token: unknown): Promise<number | undefined> =>
  (await caller.get('/cgi-bin/getcallbackip', { access_token: String(access_token) })).errcode;

test('each plain token ends the one before after five minutes', async () => {
  const first = await plain();
  expect(first).toMatchObject({ expires_in: 7200 });
  expect(first.errcode).toBeUndefined();
  const second = await plain();
  expect(second['access_token']).not.toBe(first['access_token']);
  expect(await good(first['access_token'])).toBeUndefined();
  sandbox.advance(5 * minute);
  expect(await good(first['access_token'])).toBe(40001);
  expect(await good(second['access_token'])).toBeUndefined();
  sandbox.advance(115 * minute);
  expect(await good(second['access_token'])).toBe(42001);
});

test('the stable token stays the same until five minutes before its end', async () => {
  const first = await caller.login();
  expect(first).toMatchObject({ expires_in: 7200 });
  await plain();
  sandbox.advance(100 * minute);
  expect(await caller.login()).toMatchObject({
    access_token: first['access_token'],
    expires_in: 1200,
  });
  sandbox.advance(15 * minute + 1);
  const next = await caller.login();
  expect(next).toMatchObject({ expires_in: 7200 });
  expect(next['access_token']).not.toBe(first['access_token']);
  expect(await good(first['access_token'])).toBeUndefined();
  sandbox.advance(5 * minute);
  expect(await good(first['access_token'])).toBe(42001);
});

test('a forced token kills the former at once, twenty times a day, half a minute apart', async () => {
  const first = await caller.login();
  const forced = await caller.login(true);
  expect(await good(first['access_token'])).toBe(40001);
  const again = await caller.login(true);
  expect(again['access_token']).toBe(forced['access_token']);
  const midnight = 86_400_000 - (sandbox.now() % 86_400_000);
  sandbox.advance(midnight);
  for (let n = 0; n < 20; n += 1) {
    expect((await caller.login(true)).errcode).toBeUndefined();
    sandbox.advance(30_000);
  }
  expect(await caller.login(true)).toMatchObject({ errcode: 45009 });
});

test('what the token calls refuse', async () => {
  const stable = (body: unknown): ReturnType<SandboxCaller['post']> =>
    caller.post('/cgi-bin/stable_token', body);
  const grant_type = 'client_credential';
  expect(await stable({ grant_type, appid, secret: 'no' })).toMatchObject({ errcode: 40125 });
  expect(await stable({ grant_type, appid: 'no', secret })).toMatchObject({ errcode: 40013 });
  expect(await stable({ grant_type: 'x', appid, secret })).toMatchObject({ errcode: 40002 });
  expect(await stable('')).toMatchObject({ errcode: 44002 });
  expect(await stable('{')).toMatchObject({ errcode: 47001 });
  expect(await caller.get('/cgi-bin/stable_token')).toMatchObject({ errcode: 43002 });
  expect(await caller.get('/cgi-bin/token', { appid, secret })).toMatchObject({ errcode: 40002 });
});

test('every call wants a token that is good', async () => {
  const get = '/cgi-bin/getcallbackip';
  expect(await caller.get(get)).toMatchObject({ errcode: 41001 });
  expect(await caller.get(get, { access_token: '中' })).toMatchObject({ errcode: 40014 });
  const unknown = await caller.get(get, { access_token: 'a'.repeat(100) });
  expect(unknown.errcode).toBe(40001);
  expect(unknown.errmsg).toMatch(/^invalid credential.* rid: [\da-f-]{26}$/);
  expect(unknown.contentType).toBe('application/json; encoding=utf-8');
  await caller.login();
  expect(await caller.get(get, { access_token: caller.token })).toMatchObject({
    ip_list: ['127.0.0.1', '::1'],
  });
  expect(await caller.post('/cgi-bin/nowhere', {})).toMatchObject({ errcode: 40066 });
  expect(await caller.post('/cgi-bin/message/wxopen/template/send', {})).toMatchObject({
    errcode: 45109,
  });
});

test('tokens are as long as asked for', async () => {
  const other = await startSandbox({ tokenLength: 512 });
  const at = new SandboxCaller(other);
  await at.login();
  expect(at.token).toHaveLength(512);
  await other.close();
});
