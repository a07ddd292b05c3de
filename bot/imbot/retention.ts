import type { Logger } from '../../config/logger.ts';
import type { ImbotRetentionStore, TimeRow } from '../../store/imbot-retention.ts';
import type { Clock, Timer } from '../clock.ts';

const hourMs = 3_600_000;
/** Rows of one transaction: a few milliseconds. */
const batch = 500;

/** Forgets hourly the places in histories of messages that were forgotten. */
export class ImbotRetention {
  readonly #store: ImbotRetentionStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #timer: Timer | undefined;
  #round: Promise<unknown> = Promise.resolve();
  #stopped = false;
  /** Everything before this message is forgotten already. */
  #upTo = 0;

  constructor(options: { store: ImbotRetentionStore; clock: Clock; logger: Logger }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** The first round comes after an hour: a start has better things to do. */
  start(): void {
    if (this.#timer !== undefined || this.#stopped) return;
    this.#timer = this.#clock.after(hourMs, () => {
      this.#timer = undefined;
      this.start();
      this.#round = this.run().catch((error: unknown) => {
        this.#logger.error({ err: error }, 'old histories stay');
      });
    });
  }

  /** Ends the round under way after its transaction. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.#round;
  }

  /** One round. @returns how many places went */
  async run(): Promise<number> {
    const oldest = await this.#store.oldest();
    if (oldest <= this.#upTo) return 0;
    const { db } = this.#store;
    let count = 0;
    let after: TimeRow = { pair: 0, at: 0, message_id: 0 };
    while (!this.#stopped) {
      const rows = await this.#store.times(oldest, after, batch);
      after = rows.at(-1) ?? after;
      await db.transaction(async (tx) => {
        for (const row of rows) await this.#store.forgetTime(tx, row);
      });
      count += rows.length;
      if (rows.length < batch) break;
    }
    while (!this.#stopped) {
      const last = (await this.#store.bodies(oldest, batch)).at(-1);
      if (last === undefined) break;
      await db.transaction((tx) => this.#store.forgetBodies(tx, last.message_id));
    }
    if (!this.#stopped) this.#upTo = oldest;
    return count;
  }
}
