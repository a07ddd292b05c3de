import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../scripts/wechat-sandbox/sandbox.ts';
import { eventually } from './support/eventually.ts';
import { type Receiver, SandboxCaller, startReceiver } from './support/wechat-sandbox-rig.ts';

let sandbox: Sandbox;
let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver();
  sandbox = await startSandbox({ push: receiver.url });
});
afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

// biome-ignore lint/suspicious/noExplicitAny: answers of the routes are looked at field by field.
type Json = any;

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; json: Json }> {
  const response = await fetch(`${sandbox.url}/sandbox${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: await response.json() };
}

test('a whole conversation over HTTP', async () => {
  const made = await call('POST', '/users', { openid: 'anna', nickname: '安娜' });
  expect(made).toMatchObject({
    status: 200,
    json: { openid: 'anna', nickname: '安娜', windows: [] },
  });
  const said = await call('POST', '/users/anna/say', { text: '你好' });
  expect(said.json).toMatchObject({ ok: true, tries: [{ status: 200 }] });
  const caller = new SandboxCaller(sandbox);
  await caller.login();
  await caller.send('anna', '您好');
  const { json } = await call('GET', '/users/anna/messages');
  expect(json.messages).toMatchObject([{ via: 'custom', text: '您好' }]);
  const all = (await call('GET', '/users/anna/messages?own=1')).json.messages;
  expect(all).toMatchObject([{ via: 'own', text: '你好', push: said.json.id }, { via: 'custom' }]);
  const event = await call('POST', '/users/anna/event', { event: 'user_enter_tempsession' });
  expect(event.json.ok).toBe(true);
  expect((await call('POST', '/users/anna/accept', { templateId: 'T', times: 2 })).json.ok).toBe(
    true,
  );
  expect((await call('POST', '/users/anna/block')).json.blocked).toBe(true);
  expect((await call('GET', '/users/anna')).json).toMatchObject({
    credits: { T: 2 },
    blocked: true,
  });
  const { code } = (await call('POST', '/codes', { openid: 'anna' })).json;
  expect(code).toHaveLength(32);
  expect((await call('GET', '/state')).json).toMatchObject({
    accounts: [{ kind: 'miniprogram', mode: 'plain', format: 'xml', push: receiver.url }],
    users: [{ openid: 'anna' }],
  });
  expect((await call('GET', '/pushes?openid=anna')).json.pushes).toHaveLength(3);
  expect((await call('GET', '/calls?path=custom')).json.calls).toHaveLength(1);
});

test('faults, the clock, templates and the address over HTTP', async () => {
  const fault = { kind: 'error', path: 'stable', errcode: 40164 };
  expect((await call('POST', '/faults', fault)).json.faults).toMatchObject([fault]);
  expect((await call('GET', '/faults')).json.faults).toHaveLength(1);
  expect(await call('DELETE', '/faults')).toMatchObject({ status: 200 });
  expect((await call('GET', '/faults')).json.faults).toEqual([]);
  const before = Date.now();
  const { now } = (await call('POST', '/clock', { advanceMs: 3_600_000 })).json;
  expect(now).toBeGreaterThanOrEqual(before + 3_600_000);
  expect((await call('POST', '/templates', { id: 'T', fields: ['thing1'] })).status).toBe(200);
  expect((await call('GET', '/state')).json.accounts[0].templates).toMatchObject([{ id: 'T' }]);
  receiver.reply = ({ query }) => query['echostr'] ?? 'success';
  expect((await call('POST', '/verify')).json.ok).toBe(true);
  await call('POST', '/push', { url: `${receiver.url}/{appid}` });
  expect((await call('GET', '/state')).json.accounts[0].push).toMatch(
    /\/push\/wx5a4db0c000000001$/,
  );
});

test('the answer to a push need not be waited for', async () => {
  receiver.reply = () => undefined;
  expect((await call('POST', '/users/anna/say', { text: 'hi', wait: false })).json).toEqual({});
  await eventually('the push', () => receiver.pushed.length === 1);
});

test('what is not understood is refused, saying why', async () => {
  const cases: [string, string, unknown, number, RegExp][] = [
    ['POST', '/users/anna/say', {}, 400, /exactly one/],
    ['POST', '/users/anna/say', { txt: 'hi' }, 400, /txt/],
    ['POST', '/users/anna/say', { image: 7 }, 400, /image: base64/],
    ['POST', '/users/anna/say', { text: 'hi', appid: 'wxno' }, 400, /no such account/],
    ['POST', '/users/anna/event', { EventKey: 'x' }, 400, /event/],
    ['POST', '/users/anna/event', { event: 'CLICK', EventKey: null }, 400, /EventKey/],
    ['POST', '/users', { openid: 'a b' }, 400, /openid/],
    ['POST', '/faults', { kind: 'rain' }, 400, /kind/],
    ['POST', '/clock', { advanceMs: -1 }, 400, /advanceMs/],
    ['POST', '/push', { url: 'ftp://x' }, 400, /url/],
    ['POST', '/nowhere', {}, 404, /there is no/],
    ['GET', '/users/nobody', undefined, 400, /no such user/],
  ];
  for (const [method, path, body, status, error] of cases) {
    const answer = await call(method, path, body);
    expect(answer.status, path).toBe(status);
    expect(answer.json.error, path).toMatch(error);
  }
  expect((await call('GET', '/users/nobody/messages')).json).toEqual({ messages: [] });
  expect((await call('GET', '/users')).json.users.map((one: Json) => one.openid)).toEqual(['anna']);
});

test('pages of other sites get nothing', async () => {
  const evil = { origin: 'https://evil.example' };
  expect(await call('POST', '/users/anna/say', { text: 'hi' }, evil)).toMatchObject({
    status: 403,
  });
  expect(await call('GET', '/state', undefined, evil)).toMatchObject({ status: 403 });
  const own = { origin: sandbox.url };
  expect(await call('POST', '/users/anna/say', { text: 'hi' }, own)).toMatchObject({ status: 200 });
  // A name that was made to point here.
  const rebound = request({
    port: sandbox.port,
    path: '/sandbox/state',
    headers: { host: 'evil.example' },
  });
  rebound.end();
  const [response] = await once(rebound, 'response');
  expect(response.statusCode).toBe(403);
  response.resume();
});

test('two accounts have users of their own', async () => {
  const two = await startSandbox({
    accounts: [
      { appid: 'wxa', secret: 's', token: 't' },
      { appid: 'wxb', secret: 's', token: 't', kind: 'official' },
    ],
  });
  two.user({ openid: 'anna', appid: 'wxb' });
  expect(two.block('anna').appid).toBe('wxb');
  expect(two.user({ openid: 'anna', appid: 'wxa' }).blocked).toBe(false);
  two.setPush('http://127.0.0.1:1/', { appid: 'wxb' });
  expect(two.state().accounts.map((one) => one.push)).toEqual([undefined, 'http://127.0.0.1:1/']);
  const outcome = await two.say('anna', { text: 'hi' }, { appid: 'wxa' });
  expect(outcome.problem).toMatch(/no push address/);
  await two.close();
  await expect(
    startSandbox({ accounts: [{ appid: 'x', secret: 's', mode: 'secure' }] }),
  ).rejects.toThrow(/EncodingAESKey/);
});

test('on the command line: a ready line, what to do next, an end', async () => {
  const args = ['scripts/wechat-sandbox/main.ts', '--port', '0', '--language', 'en'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  const url = await eventually('the ready line', () => /ready (http:\S+)/.exec(out)?.[1]);
  await eventually('the how-to', () => out.includes('curl -s'));
  expect(out).toContain(`"apiBase": "${url}"`);
  expect(out).toMatch(/8080\/im_component\/wx_official_account\/push\/wx5a4db0c000000002/);
  const state = await (await fetch(`${url}/sandbox/state`)).json();
  expect(state).toMatchObject({ accounts: [{ mode: 'plain' }, { mode: 'secure' }] });
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  const wrong = spawn(process.execPath, [...args, '--account', 'x'], { stdio: 'ignore' });
  expect(await once(wrong, 'exit')).toEqual([2, null]);
});
