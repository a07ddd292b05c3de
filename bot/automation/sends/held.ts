import { AppError } from '../../errors.ts';
import type { Dispatcher } from './dispatcher.ts';
import { reasons } from './reasons.ts';
import type { SendCore } from './send-core.ts';
import { settleSend } from './settle.ts';

/** Rows changed in one transaction. */
const batch = 2000;

/** What an operator can decide about sends that were accepted for another account. */
export class HeldSends {
  readonly #core: SendCore;
  readonly #dispatcher: (botcode: string) => Dispatcher;

  constructor(core: SendCore, dispatcher: (botcode: string) => Dispatcher) {
    this.#core = core;
    this.#dispatcher = dispatcher;
  }

  async count(botcode: string): Promise<number> {
    const account = this.#account(botcode);
    return account === undefined ? 0 : await this.#core.store.countForeign(botcode, account);
  }

  /** @throws AppError unavailable */
  async adopt(botcode: string): Promise<number> {
    const account = this.#required(botcode);
    let adopted = 0;
    for (;;) {
      const some = await this.#core.db.transaction((tx) =>
        this.#core.store.adopt(tx, botcode, account, batch),
      );
      adopted += some;
      if (some < batch) break;
    }
    this.#dispatcher(botcode).retry();
    return adopted;
  }

  /** @throws AppError unavailable */
  async cancel(botcode: string): Promise<number> {
    const account = this.#required(botcode);
    const dispatcher = this.#dispatcher(botcode);
    let cancelled = 0;
    for (;;) {
      const rows = await this.#core.db.transaction(async (tx) => {
        const foreign = await this.#core.store.foreign(tx, botcode, account, batch);
        const end = { state: 'cancelled', reason: reasons.cancelled } as const;
        for (const row of foreign) await settleSend(this.#core, tx, row, 'queued', end);
        return foreign;
      });
      for (const row of rows) dispatcher.removed(row.lane, row.msgid);
      cancelled += rows.length;
      if (rows.length < batch) return cancelled;
    }
  }

  /** The account the bot has, or is bound to while it is away. */
  #account(botcode: string): string | undefined {
    const bot = this.#core.bots.get(botcode);
    return bot?.session()?.accountId ?? bot?.view().boundAccountId;
  }

  #required(botcode: string): string {
    const account = this.#account(botcode);
    if (account !== undefined) return account;
    throw new AppError('unavailable', {
      zh: '机器人尚未绑定微信号',
      en: 'the bot is not bound to an account',
    });
  }
}
