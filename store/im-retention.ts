import type { Database, Tx } from './database.ts';

/** Whose inbox: a user's, or that of a super group. */
export type InboxOwner = { appid: number; uid: number } | { gid: number };

export interface OldPlace {
  seq: number;
  message_id: number;
}

/**
 * What may be forgotten of messages. Both the log and every inbox rise with time, so what is old
 * lies at their beginning. The newest of each stays: numbers go on from it.
 */
export class ImRetentionStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** The beginning of the log. */
  firstMessages(limit: number): Promise<{ id: number; at: number }[]> {
    return this.db.readLong('SELECT id, at FROM im_messages ORDER BY id LIMIT ?', [limit]);
  }

  async newestMessage(): Promise<number> {
    const rows = await this.db.read<{ id: number | null }>('SELECT max(id) AS id FROM im_messages');
    return rows[0]?.id ?? 0;
  }

  /** @returns how many went */
  forgetMessages(tx: Tx, upTo: number): Promise<number> {
    return tx.run('DELETE FROM im_messages WHERE id <= ?', [upTo]);
  }

  /** The owner of an inbox behind `after`, in their order; one seek each. */
  async nextUser(after: { appid: number; uid: number }): Promise<InboxOwner | undefined> {
    const [same] = await this.db.read<{ appid: number; uid: number }>(
      'SELECT appid, uid FROM im_inbox WHERE appid = ? AND uid > ? ORDER BY uid LIMIT 1',
      [after.appid, after.uid],
    );
    if (same !== undefined) return same;
    const [other] = await this.db.read<{ appid: number; uid: number }>(
      'SELECT appid, uid FROM im_inbox WHERE appid > ? ORDER BY appid, uid LIMIT 1',
      [after.appid],
    );
    return other;
  }

  async nextGroup(after: number): Promise<InboxOwner | undefined> {
    const [row] = await this.db.read<{ gid: number }>(
      'SELECT gid FROM im_group_inbox WHERE gid > ? ORDER BY gid LIMIT 1',
      [after],
    );
    return row;
  }

  /** The beginning of an inbox. */
  firstPlaces(owner: InboxOwner, limit: number): Promise<OldPlace[]> {
    const { table, where, params } = inboxOf(owner);
    return this.db.read(
      `SELECT seq, message_id FROM ${table} WHERE ${where} ORDER BY seq LIMIT ?`,
      [...params, limit],
    );
  }

  /** All up to a place, but never the newest. */
  forgetPlaces(tx: Tx, owner: InboxOwner, upTo: number): Promise<number> {
    const { table, where, params } = inboxOf(owner);
    return tx.run(
      `DELETE FROM ${table} WHERE ${where} AND seq <= ?
       AND seq < (SELECT max(seq) FROM ${table} WHERE ${where})`,
      [...params, upTo, ...params],
    );
  }
}

function inboxOf(owner: InboxOwner) {
  if ('gid' in owner) return { table: 'im_group_inbox', where: 'gid = ?', params: [owner.gid] };
  const params = [owner.appid, owner.uid];
  return { table: 'im_inbox', where: 'appid = ? AND uid = ?', params };
}
