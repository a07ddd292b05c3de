import type { Database, Tx } from './database.ts';

/** A place in the inbox of somebody known by a text, and what lies there. */
export interface OldFrame {
  seq: number;
  messageId: number;
  /** When it was pushed: 0 when it is forgotten already; undefined: it is no push. */
  pushedAt: number | undefined;
  /** Pushed to this user only: nobody else has a place for it. */
  own: boolean;
}

/**
 * What may be forgotten of frames. Whoever is somebody's customer keeps the whole inbox: it is the
 * history of the conversation.
 */
export class OfficialRetentionStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** The next inbox behind `after`. */
  async nextUser(after: number): Promise<number | undefined> {
    const [row] = await this.db.read<{ uid: number }>(
      `SELECT uid FROM im_inbox WHERE appid = ${namesApp} AND uid > ? ORDER BY uid LIMIT 1`,
      [after],
    );
    return row?.uid;
  }

  async isCustomer(uid: number): Promise<boolean> {
    const rows = await this.db.read(
      `SELECT id FROM im_conversations WHERE appid = ${namesApp} AND uid = ? LIMIT 1`,
      [uid],
    );
    return rows.length > 0;
  }

  /** The beginning of an inbox. */
  async firstFrames(uid: number, limit: number): Promise<OldFrame[]> {
    const rows = await this.db.read<{
      seq: number;
      message_id: number;
      at: number | null;
      kind: string | null;
      receiver: number | null;
    }>(
      `SELECT i.seq, i.message_id, m.at, m.kind, m.receiver
       FROM im_inbox AS i LEFT JOIN im_messages AS m ON m.id = i.message_id
       WHERE i.appid = ${namesApp} AND i.uid = ? ORDER BY i.seq LIMIT ?`,
      [uid, limit],
    );
    return rows.map(({ seq, message_id, at, kind, receiver }) => {
      const pushed = kind === 'official' || kind === null;
      return {
        seq,
        messageId: message_id,
        pushedAt: pushed ? (at ?? 0) : undefined,
        own: kind === 'official' && receiver === uid,
      };
    });
  }

  /** The first pushes to many. */
  toMany(limit: number): Promise<{ id: number; at: number }[]> {
    return this.db.read(
      `SELECT id, at FROM im_messages WHERE kind = 'official' AND receiver = 0 ORDER BY id LIMIT ?`,
      [limit],
    );
  }

  async newestMessage(): Promise<number> {
    const rows = await this.db.read<{ id: number | null }>('SELECT max(id) AS id FROM im_messages');
    return rows[0]?.id ?? 0;
  }

  async forgetMessages(tx: Tx, ids: readonly number[]): Promise<void> {
    for (const id of ids) await tx.run('DELETE FROM im_messages WHERE id = ?', [id]);
  }
}

/** The built-in application of people known by a text. */
const namesApp = -1;
