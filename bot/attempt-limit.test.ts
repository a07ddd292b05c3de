import { expect, test } from 'vitest';
import { AttemptLimit } from './attempt-limit.ts';

/** Milliseconds one has to wait after each of so many failures, waiting each time. */
function waits(address: string, failures: number): number[] {
  const limit = new AttemptLimit();
  let now = 0;
  return Array.from({ length: failures }, () => {
    limit.failed(address, now);
    const wait = limit.waitMs(address, now);
    now += wait;
    return wait;
  });
}

test('three are free, then the wait doubles up to a quarter of an hour', () => {
  expect(waits('10.0.0.1', 16).map((ms) => ms / 1000)).toEqual([
    0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900,
  ]);
});

test('a success, or an hour without failure, is a new beginning', () => {
  const limit = new AttemptLimit();
  for (let i = 0; i < 6; i += 1) limit.failed('a', 0);
  expect(limit.waitMs('a', 0)).toBe(4000);
  expect(limit.waitMs('b', 0)).toBe(0);
  limit.succeeded('a');
  expect(limit.waitMs('a', 0)).toBe(0);
  for (let i = 0; i < 6; i += 1) limit.failed('a', 0);
  limit.failed('a', 3_600_001);
  expect(limit.waitMs('a', 3_600_001)).toBe(0);
});

test.each([
  ['2001:db8::1', '2001:db8:0:0:ffff::', true],
  ['2001:db8::1', '2001:0DB8:0:1::1', false],
  ['::ffff:10.0.0.1', '10.0.0.1', true],
  ['10.0.0.1', '10.0.0.2', false],
  ['fe80::1%eth0', 'fe80::2', true],
])('%s and %s: one source is %s', (one, other, same) => {
  const limit = new AttemptLimit();
  for (let i = 0; i < 5; i += 1) limit.failed(one, 0);
  expect(limit.waitMs(other, 0) > 0).toBe(same);
});

test('many addresses do not fill the memory: the oldest are forgotten', () => {
  const limit = new AttemptLimit();
  for (let i = 0; i < 5; i += 1) limit.failed('first', 0);
  for (let i = 0; i < 10_000; i += 1) limit.failed(`10.${i}`, 1);
  expect(limit.waitMs('first', 1)).toBe(0);
  for (let i = 0; i < 5; i += 1) limit.failed('last', 2);
  expect(limit.waitMs('last', 2)).toBeGreaterThan(0);
});
