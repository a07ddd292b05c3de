import type { Database, Tx } from './database.ts';

export interface NoticeRow {
  /** Who has a message that he has not fetched. */
  receiver: number;
  sender: number;
  due_at: number;
  template_url: string;
  /** JSON */
  msg: Uint8Array;
}

/** Timers of the mini-program IM, one for each receiver. */
export class ImbotNoticeStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** A timer that runs already stays as it is. */
  async add(tx: Tx, row: NoticeRow): Promise<void> {
    await tx.run(
      `INSERT INTO imbot_notices (receiver, sender, due_at, template_url, msg)
       VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      [row.receiver, row.sender, row.due_at, row.template_url, row.msg],
    );
  }

  async remove(tx: Tx, receiver: number): Promise<void> {
    await tx.run('DELETE FROM imbot_notices WHERE receiver = ?', [receiver]);
  }

  receivers(): Promise<{ receiver: number }[]> {
    return this.db.readLong('SELECT receiver FROM imbot_notices');
  }

  /** Those longest due first. */
  due(now: number, limit: number): Promise<NoticeRow[]> {
    return this.db.read('SELECT * FROM imbot_notices WHERE due_at <= ? ORDER BY due_at LIMIT ?', [
      now,
      limit,
    ]);
  }

  /** When the next one falls due that is not. */
  async next(now: number): Promise<number | undefined> {
    const [row] = await this.db.read<{ at: number | null }>(
      'SELECT min(due_at) AS at FROM imbot_notices WHERE due_at > ?',
      [now],
    );
    return row?.at ?? undefined;
  }
}
