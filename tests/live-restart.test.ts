import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { LiveClient, type LiveFrame } from './support/live-client.ts';

let running: TestDaemon;
let admin: AdminClient;

beforeAll(async () => {
  running = await startDaemon();
  admin = new AdminClient(() => running.url);
  await admin.login();
  // The token outlives the daemon.
  const { body } = await admin.ok('POST', '/tokens', { name: 'watcher', role: 'viewer' });
  admin.token = body.token;
});
afterAll(() => running.close());

async function follow(after: number): Promise<LiveClient> {
  const client = new LiveClient(running.url, { authorization: `Bearer ${admin.token}` });
  await client.frame('hello', ({ type }) => type === 'hello');
  client.say({ type: 'follow', chid: 'demo', after });
  return client;
}

function ids(client: LiveClient): number[] {
  return client.frames.filter(({ type }) => type === 'event').map(({ event }) => event.eventId);
}

const isEvent =
  (type: string) =>
  (frame: LiveFrame): boolean =>
    frame.type === 'event' && JSON.stringify(frame.event).includes(type);

test('durable events are followed over a restart: each once, none missing', async () => {
  const first = await follow(0);
  await first.frame('the QR code', isEvent('qrCode'));
  await fetch(`${running.url}/simulator/bot01/scan`, { method: 'POST' });
  await fetch(`${running.url}/simulator/bot01/confirm`, { method: 'POST' });
  await first.frame('the login', isEvent('"login"'));
  const before = await first.frame('hello', ({ type }) => type === 'hello');
  const seen = ids(first);
  await running.restart();

  const second = await follow(seen.at(-1) ?? 0);
  const hello = await second.frame('hello', ({ type }) => type === 'hello');
  expect(hello.epoch).not.toBe(before.epoch);
  second.say({ type: 'subscribe', topics: ['bots'], epoch: before.epoch, seq: before.seq });
  await second.frame('a reset', ({ type }) => type === 'reset');
  await fetch(`${running.url}/simulator/bot01/kick`, { method: 'POST' });
  await second.frame('the logout', isEvent('"logout"'));
  const newest = await running.daemon.core.events.lastId('demo');
  // Codes that were superseded meanwhile are left out; all others are there, in order.
  const all = await running.daemon.core.events.read('demo', { after: 0, limit: 100 });
  const told = [...seen, ...ids(second)];
  expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
  for (const { eventId } of all) expect(told).toContain(eventId);
  expect(told.at(-1)).toBeLessThanOrEqual(newest);
  await second.close();
});

test('a channel that is not there is said to be so', async () => {
  const client = await follow(0);
  client.say({ type: 'follow', chid: 'nobody', after: 0 });
  const said = await client.frame('a refusal', ({ type }) => type === 'unfollowed');
  expect(said).toMatchObject({ chid: 'nobody', reason: 'there is no such channel' });
  await client.close();
});

test('what a send goes through is told with its number', async () => {
  const client = await follow(0);
  client.say({ type: 'subscribe', topics: ['sends', 'deliveries', 'messages'] });
  await client.frame('subscribed', ({ type }) => type === 'subscribed');
  running.daemon.core.live.mark('sends', 4711);
  await client.frame('the send', ({ topic, id }) => topic === 'sends' && id === '4711');
  await client.close();
});
