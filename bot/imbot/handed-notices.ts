import type { Logger } from '../../config/logger.ts';
import type { Tx } from '../../store/database.ts';
import type { HandedRow, ImbotNoticeStore, NewHandedRow } from '../../store/imbot-notices.ts';
import type { Clock } from '../clock.ts';

/** The process ends; nothing has left, and the next one says it. */
export class Interrupted extends Error {}

/** How far a notice has come, on disk. */
export interface Progress {
  /** Tries that reached nobody. */
  tries: number;
  /** Nothing has left up to now: should the process end, the next one goes on. */
  waits(tries: number): Promise<void>;
  /** From here on something may leave. @throws Interrupted */
  leaves(): Promise<void>;
}

const failureMs = 1000;

/** Notices that were handed over and have no outcome yet: none is lost unseen, none said twice. */
export class HandedNotices {
  readonly #store: ImbotNoticeStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #signal: AbortSignal;

  /** @param signal aborts when the process has to end */
  constructor(store: ImbotNoticeStore, clock: Clock, logger: Logger, signal: AbortSignal) {
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
    this.#signal = signal;
  }

  /** @returns what a former life left: of `lost` nobody knows whether it arrived; those are forgotten */
  async recover(): Promise<{ waiting: HandedRow[]; lost: HandedRow[] }> {
    const rows = await this.#store.handed();
    const lost = rows.filter(({ waiting }) => waiting === 0);
    await this.#store.db.transaction(async (tx) => {
      for (const { id } of lost) await this.#store.settle(tx, id);
    });
    return { waiting: rows.filter(({ waiting }) => waiting !== 0), lost };
  }

  /** In the transaction of the hand-over. */
  add(tx: Tx, row: NewHandedRow): Promise<HandedRow> {
    return this.#store.hand(tx, row);
  }

  progress({ id, tries }: Pick<HandedRow, 'id' | 'tries'>): Progress {
    let count = tries;
    return {
      tries,
      waits: async (now) => {
        count = now;
        await this.#write((tx) => this.#store.move(tx, id, now, true));
      },
      leaves: () => this.#write((tx) => this.#store.move(tx, id, count, false)),
    };
  }

  /** It has an outcome. */
  settle(id: number): Promise<void> {
    return this.#write((tx) => this.#store.settle(tx, id));
  }

  /** Until it is on disk. */
  async #write(work: (tx: Tx) => Promise<void>): Promise<void> {
    for (;;) {
      try {
        await this.#store.db.transaction(work);
        return;
      } catch (error) {
        this.#logger.error({ err: error }, 'how far a notice has come could not be written');
      }
      await this.#clock.sleep(failureMs, this.#signal);
      if (this.#signal.aborted) throw new Interrupted('stopping');
    }
  }
}
