import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { ImbotClient } from './support/imbot-client.ts';

let running: TestDaemon;
let client: ImbotClient;

beforeAll(async () => {
  running = await startDaemon();
  client = new ImbotClient(() => running.url);
});
afterAll(() => running.close());

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

it('1,000 who fetch at once while messages arrive: each message once, in order', async () => {
  const taken: number[][] = [];
  const take = async (): Promise<void> => {
    const msgs = await client.take('a', 'b');
    if (msgs.length > 0) taken.push(msgs.map((msg) => (msg as { at: number }).at));
  };
  let said = 0;
  /** One after another, as one sender does, so that there is an order. */
  const say = async (): Promise<void> => {
    for (let at = 0; at < 100; at += 1) {
      await client.say('a', 'b', { at, timestamp: at });
      said += 1;
    }
  };
  const saying = say();
  let takes = 0;
  while (takes < 1000 || said < 100) {
    await Promise.all(numbers(20).map(take));
    takes += 20;
  }
  await saying;
  await take();
  expect(said).toBe(100);
  // Each answer is in order, and together they are all there is.
  for (const one of taken) expect(one).toEqual([...one].sort((a, b) => a - b));
  expect(taken.flat().sort((a, b) => a - b)).toEqual(numbers(100));
  expect(taken.length).toBeGreaterThan(20);
  expect(await client.count('a', 'b')).toBe(0);
  expect(await client.history('a', 'b')).toHaveLength(100);
}, 20_000);

it('many who say the first thing at once have one queue each', async () => {
  await Promise.all(
    numbers(200).map((at) => client.say(`s${at % 5}`, `r${at % 7}`, { at, timestamp: at })),
  );
  let found = 0;
  for (const from of numbers(5)) {
    for (const to of numbers(7)) found += (await client.take(`s${from}`, `r${to}`)).length;
  }
  expect(found).toBe(200);
});

it('what a client takes that leaves is gone from the queue, and in the history', async () => {
  await client.say('gone', 'b', { at: 1, timestamp: 1 });
  const pair = 'fromUserId=gone&toUserId=b';
  const leaving = new AbortController();
  const asked = fetch(`${running.url}/api/imbot/pending_msgs?${pair}`, { signal: leaving.signal });
  leaving.abort();
  await asked.catch(() => {});
  const rest = await client.take('gone', 'b');
  expect(rest.length).toBeLessThanOrEqual(1);
  expect(await client.history('gone', 'b')).toEqual([{ at: 1, timestamp: 1 }]);
});
