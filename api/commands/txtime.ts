import { WallClock } from '../../bot/wall-clock.ts';

/** A calendar day in the configured zone as `yyyymmdd`, with its neighbours where they are near. */
export interface Day {
  readonly day: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface Txtime {
  /** Epoch ms. */
  at: number;
  day: Day;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Cached minutes; a window of ±10 minutes touches 21 of them. */
const cacheLimit = 512;

/**
 * Reads `txtime`: `yyyymmddhhmmss` in the configured zone, or 13 digits of epoch milliseconds.
 * Zone arithmetic is slow, so its results are kept per minute.
 */
export class TxtimeReader {
  readonly #clock: WallClock;
  /** `yyyymmddhhmm` → the epoch ms it can mean: none in a DST gap, two where clocks go back. */
  readonly #minutes = new Map<string, readonly number[]>();
  /** Minute since the epoch → its day. */
  readonly #days = new Map<number, Day>();

  readonly #nearMs: number;

  /** @param nearMs how near midnight has to be for a neighbouring day to be told */
  constructor(timezone: string, nearMs = dayMs) {
    this.#nearMs = nearMs;
    this.#clock = new WallClock(timezone);
  }

  /**
   * Undefined when the text is no time. A local time that comes twice (clocks went back) means the
   * one nearer to `now`.
   */
  read(text: string, now: number): Txtime | undefined {
    if (text.length === 13) {
      if (!/^\d{13}$/.test(text)) return undefined;
      const at = Number(text);
      return { at, day: this.#dayOf(at) };
    }
    if (!/^\d{14}$/.test(text)) return undefined;
    const seconds = Number(text.slice(12));
    if (seconds > 59) return undefined;
    let at: number | undefined;
    for (const start of this.#startsOf(text.slice(0, 12))) {
      const candidate = start + seconds * 1000;
      if (at === undefined || Math.abs(candidate - now) < Math.abs(at - now)) at = candidate;
    }
    return at === undefined ? undefined : { at, day: this.#dayOf(at) };
  }

  /** `yyyymmddhhmmss` of a moment. */
  write(at: number): string {
    return digits(this.#clock.at(at));
  }

  #startsOf(minute: string): readonly number[] {
    const known = this.#minutes.get(minute);
    if (known !== undefined) return known;
    if (this.#minutes.size >= cacheLimit) this.#minutes.clear();
    const starts = this.#find(minute);
    this.#minutes.set(minute, starts);
    return starts;
  }

  #find(minute: string): number[] {
    const year = Number(minute.slice(0, 4));
    // Date.UTC takes years below 100 for the twentieth century; no txtime is that old.
    if (year < 1970) return [];
    const local = Date.UTC(
      year,
      Number(minute.slice(4, 6)) - 1,
      Number(minute.slice(6, 8)),
      Number(minute.slice(8, 10)),
      Number(minute.slice(10, 12)),
    );
    // 30 February would roll over into March.
    if (digits(local).slice(0, 12) !== minute) return [];
    return this.#clock.momentsOf(local);
  }

  #dayOf(at: number): Day {
    const minute = Math.floor(at / minuteMs);
    const known = this.#days.get(minute);
    if (known !== undefined) return known;
    if (this.#days.size >= cacheLimit) this.#days.clear();
    const local = this.#clock.at(at);
    const sinceMidnight = local % dayMs;
    const near = (distance: number): boolean => distance <= this.#nearMs;
    const day = {
      day: digits(local).slice(0, 8),
      before: near(sinceMidnight) ? digits(local - dayMs).slice(0, 8) : undefined,
      after: near(dayMs - sinceMidnight) ? digits(local + dayMs).slice(0, 8) : undefined,
    };
    this.#days.set(minute, day);
    return day;
  }
}

/** `yyyymmddhhmmss` of epoch ms in UTC. */
function digits(at: number): string {
  return new Date(at).toISOString().replace(/\D/g, '').slice(0, 14);
}
