import type { Tx } from '../../store/database.ts';
import type { ImNameStore } from '../../store/im-names.ts';
import { ownApps, type User } from './message.ts';

/** So many are remembered, and as many of those before them; then they are read again. */
const most = 100_000;

/**
 * People who are known by a text: an openId, a userId. Each is a user of the core, in an application
 * of our own, and stays the same one for good.
 */
export class Names {
  readonly #store: ImNameStore;
  #uids = new Map<string, number>();
  #names = new Map<number, string>();
  /** Those remembered before. */
  #olderUids = new Map<string, number>();
  #olderNames = new Map<number, string>();

  constructor(store: ImNameStore) {
    this.#store = store;
  }

  /** If it is in memory. */
  peek(name: string): User | undefined {
    const uid = this.#uids.get(name);
    if (uid !== undefined) return userOf(uid);
    const older = this.#olderUids.get(name);
    if (older === undefined) return undefined;
    this.#remember(older, name);
    return userOf(older);
  }

  /** Whether somebody asked for it lately, and may be about to use it. */
  isRecent(uid: number): boolean {
    return this.#names.has(uid) || this.#olderNames.has(uid);
  }

  /** Undefined: nobody of that name has ever been spoken of. */
  async find(name: string): Promise<User | undefined> {
    const known = this.peek(name);
    if (known !== undefined) return known;
    const uid = await this.#store.find(name);
    if (uid === undefined) return undefined;
    this.#remember(uid, name);
    return userOf(uid);
  }

  /** Whoever bears that name, from now on if not before. */
  async get(name: string): Promise<User> {
    const known = await this.find(name);
    return known ?? (await this.#store.db.transaction((tx) => this.getIn(tx, name)));
  }

  /** The same inside the caller's transaction. */
  async getIn(tx: Tx, name: string): Promise<User> {
    const known = this.peek(name);
    if (known !== undefined) return known;
    let uid = await this.#store.findIn(tx, name);
    if (uid === undefined) {
      uid = await this.#store.nextUid(tx);
      await this.#store.add(tx, uid, name);
    }
    const found = uid;
    tx.onDurable(() => this.#remember(found, name));
    return userOf(found);
  }

  /** Whoever bears that name, as the transaction has left it. */
  async findIn(tx: Tx, name: string): Promise<User | undefined> {
    const known = this.peek(name);
    if (known !== undefined) return known;
    const uid = await this.#store.findIn(tx, name);
    return uid === undefined ? undefined : userOf(uid);
  }

  async nameOfIn(tx: Tx, uid: number): Promise<string | undefined> {
    return this.#peekName(uid) ?? (await this.#store.nameIn(tx, uid));
  }

  /** What a user is called. */
  async nameOf(uid: number): Promise<string | undefined> {
    const known = this.#peekName(uid);
    if (known !== undefined) return known;
    const name = await this.#store.nameOf(uid);
    if (name !== undefined) this.#remember(uid, name);
    return name;
  }

  #peekName(uid: number): string | undefined {
    return this.#names.get(uid) ?? this.#olderNames.get(uid);
  }

  #remember(uid: number, name: string): void {
    if (this.#uids.size >= most) {
      this.#olderUids = this.#uids;
      this.#olderNames = this.#names;
      this.#uids = new Map();
      this.#names = new Map();
    }
    this.#uids.set(name, uid);
    this.#names.set(uid, name);
  }
}

function userOf(uid: number): User {
  return { appid: ownApps.names, uid };
}
