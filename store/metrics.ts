import type { Database } from './database.ts';

export interface QueueCount {
  botcode: string;
  queued: number;
  /** Epoch ms at which the oldest of them was accepted. */
  oldest: number | null;
}

export interface StateCount {
  state: string;
  count: number;
}

/** Numbers for /metrics: read off the event loop, from indexes, whatever the tables hold. */
export class MetricStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** What waits, for each bot that has any. */
  queues(): Promise<QueueCount[]> {
    return this.#db.readLong<QueueCount>(
      `SELECT q.botcode AS botcode, q.queued AS queued, s.accepted_at AS oldest
       FROM (SELECT botcode, count(*) AS queued, min(msgid) AS msgid
             FROM sends WHERE state = 'queued' GROUP BY botcode) AS q
       JOIN sends AS s ON s.msgid = q.msgid`,
    );
  }

  /** Handed over and not settled. */
  open(): Promise<StateCount[]> {
    return this.#db.readLong<StateCount>(
      `SELECT state, count(*) AS count FROM sends
       WHERE state IN ('sending', 'unknown') GROUP BY state`,
    );
  }

  /** How many sends ended in each state, for each minute (of the epoch). */
  settledByMinute(from: number, to: number): Promise<(StateCount & { minute: number })[]> {
    return this.#db.readLong<StateCount & { minute: number }>(
      `SELECT settled_at / 60000 AS minute, state, count(*) AS count FROM sends
       WHERE settled_at IS NOT NULL AND settled_at > ? AND settled_at <= ? GROUP BY 1, state`,
      [from, to],
    );
  }

  /** Number of the newest send: so many were ever accepted. */
  async newestSend(): Promise<number> {
    const rows = await this.#db.readLong<{ msgid: number | null }>(
      'SELECT max(msgid) AS msgid FROM sends',
    );
    return rows[0]?.msgid ?? 0;
  }

  /** Id of the newest POST of an event. */
  async newestAttempt(): Promise<number> {
    const rows = await this.#db.readLong<{ id: number | null }>(
      'SELECT max(id) AS id FROM delivery_attempts',
    );
    return rows[0]?.id ?? 0;
  }

  /** POSTs with `after < id <= upTo`, taken or not. */
  attempts(
    after: number,
    upTo: number,
  ): Promise<{ chid: string; taken: number; refused: number }[]> {
    return this.#db.readLong(
      `SELECT chid, sum(CASE WHEN error IS NULL THEN 1 ELSE 0 END) AS taken,
         sum(CASE WHEN error IS NULL THEN 0 ELSE 1 END) AS refused
       FROM delivery_attempts WHERE id > ? AND id <= ? GROUP BY chid`,
      [after, upTo],
    );
  }
}
