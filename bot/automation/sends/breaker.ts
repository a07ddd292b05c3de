const minute = 60_000;
/** Pause after the first, second, third and later refusals in a row. */
const pauses = [10 * minute, 20 * minute, 30 * minute];

export interface BreakerState {
  until: number;
  /** Refusals in a row; 0: closed. */
  level: number;
}

/**
 * Stops a bot that WeChat told "too frequent". After the pause one message alone tries the ground:
 * when it is taken, sending goes on; when it is refused too, the next pause is longer.
 */
export class Breaker {
  #until: number;
  #level: number;

  constructor(state: BreakerState = { until: 0, level: 0 }) {
    this.#until = state.until;
    this.#level = state.level;
  }

  get state(): BreakerState {
    return { until: this.#until, level: this.#level };
  }

  isOpen(now: number): boolean {
    return this.#level > 0 && now < this.#until;
  }

  /** The pause is over, but nothing was taken since. */
  isHalfOpen(now: number): boolean {
    return this.#level > 0 && now >= this.#until;
  }

  /** How many may be on their way at once, of `most`. */
  allowance(now: number, most: number): number {
    if (this.#level === 0) return most;
    return now < this.#until ? 0 : 1;
  }

  /** State after one more refusal; in force only after `set`. */
  tripped(now: number): BreakerState {
    // Several were on their way when it opened: their refusals are the same one.
    if (this.isOpen(now)) return this.state;
    const level = this.#level + 1;
    const pause = pauses[Math.min(level, pauses.length) - 1] ?? minute;
    return { until: now + pause, level };
  }

  set(state: BreakerState): void {
    this.#until = state.until;
    this.#level = state.level;
  }
}
