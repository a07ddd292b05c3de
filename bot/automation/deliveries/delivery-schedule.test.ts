import { describe, expect, it } from 'vitest';
import { nextTry, retryAfterAt, scheduleMs } from './delivery-schedule.ts';

const second = 1000;
const hour = 3600 * second;
const base = { dueSince: 0, now: 0, attempts: 1, askedAt: undefined, random: 0.5 };

/** Times of all tries of an event whose receiver never answers. */
function tries(random: () => number): number[] {
  const times = [0];
  for (;;) {
    const now = times.at(-1) ?? 0;
    const next = nextTry({ ...base, now, attempts: times.length, random: random() });
    if (next === undefined) return times;
    times.push(next);
  }
}

describe('the retry schedule', () => {
  it('is fast at first, about hourly later, and lasts just over three days', () => {
    const times = tries(() => 0.5);
    const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(gaps.slice(0, 4).map((gap) => gap / second)).toEqual([5, 15, 30, 60]);
    expect(times.filter((time) => time <= hour).length).toBeGreaterThanOrEqual(8);
    expect(Math.max(...gaps)).toBe(hour);
    expect(times.at(-1)).toBe(scheduleMs);
    expect(scheduleMs).toBeGreaterThan(73 * hour);
    expect(scheduleMs).toBeLessThan(75 * hour);
  });

  it.each([[() => 0], [() => 1], [Math.random]])(
    'tries once more after three full days, whatever the jitter',
    (random) => {
      const times = tries(random);
      expect(times.some((time) => time >= 72 * hour)).toBe(true);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times.length).toBeLessThan(110);
    },
  );

  it('spreads tries by a tenth either way', () => {
    const at = (random: number) => nextTry({ ...base, attempts: 10, random });
    expect([at(0), at(0.5), at(1)]).toEqual([54, 60, 66].map((minutes) => minutes * 60_000));
  });

  it('counts from when the event became due, not from its creation', () => {
    const late = { ...base, dueSince: 100 * hour, now: 100 * hour };
    expect(nextTry(late)).toBe(100 * hour + 5 * second);
    expect(nextTry({ ...late, now: 100 * hour + scheduleMs })).toBeUndefined();
  });

  it('honours the wish of the receiver, within the schedule and never sooner than planned', () => {
    expect(nextTry({ ...base, askedAt: 9 * hour })).toBe(9 * hour);
    expect(nextTry({ ...base, askedAt: 1 })).toBe(5 * second);
    expect(nextTry({ ...base, askedAt: 1000 * hour })).toBe(scheduleMs);
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 1);
  it.each([
    ['120', now + 120_000],
    [' 0 ', now],
    ['Thu, 01 Jan 2026 00:10:00 GMT', now + 600_000],
    ['Thursday, 01-Jan-26 00:10:00 GMT', now + 600_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', undefined],
    ['Thu, 99 Foo 2026', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['2026-01-02', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (header, at) => {
    expect(retryAfterAt(header, now)).toBe(at);
  });
});
