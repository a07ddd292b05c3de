import type { Database, Tx } from './database.ts';

export interface SessionRow {
  account: string;
  open_id: string;
  union_id: string | null;
  /** Sealed. */
  session_key: Uint8Array;
  at: number;
}

/** Logins of mini programs: the newest of each user. */
export class WechatSessionStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async put(tx: Tx, row: SessionRow): Promise<void> {
    await tx.run(
      `INSERT INTO wechat_sessions (account, open_id, union_id, session_key, at)
       VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (account, open_id) DO UPDATE SET union_id = excluded.union_id,
         session_key = excluded.session_key, at = excluded.at`,
      [row.account, row.open_id, row.union_id, row.session_key, row.at],
    );
  }

  async get(account: string, openId: string): Promise<SessionRow | undefined> {
    const rows = await this.db.read<SessionRow>(
      'SELECT * FROM wechat_sessions WHERE account = ? AND open_id = ?',
      [account, openId],
    );
    return rows[0];
  }

  async forget(tx: Tx, account: string, openId: string): Promise<void> {
    await tx.run('DELETE FROM wechat_sessions WHERE account = ? AND open_id = ?', [
      account,
      openId,
    ]);
  }
}
