import type { Context } from 'koa';
import { sourceOf } from '../../bot/attempt-limit.ts';
import type { Clock } from '../../bot/clock.ts';
import { AppError } from '../../bot/errors.ts';
import type { User } from '../../bot/im/message.ts';
import { RateLimits } from '../../bot/rate-limits.ts';

export interface CustomerRates {
  /** Customers that are registered from one address without the secret. 0 = unlimited. */
  customersPerMinute: number;
  /** Files that one customer uploads. 0 = unlimited. */
  customerUploadsPerMinute: number;
}

export const customerRates: CustomerRates = {
  customersPerMinute: 60,
  customerUploadsPerMinute: 10,
};

/** Customers of one address may have several pictures to show. */
const uploadersOfAddress = 6;

/** What anybody may do who knows the address of the daemon, and so not without a bound. */
export class CustomerLimits {
  readonly #clock: Clock;
  readonly #registrations: RateLimits;
  readonly #uploads: RateLimits;
  readonly #uploadsOfAddress: RateLimits;

  constructor(rates: CustomerRates, clock: Clock) {
    this.#clock = clock;
    this.#registrations = new RateLimits(rates.customersPerMinute);
    this.#uploads = new RateLimits(rates.customerUploadsPerMinute);
    this.#uploadsOfAddress = new RateLimits(rates.customerUploadsPerMinute * uploadersOfAddress);
  }

  /** @throws AppError rate_limited */
  registers(ctx: Context): void {
    this.#take(this.#registrations, addressOf(ctx));
  }

  /** @throws AppError rate_limited */
  uploads(ctx: Context, { appid, uid }: User): void {
    this.#take(this.#uploads, `${appid} ${uid}`);
    this.#take(this.#uploadsOfAddress, addressOf(ctx));
  }

  #take(limits: RateLimits, who: string): void {
    const wait = limits.take(who, this.#clock.now());
    if (wait === 0) return;
    const retryAfter = Math.ceil(wait / 1000);
    throw new AppError(
      'rate_limited',
      { zh: '请求过于频繁，请稍后再试', en: 'too many of these: try again later' },
      { retryAfter },
    );
  }
}

function addressOf(ctx: Context): string {
  return sourceOf(ctx.req.socket.remoteAddress ?? '');
}
