import type { ImCustomerStore } from '../../store/im-customers.ts';
import type { Apps } from './apps.ts';
import { type Desk, type Desks, firstCustomer } from './desks.ts';
import type { User } from './message.ts';

/** So many are remembered; then all are asked for again. */
const most = 100_000;

/**
 * Customers among the users of an application. Anybody may become one, so what is open to users that
 * the application has let in is not open to them.
 */
export class Customers {
  readonly #store: ImCustomerStore;
  readonly #desks: Pick<Desks, 'list' | 'sellers'>;
  readonly #apps: Pick<Apps, 'get'>;
  /** Who is one stays one. */
  readonly #known = new Set<string>();

  constructor(options: {
    store: ImCustomerStore;
    desks: Pick<Desks, 'list' | 'sellers'>;
    apps: Pick<Apps, 'get'>;
  }) {
    this.#store = options.store;
    this.#desks = options.desks;
    this.#apps = options.apps;
  }

  /** Whether a user came as a customer. */
  async includes({ appid, uid }: User): Promise<boolean> {
    if (!isCustomerNumber(uid)) return false;
    const key = `${appid} ${uid}`;
    if (this.#known.has(key)) return true;
    if (!(await this.#store.has(appid, uid))) return false;
    if (this.#known.size >= most) this.#known.clear();
    this.#known.add(key);
    return true;
  }

  /** A customer writes to those who sell at a desk that its application comes to, and to nobody else. */
  async mayWriteTo(customer: User, to: User): Promise<boolean> {
    for (const desk of await this.#desks.list(to.appid)) {
      if (!reaches(this.#apps, customer.appid, desk)) continue;
      if ((await this.#desks.sellers(desk.storeId)).some(({ uid }) => uid === to.uid)) return true;
    }
    return false;
  }
}

/** Whether this could be a customer; that of a user who was none never is. */
export function isCustomerNumber(uid: number): boolean {
  return uid >= firstCustomer;
}

/** Whether the customers of an application come to a desk: its own, or the one it sends them to. */
export function reaches(
  apps: Pick<Apps, 'get'>,
  appid: number,
  desk: Pick<Desk, 'appid' | 'storeId'>,
): boolean {
  return desk.appid === appid || apps.get(appid)?.storeId === desk.storeId;
}
