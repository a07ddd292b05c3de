import type { Database, Param, Tx } from './database.ts';

export const scheduledStates = ['waiting', 'queued', 'failed', 'expired', 'cancelled'] as const;
export type ScheduledState = (typeof scheduledStates)[number];

export interface ScheduledSendRow {
  id: number;
  botcode: string;
  /** JSON. */
  target: string;
  /** JSON. */
  content: string;
  at: number;
  expires_at: number;
  state: ScheduledState;
  msgid: number | null;
  reason: string | null;
  made_by: string | null;
  /** Of the request; null: it had none. */
  txcode: string | null;
  created_at: number;
  settled_at: number | null;
}

/** A scheduled send that nobody got. */
export interface LostSendRow {
  id: number;
  botcode: string;
  /** JSON. */
  target: string;
  at: number;
  /** Of itself, or of the send that it became. */
  state: string;
  reason: string | null;
  lost_at: number;
}

/** No send may take longer from its time to its end. */
const longestMs = 31 * 86_400_000;

/** Single sends that wait for their time. */
export class ScheduledSendStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async add(
    tx: Tx,
    row: Omit<ScheduledSendRow, 'id' | 'state' | 'msgid' | 'reason' | 'settled_at'>,
  ): Promise<ScheduledSendRow> {
    const added = await tx.get<ScheduledSendRow>(
      `INSERT INTO scheduled_sends (botcode, target, content, at, expires_at, state, made_by, txcode,
         created_at)
       VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?, ?) RETURNING *`,
      [
        ...[row.botcode, row.target, row.content, row.at, row.expires_at],
        ...[row.made_by, row.txcode, row.created_at],
      ],
    );
    if (added === undefined) throw new Error('a send that was added is not there');
    return added;
  }

  async isKnown(txcode: string | undefined): Promise<boolean> {
    if (txcode === undefined) return false;
    const rows = await this.db.read('SELECT 1 FROM scheduled_sends WHERE txcode = ?', [txcode]);
    return rows.length > 0;
  }

  byRequest(tx: Tx, txcode: string): Promise<ScheduledSendRow | undefined> {
    return tx.get('SELECT * FROM scheduled_sends WHERE txcode = ?', [txcode]);
  }

  /** How many wait. */
  async waiting(): Promise<number> {
    const rows = await this.db.read<{ count: number }>(
      `SELECT count(*) AS count FROM scheduled_sends WHERE state = 'waiting'`,
    );
    return rows[0]?.count ?? 0;
  }

  async next(): Promise<number | undefined> {
    const rows = await this.db.read<{ at: number }>(
      `SELECT at FROM scheduled_sends WHERE state = 'waiting' ORDER BY at, id LIMIT 1`,
    );
    return rows[0]?.at;
  }

  /** Whose time has come, the earliest first. */
  due(now: number, limit: number): Promise<ScheduledSendRow[]> {
    return this.db.read(
      `SELECT * FROM scheduled_sends WHERE state = 'waiting' AND at <= ? ORDER BY at, id LIMIT ?`,
      [now, limit],
    );
  }

  /** @returns false when it waits no more: then nothing may be sent */
  async settle(
    tx: Tx,
    id: number,
    end: { state: ScheduledState; msgid?: number; reason?: string | undefined; at: number },
  ): Promise<boolean> {
    const settled = await tx.run(
      `UPDATE scheduled_sends SET state = ?, msgid = ?, reason = ?, settled_at = ?
       WHERE id = ? AND state = 'waiting'`,
      [end.state, end.msgid ?? null, end.reason ?? null, end.at, id],
    );
    return settled > 0;
  }

  async get(id: number): Promise<ScheduledSendRow | undefined> {
    const rows = await this.db.read<ScheduledSendRow>(
      'SELECT * FROM scheduled_sends WHERE id = ?',
      [id],
    );
    return rows[0];
  }

  /** Newest first, below `before`. */
  list(
    filter: { state?: string | undefined; before?: number | undefined },
    limit: number,
  ): Promise<ScheduledSendRow[]> {
    const { state, before = Number.MAX_SAFE_INTEGER } = filter;
    const params: Param[] = state === undefined ? [before] : [before, state];
    return this.db.readLong(
      `SELECT * FROM scheduled_sends WHERE id < ? ${state === undefined ? '' : 'AND state = ?'}
       ORDER BY id DESC LIMIT ?`,
      [...params, limit],
    );
  }

  /** Those that came to nothing since then, never queued or queued and not sent: the first ones. */
  lost(since: number, limit: number): Promise<LostSendRow[]> {
    return this.db.readLong(
      `SELECT s.id, s.botcode, s.target, s.at,
         CASE WHEN s.state = 'queued' THEN n.state ELSE s.state END AS state,
         CASE WHEN s.state = 'queued' THEN n.reason ELSE s.reason END AS reason,
         CASE WHEN s.state = 'queued' THEN n.settled_at ELSE s.settled_at END AS lost_at
       FROM scheduled_sends s LEFT JOIN sends n ON n.msgid = s.msgid
       WHERE s.settled_at >= ?
         AND ((s.state IN ('failed', 'expired') AND s.settled_at >= ?)
           OR (s.state = 'queued' AND n.state IN ('failed', 'absent', 'expired') AND n.settled_at >= ?))
       ORDER BY s.settled_at LIMIT ?`,
      [since - longestMs, since, since, limit],
    );
  }

  /** Those settled before a time. @returns how many went, up to `limit` */
  async prune(before: number, limit: number): Promise<number> {
    const rows = await this.db.readLong<{ id: number }>(
      `SELECT id FROM scheduled_sends WHERE settled_at IS NOT NULL AND settled_at < ?
       ORDER BY settled_at LIMIT ?`,
      [before, limit],
    );
    if (rows.length === 0) return 0;
    await this.db.transaction(async (tx) => {
      for (const { id } of rows) await tx.run('DELETE FROM scheduled_sends WHERE id = ?', [id]);
    });
    return rows.length;
  }
}
