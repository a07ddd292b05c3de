import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { LiveClient } from './support/live-client.ts';

let running: TestDaemon;
let admin: AdminClient;

beforeAll(async () => {
  running = await startDaemon();
  admin = new AdminClient(() => running.url);
  await admin.login();
});
afterAll(() => running.close());

function connect(headers: Record<string, string> = { authorization: `Bearer ${admin.token}` }) {
  return new LiveClient(running.url, headers);
}

async function subscribed(topics: string[], from: { epoch?: string; seq?: number } = {}) {
  const client = connect();
  await client.frame('hello', ({ type }) => type === 'hello');
  client.say({ type: 'subscribe', topics, ...from });
  await client.frame('subscribed', ({ type }) => type === 'subscribed');
  return client;
}

function live() {
  return running.daemon.core.live;
}

test('strangers are refused, and so is a cookie from the page of another site', async () => {
  for (const [headers, status] of [
    [{}, 401],
    [{ authorization: 'Bearer nobody' }, 401],
  ] as const) {
    const client = connect(headers);
    await eventually('a refusal', () => client.refused !== undefined);
    expect(client.refused).toBe(status);
  }
  const opened = await fetch(`${running.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: 'test-password', cookie: true }),
  });
  const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const foreign = connect({ cookie, origin: 'https://evil.example' });
  await eventually('a refusal', () => foreign.refused !== undefined);
  expect(foreign.refused).toBe(403);
  const nameless = connect({ cookie });
  await eventually('a refusal', () => nameless.refused !== undefined);
  expect(nameless.refused).toBe(403);
  const own = connect({ cookie, origin: running.url });
  await own.frame('hello', ({ type }) => type === 'hello');
  await own.close();
});

test('a bot that changes its state is seen in a moment', async () => {
  const client = await subscribed(['bots', 'qr']);
  const began = performance.now();
  await fetch(`${running.url}/simulator/bot01/scan`, { method: 'POST' });
  const scanned = await client.frame('confirm', ({ data }) => data?.['state'] === 'confirm');
  const first = scanned.seen - began;
  const again = performance.now();
  await fetch(`${running.url}/simulator/bot01/confirm`, { method: 'POST' });
  const ready = await client.frame('ready', ({ data }) => data?.['state'] === 'ready');
  console.info(
    `scan seen after ${first.toFixed(0)} ms, ready after ${(ready.seen - again).toFixed(0)} ms`,
  );
  // Some 30 ms on an idle machine; whoever would look every few seconds is told apart from it.
  expect(first).toBeLessThan(1500);
  expect(client.changes('qr').length).toBeGreaterThan(0);
  await client.close();
});

test('a bot that comes, changes its name or goes is told of, though it does nothing', async () => {
  const client = await subscribed(['bots']);
  const told = async (what: string, from: number): Promise<number> => {
    await client.frame(what, ({ type, id }) => type === 'change' && id === 'idle', from);
    return client.frames.length;
  };
  let from = client.frames.length;
  await admin.ok('POST', '/bots', { botcode: 'idle', driver: 'simulator', autoStart: false });
  from = await told('it came', from);
  await admin.ok('PATCH', '/bots/idle', { name: '闲着' });
  from = await told('its name', from);
  await admin.ok('DELETE', '/bots/idle');
  await told('it is gone', from);
  await client.close();
});

test('a client that asks whether anybody is there is answered', async () => {
  const client = await subscribed([]);
  client.say({ type: 'ping' });
  await client.frame('an answer', ({ type }) => type === 'pong');
  await client.close();
});

test('whoever comes back misses nothing and gets nothing twice', async () => {
  const first = await subscribed(['system']);
  const { epoch } = await first.frame('hello', ({ type }) => type === 'hello');
  for (let index = 0; index < 40; index += 1) live().publish('system', `a${index}`);
  await first.frame('the last', ({ id }) => id === 'a39');
  const { seq = 0 } = first.changes().at(-1) ?? {};
  await first.close();
  for (let index = 0; index < 60; index += 1) live().publish('system', `b${index}`);
  const second = await subscribed(['system'], { epoch, seq });
  live().publish('system', 'c');
  await second.frame('what came after', ({ id }) => id === 'c');
  const ids = [...first.changes(), ...second.changes()].map(({ id }) => id);
  expect(ids.filter((id) => /^[abc]/.test(id))).toEqual([
    ...Array.from({ length: 40 }, (_none, at) => `a${at}`),
    ...Array.from({ length: 60 }, (_none, at) => `b${at}`),
    'c',
  ]);
  expect(second.frames.some(({ type }) => type === 'reset')).toBe(false);
  await second.close();
});

test('whoever cannot go on is told to look anew', async () => {
  const stale = await subscribed(['system'], { epoch: 'of another run', seq: 3 });
  expect(stale.frames.map(({ type }) => type)).toContain('reset');
  expect(stale.frames.find(({ type }) => type === 'subscribed')?.resumed).toBe(false);
  await stale.close();
  const ahead = await subscribed(['system'], { epoch: live().epoch, seq: live().seq + 10 });
  expect(ahead.frames.map(({ type }) => type)).toContain('reset');
  await ahead.close();
});

test('only what was asked for is told; nonsense ends the socket', async () => {
  const client = await subscribed(['alarms']);
  live().publish('system', 'no');
  live().publish('alarms', 'yes');
  await client.frame('an alarm', ({ id }) => id === 'yes');
  expect(client.changes().map(({ id }) => id)).toEqual(['yes']);
  client.say({ type: 'subscribe', topics: ['secrets'] });
  await eventually('the end', () => client.closed);
  expect(client.closed?.code).toBe(1008);
});

test('who reads slowly holds up nobody, costs little, and gets everything in the end', async () => {
  const slow = await subscribed(['system']);
  const quick = await subscribed(['system']);
  slow.socket.pause();
  const data = { text: 'x'.repeat(20_000) };
  for (let index = 0; index < 600; index += 1) {
    live().publish('system', `s${index}`, data);
    if (index % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await quick.frame('the last', ({ id }) => id === 's599');
  expect(slow.changes().length).toBeLessThan(600);
  slow.socket.resume();
  await slow.frame('the last', ({ id }) => id === 's599');
  const all = Array.from({ length: 600 }, (_none, at) => `s${at}`);
  expect(slow.changes().map(({ id }) => id)).toEqual(all);
  expect(quick.changes().map(({ id }) => id)).toEqual(all);
  await quick.close();
  await slow.close();
});

test('who slept through more than is kept is told to look anew, and is not sent the rest', async () => {
  const slow = await subscribed(['system']);
  slow.socket.pause();
  const data = { text: 'x'.repeat(2000) };
  for (let index = 0; index < 25_000; index += 1) {
    live().publish('system', `z${index}`, data);
    if (index % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  slow.socket.resume();
  await slow.frame('a reset', ({ type }) => type === 'reset');
  live().publish('system', 'after');
  await slow.frame('what came after', ({ id }) => id === 'after');
  expect(slow.changes().length).toBeLessThan(25_000);
  await slow.close();
});
