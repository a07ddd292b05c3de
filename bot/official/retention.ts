import { setImmediate as turn } from 'node:timers/promises';
import type { Logger } from '../../config/logger.ts';
import type { ImMessageStore } from '../../store/im-messages.ts';
import type { ImRetentionStore } from '../../store/im-retention.ts';
import type { OfficialManyStore } from '../../store/official-many.ts';
import type { OfficialPushStore } from '../../store/official-pushes.ts';
import type { OfficialRetentionStore } from '../../store/official-retention.ts';
import type { Clock } from '../clock.ts';
import { ownApps } from '../im/message.ts';
import { Rounds } from '../rounds.ts';
import { mostFrames } from './frames.ts';
import { keyLifeMs } from './pushes.ts';
import type { Readers } from './readers.ts';

const dayMs = 86_400_000;
/** A device away for so long is a new one when it comes back. */
const deviceLifeMs = 90 * dayMs;
/** Rows of one transaction: a few milliseconds. */
const batch = 500;

export interface OfficialRetentionOptions {
  store: OfficialRetentionStore;
  places: Pick<ImRetentionStore, 'forgetPlaces'>;
  messages: Pick<ImMessageStore, 'placeBefore'>;
  many: OfficialManyStore;
  keys: OfficialPushStore;
  readers: Pick<Readers, 'forgetOld'>;
  clock: Clock;
  logger: Logger;
  /** How long frames wait. */
  keepMs: number;
}

/**
 * Forgets hourly the frames that have waited long enough, what pushes were called a day ago, and
 * devices that came no more: in small transactions, with a turn of the event loop between them.
 */
export class OfficialRetention {
  readonly #options: OfficialRetentionOptions;
  readonly #rounds: Rounds;

  constructor(options: OfficialRetentionOptions) {
    this.#options = options;
    const { clock, logger } = options;
    this.#rounds = new Rounds({ clock, logger, failed: 'old frames stay', run: () => this.run() });
  }

  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** One round. @returns how many places went */
  async run(): Promise<number> {
    const { store, keys, readers, clock, keepMs, logger } = this.#options;
    const now = clock.now();
    let places = 0;
    let uid = await store.nextUser(0);
    while (uid !== undefined && !this.#rounds.stopped) {
      if (!(await store.isCustomer(uid))) places += await this.#forgetFrames(uid, now - keepMs);
      uid = await store.nextUser(uid);
    }
    await this.#forgetReceivers(await this.#forgetToMany(now - keepMs));
    await this.#inSteps(() => keys.db.transaction((tx) => keys.forget(tx, now - keyLifeMs, batch)));
    await this.#inSteps(() => readers.forgetOld(now - Math.max(deviceLifeMs, keepMs), batch));
    if (places > 0) logger.info({ places }, 'old frames forgotten');
    return places;
  }

  /** The newest place stays: numbers go on from it. @returns how many went */
  async #forgetFrames(uid: number, before: number): Promise<number> {
    const { store, places, messages } = this.#options;
    const owner = { appid: ownApps.names, uid };
    const spare = await messages.placeBefore(ownApps.names, uid, mostFrames);
    let count = 0;
    await this.#inSteps(async () => {
      const first = await store.firstFrames(uid, batch);
      // What customers said waits until it was read, or there is too much of it.
      const kept = first.findIndex(
        ({ seq, pushedAt }) => seq > spare && (pushedAt === undefined || pushedAt >= before),
      );
      const old = kept === -1 ? first : first.slice(0, kept);
      const last = old.at(-1);
      if (last === undefined) return 0;
      const gone = await store.db.transaction(async (tx) => {
        const went = await places.forgetPlaces(tx, owner, last.seq);
        // The newest place keeps its message too.
        const own = old.slice(0, went).filter((frame) => frame.own);
        await store.forgetMessages(
          tx,
          own.map((frame) => frame.messageId),
        );
        return went;
      });
      count += gone;
      return gone;
    });
    return count;
  }

  /** @returns number of the first message to many that is kept */
  async #forgetToMany(before: number): Promise<number> {
    const { store } = this.#options;
    const newest = await store.newestMessage();
    let kept = 0;
    await this.#inSteps(async () => {
      const first = await store.toMany(batch);
      const old = first.filter((row) => row.at < before && row.id < newest).map((row) => row.id);
      // What is said to many from now on has a higher number.
      kept = first[old.length]?.id ?? newest + 1;
      if (old.length > 0) await store.db.transaction((tx) => store.forgetMessages(tx, old));
      return old.length;
    });
    return kept;
  }

  /** Who was to get them. */
  async #forgetReceivers(kept: number): Promise<void> {
    const { many } = this.#options;
    let block = await many.nextBlock(-1);
    while (block !== undefined && !this.#rounds.stopped) {
      const of = block;
      const spare = await many.messageBefore(of, mostFrames);
      await this.#inSteps(async () => {
        const first = await many.first(of, batch);
        const last = first.filter((id) => id < kept || id <= spare).at(-1);
        if (last === undefined) return 0;
        return many.db.transaction((tx) => many.forget(tx, of, last));
      });
      block = await many.nextBlock(of);
    }
  }

  /** Again and again, as long as there is a whole step's worth. */
  async #inSteps(step: () => Promise<number>): Promise<void> {
    while (!this.#rounds.stopped) {
      const count = await step();
      await turn();
      if (count < batch) return;
    }
  }
}
