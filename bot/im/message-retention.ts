import { setImmediate as turn } from 'node:timers/promises';
import type { Logger } from '../../config/logger.ts';
import type { ImRetentionStore, InboxOwner } from '../../store/im-retention.ts';
import type { Clock } from '../clock.ts';
import { Rounds } from '../rounds.ts';

const dayMs = 86_400_000;
/** Rows of one transaction: a few milliseconds. */
const batch = 500;

/**
 * Forgets hourly what was said longer ago than the config wants, with its places in inboxes: in
 * small transactions, with a turn of the event loop between them.
 */
export class MessageRetention {
  readonly #store: ImRetentionStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #days: number;
  readonly #rounds: Rounds;
  /** Places of messages before this one are forgotten already. */
  #upTo = 0;

  constructor(options: {
    store: ImRetentionStore;
    clock: Clock;
    logger: Logger;
    messagesDays: number;
  }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#days = options.messagesDays;
    const { clock, logger } = options;
    this.#rounds = new Rounds({
      clock,
      logger,
      failed: 'old messages stay',
      run: () => this.run(),
    });
  }

  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** One round. @returns how many messages and places went */
  async run(): Promise<{ messages: number; places: number }> {
    const before = this.#clock.now() - this.#days * dayMs;
    const newest = await this.#store.newestMessage();
    let messages = 0;
    while (!this.#rounds.stopped) {
      const first = await this.#store.firstMessages(batch);
      const old = first.filter((row) => row.at < before && row.id < newest);
      const last = old.at(-1);
      if (last === undefined) break;
      messages += await this.#store.db.transaction((tx) => this.#store.forgetMessages(tx, last.id));
      await turn();
    }
    const [oldest] = await this.#store.firstMessages(1);
    const isNew = oldest !== undefined && oldest.id > this.#upTo;
    const places = isNew ? await this.#forgetPlaces(oldest.id) : 0;
    if (isNew && !this.#rounds.stopped) this.#upTo = oldest.id;
    if (messages > 0) this.#logger.info({ messages, places }, 'old messages forgotten');
    return { messages, places };
  }

  /** Those of messages before `oldest`. */
  async #forgetPlaces(oldest: number): Promise<number> {
    let count = 0;
    for await (const owner of this.#owners()) {
      for (;;) {
        const first = await this.#store.firstPlaces(owner, batch);
        const last = first.filter((place) => place.message_id < oldest).at(-1);
        if (last === undefined || this.#rounds.stopped) break;
        const gone = await this.#store.db.transaction((tx) =>
          this.#store.forgetPlaces(tx, owner, last.seq),
        );
        count += gone;
        await turn();
        if (gone < batch) break;
      }
    }
    return count;
  }

  async *#owners(): AsyncIterable<InboxOwner> {
    let user = { appid: Number.MIN_SAFE_INTEGER, uid: 0 };
    while (!this.#rounds.stopped) {
      const next = await this.#store.nextUser(user);
      if (next === undefined || 'gid' in next) break;
      yield next;
      user = next;
    }
    let gid = 0;
    while (!this.#rounds.stopped) {
      const next = await this.#store.nextGroup(gid);
      if (next === undefined || !('gid' in next)) break;
      yield next;
      gid = next.gid;
    }
  }
}
