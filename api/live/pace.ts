import type { Clock } from '../../bot/clock.ts';

/** Frames that a client may say at once, and how many come back each second. */
const burst = 200;
const perSecond = 50;

/** How much a client may say. A page says a few frames when another screen is opened. */
export class Pace {
  readonly #clock: Clock;
  #left = burst;
  #countedAt: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#countedAt = clock.now();
  }

  /** One more was said. */
  said(): void {
    this.#refill();
    this.#left -= 1;
  }

  /** Milliseconds until the next one may be read. */
  waitMs(): number {
    this.#refill();
    return this.#left >= 0 ? 0 : Math.ceil((-this.#left * 1000) / perSecond);
  }

  #refill(): void {
    const now = this.#clock.now();
    const grown = (Math.max(0, now - this.#countedAt) * perSecond) / 1000;
    this.#left = Math.min(burst, this.#left + grown);
    this.#countedAt = now;
  }
}
