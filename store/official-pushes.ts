import type { Database, Tx } from './database.ts';

export interface PushKeyRow {
  /** 0: to many. */
  receiver: number;
  /** 0: nobody in particular. */
  sender: number;
  key: string;
  /** Of what was said. */
  digest: string;
  messageId: number;
  at: number;
}

/** What callers called their pushes. */
export class OfficialPushStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** @returns the message that was made of it */
  async find(
    tx: Tx,
    { receiver, sender, key }: Pick<PushKeyRow, 'receiver' | 'sender' | 'key'>,
  ): Promise<Pick<PushKeyRow, 'messageId' | 'at' | 'digest'> | undefined> {
    const row = await tx.get<{ message_id: number; at: number; digest: string }>(
      'SELECT message_id, at, digest FROM official_keys WHERE receiver = ? AND sender = ? AND key = ?',
      [receiver, sender, key],
    );
    return row && { messageId: row.message_id, at: row.at, digest: row.digest };
  }

  /** One of that name that is there already counts no more. */
  async put(tx: Tx, row: PushKeyRow): Promise<void> {
    const { receiver, sender, key, digest, messageId, at } = row;
    await tx.run(
      `INSERT INTO official_keys (receiver, sender, key, digest, message_id, at)
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (receiver, sender, key) DO UPDATE
       SET digest = excluded.digest, message_id = excluded.message_id, at = excluded.at`,
      [receiver, sender, key, digest, messageId, at],
    );
  }

  /** The oldest of those given before a time. @returns how many went */
  async forget(tx: Tx, before: number, limit: number): Promise<number> {
    const rows = await tx.all<{ receiver: number; sender: number; key: string }>(
      'SELECT receiver, sender, key FROM official_keys WHERE at < ? ORDER BY at LIMIT ?',
      [before, limit],
    );
    for (const { receiver, sender, key } of rows) {
      await tx.run('DELETE FROM official_keys WHERE receiver = ? AND sender = ? AND key = ?', [
        receiver,
        sender,
        key,
      ]);
    }
    return rows.length;
  }
}
