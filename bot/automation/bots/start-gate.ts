import type { Clock } from '../../clock.ts';

/**
 * Lets only a few drivers start at the same time, so that many bots do not start as a herd. A start
 * that takes long gives its place away: one that hangs holds up nobody.
 */
export class StartGate {
  readonly #clock: Clock;
  readonly #places: number;
  readonly #holdMs: number;
  #taken = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(options: { clock: Clock; places?: number; holdMs?: number }) {
    this.#clock = options.clock;
    this.#places = options.places ?? 10;
    this.#holdMs = options.holdMs ?? 3000;
  }

  /** Resolves when there is a place; the answer gives it back (again and again: once). */
  async enter(): Promise<() => void> {
    if (this.#taken < this.#places) this.#taken += 1;
    // The place is handed over by whoever leaves: the count stays.
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let left = false;
    const leave = (): void => {
      if (left) return;
      left = true;
      timer.cancel();
      const next = this.#waiting.shift();
      if (next === undefined) this.#taken -= 1;
      else next();
    };
    const timer = this.#clock.after(this.#holdMs, leave);
    return leave;
  }
}
