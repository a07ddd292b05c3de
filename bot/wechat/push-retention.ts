import type { Logger } from '../../config/logger.ts';
import type { WechatPushStore } from '../../store/wechat-pushes.ts';
import type { Clock } from '../clock.ts';
import { Rounds } from '../rounds.ts';

/** What is kept of pushes that are worked off. */
export interface PushKeeping {
  /** The newest so many keep their text … */
  bodies: number;
  /** … for so many days. What has failed keeps it that long in any case: it can be replayed. */
  days: number;
  /** So many days at least a repeated push is known as one. */
  keyDays: number;
}
const pushKeeping: PushKeeping = { bodies: 10_000, days: 7, keyDays: 3 };

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Rows of one transaction. */
const batch = 500;

/** Forgets hourly what is old of the pushes, in small transactions. */
export class PushRetention {
  readonly #store: WechatPushStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #keep: PushKeeping;
  readonly #rounds: Rounds;

  constructor(options: {
    store: WechatPushStore;
    clock: Clock;
    logger: Logger;
    keep?: PushKeeping | undefined;
  }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#keep = options.keep ?? pushKeeping;
    const { clock, logger } = options;
    this.#rounds = new Rounds({ clock, logger, failed: 'old pushes stay', run: () => this.run() });
  }

  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** One round. @returns how many texts and rows went */
  async run(): Promise<{ bodies: number; rows: number }> {
    const bodies = await this.#forgetBodies();
    const rows = await this.#forgetRows();
    if (bodies + rows > 0) this.#logger.info({ bodies, rows }, 'old pushes forgotten');
    return { bodies, rows };
  }

  async #forgetBodies(): Promise<number> {
    const before = this.#clock.now() - this.#keep.days * dayMs;
    const first = (await this.#store.oldestOfNewest(this.#keep.bodies)) ?? 0;
    let after = 0;
    let count = 0;
    while (!this.#rounds.stopped) {
      const page = await this.#store.withBody(after, batch);
      const old = page.filter(
        ({ id, received_at, state }) =>
          state !== 'due' && (received_at < before || (id < first && state === 'done')),
      );
      await this.#store.db.transaction(async (tx) => {
        for (const { id } of old) await this.#store.forgetBody(tx, id);
      });
      count += old.length;
      const last = page.at(-1);
      if (last === undefined || page.length < batch) break;
      // Numbers rise with time: all behind this one stay.
      if (last.id >= first && last.received_at >= before) break;
      after = last.id;
    }
    return count;
  }

  async #forgetRows(): Promise<number> {
    const now = this.#clock.now();
    const withoutBody = now - this.#keep.keyDays * dayMs;
    const all = now - Math.max(this.#keep.days, this.#keep.keyDays) * dayMs;
    let after = 0;
    let count = 0;
    while (!this.#rounds.stopped) {
      const page = await this.#store.after(after, batch);
      const old = page.filter(
        ({ received_at, state, has_body }) =>
          state !== 'due' && received_at < (has_body ? all : withoutBody),
      );
      await this.#store.db.transaction(async (tx) => {
        for (const { id } of old) await this.#store.remove(tx, id);
      });
      count += old.length;
      const last = page.at(-1);
      if (last === undefined || page.length < batch || last.received_at >= withoutBody) break;
      after = last.id;
    }
    return count;
  }
}
