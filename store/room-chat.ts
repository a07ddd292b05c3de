import type { Database, Tx } from './database.ts';

export interface RoomChatRow {
  botcode: string;
  room_id: string;
  enabled: number;
  updated_at: number;
}

/** Rooms in which the chatbot was switched on or off. */
export class RoomChatStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  all(): Promise<RoomChatRow[]> {
    return this.db.read('SELECT * FROM room_chat ORDER BY botcode, room_id');
  }

  async put(tx: Tx, row: RoomChatRow): Promise<void> {
    await tx.run(
      `INSERT INTO room_chat (botcode, room_id, enabled, updated_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (botcode, room_id)
       DO UPDATE SET enabled = excluded.enabled, updated_at = excluded.updated_at`,
      [row.botcode, row.room_id, row.enabled, row.updated_at],
    );
  }

  async remove(tx: Tx, botcode: string, roomId: string): Promise<void> {
    await tx.run('DELETE FROM room_chat WHERE botcode = ? AND room_id = ?', [botcode, roomId]);
  }
}
