import type { Database, Tx } from './database.ts';

/**
 * due: waits for delivery; acked: the receiver took it; dead: its schedule ran out; superseded: a
 * QR code that is of no use any more; none: the channel had no callback address; discarded: a dead
 * letter that an operator has dealt with.
 */
export const deliveryStates = ['due', 'acked', 'dead', 'superseded', 'none', 'discarded'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export interface EventRow {
  chid: string;
  event_id: number;
  botcode: string;
  type: string;
  /** JSON of the core's event. */
  body: string;
  at: number;
  state: DeliveryState;
  attempts: number;
  due_since: number;
  run_at: number;
  first_try_at: number | null;
  done_at: number | null;
  last_error: string | null;
}

/** Columns of an EventRow. */
export const eventColumns =
  'chid, event_id, botcode, type, body, at, state, attempts, due_since, run_at, first_try_at, done_at, last_error';

export interface NewEventRow {
  chid: string;
  eventId: number;
  botcode: string;
  type: string;
  body: string;
  msgid: number | null;
  at: number;
  state: 'due' | 'none';
}

/** The durable event stream of every channel. Ids are dense and rise with the order of commits. */
export class EventStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * The channel's next event id; undefined when there is no such channel. Raised in the caller's
   * transaction, so that no reader steps over an id that becomes visible later.
   */
  async nextId(tx: Tx, chid: string): Promise<number | undefined> {
    const row = await tx.get<{ event_seq: number }>(
      'UPDATE channels SET event_seq = event_seq + 1 WHERE chid = ? RETURNING event_seq',
      [chid],
    );
    return row?.event_seq;
  }

  async add(tx: Tx, row: NewEventRow): Promise<void> {
    await tx.run(
      `INSERT INTO events (chid, event_id, botcode, type, body, msgid, at, state, due_since, run_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        row.chid,
        row.eventId,
        row.botcode,
        row.type,
        row.body,
        row.msgid,
        row.at,
        row.state,
        row.at,
        row.at,
      ],
    );
  }

  /** Takes back every QR code of the bot that no receiver took: a late one does harm. */
  async supersedeQrCodes(tx: Tx, botcode: string, now: number): Promise<void> {
    await tx.run(
      `UPDATE events SET state = 'superseded', done_at = ?
       WHERE botcode = ? AND type = 'qrCode' AND state IN ('due', 'dead', 'none')`,
      [now, botcode],
    );
  }

  /** Id of the newest event; 0 when there is none. */
  async lastId(chid: string): Promise<number> {
    const [row] = await this.#db.read<{ event_seq: number }>(
      'SELECT event_seq FROM channels WHERE chid = ?',
      [chid],
    );
    return row?.event_seq ?? 0;
  }

  /** Id of the oldest kept event after `after`. */
  async firstAfter(chid: string, after: number): Promise<number | undefined> {
    const [row] = await this.#db.read<{ event_id: number }>(
      'SELECT event_id FROM events WHERE chid = ? AND event_id > ? ORDER BY event_id LIMIT 1',
      [chid, after],
    );
    return row?.event_id;
  }

  /** What readers see of `after < id <= upTo`, oldest first: superseded QR codes are left out. */
  between(
    chid: string,
    range: { after: number; upTo: number; limit: number; types?: readonly string[] | undefined },
  ): Promise<EventRow[]> {
    const { after, upTo, limit, types } = range;
    const filter = types === undefined ? '' : `AND type IN (${types.map(() => '?').join(', ')})`;
    return this.#db.read<EventRow>(
      `SELECT ${eventColumns} FROM events
       WHERE chid = ? AND event_id > ? AND event_id <= ? AND state <> 'superseded' ${filter}
       ORDER BY event_id LIMIT ?`,
      [chid, after, upTo, ...(types ?? []), limit],
    );
  }

  /** Which bots the events after `after` are of, in order: wakes their lanes. */
  headersAfter(
    chid: string,
    after: number,
    limit: number,
  ): Promise<{ event_id: number; botcode: string; type: string }[]> {
    return this.#db.read(
      `SELECT event_id, botcode, type FROM events WHERE chid = ? AND event_id > ?
       ORDER BY event_id LIMIT ?`,
      [chid, after, limit],
    );
  }

  /** Events that report on a send, for its trace. */
  ofSend(msgid: number): Promise<EventRow[]> {
    return this.#db.read<EventRow>(
      `SELECT ${eventColumns} FROM events WHERE msgid = ? ORDER BY chid, event_id`,
      [msgid],
    );
  }

  /**
   * Forgets at most `limit` events recorded before `before`, with their tries.
   * @returns how many
   */
  prune(before: number, limit: number): Promise<number> {
    return this.#db.transaction(async (tx) => {
      const gone = await tx.all<{ chid: string; event_id: number }>(
        `DELETE FROM events WHERE (chid, event_id) IN
           (SELECT chid, event_id FROM events WHERE at < ? ORDER BY at LIMIT ?)
         RETURNING chid, event_id`,
        [before, limit],
      );
      for (const { chid, event_id } of gone) {
        await tx.run('DELETE FROM delivery_attempts WHERE chid = ? AND event_id = ?', [
          chid,
          event_id,
        ]);
      }
      return gone.length;
    });
  }
}
