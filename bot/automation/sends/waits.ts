import type { Text } from '../../errors.ts';
import type { BotHandle, BotSession } from '../bots/bot-port.ts';
import type { BreakerState } from './breaker.ts';
import { reasons } from './reasons.ts';
import type { SendCore } from './send-core.ts';

/** Why a bot sends nothing at all now; undefined: it does. */
export function standstill(
  bot: BotHandle | undefined,
  session: BotSession | undefined,
  breaker: BreakerState,
  now: number,
): Text | undefined {
  if (bot === undefined) return reasons.noBot;
  if (session === undefined) return bot.waitReason() ?? reasons.notHere;
  if (breaker.level > 0 && now < breaker.until) return reasons.breaker(breaker.until);
  return undefined;
}

/** Writes down when the queue of a bot stands still and why, once per change. */
export class Waits {
  readonly #core: SendCore;
  readonly #botcode: string;
  /** Last reason written, as JSON; undefined: not read yet. */
  #written: string | null | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(core: SendCore, botcode: string) {
    this.#core = core;
    this.#botcode = botcode;
  }

  /** @param waiting whether anything is queued: an idle bot's states are of no interest here */
  note(
    waiting: boolean,
    bot: BotHandle | undefined,
    session: BotSession | undefined,
    breaker: BreakerState,
    now: number,
  ): void {
    const why = standstill(bot, session, breaker, now);
    if (why === undefined && (this.#written === null || !waiting)) return;
    if (!waiting) return;
    const reason = why === undefined ? null : JSON.stringify(why);
    if (reason === this.#written) return;
    const former = this.#written;
    this.#written = reason;
    this.#writing = this.#writing.then(() => this.#write(former, reason, now));
  }

  async stop(): Promise<void> {
    await this.#writing;
  }

  async #write(
    former: string | null | undefined,
    reason: string | null,
    at: number,
  ): Promise<void> {
    const { db, logger, steps } = this.#core;
    try {
      if (former === undefined) {
        const last = await steps.lastWait(this.#botcode);
        if ((last?.reason ?? null) === reason) return;
      }
      await db.transaction((tx) => steps.addWait(tx, this.#botcode, at, reason));
    } catch (error) {
      logger.error({ err: error, botcode: this.#botcode }, 'a wait could not be recorded');
    }
  }
}
