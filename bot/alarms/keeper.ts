import type { Logger } from '../../config/logger.ts';
import type { AlarmMessageStore } from '../../store/alarm-messages.ts';
import type { AlarmStore } from '../../store/alarms.ts';
import { type Episode, toRow } from './episode.ts';
import { inTime } from './in-time.ts';
import { type Message, messageRow } from './message.ts';

export interface KeeperOptions {
  store: AlarmStore;
  messages: AlarmMessageStore;
  logger: Logger;
}

const saveMs = 5000;
const dayMs = 86_400_000;
const batch = 200;

/** Writes down what is known of alarms. What cannot be written stays in memory until it can. */
export class Keeper {
  readonly #options: KeeperOptions;
  /** Not written yet, by id; undefined: to be removed. */
  readonly #unsaved = new Map<string, Episode | undefined>();
  #forgotAt: number | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Written with the next save. */
  note(id: string, one: Episode | undefined): void {
    this.#unsaved.set(id, one);
  }

  /** Never rejects: people are told all the same. */
  async save(told: readonly Message[]): Promise<void> {
    if (this.#unsaved.size === 0 && told.length === 0) return;
    const { store, messages, logger } = this.#options;
    const unsaved = [...this.#unsaved];
    try {
      const writing = store.db.transaction(async (tx) => {
        for (const [id, one] of unsaved) {
          if (one === undefined) await store.remove(tx, id);
          else await store.put(tx, toRow(one));
        }
        for (const one of told) await messages.put(tx, messageRow(one));
      });
      await inTime(writing, saveMs);
      for (const [id, one] of unsaved) {
        if (this.#unsaved.get(id) === one) this.#unsaved.delete(id);
      }
      for (const one of told) one.saved = true;
    } catch (error) {
      logger.error({ err: error }, 'alarms could not be written: they are told from memory');
    }
  }

  /** Once a day, what was over before then. */
  async forget(now: number, before: number): Promise<void> {
    const since = this.#forgotAt;
    if (since !== undefined && now >= since && now - since < dayMs) return;
    this.#forgotAt = now;
    const { store } = this.#options;
    for (let gone = batch; gone === batch; ) {
      gone = await store.db.transaction((tx) => store.forget(tx, before, batch));
    }
  }
}
