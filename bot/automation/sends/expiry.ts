import type { SendRow } from '../../../store/sends.ts';
import type { Timer } from '../../clock.ts';
import { reasons } from './reasons.ts';
import type { SendCore } from './send-core.ts';
import { settleSend } from './settle.ts';

/** Rows of one look into the queue, all in the index. */
const stretch = 500;

/**
 * Ends queued sends whose time is over, wherever they stand in their lane. Looks through the index
 * of what is queued (never at what is done), piece by piece, when the earliest time it knows of
 * has come, and after a long search not soon again.
 */
export class Expiry {
  readonly #core: SendCore;
  readonly #botcode: string;
  readonly #onExpired: (lane: string, msgid: number) => void;
  /** Nothing expires before this time. */
  #next = Number.POSITIVE_INFINITY;
  #notBefore = 0;
  #timer: Timer | undefined;
  #running = false;
  #looking = false;
  #search: Promise<void> = Promise.resolve();

  constructor(core: SendCore, botcode: string, onExpired: (lane: string, msgid: number) => void) {
    this.#core = core;
    this.#botcode = botcode;
    this.#onExpired = onExpired;
  }

  /** @param queued whether something may be queued already */
  start(queued: boolean): void {
    this.#running = true;
    if (queued) this.#next = 0;
    this.#arm();
  }

  /** Ends once the search under way has ended. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#timer?.cancel();
    await this.#search;
  }

  /** A send that expires then joined the queue. */
  joined(expiresAt: number): void {
    if (expiresAt >= this.#next) return;
    this.#next = expiresAt;
    this.#arm();
  }

  #arm(): void {
    this.#timer?.cancel();
    if (!this.#running || this.#looking || this.#next === Number.POSITIVE_INFINITY) return;
    const { clock } = this.#core;
    const at = Math.max(this.#next, this.#notBefore);
    this.#timer = clock.after(Math.max(0, at - clock.now()), () => {
      this.#search = this.#look();
    });
  }

  async #look(): Promise<void> {
    this.#looking = true;
    this.#next = Number.POSITIVE_INFINITY;
    const { clock, logger, store } = this.#core;
    let rows = 0;
    try {
      let after = { lane: '', msgid: 0 };
      for (;;) {
        const found = await store.stretch(this.#botcode, after, stretch);
        rows += found.length;
        const now = clock.now();
        const due = found.filter((one) => one.expires_at <= now);
        for (const one of found) {
          if (one.expires_at > now) this.#next = Math.min(this.#next, one.expires_at);
        }
        if (due.length > 0) await this.#expire(due.map((one) => one.msgid));
        const last = found.at(-1);
        if (last === undefined || found.length < stretch || !this.#running) break;
        after = last;
      }
    } catch (error) {
      logger.error({ err: error, botcode: this.#botcode }, 'expired sends could not be ended');
      this.#next = Math.min(this.#next, clock.now());
    }
    this.#notBefore = clock.now() + 1000 + rows / 2;
    this.#looking = false;
    this.#arm();
  }

  async #expire(msgids: readonly number[]): Promise<void> {
    const { db, store } = this.#core;
    const gone = await db.transaction(async (tx) => {
      const ended: SendRow[] = [];
      for (const msgid of msgids) {
        const row = await store.find(tx, msgid);
        if (row === undefined || row.state !== 'queued') continue;
        const end = { state: 'expired', reason: reasons.expired } as const;
        if (await settleSend(this.#core, tx, row, 'queued', end)) ended.push(row);
      }
      return ended;
    });
    for (const row of gone) this.#onExpired(row.lane, row.msgid);
  }
}
