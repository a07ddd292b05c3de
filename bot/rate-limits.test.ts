import { expect, it } from 'vitest';
import { RateLimits } from './rate-limits.ts';

it('each has a rate of its own, which refills', () => {
  const limits = new RateLimits(2);
  expect([limits.take('a', 0), limits.take('a', 0)]).toEqual([0, 0]);
  expect(limits.take('a', 0)).toBe(30_000);
  expect(limits.take('b', 0)).toBe(0);
  expect(limits.take('a', 30_000)).toBe(0);
});

it('0 is unlimited', () => {
  const limits = new RateLimits(0);
  for (let at = 0; at < 100; at += 1) expect(limits.take('a', 0)).toBe(0);
});

it('remembers so many, and those who asked last', () => {
  const limits = new RateLimits(1, 2);
  for (const who of ['a', 'b', 'a', 'c']) limits.take(who, 0);
  expect(limits.take('a', 0)).toBeGreaterThan(0);
  // Forgotten when c came: a had asked later.
  expect(limits.take('b', 0)).toBe(0);
});
