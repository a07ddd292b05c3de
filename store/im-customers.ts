import type { Database } from './database.ts';

/** Who of the users came by registering as a customer. */
export class ImCustomerStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async has(appid: number, uid: number): Promise<boolean> {
    const sql = 'SELECT client_id FROM im_customers WHERE appid = ? AND client_id = ?';
    return (await this.#db.read(sql, [appid, uid])).length > 0;
  }
}
