import type { Logger } from '../../config/logger.ts';
import type { ImbotRetentionStore, TimeRow } from '../../store/imbot-retention.ts';
import type { Clock } from '../clock.ts';
import { Rounds } from '../rounds.ts';

/** Rows of one transaction: a few milliseconds. */
const batch = 500;

/** Forgets hourly the places in histories of messages that were forgotten. */
export class ImbotRetention {
  readonly #store: ImbotRetentionStore;
  readonly #rounds: Rounds;
  /** Everything before this message is forgotten already. */
  #upTo = 0;

  constructor(options: { store: ImbotRetentionStore; clock: Clock; logger: Logger }) {
    this.#store = options.store;
    const { clock, logger } = options;
    this.#rounds = new Rounds({
      clock,
      logger,
      failed: 'old histories stay',
      run: () => this.run(),
    });
  }

  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** One round. @returns how many places went */
  async run(): Promise<number> {
    const oldest = await this.#store.oldest();
    if (oldest <= this.#upTo) return 0;
    const { db } = this.#store;
    let count = 0;
    let after: TimeRow = { pair: 0, at: 0, message_id: 0 };
    while (!this.#rounds.stopped) {
      const rows = await this.#store.times(oldest, after, batch);
      after = rows.at(-1) ?? after;
      await db.transaction(async (tx) => {
        for (const row of rows) await this.#store.forgetTime(tx, row);
      });
      count += rows.length;
      if (rows.length < batch) break;
    }
    while (!this.#rounds.stopped) {
      const last = (await this.#store.bodies(oldest, batch)).at(-1);
      if (last === undefined) break;
      await db.transaction((tx) => this.#store.forgetBodies(tx, last.message_id));
    }
    if (!this.#rounds.stopped) this.#upTo = oldest;
    return count;
  }
}
