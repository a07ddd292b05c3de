const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Pauses after the first, second … failed try; the last one repeats. */
const pauses = [
  5 * second,
  15 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  20 * minute,
  30 * minute,
  hour,
];

/**
 * How long an event is tried: three days, and a little more than one pause, so that a receiver
 * that was away for exactly three days still gets a try.
 */
export const scheduleMs = 72 * hour + 90 * minute;

export interface FailedTry {
  /** When the event became due. */
  dueSince: number;
  now: number;
  /** Tries so far, the failed one included. */
  attempts: number;
  /** When the receiver asked to be tried again, epoch ms. */
  askedAt: number | undefined;
  /** 0 to 1: spreads the tries of many lanes. */
  random: number;
}

/**
 * When an event is tried next; undefined: its schedule has run out. The last try falls on the end
 * of the schedule, and no wish of the receiver goes beyond it.
 */
export function nextTry({
  dueSince,
  now,
  attempts,
  askedAt,
  random,
}: FailedTry): number | undefined {
  const end = dueSince + scheduleMs;
  if (now >= end) return undefined;
  const pause = pauses[Math.min(Math.max(attempts, 1), pauses.length) - 1] ?? hour;
  const planned = now + Math.round(pause * (0.9 + 0.2 * random));
  return Math.min(Math.max(planned, askedAt ?? 0), end);
}

/**
 * Reads a Retry-After header: seconds, or an HTTP date. Undefined when it is neither or lies in
 * the past.
 * @returns epoch ms
 */
export function retryAfterAt(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,10}$/.test(text)) return now + Number(text) * second;
  // The three forms of RFC 9110 all begin with the name of a day.
  if (!/^(mon|tue|wed|thu|fri|sat|sun)/i.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) || at <= now ? undefined : at;
}
