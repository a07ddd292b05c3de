import type { Logger } from '../../config/logger.ts';
import type { ImConversationStore } from '../../store/im-conversations.ts';
import type { ImNameStore } from '../../store/im-names.ts';
import type { Clock } from '../clock.ts';
import { Rounds } from '../rounds.ts';
import type { ConversationCache } from './conversation-cache.ts';
import type { Hub } from './hub.ts';
import { ownApps } from './message.ts';
import type { Names } from './names.ts';

const dayMs = 86_400_000;
/** Rows of one transaction: a few milliseconds. */
const batch = 200;
/** Names looked at in one round: all of a million within a week. */
const mostNames = 10_000;

export interface ServiceRetentionOptions {
  store: ImConversationStore;
  names: Names;
  nameStore: ImNameStore;
  cache: ConversationCache;
  hub: Pick<Hub, 'isOnline'>;
  clock: Clock;
  logger: Logger;
  messagesDays: number;
}

/** Forgets hourly conversations whose messages are forgotten, and names that nothing refers to. */
export class ServiceRetention {
  readonly #options: ServiceRetentionOptions;
  readonly #rounds: Rounds;
  /** Names up to here were looked at. */
  #looked = 0;

  constructor(options: ServiceRetentionOptions) {
    this.#options = options;
    const { clock, logger } = options;
    this.#rounds = new Rounds({
      clock,
      logger,
      failed: 'old conversations stay',
      run: () => this.run(),
    });
  }

  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** One round. @returns how many went */
  async run(): Promise<{ conversations: number; names: number }> {
    const gone = { conversations: await this.#forgetConversations(), names: 0 };
    gone.names = await this.#forgetNames();
    if (gone.conversations + gone.names > 0) {
      this.#options.logger.info(gone, 'old conversations forgotten');
    }
    return gone;
  }

  async #forgetConversations(): Promise<number> {
    const { store, cache, clock, messagesDays } = this.#options;
    const before = clock.now() - messagesDays * dayMs;
    for (let count = 0; ; ) {
      if (this.#rounds.stopped) return count;
      const gone = await store.db.transaction(async (tx) => {
        const rows = await store.forget(tx, before, batch);
        for (const row of rows) cache.forgotten(tx, row);
        return rows.length;
      });
      count += gone;
      if (gone < batch) return count;
    }
  }

  async #forgetNames(): Promise<number> {
    const { names, nameStore, hub } = this.#options;
    let count = 0;
    for (let looked = 0; looked < mostNames && !this.#rounds.stopped; looked += batch) {
      const uids = await nameStore.after(this.#looked, batch);
      this.#looked = uids.length < batch ? 0 : (uids.at(-1) ?? 0);
      // Whoever holds the number now may be about to write under it.
      const isUsed = (uid: number): boolean =>
        names.isRecent(uid) || hub.isOnline(ownApps.names, uid);
      if (!uids.every(isUsed)) {
        await nameStore.db.transaction(async (tx) => {
          for (const uid of uids) {
            if (!isUsed(uid) && (await nameStore.forget(tx, uid))) count += 1;
          }
        });
      }
      if (uids.length < batch) break;
    }
    return count;
  }
}
