import { RateLimit } from './rate-limit.ts';

/** A rate for each of many; of those who have not asked for longest nothing is known any more. */
export class RateLimits {
  readonly #perMinute: number;
  readonly #most: number;
  /** Who asked last comes last. */
  readonly #limits = new Map<string, RateLimit>();

  /** @param perMinute 0 = unlimited */
  constructor(perMinute: number, most = 10_000) {
    this.#perMinute = perMinute;
    this.#most = most;
  }

  /** Takes one; answers 0, or the milliseconds until there is one (nothing taken). */
  take(who: string, now: number): number {
    if (this.#perMinute === 0) return 0;
    const limit = this.#limits.get(who) ?? new RateLimit(this.#perMinute, now);
    this.#limits.delete(who);
    this.#limits.set(who, limit);
    for (const oldest of this.#limits.keys()) {
      if (this.#limits.size <= this.#most) break;
      this.#limits.delete(oldest);
    }
    return limit.take(now);
  }
}
