import type { Clock } from '../clock.ts';

/** By which call something goes. */
export type Way = 'custom' | 'subscribe';

/** Until when nothing of an account goes one way: its quota of the minute or the day is used up. */
export class Pauses {
  readonly #clock: Clock;
  readonly #until = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  set(account: string, way: Way, until: number): void {
    this.#until.set(`${account} ${way}`, until);
  }

  /** Epoch ms; undefined: it may go. */
  get(account: string, way: Way): number | undefined {
    const until = this.#until.get(`${account} ${way}`);
    return until !== undefined && until > this.#clock.now() ? until : undefined;
  }
}
