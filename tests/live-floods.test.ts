import { afterEach, expect, test } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import { AdminClient } from './support/admin-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { LiveClient } from './support/live-client.ts';

let running: TestDaemon;
let admin: AdminClient;

async function start(clock?: VirtualClock): Promise<void> {
  running = await startDaemon({}, clock === undefined ? {} : { clock });
  admin = new AdminClient(() => running.url);
  await admin.login();
}
afterEach(() => running.close());

async function subscribed(from: { epoch?: string; seq?: number } = {}): Promise<LiveClient> {
  const client = new LiveClient(running.url, { authorization: `Bearer ${admin.token}` });
  await client.frame('hello', ({ type }) => type === 'hello');
  client.say({ type: 'subscribe', topics: ['system'], ...from });
  await client.frame('subscribed', ({ type }) => type === 'subscribed');
  return client;
}

/** Much more than a machine keeps between two sockets. */
async function fill(): Promise<void> {
  const data = { text: 'x'.repeat(20_000) };
  for (let index = 0; index < 600; index += 1) {
    running.daemon.core.live.publish('system', `s${index}`, data);
    if (index % 20 === 0) await turn();
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function answers({ frames }: LiveClient): number {
  return frames.filter(({ type }) => type === 'unfollowed').length;
}

test('who says too much at once is read slowly, is answered, and holds up nobody', async () => {
  await start();
  const [noisy, quick] = [await subscribed(), await subscribed()];
  const began = performance.now();
  for (let index = 0; index < 20_000; index += 1) {
    noisy.say({ type: 'follow', chid: `none-${index}`, after: 0 });
  }
  const waits: number[] = [];
  for (let index = 0; index < 11; index += 1) {
    const said = performance.now();
    running.daemon.core.live.publish('system', `q${index}`);
    const { seen } = await quick.frame('a change', ({ id }) => id === `q${index}`);
    waits.push(seen - said);
  }
  waits.sort((one, other) => one - other);
  // The first bears the burst, which is said in this very process.
  expect(waits[5]).toBeLessThan(500);
  expect(waits.at(-1)).toBeLessThan(5000);
  await eventually('some seconds of it', () => performance.now() - began > 1500);
  // A burst, what came along with its end, and some a second.
  const seconds = (performance.now() - began) / 1000;
  expect(answers(noisy)).toBeLessThan(200 + 1500 + 50 * seconds);
  expect(answers(noisy)).toBeGreaterThan(150);
  expect(noisy.closed).toBeUndefined();
  noisy.socket.terminate();
  await quick.close();
});

test('who says much and reads nothing is not answered, but closed after 30 s, and may come back', async () => {
  const clock = new VirtualClock();
  await start(clock);
  const slow = await subscribed();
  const { epoch } = await slow.frame('hello', ({ type }) => type === 'hello');
  slow.socket.pause();
  await fill();
  for (let index = 0; index < 150; index += 1) {
    slow.say({ type: 'follow', chid: 'none', after: 0 });
    await turn();
    await turn();
  }
  // It hears of its end behind what it left unread.
  for (let seconds = 0; seconds < 32; seconds += 1) await clock.advance(1000);
  slow.socket.resume();
  await eventually('the end', () => slow.closed);
  expect(slow.closed?.code).toBe(4008);
  expect(answers(slow)).toBeLessThan(20);
  const seq = slow.changes().at(-1)?.seq ?? 0;
  const again = await subscribed({ ...(epoch !== undefined && { epoch }), seq });
  await eventually('the last', async () => {
    await clock.advance(100);
    return again.changes().at(-1)?.id === 's599';
  });
  expect(again.frames.find(({ type }) => type === 'subscribed')?.resumed).toBe(true);
  const ids = [...slow.changes(), ...again.changes()].map(({ id }) => id);
  expect(ids).toEqual(Array.from({ length: 600 }, (_none, at) => `s${at}`));
  await again.close();
});
