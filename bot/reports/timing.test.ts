import { describe, expect, test } from 'vitest';
import { readMoment } from '../../config/report-timing.ts';
import { processorMs } from '../../tests/support/processor.ts';
import { readCalendar } from './calendar.ts';
import { judge } from './due.ts';
import { Timing, type TimingSettings } from './timing.ts';

const hour = 3_600_000;
const base: TimingSettings = { kind: 'cron', expr: '0 9 * * *', jitterSeconds: 0, calendar: 'all' };
const at = (text: string): number => Date.parse(text);
const iso = (slots: readonly (number | undefined)[]): string[] =>
  slots.map((slot) => (slot === undefined ? '-' : new Date(slot).toISOString()));

function timing(changes: Partial<TimingSettings> = {}, zone = 'Asia/Shanghai', days = ''): Timing {
  return new Timing('t', { ...base, ...changes }, zone, readCalendar(days, false));
}

function following(one: Timing, after: string, count: number): string[] {
  const slots: (number | undefined)[] = [];
  for (let from: number | undefined = at(after); slots.length < count && from !== undefined; ) {
    from = one.next(from);
    slots.push(from);
  }
  return iso(slots);
}

describe('slots', () => {
  test('are moments of the zone', () => {
    expect(following(timing(), '2026-11-22T00:00Z', 2)).toEqual([
      '2026-11-22T01:00:00.000Z',
      '2026-11-23T01:00:00.000Z',
    ]);
  });

  test('a time that summer time leaves out comes right behind the gap, once', () => {
    const daily = timing({ expr: '30 2 * * *' }, 'America/New_York');
    expect(following(daily, '2026-03-07T12:00Z', 3)).toEqual([
      '2026-03-08T07:00:00.000Z',
      '2026-03-09T06:30:00.000Z',
      '2026-03-10T06:30:00.000Z',
    ]);
    const twice = timing({ expr: '30 2,14 * * *' }, 'America/New_York');
    expect(following(twice, '2026-03-07T22:00Z', 2)).toEqual([
      '2026-03-08T07:00:00.000Z',
      '2026-03-08T18:30:00.000Z',
    ]);
  });

  test('a time that comes twice in autumn counts once; one of many counts each time', () => {
    const daily = timing({ expr: '30 1 * * *' }, 'America/New_York');
    expect(following(daily, '2026-10-31T12:00Z', 2)).toEqual([
      '2026-11-01T05:30:00.000Z',
      '2026-11-02T06:30:00.000Z',
    ]);
    const often = timing({ expr: '*/30 * * * *' }, 'America/New_York');
    expect(following(often, '2026-11-01T04:59Z', 5)).toEqual([
      '2026-11-01T05:00:00.000Z',
      '2026-11-01T05:30:00.000Z',
      '2026-11-01T06:00:00.000Z',
      '2026-11-01T06:30:00.000Z',
      '2026-11-01T07:00:00.000Z',
    ]);
  });

  test('are the same looked at from behind, through both changes of a year', () => {
    for (const expr of [
      '30 2 * * *',
      '30 1 * * *',
      '*/20 1-3 * * *',
      '15 2,3 * * SUN',
      '0 0 1 * *',
    ]) {
      for (const zone of [
        'America/New_York',
        'Europe/Berlin',
        'Australia/Lord_Howe',
        'Asia/Shanghai',
      ]) {
        const one = timing({ expr }, zone);
        for (const [from, to] of [
          ['2026-03-01T00:00Z', '2026-04-08T00:00Z'],
          ['2026-10-01T00:00Z', '2026-11-04T00:00Z'],
        ] as const) {
          const forward: number[] = [];
          for (
            let slot = one.next(at(from));
            slot !== undefined && slot <= at(to);
            slot = one.next(slot)
          ) {
            forward.push(slot);
          }
          expect([expr, zone, iso(one.between(at(from), at(to), 10_000))]).toEqual([
            expr,
            zone,
            iso(forward),
          ]);
        }
      }
    }
  });

  test('of an interval count from its start, and do not drift', () => {
    const one = timing({ kind: 'interval', expr: '90m', start: '2026-11-22T09:00' });
    expect(following(one, '2026-11-20T00:00Z', 2)).toEqual([
      '2026-11-22T01:00:00.000Z',
      '2026-11-22T02:30:00.000Z',
    ]);
    expect(
      one.between(at('2026-11-22T01:00Z'), at('2026-11-22T04:00Z'), 9).map((x) => x % hour),
    ).toEqual([hour / 2, 0]);
  });

  test.each(['2026-02-30T09:00', '2026-02-29', '2026-04-31T09:00Z', '2026-13-01'])(
    'a day that no calendar has is no time: %s',
    (expr) => expect(readMoment(expr, 'Asia/Shanghai')).toBeUndefined(),
  );

  test('of a single time are that time, once', () => {
    const one = timing({ kind: 'once', expr: '2026-11-22T09:00' });
    expect(following(one, '2026-01-01T00:00Z', 2)).toEqual(['2026-11-22T01:00:00.000Z', '-']);
    expect(iso(one.between(0, at('2027-01-01T00:00Z'), 5))).toEqual(['2026-11-22T01:00:00.000Z']);
  });

  test('lie between start and end, on the days of the calendar', () => {
    const one = timing({ calendar: 'weekdays', start: '2026-11-20', end: '2026-11-25' });
    expect(following(one, '2026-01-01T00:00Z', 9)).toEqual([
      '2026-11-20T01:00:00.000Z',
      '2026-11-23T01:00:00.000Z',
      '2026-11-24T01:00:00.000Z',
      '-',
    ]);
    const days = '2026-10-01 off 国庆\n2026-10-02 休\n2026-10-10 work # 调休\n2026-10-05';
    const china = timing({ calendar: { file: 'x', days: 'weekdays' } }, 'Asia/Shanghai', days);
    const slots = china.between(at('2026-09-29T12:00Z'), at('2026-10-12T12:00Z'), 99);
    expect(slots.map((slot) => china.dayOf(slot))).toEqual([
      '2026-09-30',
      ...['2026-10-06', '2026-10-07', '2026-10-08', '2026-10-09', '2026-10-10', '2026-10-12'],
    ]);
    expect(china.next(at('2026-09-30T02:00Z'))).toBe(slots[1]);
  });

  test('every second, none on days off: found at once', () => {
    const one = timing({ expr: '* * * * * *', calendar: 'weekdays' });
    const took = processorMs(() => {
      expect(iso([one.next(at('2026-11-20T15:59:59Z'))])).toEqual(['2026-11-22T16:00:00.000Z']);
      expect(iso(one.between(0, at('2026-11-22T12:00Z'), 1))).toEqual(['2026-11-20T15:59:59.000Z']);
    });
    expect(took).toBeLessThan(500);
  });

  test('jitter is never early, and the same in every process', () => {
    const one = timing({ jitterSeconds: 600 });
    const again = timing({ jitterSeconds: 600 });
    const slots = one.between(at('2026-01-01T00:00Z'), at('2026-06-01T00:00Z'), 1000);
    const late = slots.map((slot) => one.dueAt(slot) - slot);
    expect(slots.map((slot) => again.dueAt(slot) - slot)).toEqual(late);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThan(600_000);
    expect(new Set(late).size).toBeGreaterThan(100);
  });
});

describe('a calendar file', () => {
  test('that cannot be read says where', () => {
    expect(() => readCalendar('2026-10-01\n2026-13-01 off', false)).toThrow('line 2');
    expect(() => readCalendar('2026-10-01 maybe', false)).toThrow('line 1');
  });
});

describe('slots whose time has come', () => {
  const hourly = timing({ expr: '0 * * * *' }, 'UTC');
  const now = at('2026-11-22T12:10Z');
  const since = now - 72 * hour;

  test('on time: the one', () => {
    const verdict = judge(
      hourly,
      { misfire: 'skip', graceSeconds: 3600 },
      now - 11 * 60_000,
      now - 9.5 * 60_000,
    );
    expect(verdict).toEqual({
      run: [at('2026-11-22T12:00Z')],
      missed: [],
      upTo: at('2026-11-22T12:00Z'),
      more: false,
    });
  });

  test.each([
    ['skip', 3600, 0],
    ['run_once', 3600, 1],
    ['run_once', 300, 0],
    ['run_all', 3600, 24],
  ] as const)(
    '72 hours down, %s with %i s of grace: %i are run',
    (misfire, graceSeconds, count) => {
      const verdict = judge(hourly, { misfire, graceSeconds }, since, now);
      expect(verdict.run).toHaveLength(count);
      expect(verdict.run.at(-1) ?? at('2026-11-22T12:00Z')).toBe(at('2026-11-22T12:00Z'));
      expect([...verdict.missed, ...verdict.run]).toEqual(hourly.between(since, now, 1000));
      expect(verdict).toMatchObject({ upTo: at('2026-11-22T12:00Z'), more: false });
    },
  );

  test('a slot every second, 72 hours down: bounded work, the newest first', () => {
    const often = timing({ expr: '* * * * * *' }, 'UTC');
    const verdict = judge(often, { misfire: 'run_once', graceSeconds: 60 }, since, now);
    expect(verdict).toMatchObject({ run: [now], upTo: now, more: true });
    expect(verdict.missed).toHaveLength(100);
  });

  test('one that jitter puts off is not decided on, nor those behind it', () => {
    const late = timing({ expr: '* * * * *', jitterSeconds: 3600 }, 'UTC');
    const verdict = judge(late, { misfire: 'run_all', graceSeconds: 60 }, now - 120_000, now);
    const due = late.between(now - 120_000, now, 9);
    const first = due.findIndex((slot) => late.dueAt(slot) > now);
    expect(verdict.run).toEqual(due.slice(0, first === -1 ? due.length : first));
  });
});
