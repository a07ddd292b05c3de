import type { Database, Tx } from './database.ts';

export interface ImbotUserRow {
  id: string;
  role: string;
  /** JSON object. */
  wechat: string;
  created_at: number;
  updated_at: number;
}

/** Users of the mini-program IM as they, or a server for them, have told of themselves. */
export class ImbotUserStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async get(id: string): Promise<ImbotUserRow | undefined> {
    return (await this.db.read<ImbotUserRow>('SELECT * FROM imbot_users WHERE id = ?', [id]))[0];
  }

  /** All of a role. */
  ofRole(role: string): Promise<{ id: string }[]> {
    return this.db.readLong('SELECT id FROM imbot_users WHERE role = ?', [role]);
  }

  findIn(tx: Tx, id: string): Promise<ImbotUserRow | undefined> {
    return tx.get('SELECT * FROM imbot_users WHERE id = ?', [id]);
  }

  async put(tx: Tx, row: ImbotUserRow): Promise<void> {
    await tx.run(
      `INSERT INTO imbot_users (id, role, wechat, created_at, updated_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET role = excluded.role, wechat = excluded.wechat,
         updated_at = excluded.updated_at`,
      [row.id, row.role, row.wechat, row.created_at, row.updated_at],
    );
  }

  /** By id; those whose id or profile holds the text. */
  async search(text: string, after: string, limit: number): Promise<ImbotUserRow[]> {
    if (text === '') {
      return await this.db.read('SELECT * FROM imbot_users WHERE id > ? ORDER BY id LIMIT ?', [
        after,
        limit,
      ]);
    }
    const like = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
    return await this.db.readLong(
      `SELECT * FROM imbot_users WHERE id > ? AND (id LIKE ? ESCAPE '\\' OR wechat LIKE ? ESCAPE '\\')
       ORDER BY id LIMIT ?`,
      [after, like, like, limit],
    );
  }
}
