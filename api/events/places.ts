import type { ServerResponse } from 'node:http';
import { AppError } from '../../bot/errors.ts';
import type { Caller } from '../middleware/caller.ts';

/** Answers that one caller may have open. */
const perCaller = 50;

/** How many streams and long polls each caller has open. */
export class ReaderPlaces {
  readonly #taken = new Map<string, number>();

  /** Until the answer is over. @throws AppError rate_limited */
  take(caller: Caller, response: ServerResponse): void {
    const who = caller.kind === 'channel' ? `channel ${caller.chid}` : caller.operator.name;
    const open = this.#taken.get(who) ?? 0;
    if (open >= perCaller) {
      throw new AppError(
        'rate_limited',
        {
          zh: `同时打开的事件流最多 ${perCaller} 个`,
          en: `at most ${perCaller} streams at once`,
        },
        { retryAfter: 5 },
      );
    }
    // It left while it was looked at who it is: its end was told already.
    if (response.closed) return;
    this.#taken.set(who, open + 1);
    response.once('close', () => {
      const left = (this.#taken.get(who) ?? 1) - 1;
      if (left === 0) this.#taken.delete(who);
      else this.#taken.set(who, left);
    });
  }
}
