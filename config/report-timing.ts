import { Cron } from 'croner';

export const timingKinds = ['cron', 'interval', 'once'] as const;
export type TimingKind = (typeof timingKinds)[number];

/** Shorter intervals would be a load, not a report. */
export const leastIntervalMs = 10_000;

const units: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `15m`, `2h`, `1d` in milliseconds; undefined: it is none. */
export function readInterval(text: string): number | undefined {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(count) * (units[unit] ?? 0);
  return ms >= leastIntervalMs ? ms : undefined;
}

/**
 * A cron expression of 5 or 6 fields in a zone. Of a time that a change to summer time leaves out, the
 * first moment behind it; a time that comes twice counts once, unless it is one of many (`*`, steps).
 * @throws when it cannot be read
 */
export function readCron(expr: string, zone: string): Cron {
  return new Cron(expr, {
    ...{ timezone: zone, mode: '5-or-6-parts', fixedTimeRule: 'no-wildcard', paused: true },
  });
}

/** `2026-03-01T09:00`, a date alone, or with an offset; epoch ms. undefined: it is no time. */
export function readMoment(text: string, zone: string): number | undefined {
  const [, day, time = 'T00:00', seconds = ':00', offset = ''] =
    /^(\d{4}-\d{2}-\d{2})(?:(T\d{2}:\d{2})(:\d{2})?(?:\.\d{1,3})?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/.exec(
      text,
    ) ?? [];
  if (day === undefined || !isDay(day)) return undefined;
  const whole = `${day}${time}${seconds}`;
  if (offset !== '') {
    const at = Date.parse(`${whole}${offset}`);
    return Number.isNaN(at) ? undefined : at;
  }
  try {
    // It knows the zone's hours that are left out or come twice.
    const job = new Cron(whole, { timezone: zone, paused: true, allowPast: true });
    return job.nextRun(new Date(0))?.getTime();
  } catch {
    return undefined;
  }
}

/** 30 February would be read as 2 March. */
function isDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

/** Why a timing cannot be used; undefined: it can. */
export function timingFault(timing: {
  kind: TimingKind;
  expr: string;
  zone: string;
}): string | undefined {
  const { kind, expr, zone } = timing;
  switch (kind) {
    case 'cron':
      try {
        // 30 February, say.
        return readCron(expr, zone).nextRun() === null ? 'it never fires' : undefined;
      } catch (error) {
        const why = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : '';
        return `no cron expression of 5 or 6 fields: ${why}`;
      }
    case 'interval':
      return readInterval(expr) === undefined
        ? 'no interval: a number and s, m, h or d, 10s at least'
        : undefined;
    case 'once':
      return readMoment(expr, zone) === undefined
        ? 'no time: 2026-03-01T09:00, with an offset if it is not in the zone'
        : undefined;
  }
}
