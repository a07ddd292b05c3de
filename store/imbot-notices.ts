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

/** A notice between its hand-over and its outcome. */
export interface HandedRow {
  id: number;
  receiver: number;
  template_url: string;
  /** JSON of formId, fromUserId, toUserId. */
  notice: string;
  /** JSON */
  msg: Uint8Array;
  /** Tries that reached nobody. */
  tries: number;
  /** 1: nothing has left. */
  waiting: number;
}
export type NewHandedRow = Pick<HandedRow, 'receiver' | 'template_url' | 'notice' | 'msg'>;

/** Timers of the mini-program IM, one for each receiver, and the notices that come of them. */
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

  async hand(tx: Tx, row: NewHandedRow): Promise<HandedRow> {
    const { receiver, template_url, notice, msg } = row;
    const added = await tx.get<{ id: number }>(
      `INSERT INTO imbot_handed (receiver, template_url, notice, msg, tries, waiting)
       VALUES (?, ?, ?, ?, 0, 0) RETURNING id`,
      [receiver, template_url, notice, msg],
    );
    return { ...row, id: added?.id ?? 0, tries: 0, waiting: 0 };
  }

  async move(tx: Tx, id: number, tries: number, waiting: boolean): Promise<void> {
    await tx.run('UPDATE imbot_handed SET tries = ?, waiting = ? WHERE id = ?', [
      tries,
      waiting ? 1 : 0,
      id,
    ]);
  }

  async settle(tx: Tx, id: number): Promise<void> {
    await tx.run('DELETE FROM imbot_handed WHERE id = ?', [id]);
  }

  /** Everything without an outcome: asked once, at the start. */
  handed(): Promise<HandedRow[]> {
    return this.db.readLong('SELECT * FROM imbot_handed ORDER BY id');
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
