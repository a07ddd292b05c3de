import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Names } from '../im/names.ts';
import type { Pairs } from './pairs.ts';
import type { Notice, WechatAnswer, WechatPort } from './ports.ts';

export interface PendingNoticesOptions {
  pairs: Pick<Pairs, 'find' | 'look'>;
  names: Pick<Names, 'find'>;
  wechat: Pick<WechatPort, 'sendNotice'>;
  waitMs: number;
  clock: Clock;
}

/** Also where notices are sent at once nobody is told more often by the same person. */
const leastMs = 30_000;
const mostPairs = 100_000;

/**
 * Notices that users ask for themselves, whom nobody trusts with the words: what is told is what waits,
 * and each sender tells each receiver once in a while. What timers tell counts, too.
 */
export class PendingNotices {
  readonly #options: PendingNoticesOptions;
  readonly #everyMs: number;
  /** When who was told of whom; the latest last. */
  readonly #told = new Map<string, number>();

  constructor(options: PendingNoticesOptions) {
    this.#options = options;
    this.#everyMs = Math.max(leastMs, options.waitMs);
  }

  /** Remembers a notice that was said without this. */
  note({ fromUserId, toUserId }: Pick<Notice, 'fromUserId' | 'toUserId'>): void {
    const key = keyOf(fromUserId, toUserId);
    const now = this.#options.clock.now();
    this.#told.delete(key);
    this.#told.set(key, now);
    for (const [oldest, at] of this.#told) {
      if (this.#told.size <= mostPairs && now - at < this.#everyMs) break;
      this.#told.delete(oldest);
    }
  }

  /**
   * Tells somebody of the oldest message of a sender that waits for him.
   * @throws AppError forbidden: nothing waits · rate_limited
   */
  async tell({ formId, fromUserId, toUserId }: Omit<Notice, 'msg'>): Promise<WechatAnswer> {
    const { wechat } = this.#options;
    const body = await this.#oldest(fromUserId, toUserId);
    if (body === undefined) throw nothingWaits();
    // No await from here to the note: of two at once one waits.
    const wait = this.#waitMs(fromUserId, toUserId);
    if (wait > 0) throw tooSoon(Math.ceil(wait / 1000));
    this.note({ fromUserId, toUserId });
    const msg = JSON.parse(body) as Record<string, unknown>;
    return await wechat.sendNotice({ formId, fromUserId, toUserId, msg });
  }

  async #oldest(fromUserId: string, toUserId: string): Promise<string | undefined> {
    const { names, pairs } = this.#options;
    const from = await names.find(fromUserId);
    const to = from && (await names.find(toUserId));
    const pair = from && to && (await pairs.find(from, to));
    if (pair === undefined) return undefined;
    return (await pairs.look(pair, 0, 1))[0]?.body;
  }

  #waitMs(fromUserId: string, toUserId: string): number {
    const at = this.#told.get(keyOf(fromUserId, toUserId));
    return at === undefined ? 0 : at + this.#everyMs - this.#options.clock.now();
  }
}

function keyOf(from: string, to: string): string {
  return JSON.stringify([from, to]);
}

function nothingWaits(): AppError {
  const text = {
    zh: 'toUserId：没有您发给该用户的未读消息',
    en: 'toUserId: no message of yours waits for this user',
  };
  return new AppError('forbidden', text, { field: 'toUserId' });
}

function tooSoon(seconds: number): AppError {
  const text = {
    zh: `toUserId：刚刚通知过该用户，请 ${seconds} 秒后再试`,
    en: `toUserId: this user has just been told: wait ${seconds} s`,
  };
  return new AppError('rate_limited', text, { field: 'toUserId', retryAfter: seconds });
}
