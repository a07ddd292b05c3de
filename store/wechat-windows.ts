import type { Database, Tx } from './database.ts';

export interface WindowRow {
  account: string;
  open_id: string;
  action: string;
  /** When the user did it. */
  at: number;
  /** Sends since. */
  sends: number;
  /** When WeChat said that it is over. */
  closed_at: number | null;
}

/** What users did that lets accounts send to them. */
export class WechatWindowStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  of(tx: Tx, account: string, openId: string): Promise<WindowRow[]> {
    return tx.all('SELECT * FROM wechat_windows WHERE account = ? AND open_id = ?', [
      account,
      openId,
    ]);
  }

  /** Its count begins anew, unless one of a later time is known. */
  async open(tx: Tx, row: Pick<WindowRow, 'account' | 'open_id' | 'action' | 'at'>): Promise<void> {
    await tx.run(
      `INSERT INTO wechat_windows (account, open_id, action, at, sends) VALUES (?, ?, ?, ?, 0)
       ON CONFLICT (account, open_id, action) DO UPDATE SET
         at = excluded.at, sends = 0, closed_at = NULL
       WHERE excluded.at >= wechat_windows.at`,
      [row.account, row.open_id, row.action, row.at],
    );
  }

  /** @param window the very one: a later action opens another */
  async count(
    tx: Tx,
    window: Pick<WindowRow, 'account' | 'open_id' | 'action' | 'at'>,
    change: 1 | -1,
  ): Promise<void> {
    await tx.run(
      `UPDATE wechat_windows SET sends = sends + ?
       WHERE account = ? AND open_id = ? AND action = ? AND at = ? AND sends + ? >= 0`,
      [change, window.account, window.open_id, window.action, window.at, change],
    );
  }

  /** Those that were open before a time are over. */
  async close(tx: Tx, account: string, openId: string, upTo: number, now: number): Promise<void> {
    await tx.run(
      `UPDATE wechat_windows SET closed_at = ?
       WHERE account = ? AND open_id = ? AND at <= ? AND closed_at IS NULL`,
      [now, account, openId, upTo],
    );
  }

  async setSends(
    tx: Tx,
    { account, open_id, action, at, sends }: Omit<WindowRow, 'closed_at'>,
  ): Promise<void> {
    await tx.run(
      `UPDATE wechat_windows SET sends = ?
       WHERE account = ? AND open_id = ? AND action = ? AND at = ?`,
      [sends, account, open_id, action, at],
    );
  }

  async forget(tx: Tx, account: string, openId: string): Promise<void> {
    await tx.run('DELETE FROM wechat_windows WHERE account = ? AND open_id = ?', [account, openId]);
  }

  /** Those that were opened before a time. @returns how many, up to `limit` */
  prune(tx: Tx, before: number, limit: number): Promise<number> {
    return tx.run(
      `DELETE FROM wechat_windows WHERE (account, open_id, action) IN (
         SELECT account, open_id, action FROM wechat_windows WHERE at < ? ORDER BY at LIMIT ?)`,
      [before, limit],
    );
  }
}
