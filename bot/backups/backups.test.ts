import { describe, expect, test } from 'vitest';
import { backupSchema } from '../../config/backup-schema.ts';
import { isDue, mostAge, nextAt } from './due.ts';
import { outdated } from './rotation.ts';

const zone = 'Asia/Shanghai';
const hour = 3_600_000;
const day = 24 * hour;
const at = (text: string): number => Date.parse(`${text}+08:00`);
const daily = backupSchema.parse({ at: '03:30' });
const hourly = backupSchema.parse({ everyHours: 6 });

describe('when one is due', () => {
  test('once a day at its time in the zone, and not again', () => {
    const okAt = at('2026-06-01T03:30:10');
    const due = (now: string, triedAt = okAt) => isDue(daily, zone, { okAt, triedAt }, at(now));
    expect(due('2026-06-01T23:00:00')).toBe(false);
    expect(due('2026-06-02T03:29:00')).toBe(false);
    expect(due('2026-06-02T03:30:30')).toBe(true);
    // Nothing ran for three days: made up for, once.
    expect(due('2026-06-05T12:00:00')).toBe(true);
  });

  test('one that failed is tried again after half an hour', () => {
    const okAt = at('2026-06-01T03:30:10');
    const triedAt = at('2026-06-02T03:30:10');
    const due = (now: string) => isDue(daily, zone, { okAt, triedAt }, at(now));
    expect(due('2026-06-02T03:50:00')).toBe(false);
    expect(due('2026-06-02T04:01:00')).toBe(true);
  });

  test('every so many hours; never where nothing is said', () => {
    const okAt = at('2026-06-01T00:00:00');
    const times = { okAt, triedAt: okAt };
    expect(isDue(hourly, zone, times, okAt + 5 * hour)).toBe(false);
    expect(isDue(hourly, zone, times, okAt + 6 * hour)).toBe(true);
    const never = backupSchema.parse({});
    expect(isDue(never, zone, { okAt: 0, triedAt: 0 }, okAt)).toBe(false);
    expect([nextAt(never, zone, 0, okAt), mostAge(never)]).toEqual([undefined, undefined]);
  });

  test('over a change to summer time the slot of each day is made once', () => {
    const berlin = 'Europe/Berlin';
    const settings = backupSchema.parse({ at: '02:30' });
    let okAt = Date.parse('2026-03-27T12:00:00Z');
    let made = 0;
    for (let now = okAt; now < Date.parse('2026-03-31T12:00:00Z'); now += 600_000) {
      if (!isDue(settings, berlin, { okAt, triedAt: okAt }, now)) continue;
      made += 1;
      okAt = now;
    }
    expect(made).toBe(4);
  });

  test('a clock that was set back does not put backups off', () => {
    const wrong = at('2027-06-10T03:30:00');
    const now = at('2026-06-09T12:00:00');
    expect(isDue(daily, zone, { okAt: wrong, triedAt: wrong }, now)).toBe(true);
    // It is made; from then on all is as ever.
    expect(isDue(daily, zone, { okAt: now, triedAt: now }, now + hour)).toBe(false);
  });
});

describe('which are kept', () => {
  const keep = { daily: 3, weekly: 2 };
  const made = (times: string[], auto = true) =>
    times.map((time) => ({ file: time, at: at(time), auto }));

  test('the newest of the last days and weeks, and what an operator made', () => {
    const days = Array.from({ length: 40 }, (_, back) =>
      new Date(at('2026-06-30T03:30:00') - back * day + 8 * hour).toISOString().slice(0, 19),
    );
    const twice = [...made(days), ...made(['2026-06-30T01:00:00'])];
    const byHand = made(['2025-01-01T00:00:00'], false);
    const gone = outdated([...twice, ...byHand], keep, zone).map((one) => one.file);
    const left = [...twice, ...byHand].map((one) => one.file).filter((one) => !gone.includes(one));
    expect(left).toEqual([
      // Three days; the newest of this week (Monday 29 June) is among them, that of the one before too.
      ...['2026-06-30T03:30:00', '2026-06-29T03:30:00', '2026-06-28T03:30:00'],
      '2025-01-01T00:00:00',
    ]);
  });

  test('however old, the newest stays', () => {
    expect(outdated(made(['2020-01-01T03:30:00']), keep, zone)).toEqual([]);
  });
});
