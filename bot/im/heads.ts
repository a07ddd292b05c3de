import type { Tx } from '../../store/database.ts';
import type { ImMessageStore } from '../../store/im-messages.ts';
import type { FirstKey } from './inbox-reader.ts';

/** So many heads are remembered; those not asked for longest are read again. */
const most = 200_000;

type Next = number | ((tx: Tx) => Promise<number>);

/**
 * The newest number of the log and of every inbox, in memory, so that numbering asks the database
 * only for what was not asked for lately. Transactions run one after another: whoever numbers
 * inside one sees what all before it took. When one fails, everything is read again.
 */
export class Heads {
  readonly #store: ImMessageStore;
  readonly #firstKey: FirstKey;
  readonly #users = new Map<number, Map<number, number>>();
  readonly #groups = new Map<number, number>();
  #lastId: number | undefined;
  #size = 0;

  constructor(store: ImMessageStore, firstKey: FirstKey) {
    this.#store = store;
    this.#firstKey = firstKey;
  }

  /** The next number of the log; a function where it has to be read. */
  nextId(): Next {
    if (this.#lastId !== undefined) {
      this.#lastId += 1;
      return this.#lastId;
    }
    return async (tx) => {
      this.#lastId = (await this.#store.lastId(tx)) + 1;
      return this.#lastId;
    };
  }

  /** The next place in an inbox. */
  next(appid: number, uid: number): Next {
    const users = this.#of(appid);
    const last = users.get(uid);
    if (last !== undefined) {
      users.set(uid, last + 1);
      return last + 1;
    }
    return async (tx) => {
      const last = (await this.#store.lastSeq(tx, appid, uid)) || this.#firstKey(appid);
      const seq = last + 1;
      this.#size += 1;
      this.#of(appid).set(uid, seq);
      return seq;
    };
  }

  /** The next place in the inbox of a super group. */
  nextOfGroup(gid: number, appid: number): Next {
    const last = this.#groups.get(gid);
    if (last !== undefined) {
      this.#groups.set(gid, last + 1);
      return last + 1;
    }
    return async (tx) => {
      const last = (await this.#store.lastGroupSeq(tx, gid)) || this.#firstKey(appid);
      const seq = last + 1;
      this.#size += 1;
      this.#groups.set(gid, seq);
      return seq;
    };
  }

  /** Between transactions: makes room. */
  trim(): void {
    if (this.#size > most) this.forget();
  }

  /** Numbers were taken that are not stored. */
  forget(): void {
    this.#users.clear();
    this.#groups.clear();
    this.#lastId = undefined;
    this.#size = 0;
  }

  #of(appid: number): Map<number, number> {
    let users = this.#users.get(appid);
    if (users === undefined) {
      users = new Map();
      this.#users.set(appid, users);
    }
    return users;
  }
}
