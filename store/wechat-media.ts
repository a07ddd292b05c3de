import type { Database, Tx } from './database.ts';

export interface MediaRow {
  account: string;
  sha256: string;
  kind: string;
  media_id: string;
  /** When it was uploaded. */
  at: number;
}

/** Files of ours that WeChat holds for a while. */
export class WechatMediaStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async get(account: string, sha256: string, kind: string): Promise<MediaRow | undefined> {
    const rows = await this.db.read<MediaRow>(
      'SELECT * FROM wechat_media WHERE account = ? AND sha256 = ? AND kind = ?',
      [account, sha256, kind],
    );
    return rows[0];
  }

  async put(tx: Tx, row: MediaRow): Promise<void> {
    await tx.run(
      `INSERT INTO wechat_media (account, sha256, kind, media_id, at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (account, sha256, kind) DO UPDATE SET
         media_id = excluded.media_id, at = excluded.at`,
      [row.account, row.sha256, row.kind, row.media_id, row.at],
    );
  }

  /** WeChat does not hold it any more. */
  async forget(tx: Tx, account: string, mediaId: string): Promise<void> {
    await tx.run('DELETE FROM wechat_media WHERE account = ? AND media_id = ?', [account, mediaId]);
  }

  /** Those uploaded before a time. @returns how many, up to `limit` */
  prune(tx: Tx, before: number, limit: number): Promise<number> {
    return tx.run(
      `DELETE FROM wechat_media WHERE (account, sha256, kind) IN (
         SELECT account, sha256, kind FROM wechat_media WHERE at < ? ORDER BY at LIMIT ?)`,
      [before, limit],
    );
  }
}
