import { createHash, randomInt } from 'node:crypto';
import type { Vault } from '../../config/secrets.ts';
import type { Tx } from '../../store/database.ts';
import { type ImUserRow, type ImUserStore, namesAtOnce } from '../../store/im-users.ts';
import type { Clock } from '../clock.ts';
import type { Apps } from './apps.ts';
import type { Hub } from './hub.ts';
import type { User } from './message.ts';

export interface UserView extends User {
  name: string;
  avatar: string;
  /** May not speak in chat rooms. */
  forbidden: boolean;
  /** The phone is silent while a desktop is online. */
  mute: boolean;
  createdAt: number;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const tokenLength = 30;
/** Tokens whose users are remembered. */
const mostTokens = 100_000;

/**
 * Users of applications. A user comes into being when a token is granted or a setting is made, and
 * keeps its token until that is revoked. Tokens lie sealed; a hash finds them.
 */
export class Users {
  readonly #store: ImUserStore;
  readonly #vault: Vault;
  readonly #hub: Hub;
  readonly #apps: Pick<Apps, 'get'>;
  readonly #clock: Clock;
  /** By hash of the token, oldest first. */
  readonly #known = new Map<string, UserView>();
  /** By user: the hash under which it is known. */
  readonly #hashes = new Map<string, string>();
  readonly #forbidden = new Set<string>();
  /** Counts what changed, so that what was read before is not remembered after. */
  #changes = 0;

  constructor(options: {
    store: ImUserStore;
    vault: Vault;
    hub: Hub;
    apps: Pick<Apps, 'get'>;
    clock: Clock;
  }) {
    this.#store = options.store;
    this.#vault = options.vault;
    this.#hub = options.hub;
    this.#apps = options.apps;
    this.#clock = options.clock;
  }

  async start(): Promise<void> {
    for (const user of await this.#store.forbidden()) this.#forbidden.add(keyOf(user));
  }

  /** The user's token: the same each time until it is revoked. A name that comes along is kept. */
  async grant(grant: User & { name?: string; avatar?: string }): Promise<string> {
    return await this.#store.db.transaction(async (tx) => {
      const row = await this.#ensure(tx, grant);
      if (grant.name !== undefined) await this.#store.set(tx, grant, 'name', grant.name);
      if (grant.avatar !== undefined) await this.#store.set(tx, grant, 'avatar', grant.avatar);
      this.#forgetWhenDurable(tx, grant);
      if (row.token !== null) return this.#vault.open(row.token);
      const token = makeToken();
      const sealed = { sealed: this.#vault.seal(token), hash: hashOf(token) };
      await this.#store.setToken(tx, grant, sealed);
      return token;
    });
  }

  /** Makes somebody known without a token, or known under another name. */
  async introduce(tx: Tx, user: User, named: { name: string; avatar: string }): Promise<void> {
    const row = await this.#ensure(tx, user);
    for (const column of ['name', 'avatar'] as const) {
      if (named[column] === '' || named[column] === row[column]) continue;
      await this.#store.set(tx, user, column, named[column]);
      this.#forgetWhenDurable(tx, user);
    }
  }

  /** Whose token this is. That of a removed application is nobody's until it is added again. */
  async authenticate(token: string): Promise<UserView | undefined> {
    if (token === '' || token.length > 255) return undefined;
    const hash = hashOf(token);
    for (;;) {
      const known = this.#known.get(hash);
      if (known !== undefined) return this.#apps.get(known.appid) && known;
      const before = this.#changes;
      const row = await this.#store.byToken(hash);
      if (before !== this.#changes) continue;
      if (row === undefined || this.#apps.get(row.appid) === undefined) return undefined;
      return this.#remember(hash, viewOf(row));
    }
  }

  /** May not speak in chat rooms, as far as is on disk. */
  isForbidden(user: User): boolean {
    return this.#forbidden.size > 0 && this.#forbidden.has(keyOf(user));
  }

  async get({ appid, uid }: User): Promise<UserView | undefined> {
    const row = await this.#store.get(appid, uid);
    return row === undefined ? undefined : viewOf(row);
  }

  async findIn(tx: Tx, { appid, uid }: User): Promise<UserView | undefined> {
    const row = await this.#store.find(tx, appid, uid);
    return row === undefined ? undefined : viewOf(row);
  }

  async nameOf(user: User): Promise<string | undefined> {
    const name = (await this.get(user))?.name;
    return name === '' ? undefined : name;
  }

  /** What those of them are called who have a name. */
  async namesOf(appid: number, uids: readonly number[]): Promise<Map<number, string>> {
    const names = new Map<number, string>();
    for (let at = 0; at < uids.length; at += namesAtOnce) {
      const some = await this.#store.names(appid, uids.slice(at, at + namesAtOnce));
      for (const { uid, name } of some) names.set(uid, name);
    }
    return names;
  }

  setName(user: User, name: string): Promise<void> {
    return this.#set(user, 'name', name);
  }

  setForbidden(user: User, on: boolean): Promise<void> {
    return this.#set(user, 'forbidden', on ? 1 : 0);
  }

  setMute(user: User, on: boolean): Promise<void> {
    return this.#set(user, 'mute', on ? 1 : 0);
  }

  /** Whether a user wants no notice of a conversation. */
  async setQuiet(user: User, kind: 'peer' | 'group', target: number, on: boolean): Promise<void> {
    const { appid, uid } = user;
    await this.#store.db.transaction(async (tx) => {
      await this.#ensure(tx, user);
      await this.#store.setQuiet(tx, { appid, uid, kind, target }, on);
    });
  }

  async isQuiet(user: User, kind: 'peer' | 'group', target: number): Promise<boolean> {
    return (await this.#store.quiet(user.appid, user.uid, kind)).includes(target);
  }

  /** The peers or groups that a user wants no notice of. */
  async quiet({ appid, uid }: User, kind: 'peer' | 'group'): Promise<Set<number>> {
    return new Set(await this.#store.quiet(appid, uid, kind));
  }

  quietGroups(user: User): Promise<Set<number>> {
    return this.quiet(user, 'group');
  }

  /** Ends the token and the sessions. @returns false when there is no such user */
  async revoke(user: User): Promise<boolean> {
    return await this.#store.db.transaction(async (tx) => {
      const found = await this.#store.setToken(tx, user, null);
      this.#forgetWhenDurable(tx, user);
      tx.onDurable(() => {
        for (const session of this.#hub.of(user.appid, user.uid)) session.close('token revoked');
      });
      return found;
    });
  }

  /** By application and uid. `next` is where the next page begins, undefined at the end. */
  async search(
    appid: number | undefined,
    text: string,
    page: { after?: User; limit: number },
  ): Promise<{ users: UserView[]; next: User | undefined }> {
    const after = page.after ?? { appid: Number.MIN_SAFE_INTEGER, uid: 0 };
    const rows = await this.#store.search({ appid, text }, after, page.limit);
    const last = rows.length === page.limit ? rows.at(-1) : undefined;
    const next = last === undefined ? undefined : { appid: last.appid, uid: last.uid };
    return { users: rows.map(viewOf), next };
  }

  async #set(
    user: User,
    column: 'name' | 'forbidden' | 'mute',
    value: string | number,
  ): Promise<void> {
    await this.#store.db.transaction(async (tx) => {
      await this.#ensure(tx, user);
      await this.#store.set(tx, user, column, value);
      this.#forgetWhenDurable(tx, user);
      if (column !== 'forbidden') return;
      tx.onDurable(() => {
        if (value === 1) this.#forbidden.add(keyOf(user));
        else this.#forbidden.delete(keyOf(user));
      });
    });
  }

  async #ensure(tx: Tx, { appid, uid }: User): Promise<ImUserRow> {
    await this.#store.add(tx, { appid, uid, name: '', now: this.#clock.now() });
    const row = await this.#store.find(tx, appid, uid);
    if (row === undefined) throw new Error('a user that was added is not there');
    return row;
  }

  #remember(hash: string, view: UserView): UserView {
    for (const [oldest, one] of this.#known) {
      if (this.#known.size < mostTokens) break;
      this.#known.delete(oldest);
      this.#hashes.delete(keyOf(one));
    }
    this.#known.set(hash, view);
    this.#hashes.set(keyOf(view), hash);
    return view;
  }

  /** What is remembered of a user holds no longer. */
  #forgetWhenDurable(tx: Tx, user: User): void {
    tx.onDurable(() => {
      this.#changes += 1;
      const hash = this.#hashes.get(keyOf(user));
      if (hash !== undefined) this.#known.delete(hash);
      this.#hashes.delete(keyOf(user));
    });
  }
}

function keyOf({ appid, uid }: User): string {
  return `${appid} ${uid}`;
}

function makeToken(): string {
  let token = '';
  while (token.length < tokenLength) token += alphabet[randomInt(alphabet.length)];
  return token;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('base64url');
}

function viewOf(row: ImUserRow): UserView {
  return {
    appid: row.appid,
    uid: row.uid,
    name: row.name,
    avatar: row.avatar,
    forbidden: row.forbidden === 1,
    mute: row.mute === 1,
    createdAt: row.created_at,
  };
}
