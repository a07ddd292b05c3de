import type { Database, Insertion, Param, Tx } from './database.ts';

/** A row of `sends` as it lies in the table. */
export interface SendRow {
  msgid: number;
  botcode: string;
  chid: string;
  txcode: string;
  /** Of the request it comes from (store/commands.ts): null where it is none of a channel's. */
  day: string | null;
  digest: string | null;
  answer: string | null;
  kind: string;
  lane: string;
  /** JSON {target, content}. */
  payload: string;
  state: string;
  outcome: number | null;
  reason: string | null;
  account_id: string | null;
  room_id: string | null;
  parts: number;
  parts_done: number;
  message_id: string | null;
  attempts: number;
  accepted_at: number;
  run_at: number;
  expires_at: number;
  handed_at: number | null;
  settled_at: number | null;
  /** When an operator dealt with it, having ended without being sent. */
  cleared_at: number | null;
}

export interface InsertSend {
  msgid: number;
  botcode: string;
  chid: string;
  txcode: string;
  day: string | null;
  digest: string | null;
  answer: string | null;
  kind: string;
  lane: string;
  payload: string;
  account_id: string | null;
  room_id: string | null;
  parts: number;
  accepted_at: number;
  expires_at: number;
}

/** First queued send of a lane. */
export interface LaneHead {
  lane: string;
  msgid: number;
  chid: string;
  run_at: number;
}

export interface QueuedLane extends LaneHead {
  botcode: string;
  queued: number;
}

/** How a send ends, or goes back to wait. Columns left out stay as they are. */
export interface SendChange {
  state: string;
  reason?: string | null;
  outcome?: number | null;
  room_id?: string | null;
  message_id?: string | null;
  parts_done?: number;
  run_at?: number;
  settled_at?: number;
}

/**
 * The queue of sends: what the hot path and the dispatchers do with it. Each statement reads
 * through an index, however many finished rows there are.
 */
export class SendStore {
  readonly db: Database;
  /** Called with the number of each send whose state is another, once that is on disk. */
  touched: ((msgid: number) => void) | undefined;

  constructor(db: Database) {
    this.db = db;
  }

  /** Newest number there is; 0 when there is none. */
  async lastMsgid(): Promise<number> {
    const [row] = await this.db.read<{ last: number | null }>(
      'SELECT max(msgid) AS last FROM sends',
    );
    return row?.last ?? 0;
  }

  /** The caller numbers it. */
  async insert(tx: Tx, row: InsertSend): Promise<void> {
    await tx.run(insertSql, paramsOf(row));
  }

  /** For a transaction of its own: no row where the request is known. */
  insertion<T>(row: InsertSend, value: T): Insertion<T> {
    return { sql: insertAloneSql, params: paramsOf(row), value };
  }

  find(tx: Tx, msgid: number): Promise<SendRow | undefined> {
    return tx.get('SELECT * FROM sends WHERE msgid = ?', [msgid]);
  }

  head(tx: Tx, botcode: string, lane: string): Promise<LaneHead | undefined> {
    return tx.get(
      `SELECT lane, msgid, chid, run_at FROM sends
       WHERE state = 'queued' AND botcode = ? AND lane = ? ORDER BY msgid LIMIT 1`,
      [botcode, lane],
    );
  }

  /** Every lane that has something queued, of all bots: read once, at start. */
  queuedLanes(): Promise<QueuedLane[]> {
    return this.db.read(
      `SELECT lanes.botcode, lanes.lane, lanes.msgid, lanes.queued, sends.chid, sends.run_at
       FROM (SELECT botcode, lane, min(msgid) AS msgid, count(*) AS queued
             FROM sends WHERE state = 'queued' GROUP BY botcode, lane) AS lanes
       JOIN sends ON sends.msgid = lanes.msgid`,
    );
  }

  /** Rows that were handed over and whose outcome nobody knows: few. Oldest first. */
  async open(tx: Tx): Promise<SendRow[]> {
    // Ordered here: an ORDER BY would walk the whole table instead of the index that holds them.
    const rows = await tx.all<SendRow>(`SELECT * FROM sends WHERE state IN ('sending', 'unknown')`);
    return rows.sort((a, b) => a.msgid - b.msgid);
  }

  /** The hand-over record. @returns false when it is not queued any more */
  async handOver(
    tx: Tx,
    msgid: number,
    row: { room_id: string | null; outcome: number | null; parts: number; now: number },
  ): Promise<boolean> {
    const changed = await tx.run(
      `UPDATE sends SET state = 'sending', attempts = attempts + 1, handed_at = ?, room_id = ?,
         outcome = ?, parts = ?, reason = NULL
       WHERE msgid = ? AND state = 'queued'`,
      [row.now, row.room_id, row.outcome, row.parts, msgid],
    );
    return this.#touch(tx, msgid, changed);
  }

  /** @returns false when its state was not `from` any more: nothing is changed then */
  async change(tx: Tx, msgid: number, from: string, change: SendChange): Promise<boolean> {
    const sets = Object.entries(change).filter(([, value]) => value !== undefined);
    const changed = await tx.run(
      `UPDATE sends SET ${sets.map(([column]) => `${column} = ?`).join(', ')}
       WHERE msgid = ? AND state = ?`,
      [...sets.map(([, value]) => value), msgid, from],
    );
    return this.#touch(tx, msgid, changed);
  }

  #touch(tx: Tx, msgid: number, changed: number): boolean {
    const { touched } = this;
    if (changed > 0 && touched !== undefined) tx.onDurable(() => touched(msgid));
    return changed > 0;
  }

  /** A picture that was fetched is from now on one of our files. */
  async setPayload(tx: Tx, msgid: number, payload: string): Promise<void> {
    await tx.run(`UPDATE sends SET payload = ? WHERE msgid = ? AND state = 'queued'`, [
      payload,
      msgid,
    ]);
  }

  /** Moves up to `limit` queued sends to another lane, oldest first. @returns how many moved */
  relane(
    tx: Tx,
    lane: { botcode: string; from: string; to: string; roomId: string | null },
    limit: number,
  ): Promise<number> {
    return tx.run(
      `UPDATE sends SET lane = ?, room_id = ? WHERE msgid IN (
         SELECT msgid FROM sends WHERE state = 'queued' AND botcode = ? AND lane = ?
         ORDER BY msgid LIMIT ?)`,
      [lane.to, lane.roomId, lane.botcode, lane.from, limit],
    );
  }

  /**
   * One stretch of a bot's queue in index order, from behind a place: the search for expired ones.
   * Two statements, as SQLite compares `(lane, msgid) > (?, ?)` by the lane alone and walks
   * through the rest of it.
   */
  async stretch(
    botcode: string,
    after: { lane: string; msgid: number },
    limit: number,
  ): Promise<{ lane: string; msgid: number; expires_at: number }[]> {
    type Place = { lane: string; msgid: number; expires_at: number };
    const rest = await this.db.read<Place>(
      `SELECT lane, msgid, expires_at FROM sends
       WHERE state = 'queued' AND botcode = ? AND lane = ? AND msgid > ? ORDER BY msgid LIMIT ?`,
      [botcode, after.lane, after.msgid, limit],
    );
    if (rest.length === limit) return rest;
    const others = await this.db.read<Place>(
      `SELECT lane, msgid, expires_at FROM sends
       WHERE state = 'queued' AND botcode = ? AND lane > ? ORDER BY lane, msgid LIMIT ?`,
      [botcode, after.lane, limit - rest.length],
    );
    return [...rest, ...others];
  }

  /** Gives queued sends of other accounts to `accountId`. @returns how many, up to `limit` */
  adopt(tx: Tx, botcode: string, accountId: string, limit: number): Promise<number> {
    return tx.run(
      `UPDATE sends SET account_id = ? WHERE msgid IN (
         SELECT msgid FROM sends WHERE state = 'queued' AND botcode = ?
         AND account_id IS NOT NULL AND account_id <> ? LIMIT ?)`,
      [accountId, botcode, accountId, limit],
    );
  }

  /** How many queued sends of a bot were accepted for another account. */
  async countForeign(botcode: string, accountId: string): Promise<number> {
    const rows = await this.db.readLong<{ held: number }>(
      `SELECT count(*) AS held FROM sends WHERE state = 'queued' AND botcode = ?
       AND account_id IS NOT NULL AND account_id <> ?`,
      [botcode, accountId],
    );
    return rows[0]?.held ?? 0;
  }

  /** Queued sends of a bot that were accepted for another account, oldest ids of each lane first. */
  foreign(tx: Tx, botcode: string, accountId: string, limit: number): Promise<SendRow[]> {
    return tx.all(
      `SELECT * FROM sends WHERE state = 'queued' AND botcode = ?
       AND account_id IS NOT NULL AND account_id <> ? LIMIT ?`,
      [botcode, accountId, limit],
    );
  }
}

const insertSql = `INSERT INTO sends (state, msgid, botcode, chid, txcode, day, digest, answer, kind,
    lane, payload, account_id, room_id, parts, accepted_at, expires_at)
  VALUES ('queued', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const insertAloneSql = `${insertSql} ON CONFLICT DO NOTHING`;

function paramsOf(row: InsertSend): Param[] {
  return [
    row.msgid,
    row.botcode,
    row.chid,
    row.txcode,
    row.day,
    row.digest,
    row.answer,
    row.kind,
    row.lane,
    row.payload,
    row.account_id,
    row.room_id,
    row.parts,
    row.accepted_at,
    row.expires_at,
  ];
}
