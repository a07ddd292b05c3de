import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Pacing } from '../../../config/config.ts';
import { waitFor } from './eta.ts';
import { BotPacing, Budget, budgetOf, type Taken } from './pacing.ts';

const minute = 60_000;

/** Most of the times that lie within any `window` ms. */
function busiest(times: readonly number[], window: number): number {
  let most = 0;
  let first = 0;
  for (let last = 0; last < times.length; last += 1) {
    while ((times[first] ?? 0) <= (times[last] ?? 0) - window) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

interface Sent {
  at: number;
  room: string;
}

/** A bot that sends what arrives as soon as it may, and is restarted now and then. */
function simulate(
  pacing: Pacing,
  arrivals: readonly { after: number; room: string; restart: boolean; cancelled: boolean }[],
): Sent[] {
  let now = 1_700_000_000_000;
  const stored = new Map<string, Taken[]>();
  let bot = new BotPacing(() => 0.5);
  const sent: Sent[] = [];
  for (const { after, room, restart, cancelled } of arrivals) {
    now += after;
    if (restart) bot = new BotPacing(() => 0.5, new Map(stored), pacing.jitterMs[1]);
    for (;;) {
      const at = Math.max(bot.botReadyAt(now, pacing), bot.laneReadyAt(room, now, pacing));
      if (at <= now) break;
      expect(at - now).toBeLessThanOrEqual(24 * 60 * minute);
      now = at;
    }
    const reservation = bot.reserve(room, now, pacing);
    if (cancelled) {
      reservation.giveBack();
      continue;
    }
    for (const row of bot.rows(room)) stored.set(row.bucket, JSON.parse(row.taken) as Taken[]);
    sent.push({ at: now, room });
  }
  return sent;
}

const perMinute = fc.oneof(
  fc.constantFrom(0, 0.5, 1, 6, 20, 64, 65, 200),
  fc.double({ min: 0.1, max: 300, noNaN: true }),
);
const arrival = fc.record({
  after: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 5000 }),
    fc.integer({ max: 90_000, min: 0 }),
  ),
  room: fc.constantFrom('a', 'b', 'c'),
  restart: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  cancelled: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

describe('budgets', () => {
  test('no window ever sees more than its budget, whatever arrives, over restarts too', () => {
    fc.assert(
      fc.property(
        fc.record({
          perMinute,
          perRoomPerMinute: perMinute,
          jitterMs: fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 500, max: 3000 })),
        }),
        fc.array(arrival, { minLength: 1, maxLength: 300 }),
        (pacing, arrivals) => {
          const sent = simulate(pacing, arrivals);
          if (pacing.perMinute > 0) {
            const { size, window } = budgetOf(pacing.perMinute);
            expect(
              busiest(
                sent.map((one) => one.at),
                window,
              ),
            ).toBeLessThanOrEqual(size);
          }
          if (pacing.perRoomPerMinute > 0) {
            const { size, window } = budgetOf(pacing.perRoomPerMinute);
            for (const room of ['a', 'b', 'c']) {
              const own = sent.filter((one) => one.room === room).map((one) => one.at);
              expect(busiest(own, window)).toBeLessThanOrEqual(size);
            }
          }
          for (const [index, one] of sent.entries()) {
            const before = sent[index - 1];
            if (before === undefined) continue;
            expect(one.at - before.at).toBeGreaterThanOrEqual(pacing.jitterMs[0]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test('they are used up: a busy hour sends nearly all of it', () => {
    const arrivals = Array.from({ length: 1200 }, () => ({
      after: 0,
      room: 'a',
      restart: false,
      cancelled: false,
    }));
    const pacing: Pacing = { perMinute: 20, perRoomPerMinute: 0, jitterMs: [300, 1200] };
    const sent = simulate(pacing, arrivals);
    const took = (sent.at(-1)?.at ?? 0) - (sent[0]?.at ?? 0);
    expect(took).toBeLessThan(61 * minute);
    expect(took).toBeGreaterThanOrEqual(59 * minute);
  });

  test('what is given back is free again, and only that', () => {
    const budget = new Budget();
    for (const at of [0, 1000, 2000]) budget.take(at, 3);
    expect(budget.readyAt(2000, 3)).toBe(61_000);
    budget.giveBack(1000);
    expect(budget.readyAt(2000, 3)).toBe(2000);
    budget.take(2500, 3);
    expect(budget.readyAt(2500, 3)).toBe(61_000);
    expect(budget.readyAt(61_000, 3)).toBe(61_000);
  });

  test('0 is no limit, and nothing is kept for it', () => {
    const bot = new BotPacing(() => 0.5);
    const off: Pacing = { perMinute: 0, perRoomPerMinute: 0, jitterMs: [0, 0] };
    for (let i = 0; i < 1000; i += 1) bot.reserve(`room ${i}`, 5, off);
    expect(bot.botReadyAt(5, off)).toBe(5);
    expect(bot.rows('room 1')).toEqual([]);
  });

  test('a large budget is kept in few entries', () => {
    const budget = new Budget();
    for (let i = 0; i < 6000; i += 1) budget.take(i * 10, 6000);
    expect(budget.taken.length).toBeLessThanOrEqual(61);
    expect(budget.readyAt(60_000, 6000)).toBeGreaterThan(60_000);
  });

  test('a clock that is set back does not stop the bot for longer than a window', () => {
    const bot = new BotPacing(() => 0.5);
    const pacing: Pacing = { perMinute: 1, perRoomPerMinute: 0, jitterMs: [300, 1200] };
    bot.reserve('a', 10_000_000, pacing);
    expect(bot.botReadyAt(1000, pacing)).toBeLessThanOrEqual(1000 + minute + 1000);
  });
});

describe('the expected time', () => {
  test('is when it will leave, within a window, in any backlog', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.integer({ min: 0, max: minute }), { maxLength: 40 }),
        fc.integer({ min: 0, max: 200 }),
        fc.constantFrom(0, 300, 750),
        (limit, ages, ahead, step) => {
          const now = 1_700_000_000_000;
          const budget = new Budget();
          for (const age of ages.slice(0, limit).toSorted((a, b) => b - a)) {
            budget.take(now - age, limit);
          }
          const expected = waitFor(ahead, limit, budget.taken, now, step);
          let at = now;
          for (let i = 0; i < ahead; i += 1) {
            at = Math.max(at, budget.readyAt(at, limit));
            budget.take(at, limit);
            at += step;
          }
          const leaves = Math.max(at, budget.readyAt(at, limit)) - now;
          const rounds = Math.floor(ahead / limit) + 1;
          // Each round brings its safety margin of a second, which the estimate leaves out.
          expect(Math.abs(leaves - expected)).toBeLessThanOrEqual(rounds * 1000 + 2 * limit * step);
        },
      ),
    );
  });

  test('without a limit it is the pauses', () => {
    expect(waitFor(10, 0, [], 0, 750)).toBe(7500);
  });
});
