import type { Database, Tx } from './database.ts';

export interface RoomRow {
  roomId: string;
  topic: string;
  formerTopics: string[];
  members: { id: string; name: string }[];
  firstSeen: number;
  lastSeen: number;
  gone: boolean;
}

/** The rooms of each bot's account, as far as its syncs and events told. */
export class RoomStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Every room ever seen; `syncedAt`: when the last complete sync finished. */
  async load(
    botcode: string,
  ): Promise<{ rooms: RoomRow[]; generation: number; syncedAt: number | undefined }> {
    const rows = await this.#db.read<RawRoom>(
      `SELECT room_id, topic, former_topics, members, first_seen, last_seen, gone
       FROM rooms WHERE botcode = ?`,
      [botcode],
    );
    const bots = await this.#db.read<{ generation: number; at: number | null }>(
      'SELECT room_generation AS generation, rooms_synced_at AS at FROM bots WHERE botcode = ?',
      [botcode],
    );
    const at = bots[0]?.at ?? undefined;
    return {
      rooms: rows.map(toRoom),
      generation: Number(bots[0]?.generation ?? 0),
      syncedAt: at === undefined ? undefined : Number(at),
    };
  }

  /** Writes rooms that changed. */
  async save(
    tx: Tx,
    botcode: string,
    rooms: readonly RoomRow[],
    generation: number,
  ): Promise<void> {
    for (const room of rooms) {
      await tx.run(
        `INSERT INTO rooms (botcode, room_id, topic, former_topics, members, generation,
           first_seen, last_seen, gone)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (botcode, room_id) DO UPDATE SET
           topic = excluded.topic, former_topics = excluded.former_topics,
           members = excluded.members, generation = excluded.generation,
           last_seen = excluded.last_seen, gone = excluded.gone`,
        [
          botcode,
          room.roomId,
          room.topic,
          JSON.stringify(room.formerTopics),
          JSON.stringify(room.members),
          generation,
          room.firstSeen,
          room.lastSeen,
          room.gone ? 1 : 0,
        ],
      );
    }
  }

  async finishSync(tx: Tx, botcode: string, generation: number, at: number): Promise<void> {
    await tx.run('UPDATE bots SET room_generation = ?, rooms_synced_at = ? WHERE botcode = ?', [
      generation,
      at,
      botcode,
    ]);
  }

  /** Forgets the rooms: another account, or ids that hold for one login only. */
  async clear(tx: Tx, botcode: string): Promise<void> {
    await tx.run('DELETE FROM rooms WHERE botcode = ?', [botcode]);
    await tx.run('UPDATE bots SET rooms_synced_at = NULL WHERE botcode = ?', [botcode]);
  }
}

interface RawRoom {
  room_id: string;
  topic: string;
  former_topics: string;
  members: string;
  first_seen: number;
  last_seen: number;
  gone: number;
}

function toRoom(raw: RawRoom): RoomRow {
  return {
    roomId: raw.room_id,
    topic: raw.topic,
    // Written by save() above only.
    formerTopics: JSON.parse(raw.former_topics) as string[],
    members: JSON.parse(raw.members) as RoomRow['members'],
    firstSeen: Number(raw.first_seen),
    lastSeen: Number(raw.last_seen),
    gone: raw.gone === 1,
  };
}
