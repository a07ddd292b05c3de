import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type FaultOptions,
  type Sandbox,
  startSandbox,
} from '../scripts/wechat-sandbox/sandbox.ts';
import { eventually } from './support/eventually.ts';
import { SandboxCaller } from './support/wechat-sandbox-rig.ts';

let sandbox: Sandbox;
let caller: SandboxCaller;

beforeEach(async () => {
  sandbox = await startSandbox();
  caller = new SandboxCaller(sandbox);
  await caller.login();
  await sandbox.say('anna', { text: 'hi' });
});
afterEach(() => sandbox.close());

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const send = (text = 'x'): ReturnType<SandboxCaller['send']> => caller.send('anna', text);
const seen = (): (string | undefined)[] => sandbox.messages('anna').map((one) => one.text);

test('errors by number, as often as asked for, only where asked for', async () => {
  sandbox.fault({ kind: 'error', path: 'custom/send', errcode: 45011, times: 2 });
  expect(await caller.post('/cgi-bin/media/get', {})).toMatchObject({ errcode: 41006 });
  expect(await send()).toMatchObject({
    errcode: 45011,
    errmsg: expect.stringMatching(/^api minute/),
  });
  expect(sandbox.faults()).toMatchObject([{ kind: 'error', times: 1 }]);
  expect(await send()).toMatchObject({ errcode: 45011 });
  expect(sandbox.faults()).toEqual([]);
  expect(await send('through')).toMatchObject({ errcode: 0 });
  sandbox.fault({ kind: 'error', path: '/cgi-bin/stable_token', errcode: 40164 });
  expect(await caller.login()).toMatchObject({ errcode: 40164 });
  sandbox.fault({ kind: 'error', errcode: -1, errmsg: 'busy', times: 'always' });
  for (let n = 0; n < 3; n += 1) expect((await send()).errmsg).toMatch(/^busy/);
  sandbox.clearFaults();
  expect(await send('again')).toMatchObject({ errcode: 0 });
  expect(seen()).toEqual(['through', 'again']);
  expect(() => sandbox.fault({ kind: 'x' } as unknown as FaultOptions)).toThrow(/no such fault/);
});

test('only for one user', async () => {
  await sandbox.say('ben', { text: 'hi' });
  sandbox.fault({ kind: 'error', openid: 'ben', errcode: -1 });
  expect(await send()).toMatchObject({ errcode: 0 });
  expect(await caller.send('ben', 'x')).toMatchObject({ errcode: -1 });
});

test('a token dies under way', async () => {
  sandbox.fault({ kind: 'expireToken', path: 'custom/send' });
  expect(await send()).toMatchObject({ errcode: 42001 });
  expect(await send()).toMatchObject({ errcode: 42001 });
  const former = caller.token;
  await caller.login();
  expect(caller.token).not.toBe(former);
  expect(await send()).toMatchObject({ errcode: 0 });
});

test('answers that are no answers', async () => {
  sandbox.fault({ kind: 'http500' });
  sandbox.fault({ kind: 'garbage' });
  const url = `${sandbox.url}/cgi-bin/getcallbackip?access_token=${caller.token}`;
  expect((await fetch(url)).status).toBe(500);
  const garbage = await fetch(url);
  expect(garbage.status).toBe(200);
  await expect(garbage.json()).rejects.toThrow();
  for (const kind of ['close', 'cut'] as const) {
    sandbox.fault({ kind, path: 'custom/send' });
    await expect(send(kind), kind).rejects.toThrow();
  }
  sandbox.fault({ kind: 'close', path: 'custom/send', done: true });
  await expect(send('closed, yet done')).rejects.toThrow();
  // What was cut off had been done; what was closed had not.
  expect(seen()).toEqual(['cut', 'closed, yet done']);
});

test('slow and never', async () => {
  sandbox.fault({ kind: 'delay', ms: 120 });
  expect(await elapsed(() => send('late'))).toBeGreaterThanOrEqual(115);
  sandbox.fault({ kind: 'hang', ms: 120 });
  expect(await elapsed(() => expect(send('hung')).rejects.toThrow())).toBeGreaterThanOrEqual(115);
  sandbox.fault({ kind: 'hang', done: true });
  const url = `${sandbox.url}/cgi-bin/message/custom/send?access_token=${caller.token}`;
  const body = JSON.stringify({ touser: 'anna', msgtype: 'text', text: { content: 'no answer' } });
  const signal = AbortSignal.timeout(120);
  await expect(fetch(url, { method: 'POST', body, signal })).rejects.toThrow(/time/i);
  expect(seen()).toEqual(['late', 'no answer']);
  sandbox.fault({ kind: 'hang' });
  const hung = expect(send('never')).rejects.toThrow();
  await eventually('the call', () => sandbox.calls('custom').length === 4);
  await sandbox.close();
  await hung;
});

test('latency for every call', async () => {
  const slow = await startSandbox({ latencyMs: 80 });
  expect(await elapsed(() => new SandboxCaller(slow).login())).toBeGreaterThanOrEqual(78);
  await slow.close();
});

test('every call is written down, with what it was answered', async () => {
  sandbox.fault({ kind: 'close', path: 'custom/send' });
  await send('lost').catch(() => {});
  await send('kept');
  await caller.upload('image', Buffer.from('xyz!'), '图.png');
  expect(sandbox.calls('custom/send')).toMatchObject([
    { method: 'POST', body: { text: { content: 'lost' } }, fault: 'close' },
    { body: { touser: 'anna' }, query: { access_token: caller.token }, status: 200 },
  ]);
  expect(sandbox.calls('custom/send')[0]?.answer).toBeUndefined();
  expect(sandbox.calls('custom/send')[1]?.answer).toBe('{"errcode":0,"errmsg":"ok"}');
  expect(sandbox.calls('upload')).toMatchObject([
    { files: [{ field: 'media', name: '图.png', bytes: 4 }] },
  ]);
  expect(sandbox.calls().map((one) => one.path)[0]).toBe('/cgi-bin/stable_token');
});
