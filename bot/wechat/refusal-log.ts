import type { Logger } from '../../config/logger.ts';
import type { Clock } from '../clock.ts';
import { RateLimit } from '../rate-limit.ts';
import { describe, type Refusal } from './diagnosis.ts';

/** So many of an account are written down; more tell nothing new. */
const perMinute = 20;

/** Writes down why pushes are refused, as long as nobody fills the log with it. */
export class RefusalLog {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #limits = new Map<string, { limit: RateLimit; silent: number }>();

  constructor(options: { clock: Clock; logger: Logger }) {
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  add(account: string, refusal: Refusal): void {
    const now = this.#clock.now();
    let one = this.#limits.get(account);
    if (one === undefined) {
      one = { limit: new RateLimit(perMinute, now), silent: 0 };
      this.#limits.set(account, one);
    }
    if (one.limit.take(now) > 0) {
      one.silent += 1;
      return;
    }
    const { reason, diagnosis } = refusal;
    this.#logger.warn(
      { account, reason, diagnosis, ...(one.silent > 0 && { others: one.silent }) },
      `a push was refused: ${describe(refusal)}`,
    );
    one.silent = 0;
  }
}
