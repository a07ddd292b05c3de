import type { Database, Tx } from './database.ts';

/** A place in the history of a pair. */
export interface TimeRow {
  pair: number;
  at: number;
  message_id: number;
}

/** What is left of messages that were forgotten. */
export class ImbotRetentionStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** Oldest message that is kept; 0: there is none. */
  async oldest(): Promise<number> {
    const [row] = await this.db.read<{ id: number | null }>(
      'SELECT min(id) AS id FROM im_messages',
    );
    return row?.id ?? 0;
  }

  /** Places of messages before `oldest`, behind `after`. Looks through the whole table. */
  times(oldest: number, after: TimeRow, limit: number): Promise<TimeRow[]> {
    return this.db.readLong(
      `SELECT pair, at, message_id FROM imbot_times
       WHERE (pair, at, message_id) > (?, ?, ?) AND message_id < ?
       ORDER BY pair, at, message_id LIMIT ?`,
      [after.pair, after.at, after.message_id, oldest, limit],
    );
  }

  async forgetTime(tx: Tx, { pair, at, message_id }: TimeRow): Promise<void> {
    await tx.run('DELETE FROM imbot_times WHERE pair = ? AND at = ? AND message_id = ?', [
      pair,
      at,
      message_id,
    ]);
  }

  bodies(oldest: number, limit: number): Promise<{ message_id: number }[]> {
    return this.db.readLong(
      'SELECT message_id FROM imbot_bodies WHERE message_id < ? ORDER BY message_id LIMIT ?',
      [oldest, limit],
    );
  }

  async forgetBodies(tx: Tx, upTo: number): Promise<void> {
    await tx.run('DELETE FROM imbot_bodies WHERE message_id <= ?', [upTo]);
  }
}
