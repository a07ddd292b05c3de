import type { Database, Tx } from './database.ts';

export interface CursorRow {
  appid: number;
  uid: number;
  /** 0: the own inbox. */
  gid: number;
  seq: number;
}

/** How far users have read. */
export class ImCursorStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async get(appid: number, uid: number, gid: number): Promise<number> {
    const rows = await this.db.read<{ seq: number }>(
      'SELECT seq FROM im_cursors WHERE appid = ? AND uid = ? AND gid = ?',
      [appid, uid, gid],
    );
    return rows[0]?.seq ?? 0;
  }

  /** Only ever raises. */
  async raise(tx: Tx, { appid, uid, gid, seq }: CursorRow): Promise<void> {
    await tx.run(
      `INSERT INTO im_cursors (appid, uid, gid, seq) VALUES (?, ?, ?, ?)
       ON CONFLICT (appid, uid, gid) DO UPDATE SET seq = excluded.seq
       WHERE excluded.seq > im_cursors.seq`,
      [appid, uid, gid, seq],
    );
  }

  /** Those that lie beyond a place. */
  async clearBeyond(tx: Tx, { appid, uid, gid, seq }: CursorRow): Promise<void> {
    await tx.run('DELETE FROM im_cursors WHERE appid = ? AND uid = ? AND gid = ? AND seq > ?', [
      appid,
      uid,
      gid,
      seq,
    ]);
  }

  async clear(tx: Tx, appid: number, uid: number, gid: number): Promise<void> {
    await tx.run('DELETE FROM im_cursors WHERE appid = ? AND uid = ? AND gid = ?', [
      appid,
      uid,
      gid,
    ]);
  }
}
