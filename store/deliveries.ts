import type { Database, Param, Tx } from './database.ts';
import { type DeliveryState, type EventRow, eventColumns } from './events.ts';

/** One POST of one event, as it is kept for operators. */
export interface AttemptRow {
  at: number;
  took_ms: number;
  status: number | null;
  error: string | null;
  /** What the receiver answered, cut; kept of failures only. */
  answer: string | null;
}

/** How a POST ended and what becomes of the event: `again` is when it is due next. */
export interface Settlement {
  chid: string;
  eventId: number;
  attempts: number;
  attempt: AttemptRow;
  result: { state: 'acked' } | { state: 'dead' } | { state: 'due'; again: number };
}

export interface DeliveryFilter {
  chid?: string | undefined;
  state?: DeliveryState | undefined;
  /** Only what comes behind this one in the list. */
  before?: { chid: string; eventId: number; at: number } | undefined;
  limit: number;
}

/** Which settled events of a channel are sent again; ranges are event ids, both ends included. */
export interface RedriveFilter {
  chid: string;
  eventIds?: readonly number[] | undefined;
  from?: number | undefined;
  to?: number | undefined;
  type?: string | undefined;
  /** Not dead letters only, also what was taken before or had no address to go to. */
  replay?: boolean | undefined;
}

/** Tries of an event beyond these, neither among the first nor the last, are forgotten. */
const keptFirst = 3;
const keptLast = 7;

const replayable = `(state IN ('dead', 'none') OR (state IN ('acked', 'discarded') AND type <> 'qrCode'))`;

/** Webhook deliveries: the same rows as the event stream, seen from their way to the receiver. */
export class DeliveryStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The oldest due events of one bot. */
  due(chid: string, botcode: string, limit: number): Promise<EventRow[]> {
    // A range of one botcode: given an equality, SQLite walks the primary key over every event
    // that was delivered, as that has the wanted order too.
    return this.#db.read<EventRow>(
      `SELECT ${eventColumns} FROM events
       WHERE chid = ? AND botcode >= ? AND botcode <= ? AND state = 'due'
       ORDER BY botcode, event_id LIMIT ?`,
      [chid, botcode, botcode, limit],
    );
  }

  async isDue(chid: string, eventId: number): Promise<boolean> {
    const rows = await this.#db.read(
      `SELECT event_id FROM events WHERE chid = ? AND event_id = ? AND state = 'due'`,
      [chid, eventId],
    );
    return rows.length > 0;
  }

  /** Bots with due events: one index probe for each, however long their backlogs. */
  async dueBots(chid: string): Promise<string[]> {
    const found: string[] = [];
    for (let last = ''; ; ) {
      const [row] = await this.#db.read<{ botcode: string }>(
        `SELECT botcode FROM events WHERE chid = ? AND state = 'due' AND botcode > ?
         ORDER BY botcode LIMIT 1`,
        [chid, last],
      );
      if (row === undefined) return found;
      last = row.botcode;
      found.push(last);
    }
  }

  /** Writes what became of a number of POSTs, all in one transaction. */
  settle(settlements: readonly Settlement[]): Promise<void> {
    return this.#db.transaction(async (tx) => {
      for (const one of settlements) {
        await this.#settleOne(tx, one);
        await this.#addAttempt(tx, one);
      }
    });
  }

  /** Tries of one event, oldest first; of many only the first and last few. */
  attempts(chid: string, eventId: number): Promise<AttemptRow[]> {
    return this.#db.read<AttemptRow>(
      `SELECT at, took_ms, status, error, answer FROM delivery_attempts
       WHERE chid = ? AND event_id = ? ORDER BY id`,
      [chid, eventId],
    );
  }

  /**
   * Makes settled events with `after < id <= upTo` due again. QR codes that a receiver took before
   * stay as they are: they are of no use by now.
   */
  redrive(
    filter: Pick<RedriveFilter, 'chid' | 'type' | 'replay'>,
    page: { after: number; upTo: number; now: number },
  ): Promise<{ event_id: number; botcode: string }[]> {
    const { chid, type, replay } = filter;
    const states = replay === true ? replayable : `state = 'dead'`;
    const params: Param[] = [chid, page.after, page.upTo];
    if (type !== undefined) params.push(type);
    return this.#db.transaction(async (tx) => {
      const rows = await tx.all<{ event_id: number; botcode: string }>(
        `SELECT event_id, botcode FROM events
         WHERE chid = ? AND event_id > ? AND event_id <= ? AND ${states}
         ${type === undefined ? '' : 'AND type = ?'} ORDER BY event_id`,
        params,
      );
      for (const row of rows) await this.#makeDue(tx, chid, row.event_id, page.now);
      return rows;
    });
  }

  /** The same for events named one by one. */
  redriveIds(
    chid: string,
    eventIds: readonly number[],
    now: number,
  ): Promise<{ event_id: number; botcode: string }[]> {
    return this.#db.transaction(async (tx) => {
      const done: { event_id: number; botcode: string }[] = [];
      for (const eventId of eventIds) {
        const row = await tx.get<{ event_id: number; botcode: string }>(
          `SELECT event_id, botcode FROM events WHERE chid = ? AND event_id = ? AND ${replayable}`,
          [chid, eventId],
        );
        if (row === undefined) continue;
        await this.#makeDue(tx, chid, eventId, now);
        done.push(row);
      }
      return done;
    });
  }

  /** Dead letters that nobody has to look at any more. Their tries are kept. @returns how many */
  discard(chid: string, eventIds: readonly number[]): Promise<number> {
    return this.#db.transaction(async (tx) => {
      let count = 0;
      for (const eventId of eventIds) {
        count += await tx.run(
          `UPDATE events SET state = 'discarded'
           WHERE chid = ? AND event_id = ? AND state = 'dead'`,
          [chid, eventId],
        );
      }
      return count;
    });
  }

  /** For operators, newest first. Off the event loop: a filter may pass over many rows. */
  list(filter: DeliveryFilter): Promise<EventRow[]> {
    const where: string[] = [];
    const params: Param[] = [];
    const add = (term: string, value: Param | undefined): void => {
      if (value === undefined) return;
      where.push(term);
      params.push(value);
    };
    add('chid = ?', filter.chid);
    // Spelled out, so that the index of such events is used.
    if (filter.state !== undefined) where.push(`state = '${filter.state}'`);
    const { before } = filter;
    let order = 'event_id DESC';
    if (filter.chid !== undefined) add('event_id < ?', before?.eventId);
    else {
      // Few are dead or due: sorted apart, as a walk by age would pass all that arrived.
      const at = filter.state === 'dead' || filter.state === 'due' ? '+at' : 'at';
      order = `${at} DESC, chid, event_id DESC`;
      where.push('EXISTS (SELECT 1 FROM channels WHERE channels.chid = events.chid)');
      if (before !== undefined) {
        // No OR of its own, which would be answered by another index each.
        where.push(`${at} <= ?`, 'NOT (at = ? AND (chid < ? OR (chid = ? AND event_id >= ?)))');
        params.push(before.at, before.at, before.chid, before.chid, before.eventId);
      }
    }
    return this.#db.readLong<EventRow>(
      `SELECT ${eventColumns} FROM events WHERE (chid, event_id) IN (
         SELECT chid, event_id FROM events
         ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} ORDER BY ${order} LIMIT ?
       ) ORDER BY ${order}`,
      [...params, filter.limit],
    );
  }

  /** What waits and what died, for each channel that has any. Off the event loop. */
  backlog(): Promise<{ chid: string; due: number; dead: number; oldest_due_at: number | null }[]> {
    return this.#db.readLong(
      `SELECT chid, SUM(due) AS due, SUM(dead) AS dead, MIN(oldest_due_at) AS oldest_due_at FROM (
         SELECT chid, COUNT(*) AS due, 0 AS dead, MIN(at) AS oldest_due_at
           FROM events WHERE state = 'due' GROUP BY chid
         UNION ALL
         SELECT chid, 0, COUNT(*), NULL FROM events WHERE state = 'dead' GROUP BY chid
       ) AS counts
       WHERE chid IN (SELECT chid FROM channels) GROUP BY chid ORDER BY chid`,
    );
  }

  async #settleOne(tx: Tx, { chid, eventId, attempt, result }: Settlement): Promise<void> {
    if (result.state === 'due') {
      await tx.run(
        `UPDATE events SET attempts = attempts + 1, run_at = ?, last_error = ?,
           first_try_at = COALESCE(first_try_at, ?)
         WHERE chid = ? AND event_id = ? AND state = 'due'`,
        [result.again, attempt.error, attempt.at, chid, eventId],
      );
      return;
    }
    // What was superseded while it was on its way and taken all the same was taken.
    const from = result.state === 'acked' ? `state IN ('due', 'superseded')` : `state = 'due'`;
    await tx.run(
      `UPDATE events SET state = ?, attempts = attempts + 1, done_at = ?, last_error = ?,
         first_try_at = COALESCE(first_try_at, ?)
       WHERE chid = ? AND event_id = ? AND ${from}`,
      [result.state, attempt.at + attempt.took_ms, attempt.error, attempt.at, chid, eventId],
    );
  }

  async #addAttempt(tx: Tx, { chid, eventId, attempts, attempt }: Settlement): Promise<void> {
    await tx.run(
      `INSERT INTO delivery_attempts (chid, event_id, at, took_ms, status, error, answer)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [chid, eventId, attempt.at, attempt.took_ms, attempt.status, attempt.error, attempt.answer],
    );
    if (attempts >= keptFirst + keptLast) await this.#trim(tx, chid, eventId);
  }

  async #makeDue(tx: Tx, chid: string, eventId: number, now: number): Promise<void> {
    await tx.run(
      `UPDATE events SET state = 'due', attempts = 0, due_since = ?, run_at = ?, done_at = NULL
       WHERE chid = ? AND event_id = ?`,
      [now, now, chid, eventId],
    );
    await this.#trim(tx, chid, eventId);
  }

  async #trim(tx: Tx, chid: string, eventId: number): Promise<void> {
    await tx.run(
      `DELETE FROM delivery_attempts WHERE chid = ? AND event_id = ?
         AND id > (SELECT id FROM delivery_attempts WHERE chid = ? AND event_id = ?
                   ORDER BY id LIMIT 1 OFFSET ?)
         AND id < (SELECT id FROM delivery_attempts WHERE chid = ? AND event_id = ?
                   ORDER BY id DESC LIMIT 1 OFFSET ?)`,
      [chid, eventId, chid, eventId, keptFirst - 1, chid, eventId, keptLast - 1],
    );
  }
}
