import type { Database, Tx } from './database.ts';

export interface DeskRow {
  store_id: number;
  /** The application whose users its sellers are. */
  appid: number;
  name: string;
  created_at: number;
}

export type SellerStatus = 'online' | 'offline';

export interface SellerRow {
  store_id: number;
  uid: number;
  name: string;
  avatar: string;
  status: SellerStatus;
}

/** Customer service: desks, their sellers, customers and whom each of them talks to. */
export class DeskStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  desks(): Promise<DeskRow[]> {
    return this.db.read('SELECT * FROM im_desks ORDER BY store_id');
  }

  async desk(storeId: number): Promise<DeskRow | undefined> {
    const sql = 'SELECT * FROM im_desks WHERE store_id = ?';
    return (await this.db.read<DeskRow>(sql, [storeId]))[0];
  }

  findDesk(tx: Tx, storeId: number): Promise<DeskRow | undefined> {
    return tx.get('SELECT * FROM im_desks WHERE store_id = ?', [storeId]);
  }

  /** Undefined: there is none, or more than one. */
  async onlyDesk(tx: Tx): Promise<DeskRow | undefined> {
    const [desk, other] = await tx.all<DeskRow>('SELECT * FROM im_desks ORDER BY store_id LIMIT 2');
    return other === undefined ? desk : undefined;
  }

  /** A desk of an application, if this user sells there. */
  deskWithSeller(
    tx: Tx,
    storeId: number,
    { appid, uid }: { appid: number; uid: number },
  ): Promise<DeskRow | undefined> {
    return tx.get(
      `SELECT d.* FROM im_desks d JOIN im_sellers s ON s.store_id = d.store_id AND s.uid = ?
       WHERE d.store_id = ? AND d.appid = ?`,
      [uid, storeId, appid],
    );
  }

  /** The first desk of an application at which a user sells. */
  deskOfSeller(tx: Tx, appid: number, uid: number): Promise<DeskRow | undefined> {
    return tx.get(
      `SELECT d.* FROM im_desks d JOIN im_sellers s ON s.store_id = d.store_id AND s.uid = ?
       WHERE d.appid = ? ORDER BY d.store_id LIMIT 1`,
      [uid, appid],
    );
  }

  async lastDesk(tx: Tx): Promise<number> {
    const row = await tx.get<{ last: number | null }>('SELECT max(store_id) AS last FROM im_desks');
    return row?.last ?? 0;
  }

  async putDesk(tx: Tx, row: DeskRow): Promise<void> {
    await tx.run(
      `INSERT INTO im_desks (store_id, appid, name, created_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (store_id) DO UPDATE SET name = excluded.name`,
      [row.store_id, row.appid, row.name, row.created_at],
    );
  }

  /** Its sellers and what customers were told of it go with it. */
  async removeDesk(tx: Tx, storeId: number): Promise<void> {
    await tx.run('DELETE FROM im_sellers WHERE store_id = ?', [storeId]);
    await tx.run('DELETE FROM im_assignments WHERE store_id = ?', [storeId]);
    await tx.run('DELETE FROM im_desks WHERE store_id = ?', [storeId]);
  }

  sellers(storeId: number): Promise<SellerRow[]> {
    return this.db.read('SELECT * FROM im_sellers WHERE store_id = ? ORDER BY uid', [storeId]);
  }

  /** By uid: the first one is always the same. */
  findSellers(tx: Tx, storeId: number): Promise<SellerRow[]> {
    return tx.all('SELECT * FROM im_sellers WHERE store_id = ? ORDER BY uid', [storeId]);
  }

  async putSeller(tx: Tx, row: SellerRow): Promise<void> {
    await tx.run(
      `INSERT INTO im_sellers (store_id, uid, name, avatar, status) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (store_id, uid) DO UPDATE SET
         name = excluded.name, avatar = excluded.avatar, status = excluded.status`,
      [row.store_id, row.uid, row.name, row.avatar, row.status],
    );
  }

  /** @returns false when there is no such seller */
  async removeSeller(tx: Tx, storeId: number, uid: number): Promise<boolean> {
    await tx.run('DELETE FROM im_assignments WHERE store_id = ? AND seller_uid = ?', [
      storeId,
      uid,
    ]);
    const sql = 'DELETE FROM im_sellers WHERE store_id = ? AND uid = ?';
    return (await tx.run(sql, [storeId, uid])) > 0;
  }

  /** @returns false when there is no such seller */
  async setStatus(tx: Tx, storeId: number, uid: number, status: SellerStatus): Promise<boolean> {
    const sql = 'UPDATE im_sellers SET status = ? WHERE store_id = ? AND uid = ?';
    return (await tx.run(sql, [status, storeId, uid])) > 0;
  }

  /** The uid of the customer that an application knows by this id. */
  async customer(appid: number, customerId: string): Promise<number | undefined> {
    const sql = 'SELECT client_id FROM im_customers WHERE appid = ? AND customer_id = ?';
    return (await this.db.read<{ client_id: number }>(sql, [appid, customerId]))[0]?.client_id;
  }

  async findCustomer(tx: Tx, appid: number, customerId: string): Promise<number | undefined> {
    const row = await tx.get<{ client_id: number }>(
      'SELECT client_id FROM im_customers WHERE appid = ? AND customer_id = ?',
      [appid, customerId],
    );
    return row?.client_id;
  }

  /** What an application calls a customer. */
  async customerId(appid: number, clientId: number): Promise<string | undefined> {
    const rows = await this.db.read<{ customer_id: string | null }>(customerIdSql, [
      appid,
      clientId,
    ]);
    return rows[0]?.customer_id ?? undefined;
  }

  async customerIdIn(tx: Tx, appid: number, clientId: number): Promise<string | undefined> {
    const row = await tx.get<{ customer_id: string | null }>(customerIdSql, [appid, clientId]);
    return row?.customer_id ?? undefined;
  }

  /** The lowest number from `first` on that is above all customers' and no user's of the application. */
  async nextCustomer(tx: Tx, appid: number, first: number): Promise<number> {
    const row = await tx.get<{ last: number | null }>(
      'SELECT max(client_id) AS last FROM im_customers WHERE appid = ?',
      [appid],
    );
    const next = Math.max(first, (row?.last ?? 0) + 1);
    const taken = await tx.get('SELECT uid FROM im_users WHERE appid = ? AND uid = ?', [
      appid,
      next,
    ]);
    if (taken === undefined) return next;
    const end = await tx.get<{ uid: number }>(
      `SELECT u.uid FROM im_users u WHERE u.appid = ? AND u.uid >= ? AND NOT EXISTS
         (SELECT 1 FROM im_users n WHERE n.appid = u.appid AND n.uid = u.uid + 1)
       ORDER BY u.uid LIMIT 1`,
      [appid, next],
    );
    return (end?.uid ?? next) + 1;
  }

  async addCustomer(
    tx: Tx,
    row: { appid: number; clientId: number; customerId: string | undefined },
  ): Promise<void> {
    await tx.run('INSERT INTO im_customers (appid, client_id, customer_id) VALUES (?, ?, ?)', [
      row.appid,
      row.clientId,
      row.customerId ?? null,
    ]);
  }

  /** The seller that a user talks to at a desk. */
  async assigned(
    tx: Tx,
    user: { appid: number; uid: number },
    storeId: number,
  ): Promise<number | undefined> {
    const row = await tx.get<{ seller_uid: number }>(
      'SELECT seller_uid FROM im_assignments WHERE appid = ? AND uid = ? AND store_id = ?',
      [user.appid, user.uid, storeId],
    );
    return row?.seller_uid;
  }

  async assign(
    tx: Tx,
    user: { appid: number; uid: number },
    storeId: number,
    seller: number,
  ): Promise<void> {
    await tx.run(
      `INSERT INTO im_assignments (appid, uid, store_id, seller_uid) VALUES (?, ?, ?, ?)
       ON CONFLICT (appid, uid, store_id) DO UPDATE SET seller_uid = excluded.seller_uid`,
      [user.appid, user.uid, storeId, seller],
    );
  }

  async unassign(tx: Tx, user: { appid: number; uid: number }, storeId: number): Promise<void> {
    const sql = 'DELETE FROM im_assignments WHERE appid = ? AND uid = ? AND store_id = ?';
    await tx.run(sql, [user.appid, user.uid, storeId]);
  }
}

const customerIdSql = 'SELECT customer_id FROM im_customers WHERE appid = ? AND client_id = ?';
