import type { Database, Param, Tx } from './database.ts';

export interface ConversationRow {
  id: number;
  via: string;
  account: string;
  contact: string;
  /** The customer as a user of the core. */
  appid: number;
  uid: number;
  store_id: number | null;
  agent: string | null;
  /** Place in the customer's inbox of the first message that nobody was told of. */
  waiting: number | null;
  name: string;
  avatar: string;
  created_at: number;
  last_at: number;
}

export interface ConversationFilter {
  agent?: string | undefined;
  storeId?: number | undefined;
  via?: string | undefined;
  waiting?: boolean | undefined;
  /** Part of the contact or of the name. */
  text?: string | undefined;
}

/** Customers and whoever answers them. */
export class ImConversationStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  find(
    tx: Tx,
    via: string,
    account: string,
    contact: string,
  ): Promise<ConversationRow | undefined> {
    return tx.get('SELECT * FROM im_conversations WHERE via = ? AND account = ? AND contact = ?', [
      via,
      account,
      contact,
    ]);
  }

  findById(tx: Tx, id: number): Promise<ConversationRow | undefined> {
    return tx.get('SELECT * FROM im_conversations WHERE id = ?', [id]);
  }

  async byId(id: number): Promise<ConversationRow | undefined> {
    const sql = 'SELECT * FROM im_conversations WHERE id = ?';
    return (await this.db.read<ConversationRow>(sql, [id]))[0];
  }

  /** The one talked to last first. */
  ofContact(contact: string): Promise<ConversationRow[]> {
    return this.db.read(ofContactSql, [contact]);
  }

  ofContactIn(tx: Tx, contact: string): Promise<ConversationRow[]> {
    return tx.all(ofContactSql, [contact]);
  }

  ofCustomerIn(
    tx: Tx,
    { appid, uid }: { appid: number; uid: number },
    via: string,
  ): Promise<ConversationRow | undefined> {
    return tx.get(
      'SELECT * FROM im_conversations WHERE appid = ? AND uid = ? AND via = ? ORDER BY id LIMIT 1',
      [appid, uid, via],
    );
  }

  /** Those of the users who are customers of a way, and in whose conversations somebody spoke since. */
  async customersAmong(
    tx: Tx,
    appid: number,
    via: string,
    uids: readonly number[],
    since: number,
  ): Promise<Set<number>> {
    const marks = uids.map(() => '?').join(', ');
    const rows = await tx.all<{ uid: number }>(
      `SELECT DISTINCT uid FROM im_conversations WHERE appid = ? AND uid IN (${marks}) AND via = ? AND last_at >= ?`,
      [appid, ...uids, via, since],
    );
    return new Set(rows.map((row) => row.uid));
  }

  /** How many customers an agent has talked to since, counted up to `most`. */
  async load(tx: Tx, agent: string, since: number, most: number): Promise<number> {
    const row = await tx.get<{ count: number }>(
      `SELECT count(*) AS count FROM (SELECT 1 FROM im_conversations
       WHERE agent = ? AND last_at >= ? LIMIT ?) AS recent`,
      [agent, since, most],
    );
    return Number(row?.count ?? 0);
  }

  /** @returns the row with its number */
  async add(tx: Tx, row: Omit<ConversationRow, 'id'>): Promise<ConversationRow> {
    const last = await tx.get<{ id: number | null }>('SELECT max(id) AS id FROM im_conversations');
    const added = { ...row, id: (last?.id ?? 0) + 1 };
    await tx.run(
      `INSERT INTO im_conversations (id, via, account, contact, appid, uid, store_id, agent,
         waiting, name, avatar, created_at, last_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        ...[added.id, row.via, row.account, row.contact, row.appid, row.uid, row.store_id],
        ...[row.agent, row.waiting, row.name, row.avatar, row.created_at, row.last_at],
      ],
    );
    return added;
  }

  /** What may change. */
  async put(tx: Tx, row: ConversationRow): Promise<void> {
    await tx.run(
      `UPDATE im_conversations SET store_id = ?, agent = ?, waiting = ?, name = ?, avatar = ?,
       last_at = ? WHERE id = ?`,
      [row.store_id, row.agent, row.waiting, row.name, row.avatar, row.last_at, row.id],
    );
  }

  /** What nobody was told of, the oldest conversation first, behind one. */
  waiting(after: number, limit: number): Promise<Pick<ConversationRow, 'id' | 'store_id'>[]> {
    return this.db.read(
      `SELECT id, store_id FROM im_conversations WHERE waiting IS NOT NULL AND id > ?
       ORDER BY id LIMIT ?`,
      [after, limit],
    );
  }

  async countWaiting(): Promise<number> {
    const sql = 'SELECT count(*) AS count FROM im_conversations WHERE waiting IS NOT NULL';
    return Number((await this.db.read<{ count: number }>(sql))[0]?.count ?? 0);
  }

  /** The one talked to last first, from in front of one. */
  list(
    filter: ConversationFilter,
    before: { lastAt: number; id: number },
    limit: number,
  ): Promise<ConversationRow[]> {
    const { where, params } = conditionsOf(filter);
    // A text is looked for in all of them.
    const read = filter.text === undefined ? 'read' : 'readLong';
    return this.db[read](
      `SELECT * FROM im_conversations WHERE (last_at, id) < (?, ?)${where}
       ORDER BY last_at DESC, id DESC LIMIT ?`,
      [before.lastAt, before.id, ...params, limit],
    );
  }

  /** Those that nobody talked in since; the newest row stays, numbers go on from it. */
  forget(
    tx: Tx,
    before: number,
    limit: number,
  ): Promise<Pick<ConversationRow, 'id' | 'contact'>[]> {
    return tx.all(
      `DELETE FROM im_conversations WHERE id IN (SELECT id FROM im_conversations
         WHERE last_at < ? AND id < (SELECT max(id) FROM im_conversations)
         ORDER BY last_at, id LIMIT ?) RETURNING id, contact`,
      [before, limit],
    );
  }
}

const ofContactSql = 'SELECT * FROM im_conversations WHERE contact = ? ORDER BY last_at DESC, id';

function conditionsOf(filter: ConversationFilter): { where: string; params: Param[] } {
  const { agent, storeId, via, waiting, text } = filter;
  let where = '';
  const params: Param[] = [];
  const add = (condition: string, ...values: Param[]): void => {
    where += ` AND ${condition}`;
    params.push(...values);
  };
  if (agent !== undefined) add('agent = ?', agent);
  if (storeId !== undefined) add('store_id = ?', storeId);
  if (via !== undefined) add('via = ?', via);
  if (waiting !== undefined) add(`waiting IS ${waiting ? 'NOT ' : ''}NULL`);
  if (text !== undefined) {
    const part = `%${text.replaceAll(/[!%_]/g, '!$&')}%`;
    add(`(contact LIKE ? ESCAPE '!' OR name LIKE ? ESCAPE '!')`, part, part);
  }
  return { where, params };
}
