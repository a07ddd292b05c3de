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
    const others = this.#others(account);
    if (others === undefined) return;
    const { reason, diagnosis } = refusal;
    const text = `a push was refused: ${describe(refusal)}`;
    this.#logger.warn({ account, reason, diagnosis, ...others }, text);
  }

  /** For an account that the config does not have: all of them together. */
  addUnknown(appid: string): void {
    const others = this.#others('');
    if (others === undefined) return;
    const facts = { account: appid.slice(0, 64), ...others };
    this.#logger.warn(facts, 'a push was refused: the config has no such account');
  }

  /** How many were left out before this one; undefined: this one is, too. */
  #others(account: string): { others?: number } | undefined {
    const now = this.#clock.now();
    let one = this.#limits.get(account);
    if (one === undefined) {
      one = { limit: new RateLimit(perMinute, now), silent: 0 };
      this.#limits.set(account, one);
    }
    if (one.limit.take(now) > 0) {
      one.silent += 1;
      return undefined;
    }
    const { silent } = one;
    one.silent = 0;
    return silent > 0 ? { others: silent } : {};
  }
}
