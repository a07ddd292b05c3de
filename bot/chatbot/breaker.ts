const second = 1000;
/** So many failures in a row, and it is left alone. */
const patience = 5;
/** Pauses after that; the last one again and again. */
const pauses = [30 * second, 60 * second, 120 * second, 300 * second];

/**
 * Leaves a failing model alone, so that nobody waits for what will not come. After the pause one
 * question alone tries it: when that is answered, all may ask again; else the next pause is longer.
 */
export class ModelBreaker {
  #failures = 0;
  #level = 0;
  #until = 0;
  #trying = false;

  /** Until when it is left alone; undefined: it is asked. */
  restsUntil(now: number): number | undefined {
    return this.#level > 0 && now < this.#until ? this.#until : undefined;
  }

  /** Whether a question may be asked now; its outcome is to be told by `succeeded`, `failed` or `left`. */
  enter(now: number): boolean {
    if (this.#level === 0) return true;
    if (now < this.#until || this.#trying) return false;
    this.#trying = true;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#level = 0;
    this.#trying = false;
  }

  /** @returns whether it is left alone from now on */
  failed(now: number): boolean {
    // Those that were under way when the pause began failed for the same reason.
    if (this.restsUntil(now) !== undefined) return false;
    this.#failures += 1;
    if (!this.#trying && this.#failures < patience) return false;
    this.#trying = false;
    this.#level += 1;
    this.#until = now + (pauses[Math.min(this.#level, pauses.length) - 1] ?? second);
    return true;
  }

  /** The question was taken back, or failed by its own fault: nothing is known of the model. */
  left(): void {
    this.#trying = false;
  }
}
