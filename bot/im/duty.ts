import { randomInt } from 'node:crypto';
import type { Tx } from '../../store/database.ts';
import type { ConversationRow, ImConversationStore } from '../../store/im-conversations.ts';
import type { DeskRow, DeskStore, SellerRow } from '../../store/im-desks.ts';
import type { Clock } from '../clock.ts';
import type { Hub } from './hub.ts';
import { ownApps, type User } from './message.ts';
import type { Names } from './names.ts';
import type { SessionDuty } from './session.ts';

/** Who answers a conversation, and where. */
export interface Answering {
  /** undefined: nobody is there. */
  agent: string | undefined;
  /** The desk of the conversation, also when nobody works there. */
  desk: DeskRow | undefined;
  /** The agent as a user of the desk's application, where he sells there. */
  seller: User | undefined;
}

interface Staffed {
  desk: DeskRow;
  sellers: SellerRow[];
}

export interface DutyOptions {
  store: ImConversationStore;
  desks: DeskStore;
  names: Names;
  hub: Hub;
  clock: Clock;
}

/** So many of those connected are looked at. */
const mostCandidates = 100;
/** Conversations of a day are counted, up to so many. */
const dayMs = 86_400_000;
const mostLoad = 1000;
/** Who asked so long ago without a connection is there. */
const askedMs = 300_000;
const mostAsked = 10_000;

/**
 * Who answers: at a desk one who sells there, the same one again, else one who is online, else the
 * first. Where nobody sells: the one before if connected, else who of those connected has fewest
 * conversations and is no customer, else nobody.
 */
export class Duty {
  readonly #store: ImConversationStore;
  readonly #desks: DeskStore;
  readonly #names: Names;
  readonly #hub: Hub;
  readonly #clock: Clock;
  /** Agents without a connection, and when they asked last; the latest last. */
  readonly #asked = new Map<string, number>();

  constructor({ store, desks, names, hub, clock }: DutyOptions) {
    this.#store = store;
    this.#desks = desks;
    this.#names = names;
    this.#hub = hub;
    this.#clock = clock;
  }

  /** Asks without a connection. @returns whether he has not done so lately */
  asked(name: string): boolean {
    const now = this.#clock.now();
    const before = this.#asked.get(name);
    this.#asked.delete(name);
    this.#asked.set(name, now);
    for (const [oldest, at] of this.#asked) {
      if (this.#asked.size <= mostAsked && now - at <= askedMs) break;
      this.#asked.delete(oldest);
    }
    return before === undefined || now - before > askedMs;
  }

  /** Whether anybody at all may be there. */
  mayBeThere(): boolean {
    if (this.#asked.size > 0) return true;
    for (const uid of this.#hub.users(ownApps.names)) if (this.#dutyOf(uid)) return true;
    return false;
  }

  /**
   * Who answers from now on.
   * @param storeId the desk that the way here names
   * @param addressed whom the customer named: he answers if he sells at the desk
   */
  async choose(
    tx: Tx,
    row: ConversationRow,
    storeId?: number,
    addressed?: string,
  ): Promise<Answering> {
    const at = await this.#deskFor(tx, row, storeId);
    if (at !== undefined && at.sellers.length > 0) {
      const named = at.sellers.find((one) => nameOf(one) === addressed);
      const before = at.sellers.find((one) => nameOf(one) === row.agent);
      const seller = named ?? before ?? chooseSeller(at.sellers);
      return answering(at.desk, seller);
    }
    // Who is addressed again finds it in his queue, there or not.
    const again = addressed !== undefined && addressed === row.agent;
    const agent = again ? addressed : await this.#connected(tx, row);
    return { agent, desk: at?.desk, seller: undefined };
  }

  /** Who would answer, and is there. @param row undefined: a customer who is new */
  async onDuty(
    tx: Tx,
    row: ConversationRow | undefined,
    storeId?: number,
  ): Promise<string | undefined> {
    const asked = row ?? strangerRow;
    const at = await this.#deskFor(tx, asked, storeId);
    if (at === undefined || at.sellers.length === 0) return await this.#connected(tx, asked);
    const there: string[] = [];
    for (const one of at.sellers) {
      const isHere = one.status === 'online' || this.#hub.isOnline(at.desk.appid, one.uid);
      if (isHere || (await this.#isThere(tx, nameOf(one)))) there.push(nameOf(one));
    }
    const before = there.find((name) => name === asked.agent);
    return before ?? there[there.length > 1 ? randomInt(there.length) : 0];
  }

  /** Who answers now, whether on duty or not. */
  async current(tx: Tx, row: ConversationRow): Promise<Answering> {
    const at = await this.#staffed(tx, row.store_id ?? undefined);
    const seller = at?.sellers.find((one) => nameOf(one) === row.agent);
    if (at !== undefined && seller !== undefined) return answering(at.desk, seller);
    return { agent: row.agent ?? undefined, desk: at?.desk, seller: undefined };
  }

  /** The sellers of a desk, by name. Undefined: there is no such desk. */
  async sellersOf(tx: Tx, storeId: number): Promise<string[] | undefined> {
    const at = await this.#staffed(tx, storeId);
    return at?.sellers.map(nameOf);
  }

  /** Where the one who answered before still sells; else the desk named, the own one, the only one. */
  async #deskFor(tx: Tx, row: ConversationRow, storeId?: number): Promise<Staffed | undefined> {
    const own = await this.#staffed(tx, row.store_id ?? undefined);
    if (row.agent !== null && own?.sellers.some((one) => nameOf(one) === row.agent)) return own;
    const named = storeId === row.store_id ? own : await this.#staffed(tx, storeId);
    const only =
      named === undefined && own === undefined ? await this.#desks.onlyDesk(tx) : undefined;
    const all = [named, own, await this.#staffed(tx, only?.store_id)];
    return all.find((one) => one !== undefined && one.sellers.length > 0) ?? all.find(Boolean);
  }

  async #staffed(tx: Tx, storeId: number | undefined): Promise<Staffed | undefined> {
    if (storeId === undefined) return undefined;
    const desk = await this.#desks.findDesk(tx, storeId);
    if (desk === undefined) return undefined;
    return { desk, sellers: await this.#desks.findSellers(tx, storeId) };
  }

  async #connected(tx: Tx, row: ConversationRow): Promise<string | undefined> {
    const own = row.agent === row.contact && row.via !== 'gobelieve';
    if (row.agent !== null && !own && (await this.#isThere(tx, row.agent))) return row.agent;
    const names = await this.#candidates(tx, row);
    const [only, ...others] = names;
    if (only === undefined || others.length === 0) return only;
    const since = this.#clock.now() - dayMs;
    let best: { name: string; load: number } | undefined;
    for (const name of names) {
      const load = await this.#store.load(tx, name, since, mostLoad);
      if (best === undefined || load < best.load) best = { name, load };
    }
    return best?.name;
  }

  async #isThere(tx: Tx, name: string): Promise<boolean> {
    if (this.#hasAsked(name)) return true;
    const user = await this.#names.findIn(tx, name);
    return user !== undefined && this.#dutyOf(user.uid) !== undefined;
  }

  /** Whether somebody's sockets put him on duty. */
  #dutyOf(uid: number): SessionDuty | undefined {
    let duty: SessionDuty | undefined;
    for (const session of this.#hub.of(ownApps.names, uid)) {
      if (session.duty === 'certain') return 'certain';
      duty ??= session.duty;
    }
    return duty;
  }

  #hasAsked(name: string): boolean {
    const at = this.#asked.get(name);
    return at !== undefined && this.#clock.now() - at <= askedMs;
  }

  /** Those there; nobody is asked to answer himself. */
  async #candidates(tx: Tx, row: ConversationRow): Promise<string[]> {
    const found = new Map<string, number>();
    const doubtful: number[] = [];
    for (const uid of this.#onDuty()) {
      const name = await this.#names.nameOfIn(tx, uid);
      if (name === undefined) continue;
      found.set(name, uid);
      if (this.#dutyOf(uid) !== 'certain' && !this.#hasAsked(name)) doubtful.push(uid);
    }
    for (const name of this.#asked.keys()) {
      if (found.size >= mostCandidates) break;
      const user = this.#hasAsked(name) ? await this.#names.findIn(tx, name) : undefined;
      if (user !== undefined) found.set(name, user.uid);
    }
    const customers = await this.#customersAmong(tx, doubtful);
    return [...found]
      .filter(([, uid]) => !customers.has(uid))
      .filter(([, uid]) => row.appid !== ownApps.names || row.uid !== uid)
      .map(([name]) => name);
  }

  /** Those whose sockets put them on duty, any of them if they are very many. */
  #onDuty(): number[] {
    const uids = [...this.#hub.users(ownApps.names)].filter((uid) => this.#dutyOf(uid));
    if (uids.length <= mostCandidates) return uids;
    const start = randomInt(uids.length);
    return [...uids.slice(start), ...uids.slice(0, start)].slice(0, mostCandidates);
  }

  /**
   * Who has lately asked something himself and answered nobody is a customer who looks at a socket. Only the
   * mini-program IM calls people as sockets do: by the same name, other ways bring strangers.
   */
  async #customersAmong(tx: Tx, uids: readonly number[]): Promise<Set<number>> {
    if (uids.length === 0) return new Set();
    const since = this.#clock.now() - dayMs;
    const customers = await this.#store.customersAmong(tx, ownApps.names, 'imbot', uids, since);
    for (const uid of customers) {
      const name = await this.#names.nameOfIn(tx, uid);
      if (name !== undefined && (await this.#store.load(tx, name, 0, 1)) > 0) customers.delete(uid);
    }
    return customers;
  }
}

/** Nobody has talked with him so far. */
const strangerRow: ConversationRow = {
  ...{ id: 0, via: 'chat', account: '', contact: '', appid: 0, uid: 0, store_id: null },
  ...{ agent: null, waiting: null, name: '', avatar: '', created_at: 0, last_at: 0 },
};

/** The uid of a seller in his name; undefined: no seller bears it. */
export function sellerIn(name: string): number | undefined {
  const uid = Number(name);
  // `007`, `7.0`, ` 7` are names of others.
  return Number.isSafeInteger(uid) && String(uid) === name ? uid : undefined;
}

function nameOf({ uid }: { uid: number }): string {
  return String(uid);
}

function answering(desk: DeskRow, seller: SellerRow): Answering {
  return { agent: nameOf(seller), desk, seller: { appid: desk.appid, uid: seller.uid } };
}

function chooseSeller(sellers: [SellerRow, ...SellerRow[]] | SellerRow[]): SellerRow {
  const online = sellers.filter((one) => one.status === 'online');
  const seller = online[online.length > 1 ? randomInt(online.length) : 0] ?? sellers[0];
  if (seller === undefined) throw new Error('nobody works there');
  return seller;
}
