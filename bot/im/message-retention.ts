import type { Logger } from '../../config/logger.ts';
import type { ImRetentionStore, InboxOwner } from '../../store/im-retention.ts';
import type { Clock, Timer } from '../clock.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
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
  #timer: Timer | undefined;
  #round: Promise<unknown> = Promise.resolve();
  #stopped = false;
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
  }

  /** The first round comes after an hour: a start has better things to do. */
  start(): void {
    if (this.#timer !== undefined || this.#stopped) return;
    this.#timer = this.#clock.after(hourMs, () => {
      this.#timer = undefined;
      this.start();
      this.#round = this.run().catch((error: unknown) => {
        this.#logger.error({ err: error }, 'old messages stay');
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

  /** One round. @returns how many messages and places went */
  async run(): Promise<{ messages: number; places: number }> {
    const before = this.#clock.now() - this.#days * dayMs;
    const newest = await this.#store.newestMessage();
    let messages = 0;
    while (!this.#stopped) {
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
    if (isNew && !this.#stopped) this.#upTo = oldest.id;
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
        if (last === undefined || this.#stopped) break;
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
    while (!this.#stopped) {
      const next = await this.#store.nextUser(user);
      if (next === undefined || 'gid' in next) break;
      yield next;
      user = next;
    }
    let gid = 0;
    while (!this.#stopped) {
      const next = await this.#store.nextGroup(gid);
      if (next === undefined || !('gid' in next)) break;
      yield next;
      gid = next.gid;
    }
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
