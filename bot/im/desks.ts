import { randomInt } from 'node:crypto';
import type { Tx } from '../../store/database.ts';
import type { DeskRow, DeskStore, SellerRow, SellerStatus } from '../../store/im-desks.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Apps } from './apps.ts';
import type { User } from './message.ts';
import type { Users } from './users.ts';

export type { SellerStatus } from '../../store/im-desks.ts';

/** A customer-service desk. Its sellers are users of its application. */
export interface Desk {
  storeId: number;
  appid: number;
  name: string;
  createdAt: number;
}

export interface Seller {
  storeId: number;
  uid: number;
  name: string;
  avatar: string;
  status: SellerStatus;
}

export interface DesksOptions {
  store: DeskStore;
  apps: Pick<Apps, 'get' | 'list'>;
  users: Pick<Users, 'grant' | 'isForbidden' | 'nameOf'>;
  clock: Clock;
  /** A seller came, or changed; called when that is on disk. */
  onSeller?: (uid: number) => void;
}

/**
 * Where customers' uids begin. They share a line of numbers with the users of the application,
 * who grants those itself: above telephone numbers with a country code (13 digits) and times in
 * milliseconds, which serve as uids, and below 2^53, up to which every client counts exactly.
 */
export const firstCustomer = 1_000_000_000_000_000;

/** Customer ids that begin so are ours: people who come by other ways than an application. */
export const ownCustomerIds = 'wxrc:';

/** Customer service: desks, their sellers, customers, and who of the sellers a customer talks to. */
export class Desks {
  readonly #store: DeskStore;
  readonly #apps: DesksOptions['apps'];
  readonly #users: DesksOptions['users'];
  readonly #clock: Clock;
  readonly #onSeller: (uid: number) => void;

  constructor(options: DesksOptions) {
    this.#store = options.store;
    this.#apps = options.apps;
    this.#users = options.users;
    this.#clock = options.clock;
    this.#onSeller = options.onSeller ?? (() => {});
  }

  /**
   * Makes a customer a user of the application: always the same one for a customer id, a new one
   * when there is none. Undefined: there is no such application, or it has no desk.
   * @throws AppError field_value (an id of ours), forbidden (the customer is)
   */
  async register(input: {
    appid: number;
    customerId?: string | undefined;
    name?: string | undefined;
    avatar?: string | undefined;
  }): Promise<{ token: string; storeId: number; clientId: number } | undefined> {
    const { appid, customerId, name, avatar } = input;
    const storeId = this.#apps.get(appid)?.storeId;
    if (storeId === undefined) return undefined;
    // Its token would let anybody speak for them.
    if (customerId?.startsWith(ownCustomerIds)) throw reserved();
    const clientId = await this.#store.db.transaction((tx) => this.clientIn(tx, appid, customerId));
    // A token that was revoked would else be made anew for whoever asks.
    if (this.#users.isForbidden({ appid, uid: clientId })) throw forbidden();
    const token = await this.#users.grant({
      appid,
      uid: clientId,
      ...(name !== undefined && { name }),
      ...(avatar !== undefined && { avatar }),
    });
    return { token, storeId, clientId };
  }

  /** The uid of a customer, from now on if not before; a new one without an id. */
  async clientIn(tx: Tx, appid: number, customerId: string | undefined): Promise<number> {
    const known =
      customerId === undefined ? undefined : await this.#store.findCustomer(tx, appid, customerId);
    if (known !== undefined) return known;
    const clientId = await this.#store.nextCustomer(tx, appid, firstCustomer);
    await this.#store.addCustomer(tx, { appid, clientId, customerId });
    return clientId;
  }

  /** The uid of a customer; undefined: it never came. */
  clientOf(appid: number, customerId: string): Promise<number | undefined> {
    return this.#store.customer(appid, customerId);
  }

  /**
   * Whom a user talks to at a desk: the seller it talked to before, else one of those online, else
   * the first. Undefined: nobody works there, or it is no desk for this user. Those of its
   * application are, and the one that this sends its customers to.
   */
  async supporter(user: User, storeId: number): Promise<Seller | undefined> {
    return await this.#store.db.transaction(async (tx) => {
      const desk = await this.#store.findDesk(tx, storeId);
      const reached = desk?.appid === user.appid || this.#apps.get(user.appid)?.storeId === storeId;
      const sellers = reached ? await this.#store.findSellers(tx, storeId) : [];
      const before = await this.#store.assigned(tx, user, storeId);
      const known = sellers.find((one) => one.uid === before);
      const seller = known ?? choose(sellers);
      if (seller === undefined) return undefined;
      if (seller !== known) await this.#store.assign(tx, user, storeId, seller.uid);
      return sellerOf(seller);
    });
  }

  /** All desks, or those of an application. */
  async list(appid?: number): Promise<Desk[]> {
    const desks = (await this.#store.desks()).map(deskOf);
    return appid === undefined ? desks : desks.filter((desk) => desk.appid === appid);
  }

  async get(storeId: number): Promise<Desk | undefined> {
    const row = await this.#store.desk(storeId);
    return row === undefined ? undefined : deskOf(row);
  }

  /** @throws AppError not_found (the application), conflict (the number is taken) */
  async addDesk(input: { appid: number; name: string; storeId?: number }): Promise<Desk> {
    const { appid, name } = input;
    if (this.#apps.get(appid) === undefined) throw missing(`应用 ${appid}`, `application ${appid}`);
    return await this.#store.db.transaction(async (tx) => {
      const storeId = input.storeId ?? (await this.#store.lastDesk(tx)) + 1;
      if ((await this.#store.findDesk(tx, storeId)) !== undefined) {
        throw new AppError('conflict', {
          zh: `咨询台 ${storeId} 已存在`,
          en: `desk ${storeId} exists already`,
        });
      }
      const row: DeskRow = { store_id: storeId, appid, name, created_at: this.#clock.now() };
      await this.#store.putDesk(tx, row);
      return deskOf(row);
    });
  }

  /** @throws AppError not_found */
  async updateDesk(storeId: number, patch: { name?: string }): Promise<Desk> {
    return await this.#store.db.transaction(async (tx) => {
      const row = await this.#desk(tx, storeId);
      const changed = { ...row, name: patch.name ?? row.name };
      await this.#store.putDesk(tx, changed);
      return deskOf(changed);
    });
  }

  /** @throws AppError not_found, conflict (an application sends its customers there) */
  async removeDesk(storeId: number): Promise<void> {
    const user = this.#apps.list().find((app) => app.storeId === storeId);
    if (user !== undefined) {
      throw new AppError('conflict', {
        zh: `应用 ${user.appid} 的顾客使用咨询台 ${storeId}`,
        en: `application ${user.appid} sends its customers to desk ${storeId}`,
      });
    }
    await this.#store.db.transaction(async (tx) => {
      await this.#desk(tx, storeId);
      await this.#store.removeDesk(tx, storeId);
    });
  }

  /** By uid. @throws AppError not_found */
  async sellers(storeId: number): Promise<Seller[]> {
    if ((await this.#store.desk(storeId)) === undefined) throw missingDesk(storeId);
    return (await this.#store.sellers(storeId)).map(sellerOf);
  }

  /**
   * Adds a seller or changes it; what is left out stays, and of a new one the name is the user's.
   * @throws AppError not_found (the desk)
   */
  async putSeller(input: {
    storeId: number;
    uid: number;
    name?: string;
    avatar?: string;
    status?: SellerStatus;
  }): Promise<Seller> {
    const { storeId, uid } = input;
    const desk = await this.get(storeId);
    const userName = desk && (await this.#users.nameOf({ appid: desk.appid, uid }));
    return await this.#store.db.transaction(async (tx) => {
      await this.#desk(tx, storeId);
      const before = (await this.#store.findSellers(tx, storeId)).find((one) => one.uid === uid);
      const row: SellerRow = {
        store_id: storeId,
        uid,
        name: input.name ?? before?.name ?? userName ?? String(uid),
        avatar: input.avatar ?? before?.avatar ?? '',
        status: input.status ?? before?.status ?? 'offline',
      };
      await this.#store.putSeller(tx, row);
      tx.onDurable(() => this.#onSeller(uid));
      return sellerOf(row);
    });
  }

  /** Its customers get another one when they ask again. @throws AppError not_found */
  async removeSeller(storeId: number, uid: number): Promise<void> {
    const found = await this.#store.db.transaction((tx) =>
      this.#store.removeSeller(tx, storeId, uid),
    );
    if (!found) throw missingSeller(storeId, uid);
  }

  /** Said by an operator, or by the seller itself. @throws AppError not_found */
  async setStatus(storeId: number, uid: number, status: SellerStatus): Promise<void> {
    const found = await this.#store.db.transaction((tx) => {
      tx.onDurable(() => this.#onSeller(uid));
      return this.#store.setStatus(tx, storeId, uid, status);
    });
    if (!found) throw missingSeller(storeId, uid);
  }

  async #desk(tx: Tx, storeId: number): Promise<DeskRow> {
    const row = await this.#store.findDesk(tx, storeId);
    if (row === undefined) throw missingDesk(storeId);
    return row;
  }
}

function choose(sellers: readonly SellerRow[]): SellerRow | undefined {
  const online = sellers.filter((one) => one.status === 'online');
  return online.length === 0 ? sellers[0] : online[randomInt(online.length)];
}

function deskOf(row: DeskRow): Desk {
  return { storeId: row.store_id, appid: row.appid, name: row.name, createdAt: row.created_at };
}

function sellerOf(row: SellerRow): Seller {
  const { store_id, uid, name, avatar, status } = row;
  return { storeId: store_id, uid, name, avatar, status };
}

function reserved(): AppError {
  return new AppError('field_value', {
    zh: `顾客编号不能以 ${ownCustomerIds} 开头`,
    en: `ids of customers may not begin with ${ownCustomerIds}`,
  });
}

function forbidden(): AppError {
  return new AppError('forbidden', { zh: '该顾客已被禁止', en: 'the customer is forbidden' });
}

function missing(zh: string, en: string): AppError {
  return new AppError('not_found', { zh: `没有${zh}`, en: `there is no ${en}` });
}

function missingDesk(storeId: number): AppError {
  return missing(`咨询台 ${storeId}`, `desk ${storeId}`);
}

function missingSeller(storeId: number, uid: number): AppError {
  return missing(`客服 ${uid}（咨询台 ${storeId}）`, `seller ${uid} at desk ${storeId}`);
}
