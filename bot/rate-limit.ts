/** A token bucket in memory: a full minute's worth may come at once, then it refills evenly. */
export class RateLimit {
  #perMinute: number;
  #tokens: number;
  #at: number;

  /** @param perMinute 0 = unlimited */
  constructor(perMinute: number, now: number) {
    this.#perMinute = perMinute;
    this.#tokens = perMinute;
    this.#at = now;
  }

  /** A new rate; what was used of the old one stays used. */
  change(perMinute: number): void {
    this.#tokens = Math.max(0, this.#tokens + perMinute - this.#perMinute);
    this.#perMinute = perMinute;
  }

  /** Takes one token; answers 0, or the milliseconds until there is one (nothing taken). */
  take(now: number): number {
    if (this.#perMinute === 0) return 0;
    const grown = (Math.max(0, now - this.#at) * this.#perMinute) / 60_000;
    this.#tokens = Math.min(this.#perMinute, this.#tokens + grown);
    this.#at = now;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return 0;
    }
    return Math.ceil(((1 - this.#tokens) * 60_000) / this.#perMinute);
  }
}
