import { DeadSendStore } from '../../../store/dead-sends.ts';
import type { SendCore } from './send-core.ts';

/**
 * Sends that ended without having left, until an operator has dealt with them. Their channels were
 * told how they ended, and that stays so.
 */
export class DeadSends {
  readonly #core: SendCore;
  readonly #store: DeadSendStore;

  constructor(core: SendCore) {
    this.#core = core;
    this.#store = new DeadSendStore(core.db);
  }

  /**
   * They are dead letters no more, all at once; those that are none are left out.
   * @param again the number under which one was sent again
   * @returns which ones
   */
  async clear(msgids: readonly number[], again?: number): Promise<number[]> {
    const { clock, db, steps, store } = this.#core;
    return await db.transaction(async (tx) => {
      const cleared: number[] = [];
      for (const msgid of msgids) {
        const at = clock.now();
        if (!(await this.#store.clear(tx, msgid, at))) continue;
        const step = again === undefined ? 'discarded' : 'again';
        await steps.add(tx, msgid, { at, step, detail: again?.toString() });
        tx.onDurable(() => store.touched?.(msgid));
        cleared.push(msgid);
      }
      return cleared;
    });
  }

  /** How many of those that ended after a moment are dealt with. */
  clearedOf(after: number): Promise<number> {
    return this.#store.clearedOf(after);
  }
}
