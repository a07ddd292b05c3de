import type { Logger } from '../../config/logger.ts';
import type { Database, Tx } from '../../store/database.ts';
import type { ConversationRow, ImConversationStore } from '../../store/im-conversations.ts';
import type { ImMessageStore } from '../../store/im-messages.ts';
import type { Clock, Timer } from '../clock.ts';
import type { ConversationCache } from './conversation-cache.ts';
import type { Answering, Duty } from './duty.ts';
import type { MessageLog } from './message-log.ts';
import { customerOf, type Places } from './places.ts';

export interface HandoverOptions {
  db: Database;
  store: ImConversationStore;
  messages: Pick<ImMessageStore, 'lastSeq'>;
  log: Pick<MessageLog, 'read'>;
  duty: Duty;
  places: Places;
  cache: ConversationCache;
  clock: Clock;
  logger: Logger;
}

/** Messages of one transaction. */
const batch = 100;
const page = 100;
/** While something waits nobody has to say that somebody came: it is looked at anyway. */
const lookMs = 60_000;

/**
 * Tells whoever answers what nobody was told of: each conversation from its first waiting message
 * on, in order. One conversation at a time, so that nothing is told twice however many come at once.
 */
export class Handover {
  readonly #options: HandoverOptions;
  #running: Promise<void> | undefined;
  #again = false;
  /** Something was left when it was looked at last. */
  #left = false;
  #timer: Timer | undefined;
  #stopped = false;
  /** Draining happens one after another. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: HandoverOptions) {
    this.#options = options;
  }

  start(): void {
    this.wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.#running;
    await this.#turn;
  }

  /** Resolves when nothing is being handed over. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
    await this.#turn;
  }

  /** Somebody may be there now. */
  wake(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#running ??= this.#run()
      .catch((error: unknown) => {
        this.#options.logger.error({ err: error }, 'conversations wait longer');
      })
      .finally(() => {
        this.#running = undefined;
        // Came in the very last moment.
        if (this.#again) this.wake();
        else if (this.#left) this.#lookLater();
      });
  }

  /** Something waits in a conversation. Somebody may have come while that was being written. */
  waits(id: number): void {
    if (this.#stopped) return;
    this.#lookLater();
    if (!this.#options.duty.mayBeThere()) return;
    this.drain(id).catch((error: unknown) => {
      this.#options.logger.error({ err: error }, 'a conversation waits longer');
    });
  }

  #lookLater(): void {
    if (this.#stopped) return;
    this.#timer ??= this.#options.clock.after(lookMs, () => {
      this.#timer = undefined;
      this.wake();
    });
  }

  /**
   * All that waits in one conversation.
   * @param to who is told, there or not; undefined: whoever is on duty
   * @returns whether somebody was on duty
   */
  drain(id: number, to?: (tx: Tx, row: ConversationRow) => Promise<Answering>): Promise<boolean> {
    const turn = this.#turn.then(() => this.#drain(id, to));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #run(): Promise<void> {
    const { store } = this.#options;
    while (this.#again && !this.#stopped) {
      this.#again = false;
      // Should it fail.
      this.#left = true;
      let left = false;
      let after = 0;
      // Without a desk all ask for the same people.
      let nobody = false;
      for (;;) {
        const rows = await store.waiting(after, page);
        for (const row of rows) {
          after = row.id;
          const isLeft = nobody && row.store_id === null;
          if (this.#stopped || isLeft || !(await this.drain(row.id))) {
            left = true;
            if (row.store_id === null) nobody = true;
          }
        }
        if (rows.length < page || this.#stopped) break;
      }
      this.#left = left;
    }
  }

  async #drain(
    id: number,
    to: ((tx: Tx, row: ConversationRow) => Promise<Answering>) | undefined,
  ): Promise<boolean> {
    const { db, store, log } = this.#options;
    for (;;) {
      const row = await store.byId(id);
      if (row === undefined || row.waiting === null || this.#stopped) return true;
      // Read outside of the transaction; only here does the place move on.
      const placed = await log.read(customerOf(row), row.waiting - 1, batch);
      const done = await db.transaction(async (tx) => {
        const now = await store.findById(tx, id);
        if (now === undefined || now.waiting !== row.waiting) return undefined;
        const answering = await (to?.(tx, now) ?? this.#options.duty.choose(tx, now));
        if (answering.agent === undefined) return false;
        const end = placed.at(-1)?.seq ?? (now.waiting ?? 1) - 1;
        const last = await this.#options.messages.lastSeq(tx, now.appid, now.uid);
        const next: ConversationRow = {
          ...now,
          agent: answering.agent,
          store_id: answering.desk?.store_id ?? now.store_id,
          waiting: end < last && placed.length > 0 ? end + 1 : null,
        };
        await store.put(tx, next);
        this.#options.cache.changed(tx, next);
        for (const { message } of placed) {
          const { parties } = message;
          if (parties?.conversation !== id || parties.agent !== undefined) continue;
          await this.#options.places.handOver(tx, next, answering, message);
        }
        return true;
      });
      if (done === false) return false;
    }
  }
}
