import type { Database, Tx } from './database.ts';

export interface TokenRow {
  account: string;
  /** Sealed; null: there is none. */
  token: Uint8Array | null;
  expires_at: number;
  /** JSON list of the times at which a new one was forced. */
  forced: string;
}

/** The access_token of each account. */
export class WechatTokenStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async get(account: string): Promise<TokenRow | undefined> {
    const rows = await this.db.read<TokenRow>('SELECT * FROM wechat_tokens WHERE account = ?', [
      account,
    ]);
    return rows[0];
  }

  async put(tx: Tx, row: TokenRow): Promise<void> {
    await tx.run(
      `INSERT INTO wechat_tokens (account, token, expires_at, forced) VALUES (?, ?, ?, ?)
       ON CONFLICT (account) DO UPDATE SET token = excluded.token,
         expires_at = excluded.expires_at, forced = excluded.forced`,
      [row.account, row.token, row.expires_at, row.forced],
    );
  }
}
