import type { Database } from './database.ts';

export interface TrafficCount {
  day: number;
  botcode: string;
  state: string;
  count: number;
}

/** Figures about ourselves, read off the event loop. */
export class ReportStats {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Settled sends of each bot by state, within [from, to). */
  traffic(from: number, to: number): Promise<Omit<TrafficCount, 'day'>[]> {
    return this.#db.readLong(
      `SELECT botcode, state, count(*) AS count FROM sends
       WHERE settled_at IS NOT NULL AND settled_at >= ? AND settled_at < ? GROUP BY botcode, state`,
      [from, to],
    );
  }

  /** Questions that found no answer, last asked within [from, to), the most asked first. */
  unanswered(
    from: number,
    to: number,
    limit: number,
  ): Promise<{ question: string; count: number; last_at: number }[]> {
    return this.#db.readLong(
      `SELECT question, count, last_at FROM kb_unanswered
       WHERE last_at >= ? AND last_at < ? AND settled_at IS NULL ORDER BY count DESC, id LIMIT ?`,
      [from, to, limit],
    );
  }

  /** What waits, for each bot that has any. */
  queues(): Promise<{ botcode: string; queued: number; oldest: number }[]> {
    return this.#db.readLong(
      `SELECT q.botcode AS botcode, q.queued AS queued, s.accepted_at AS oldest
       FROM (SELECT botcode, count(*) AS queued, min(msgid) AS msgid
             FROM sends WHERE state = 'queued' GROUP BY botcode) AS q
       JOIN sends AS s ON s.msgid = q.msgid`,
    );
  }

  /** Handed over, and nobody knows the outcome. */
  open(): Promise<{ botcode: string; count: number }[]> {
    return this.#db.readLong(
      `SELECT botcode, count(*) AS count FROM sends
       WHERE state IN ('sending', 'unknown') GROUP BY botcode`,
    );
  }

  /** Events for receivers within [from, to), by channel and state. */
  deliveries(from: number, to: number): Promise<{ chid: string; state: string; count: number }[]> {
    return this.#db.readLong(
      `SELECT chid, state, count(*) AS count FROM events
       WHERE at >= ? AND at < ? AND state <> 'none' GROUP BY chid, state`,
      [from, to],
    );
  }
}
