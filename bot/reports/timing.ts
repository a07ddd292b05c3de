import type { Cron } from 'croner';
import type { ReportSettings } from '../../config/report-schema.ts';
import { readCron, readInterval, readMoment } from '../../config/report-timing.ts';
import { dayFilter, type MarkedDays } from './calendar.ts';

export type TimingSettings = Pick<
  ReportSettings,
  'kind' | 'expr' | 'zone' | 'start' | 'end' | 'jitterSeconds' | 'calendar'
>;

/** Days off that are passed over when the next slot is looked for: a year and a half. */
const mostDays = 550;

/**
 * The slots of a schedule: moments, and nothing else. The same settings give the same slots in every
 * process, at every time, so that a slot can be the identity of a run.
 */
export class Timing {
  readonly zone: string;
  readonly #name: string;
  readonly #jitterMs: number;
  readonly #cron: Cron | undefined;
  readonly #everyMs: number;
  readonly #once: number | undefined;
  readonly #start: number;
  readonly #end: number;
  readonly #everyDay: boolean;
  readonly #works: (day: string) => boolean;
  readonly #dayOf: Intl.DateTimeFormat;

  /** @param name of the schedule: what jitter is drawn from */
  constructor(
    name: string,
    settings: TimingSettings,
    zone: string,
    marked: MarkedDays = new Map(),
  ) {
    this.zone = settings.zone ?? zone;
    this.#name = name;
    this.#jitterMs = settings.jitterSeconds * 1000;
    this.#cron = settings.kind === 'cron' ? readCron(settings.expr, this.zone) : undefined;
    this.#everyMs = settings.kind === 'interval' ? (readInterval(settings.expr) ?? 0) : 0;
    this.#once = settings.kind === 'once' ? readMoment(settings.expr, this.zone) : undefined;
    const moment = (text: string | undefined): number | undefined =>
      text === undefined ? undefined : readMoment(text, this.zone);
    this.#start = moment(settings.start) ?? Number.NEGATIVE_INFINITY;
    this.#end = moment(settings.end) ?? Number.POSITIVE_INFINITY;
    this.#everyDay = settings.calendar === 'all';
    this.#works = dayFilter(settings.calendar, marked);
    // The Swedish spelling of a date is the ISO one.
    this.#dayOf = new Intl.DateTimeFormat('sv-SE', { timeZone: this.zone, dateStyle: 'short' });
  }

  /** The first slot behind a moment; undefined: there is none any more. */
  next(after: number): number | undefined {
    let from = Math.max(after, this.#start - 1);
    for (let days = 0; days < mostDays; days += 1) {
      const slot = this.#rawNext(from);
      if (slot === undefined || slot >= this.#end) return undefined;
      if (this.#everyDay || this.#works(this.dayOf(slot))) return slot;
      from = this.#endOfDay(slot) - 1;
    }
    return undefined;
  }

  /** The slots behind `since`, up to `upTo` itself: the newest `most` of them, oldest first. */
  between(since: number, upTo: number, most: number): number[] {
    const floor = Math.max(since, this.#start - 1);
    let at = Math.min(upTo, this.#end - 1);
    const slots: number[] = [];
    for (let days = 0; slots.length < most && days < mostDays; ) {
      const slot = this.#rawBefore(at + 1);
      if (slot === undefined || slot <= floor) break;
      if (this.#everyDay || this.#works(this.dayOf(slot))) {
        slots.push(slot);
        at = slot - 1;
      } else {
        at = this.#startOfDay(slot) - 1;
        days += 1;
      }
    }
    return slots.reverse();
  }

  /** When a slot's run begins: never before its slot, and in every process at the same moment. */
  dueAt(slot: number): number {
    return this.#jitterMs === 0 ? slot : slot + drawn(`${this.#name} ${slot}`, this.#jitterMs);
  }

  get jitterMs(): number {
    return this.#jitterMs;
  }

  /** Day of a moment in the zone, `2026-10-01`. */
  dayOf(at: number): string {
    return this.#dayOf.format(at);
  }

  #rawNext(after: number): number | undefined {
    if (this.#cron !== undefined) {
      const from = Number.isFinite(after) ? after : 0;
      return this.#cron.nextRun(new Date(from))?.getTime();
    }
    if (this.#once !== undefined) return this.#once > after ? this.#once : undefined;
    if (this.#everyMs === 0) return undefined;
    const anchor = this.#anchor;
    return anchor + (Math.floor((after - anchor) / this.#everyMs) + 1) * this.#everyMs;
  }

  #rawBefore(before: number): number | undefined {
    if (this.#cron !== undefined) {
      return this.#cron.previousRuns(1, new Date(before))[0]?.getTime();
    }
    if (this.#once !== undefined) return this.#once < before ? this.#once : undefined;
    if (this.#everyMs === 0) return undefined;
    const anchor = this.#anchor;
    return anchor + (Math.ceil((before - anchor) / this.#everyMs) - 1) * this.#everyMs;
  }

  /** Where intervals count from; without a start they would drift with every restart. */
  get #anchor(): number {
    return Number.isFinite(this.#start) ? this.#start : 0;
  }

  #startOfDay(at: number): number {
    return readMoment(this.dayOf(at), this.zone) ?? at;
  }

  #endOfDay(at: number): number {
    // A day has 25 hours at most; the middle of the next one is surely in it.
    return this.#startOfDay(this.#startOfDay(at) + 36 * 3_600_000);
  }
}

/** FNV-1a: a number below `most` that is the same everywhere. */
function drawn(text: string, most: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  // The last signs of a text alone would move it little.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) % most;
}
