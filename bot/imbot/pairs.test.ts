import { afterEach, beforeEach, expect, it } from 'vitest';
import { ImbotRig } from '../../tests/support/imbot-rig.ts';
import { planSteps } from '../../tests/support/plan-steps.ts';
import { takeLimit } from './pairs.ts';
import { takeBytes } from './rows.ts';

let rig: ImbotRig;

beforeEach(async () => {
  rig = await ImbotRig.open();
});
afterEach(() => rig.close());

const text = (reply: string, timestamp: number | string = 1) => ({
  type: 'text',
  reply,
  timestamp,
});
const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

it('a queue gives each message once, oldest first, and only its own', async () => {
  await rig.say('a', 'b', text('1', 5));
  await rig.say('b', 'a', text('back'));
  await rig.say('c', 'b', text('other'));
  await rig.say('a', 'b', text('2', 3));
  expect(await rig.take('a', 'b')).toEqual([text('1', 5), text('2', 3)]);
  expect(await rig.take('a', 'b')).toEqual([]);
  await rig.say('a', 'b', text('3'));
  expect(await rig.take('a', 'b')).toEqual([text('3')]);
  expect(await rig.take('c', 'b')).toEqual([text('other')]);
  expect(await rig.take('b', 'a')).toEqual([text('back')]);
});

it('takers and senders at once: each message once, in order, after a restart too', async () => {
  const taken: unknown[] = [];
  const take = async (): Promise<void> => {
    taken.push(...(await rig.take('a', 'b')));
  };
  await rig.say('a', 'b', text('0'));
  const work: Promise<void>[] = [];
  for (const at of numbers(300)) {
    work.push(rig.say('a', 'b', text(String(at + 1))));
    if (at % 3 === 0) work.push(take());
    if (at % 50 === 0) await work.at(-1);
  }
  await Promise.all(work);
  await take();
  rig.restart();
  await take();
  expect(taken).toEqual(numbers(301).map((at) => text(String(at))));
});

it('a queue gives at most so many messages, and bytes, at a time', async () => {
  const bytes = 'x'.repeat(60_000);
  const large = Math.floor(takeBytes / 60_040) + 5;
  await Promise.all(numbers(large).map((at) => rig.say('a', 'b', text(`${at} ${bytes}`))));
  const first = await rig.take('a', 'b');
  expect(first.length).toBeGreaterThan(100);
  expect(first.length).toBeLessThan(large);
  const pair = await rig.pair('a', 'b');
  expect(await rig.pairs.count(pair)).toBe(large - first.length);
  expect(await rig.take('a', 'b')).toHaveLength(large - first.length);
  expect(await rig.pairs.count(pair)).toBe(0);

  await Promise.all(numbers(takeLimit + 7).map((at) => rig.say('c', 'd', text(String(at)))));
  expect(await rig.take('c', 'd')).toHaveLength(takeLimit);
  expect(await rig.pairs.count(await rig.pair('c', 'd'))).toBe(7);
  expect(await rig.take('c', 'd')).toEqual(numbers(7).map((at) => text(String(takeLimit + at))));
}, 20_000);

it('counts say who waits, by the newest message’s own time, as it was given', async () => {
  await rig.say('a', 'z', text('1', '1537606347000'));
  await rig.say('b', 'z', text('1', 1_537_606_349_000));
  await rig.say('b', 'z', text('2', 1_537_606_340_000));
  await rig.say('c', 'z', text('1', 1_537_606_341));
  await rig.say('d', 'z', text('read', 9_000_000_000_000));
  await rig.take('d', 'z');
  const expected = [
    { from: 'a', to: 'z', count: 1, timestamp: '1537606347000' },
    { from: 'b', to: 'z', count: 2, timestamp: 1_537_606_340_000 },
    { from: 'c', to: 'z', count: 1, timestamp: 1_537_606_341 },
  ];
  const user = await rig.names.get('z');
  expect(await rig.pairs.counts(user)).toEqual(expected);
  rig.restart();
  expect(await rig.pairs.counts(user)).toEqual(expected);
  expect(await rig.pairs.counts(await rig.names.get('nobody'))).toEqual([]);
});

it('the history is by own times, from one inclusive to another exclusive, page by page', async () => {
  const times = [30, 10, 20, 20, 1.5, 40, 9_007_199_254_740_000];
  for (const [at, time] of times.entries()) await rig.say('a', 'b', text(String(at), time));
  await rig.take('a', 'b');
  const pair = await rig.pair('a', 'b');
  const read = async (from: number, to: number, limit = 100) => {
    const { bodies, next } = await rig.pairs.history(pair, { from, to, limit });
    return { texts: bodies.map((body) => (JSON.parse(body) as { reply: string }).reply), next };
  };
  expect(await read(0, 1e16)).toEqual({
    texts: ['4', '1', '2', '3', '0', '5', '6'],
    next: undefined,
  });
  expect(await read(10, 30)).toEqual({ texts: ['1', '2', '3'], next: undefined });
  expect(await read(30, 30)).toEqual({ texts: [], next: undefined });
  const texts: string[] = [];
  let after: { own: number; id: number } | undefined;
  do {
    const page = { from: 0, to: 1e16, limit: 2, ...(after && { after }) };
    const { bodies, next } = await rig.pairs.history(pair, page);
    expect(bodies.length).toBeLessThanOrEqual(2);
    texts.push(...bodies.map((body) => (JSON.parse(body) as { reply: string }).reply));
    after = next;
  } while (after !== undefined);
  expect(texts).toEqual(['4', '1', '2', '3', '0', '5', '6']);
  // As many as asked for, and nothing behind.
  expect((await read(0, 41, 6)).next).toBeUndefined();
});

it('a transaction that fails leaves nothing, neither on disk nor in memory', async () => {
  await rig.say('a', 'b', text('1'));
  await rig.take('a', 'b');
  const from = await rig.names.get('a');
  const to = await rig.names.get('b');
  const pair = await rig.pair('a', 'b');
  const failed = rig.db.transaction(async (tx) => {
    const message = await rig.log.appendIn(tx, {
      ...{ kind: 'imbot', appid: -1, sender: from.uid, receiver: to.uid, device: 0, clientId: 0 },
      ...{ content: Buffer.from('{}'), inboxes: [rig.pairs.ownerOf(pair)], push: 'tell' },
    });
    await rig.pairs.noteIn(tx, pair, message.message, 1);
    throw new Error('full');
  });
  await expect(failed).rejects.toThrow('full');
  expect(await rig.pairs.count(pair)).toBe(0);
  expect(await rig.take('a', 'b')).toEqual([]);
  await rig.say('a', 'b', text('2'));
  expect(await rig.pairs.count(pair)).toBe(1);
  expect(await rig.take('a', 'b')).toEqual([text('2')]);
  expect((await rig.pairs.history(pair, { from: 0, to: 9, limit: 9 })).bodies).toHaveLength(2);
});

it('what a transaction took that fails waits as before', async () => {
  await rig.say('a', 'b', text('1'));
  const pair = await rig.pair('a', 'b');
  rig.db.failing = /UPDATE imbot_pairs SET taken/;
  await expect(rig.pairs.take(pair)).rejects.toThrow();
  rig.db.failing = undefined;
  expect(await rig.pairs.count(pair)).toBe(1);
  expect(await rig.take('a', 'b')).toEqual([text('1')]);
});

it('a message between two who have written before is three rows, and reads nothing', async () => {
  await rig.say('a', 'b', text('1'), 'http://x');
  rig.db.statements.clear();
  await rig.say('a', 'b', text('2'), 'http://x');
  expect([...rig.db.statements].map((sql) => sql.slice(0, 27))).toEqual([
    'INSERT INTO im_messages (id',
    'INSERT INTO im_inbox (appid',
    'INSERT INTO imbot_times (pa',
  ]);
});

it('asking for an empty queue costs no statement', async () => {
  await rig.say('a', 'b', text('1'));
  await rig.take('a', 'b');
  rig.db.statements.clear();
  expect(await rig.take('a', 'b')).toEqual([]);
  expect([...rig.db.statements]).toEqual([]);
});

it('looks through no table', async () => {
  await rig.say('a', 'b', text('1'), 'http://x');
  rig.db.statements.clear();
  rig.restart();
  await rig.notices.start();
  const pair = await rig.pair('a', 'b');
  await rig.say('a', 'b', text('1'), 'http://x');
  await rig.say('new', 'b', text('1'), 'http://x');
  await rig.pairs.count(pair);
  await rig.pairs.counts(await rig.names.get('b'));
  await rig.pairs.history(pair, { from: 0, to: 9, limit: 5 });
  await rig.pairs.look(pair, 0, 5);
  await rig.take('a', 'b');
  await rig.users.put({ id: 'a', role: 'B' });
  await rig.users.get('a');
  await rig.users.list({ limit: 5 });
  await rig.clock.advance(40_000);
  const scans = (await planSteps(rig.db, rig.db.statements))
    .filter(({ detail }) => /^SCAN (?!CONSTANT)/.test(detail))
    .map(({ sql, detail }) => `${detail}: ${sql}`);
  // What runs at start may look at everything once.
  const others = scans.filter(
    (scan) => !/SELECT receiver FROM imbot_notices$|FROM imbot_handed/.test(scan),
  );
  expect(others).toEqual([]);
});
