import { expect, test } from 'vitest';
import { VirtualClock } from './clock.ts';
import { type Change, LiveFeed } from './live.ts';

function feed(keep?: number): { clock: VirtualClock; live: LiveFeed; told: Change[] } {
  const clock = new VirtualClock();
  const live = new LiveFeed({ clock, ...(keep !== undefined && { keep }) });
  const told: Change[] = [];
  live.subscribe((change) => told.push(change));
  return { clock, live, told };
}

test('numbers rise by one, and whoever comes back gets what they missed, once and in order', () => {
  const { live, told } = feed();
  for (let index = 0; index < 50; index += 1) live.publish('bots', `bot${index}`);
  expect(told.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_none, at) => at + 1));
  expect(live.since(20)).toEqual(told.slice(20));
  expect(live.since(50)).toEqual([]);
});

test('what is not known any more, or never was, cannot be gone on from', () => {
  const { live, told } = feed(10);
  for (let index = 0; index < 25; index += 1) live.publish('bots', String(index));
  expect(live.since(15)).toEqual(told.slice(15));
  expect(live.since(14)).toBeUndefined();
  expect(live.since(26)).toBeUndefined();
  expect(live.since(-1)).toBeUndefined();
});

test('marks are told a moment later, once each', async () => {
  const { clock, live, told } = feed();
  for (let index = 0; index < 1000; index += 1) live.mark('sends', index % 3);
  expect(told).toEqual([]);
  await clock.advance(100);
  expect(told.map(({ topic, id }) => `${topic} ${id}`)).toEqual(['sends 0', 'sends 1', 'sends 2']);
  live.mark('sends', 7);
  await clock.advance(100);
  expect(told.at(-1)).toMatchObject({ topic: 'sends', id: '7' });
});

test('too many of one topic are told as one, without harm to others', async () => {
  const { clock, live, told } = feed();
  for (let index = 0; index < 5000; index += 1) live.mark('sends', index);
  live.mark('deliveries', 'demo');
  await clock.advance(100);
  expect(told.map(({ topic, id }) => `${topic} ${id}`)).toEqual(['sends *', 'deliveries demo']);
});

test('a mark costs a send no more than a call', () => {
  const { live } = feed();
  const count = 200_000;
  const run = (work: (index: number) => void): number => {
    const began = performance.now();
    for (let index = 0; index < count; index += 1) work(index);
    return ((performance.now() - began) * 1e6) / count;
  };
  run((index) => live.mark('sends', index));
  const each = run((index) => live.mark('sends', index));
  console.info(`a mark takes ${each.toFixed(0)} ns`);
  // Measured 10 to 30; a durable send takes some 50,000.
  expect(each).toBeLessThan(2000);
});
