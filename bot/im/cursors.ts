import type { Logger } from '../../config/logger.ts';
import type { Tx } from '../../store/database.ts';
import type { CursorRow, ImCursorStore } from '../../store/im-cursors.ts';
import type { Clock, Timer } from '../clock.ts';
import type { User } from './message.ts';

const writeMs = 1000;
/** Written at once when so many wait. */
const mostWaiting = 5000;
/** Rows of one transaction. */
const slice = 500;

/** The newest place of a user's inbox (gid 0), or of a super group's. */
type Newest = (user: User, gid: number) => Promise<number>;

/**
 * How far each user has read. Raised in memory at once and written within a second: what is lost in
 * a crash is word that somebody has read something, and he is told of it once more.
 */
export class Cursors {
  readonly #store: ImCursorStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #newest: Newest;
  #waiting = new Map<string, CursorRow>();
  /** Being written now. */
  #leaving = new Map<string, CursorRow>();
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: {
    store: ImCursorStore;
    clock: Clock;
    logger: Logger;
    newest?: Newest;
  }) {
    this.#newest = options.newest ?? (async () => Number.MAX_SAFE_INTEGER);
    this.#store = options.store;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** Writes what waits. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.write();
  }

  /** Of the own inbox. */
  get(user: User): Promise<number> {
    return this.getGroup(user, 0);
  }

  raise(user: User, seq: number): void {
    this.raiseGroup(user, 0, seq);
  }

  /** Of a super group's inbox. */
  async getGroup({ appid, uid }: User, gid: number): Promise<number> {
    const here = this.peekGroup({ appid, uid }, gid);
    return Math.max(here, await this.#store.get(appid, uid, gid));
  }

  /** What this life of the daemon knows of it. */
  peekGroup({ appid, uid }: User, gid: number): number {
    const key = `${appid} ${uid} ${gid}`;
    return Math.max(this.#waiting.get(key)?.seq ?? 0, this.#leaving.get(key)?.seq ?? 0);
  }

  /** As `getGroup`; but one beyond the newest, which was never told, counts as none and is forgotten. */
  async getWithin(user: User, gid: number): Promise<number> {
    const seq = await this.getGroup(user, gid);
    if (seq === 0) return seq;
    // After the cursor: what was confirmed is there by now.
    const newest = await this.#newest(user, gid);
    if (seq <= newest) return seq;
    await this.#forgetBeyond({ appid: user.appid, uid: user.uid, gid, seq: newest });
    return 0;
  }

  /** Whoever says to have everything up to a place has no more than there is. */
  async confirm(user: User, gid: number, seq: number): Promise<void> {
    const newest = await this.#newest(user, gid);
    if (newest > 0) this.raiseGroup(user, gid, Math.min(seq, newest));
  }

  /** Only ever raises; to a place that there is. */
  raiseGroup({ appid, uid }: User, gid: number, seq: number): void {
    const key = `${appid} ${uid} ${gid}`;
    const known = this.#waiting.get(key);
    if (known !== undefined) {
      known.seq = Math.max(known.seq, seq);
      return;
    }
    this.#waiting.set(key, { appid, uid, gid, seq });
    if (this.#waiting.size >= mostWaiting) void this.write();
    else this.#timer ??= this.#clock.after(writeMs, () => void this.write());
  }

  /** Who joins a super group again begins at the time of joining. */
  async clearGroup(tx: Tx, { appid, uid }: User, gid: number): Promise<void> {
    const key = `${appid} ${uid} ${gid}`;
    await this.#store.clear(tx, appid, uid, gid);
    tx.onDurable(() => {
      this.#waiting.delete(key);
      this.#leaving.delete(key);
    });
  }

  async #forgetBeyond(row: CursorRow): Promise<void> {
    const key = `${row.appid} ${row.uid} ${row.gid}`;
    for (const some of [this.#waiting, this.#leaving]) {
      if ((some.get(key)?.seq ?? 0) > row.seq) some.delete(key);
    }
    await this.#store.db.transaction((tx) => this.#store.clearBeyond(tx, row));
  }

  /** Brings what waits to disk. */
  write(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    this.#leaving = this.#waiting;
    this.#waiting = new Map();
    const rows = [...this.#leaving.values()];
    try {
      for (let at = 0; at < rows.length; at += slice) {
        await this.#store.db.transaction(async (tx) => {
          for (const row of rows.slice(at, at + slice)) {
            // Cleared meanwhile: it may not come back.
            if (this.#leaving.has(`${row.appid} ${row.uid} ${row.gid}`)) {
              await this.#store.raise(tx, row);
            }
          }
        });
      }
    } catch (error) {
      this.#logger.error({ err: error }, 'cursors not written');
    }
    this.#leaving = new Map();
  }
}
