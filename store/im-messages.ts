import type { Database, Param, Tx } from './database.ts';

/** A row of `im_messages`. */
export interface ImMessageRow {
  id: number;
  appid: number;
  kind: string;
  sender: number;
  receiver: number;
  device: number;
  client_id: number;
  /** JSON */
  parties: string | null;
  content: Uint8Array;
  at: number;
}

export interface PlacedRow extends ImMessageRow {
  seq: number;
}

const messageColumns = 10;
const messageColumnList =
  'id, appid, kind, sender, receiver, device, client_id, parties, content, at';
const selectMessage = messageColumnList
  .split(', ')
  .map((column) => `m.${column}`)
  .join(', ');

/** Rows that go in with one statement: the largest that fits first. */
const chunks = [64, 16, 4, 1] as const;
const messageSql = new Map(
  chunks.map((count) => [
    count,
    insertSql('im_messages', messageColumnList, messageColumns, count),
  ]),
);
const inboxSql = new Map(
  chunks.map((count) => [count, insertSql('im_inbox', 'appid, uid, seq, message_id', 4, count)]),
);

/** The message log and the inboxes over it. Each statement reads through an index. */
export class ImMessageStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** Newest number in the log; 0 when it is empty. */
  async lastId(tx: Tx): Promise<number> {
    const row = await tx.get<{ last: number | null }>(lastIdSql);
    return row?.last ?? 0;
  }

  /** Newest place in an inbox; 0 when it is empty. */
  async lastSeq(tx: Tx, appid: number, uid: number): Promise<number> {
    const row = await tx.get<{ last: number | null }>(lastSeqSql, [appid, uid]);
    return row?.last ?? 0;
  }

  async lastGroupSeq(tx: Tx, gid: number): Promise<number> {
    const row = await tx.get<{ last: number | null }>(lastGroupSeqSql, [gid]);
    return row?.last ?? 0;
  }

  /** @param values ten of each message, in the order of the columns */
  addMessages(tx: Tx, values: readonly Param[]): Promise<void> {
    return insertMany(tx, messageSql, values, messageColumns);
  }

  /** @param values appid, uid, seq and message of each place */
  addPlaces(tx: Tx, values: readonly Param[]): Promise<void> {
    return insertMany(tx, inboxSql, values, 4);
  }

  async setParties(tx: Tx, id: number, parties: string): Promise<void> {
    await tx.run('UPDATE im_messages SET parties = ? WHERE id = ?', [parties, id]);
  }

  /** Says which request a message came with. */
  async setRequest(tx: Tx, id: number, txcode: string): Promise<void> {
    await tx.run('UPDATE im_messages SET txcode = ? WHERE id = ?', [txcode, id]);
  }

  byRequest(tx: Tx, txcode: string): Promise<ImMessageRow | undefined> {
    return tx.get(`SELECT ${messageColumnList} FROM im_messages WHERE txcode = ?`, [txcode]);
  }

  async addGroupPlace(tx: Tx, gid: number, seq: number, messageId: number): Promise<void> {
    await tx.run('INSERT INTO im_group_inbox (gid, seq, message_id) VALUES (?, ?, ?)', [
      gid,
      seq,
      messageId,
    ]);
  }

  /** Oldest first. */
  inbox(appid: number, uid: number, after: number, limit: number): Promise<PlacedRow[]> {
    return this.db.read(readSql, [appid, uid, after, limit]);
  }

  inboxIn(tx: Tx, appid: number, uid: number, after: number, limit: number): Promise<PlacedRow[]> {
    return tx.all(readSql, [appid, uid, after, limit]);
  }

  /** The message at a place of an inbox, or at the last one before it. */
  async messageAt(
    { appid, uid }: { appid: number; uid: number },
    seq: number,
  ): Promise<{ seq: number; messageId: number } | undefined> {
    const [row] = await this.db.read<{ seq: number; message_id: number }>(
      `SELECT seq, message_id FROM im_inbox
       WHERE appid = ? AND uid = ? AND seq <= ? AND message_id > 0 ORDER BY seq DESC LIMIT 1`,
      [appid, uid, seq],
    );
    return row && { seq: row.seq, messageId: row.message_id };
  }

  async byId(id: number): Promise<ImMessageRow | undefined> {
    const sql = `SELECT ${messageColumnList} FROM im_messages WHERE id = ?`;
    return (await this.db.read<ImMessageRow>(sql, [id]))[0];
  }

  /** Newest number in the log that is on disk; 0 when it is empty. */
  async newestId(): Promise<number> {
    const rows = await this.db.read<{ last: number | null }>(lastIdSql);
    return rows[0]?.last ?? 0;
  }

  /** The place behind which `count` lie; 0 when there are no more than that. */
  async placeBefore(appid: number, uid: number, count: number): Promise<number> {
    const [row] = await this.db.read<{ seq: number }>(
      'SELECT seq FROM im_inbox WHERE appid = ? AND uid = ? ORDER BY seq DESC LIMIT 1 OFFSET ?',
      [appid, uid, count],
    );
    return row?.seq ?? 0;
  }

  /** Newest first. */
  inboxBack(appid: number, uid: number, before: number, limit: number): Promise<PlacedRow[]> {
    return this.db.read(
      `SELECT i.seq, ${selectMessage} FROM im_inbox AS i JOIN im_messages AS m ON m.id = i.message_id
       WHERE i.appid = ? AND i.uid = ? AND i.seq < ? ORDER BY i.seq DESC LIMIT ?`,
      [appid, uid, before, limit],
    );
  }

  /** Oldest first. */
  groupInbox(gid: number, after: number, limit: number): Promise<PlacedRow[]> {
    return this.db.read(
      `SELECT i.seq, ${selectMessage} FROM im_group_inbox AS i
       JOIN im_messages AS m ON m.id = i.message_id
       WHERE i.gid = ? AND i.seq > ? ORDER BY i.seq LIMIT ?`,
      [gid, after, limit],
    );
  }

  /** Newest first. */
  groupInboxBack(gid: number, before: number, limit: number): Promise<PlacedRow[]> {
    return this.db.read(
      `SELECT i.seq, ${selectMessage} FROM im_group_inbox AS i
       JOIN im_messages AS m ON m.id = i.message_id
       WHERE i.gid = ? AND i.seq < ? ORDER BY i.seq DESC LIMIT ?`,
      [gid, before, limit],
    );
  }

  /** Places with a message behind `after`; counting ends at `most`. */
  async countAfter(appid: number, uid: number, after: number, most: number): Promise<number> {
    const sql = countSql('im_inbox', 'appid = ? AND uid = ?');
    const rows = await this.db.read<{ count: number }>(sql, [appid, uid, after, most]);
    return Number(rows[0]?.count ?? 0);
  }

  async countInGroup(gid: number, after: number, most: number): Promise<number> {
    const sql = countSql('im_group_inbox', 'gid = ?');
    const rows = await this.db.read<{ count: number }>(sql, [gid, after, most]);
    return Number(rows[0]?.count ?? 0);
  }

  /**
   * Said in a group that is not super, or about it, as it lies in the inbox of a user: newest first,
   * before a place and a message. Looks through that inbox until it has found enough.
   */
  ofGroup(
    gid: number,
    { appid, uid }: { appid: number; uid: number },
    before: { seq: number; id: number },
    limit: number,
  ): Promise<PlacedRow[]> {
    return this.db.readLong(
      `SELECT i.seq, ${selectMessage} FROM im_inbox AS i JOIN im_messages AS m ON m.id = i.message_id
       WHERE i.appid = ? AND i.uid = ? AND i.seq < ? AND i.message_id < ?
         AND m.receiver = ? AND m.kind IN ('group', 'notice') ORDER BY i.seq DESC LIMIT ?`,
      [appid, uid, before.seq, before.id, gid, limit],
    );
  }

  async newest(appid: number, uid: number): Promise<number> {
    const rows = await this.db.read<{ last: number | null }>(lastSeqSql, [appid, uid]);
    return rows[0]?.last ?? 0;
  }

  async newestOfGroup(gid: number): Promise<number> {
    const rows = await this.db.read<{ last: number | null }>(lastGroupSeqSql, [gid]);
    return rows[0]?.last ?? 0;
  }
}

const readSql = `SELECT i.seq, ${selectMessage} FROM im_inbox AS i
  JOIN im_messages AS m ON m.id = i.message_id
  WHERE i.appid = ? AND i.uid = ? AND i.seq > ? ORDER BY i.seq LIMIT ?`;
const lastIdSql = 'SELECT max(id) AS last FROM im_messages';
const lastSeqSql = 'SELECT max(seq) AS last FROM im_inbox WHERE appid = ? AND uid = ?';
const lastGroupSeqSql = 'SELECT max(seq) AS last FROM im_group_inbox WHERE gid = ?';

/**
 * Through the index of the inbox alone. The log is forgotten from its beginning, and what stands for
 * the numbers between a backup and its restoration has message 0.
 */
function countSql(table: string, where: string): string {
  return `SELECT count(*) AS count FROM (
    SELECT seq FROM ${table} WHERE ${where} AND seq > ?
      AND message_id >= (SELECT min(id) FROM im_messages) LIMIT ?) AS found`;
}

function insertSql(table: string, columns: string, width: number, count: number): string {
  const row = `(${Array.from({ length: width }, () => '?').join(', ')})`;
  return `INSERT INTO ${table} (${columns}) VALUES ${Array.from({ length: count }, () => row).join(', ')}`;
}

async function insertMany(
  tx: Tx,
  statements: ReadonlyMap<number, string>,
  values: readonly Param[],
  width: number,
): Promise<void> {
  let at = 0;
  for (const [count, sql] of statements) {
    const size = count * width;
    while (values.length - at >= size) {
      await tx.run(sql, at === 0 && values.length === size ? values : values.slice(at, at + size));
      at += size;
    }
  }
}
