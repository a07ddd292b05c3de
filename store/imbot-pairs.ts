import type { Database, Param, Tx } from './database.ts';

/** Application of the core whose users are pairs: `ownApps.pairs`. */
const pairsApp = -2;

/** A message of a queue or of a history, with its body as it was given over this family. */
export interface PairMessageRow {
  message_id: number;
  kind: string;
  content: Uint8Array;
  at: number;
  body: Uint8Array | null;
}

export interface QueueRow extends PairMessageRow {
  seq: number;
}

export interface HistoryRow extends PairMessageRow {
  /** Its own time. */
  own: number;
}

/** A queue in which something waits, with the newest message of it. */
export interface WaitingRow extends PairMessageRow {
  pair: number;
  /** The sender's name. */
  sender: string;
  receiver: string;
  first: number;
  last: number;
}

const columns = 'm.id AS message_id, m.kind, m.content, m.at, b.body';

/** Who writes to whom, what waits there, and what was said. Each statement reads through an index. */
export class ImbotPairStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async find(sender: number, receiver: number): Promise<number | undefined> {
    return (await this.db.read<{ pair: number }>(findSql, [receiver, sender]))[0]?.pair;
  }

  async findIn(tx: Tx, sender: number, receiver: number): Promise<number | undefined> {
    return (await tx.get<{ pair: number }>(findSql, [receiver, sender]))?.pair;
  }

  async add(tx: Tx, sender: number, receiver: number): Promise<number> {
    const row = await tx.get<{ last: number | null }>('SELECT max(pair) AS last FROM imbot_pairs');
    const pair = (row?.last ?? 0) + 1;
    await tx.run('INSERT INTO imbot_pairs (pair, receiver, sender) VALUES (?, ?, ?)', [
      pair,
      receiver,
      sender,
    ]);
    return pair;
  }

  async state(tx: Tx, pair: number): Promise<{ taken: number; waiting: boolean }> {
    const row = await tx.get<{ taken: number; waiting: number }>(
      'SELECT taken, waiting FROM imbot_pairs WHERE pair = ?',
      [pair],
    );
    return { taken: row?.taken ?? 0, waiting: row?.waiting === 1 };
  }

  async setWaiting(tx: Tx, pair: number): Promise<void> {
    await tx.run('UPDATE imbot_pairs SET waiting = 1 WHERE pair = ?', [pair]);
  }

  async setTaken(tx: Tx, pair: number, taken: number, waiting: boolean): Promise<void> {
    await tx.run('UPDATE imbot_pairs SET taken = ?, waiting = ? WHERE pair = ?', [
      taken,
      waiting ? 1 : 0,
      pair,
    ]);
  }

  async addTime(tx: Tx, pair: number, at: number, messageId: number): Promise<void> {
    await tx.run('INSERT INTO imbot_times (pair, at, message_id) VALUES (?, ?, ?)', [
      pair,
      at,
      messageId,
    ]);
  }

  async addBody(tx: Tx, messageId: number, body: Uint8Array): Promise<void> {
    await tx.run(
      'INSERT INTO imbot_bodies (message_id, body) VALUES (?, ?) ON CONFLICT DO NOTHING',
      [messageId, body],
    );
  }

  async bodyIn(tx: Tx, messageId: number): Promise<Uint8Array | undefined> {
    const sql = 'SELECT body FROM imbot_bodies WHERE message_id = ?';
    return (await tx.get<{ body: Uint8Array }>(sql, [messageId]))?.body;
  }

  /** Of a queue, oldest first, as the transaction has left it. */
  queueIn(tx: Tx, pair: number, after: number, limit: number): Promise<QueueRow[]> {
    return tx.all(queueSql, [pairsApp, pair, after, limit]);
  }

  /** The same without taking anything. */
  queue(pair: number, after: number, limit: number): Promise<QueueRow[]> {
    return this.db.read(queueSql, [pairsApp, pair, after, limit]);
  }

  /** First and last of what waits; what retention has forgotten lies at the beginning. */
  async ends(pair: number): Promise<{ first: number | null; last: number | null }> {
    const [row] = await this.db.read<{ first: number | null; last: number | null }>(
      `SELECT ${firstSql} AS first, ${lastSql} AS last FROM imbot_pairs AS p WHERE p.pair = ?`,
      [pairsApp, pairsApp, pair],
    );
    return row ?? { first: null, last: null };
  }

  /** Queues of a receiver in which something waits, by pair. */
  waitingOf(receiver: number, after: number, limit: number): Promise<WaitingRow[]> {
    return this.#readLong(
      `${waitingSql} WHERE p.receiver = ? AND p.waiting = 1 AND p.pair > ? ORDER BY p.pair LIMIT ?`,
      [pairsApp, pairsApp, pairsApp, receiver, after, limit],
    );
  }

  /** Of a pair, by the messages' own times, from one (inclusive) to another (exclusive). */
  history(
    pair: number,
    range: { from: number; to: number; after: { own: number; id: number } },
    limit: number,
  ): Promise<HistoryRow[]> {
    const { from, to, after } = range;
    return this.#readLong(
      `SELECT t.at AS own, ${columns} FROM imbot_times AS t
       JOIN im_messages AS m ON m.id = t.message_id
       LEFT JOIN imbot_bodies AS b ON b.message_id = t.message_id
       WHERE t.pair = ? AND t.at >= ? AND t.at < ? AND (t.at, t.message_id) > (?, ?)
       ORDER BY t.at, t.message_id LIMIT ?`,
      [pair, from, to, after.own, after.id, limit],
    );
  }

  /** What it may have seen of a commit on its way to the disk is on disk when this returns. */
  async #readLong<T>(sql: string, params: readonly Param[]): Promise<T[]> {
    const rows = await this.db.readLong<T>(sql, params);
    await this.db.read('SELECT 1');
    return rows;
  }
}

const findSql = 'SELECT pair FROM imbot_pairs WHERE receiver = ? AND sender = ?';
const queueSql = `SELECT i.seq, ${columns} FROM im_inbox AS i
  JOIN im_messages AS m ON m.id = i.message_id
  LEFT JOIN imbot_bodies AS b ON b.message_id = i.message_id
  WHERE i.appid = ? AND i.uid = ? AND i.seq > ? ORDER BY i.seq LIMIT ?`;
const firstSql = `(SELECT f.seq FROM im_inbox AS f JOIN im_messages AS g ON g.id = f.message_id
  WHERE f.appid = ? AND f.uid = p.pair AND f.seq > p.taken ORDER BY f.seq LIMIT 1)`;
const lastSql = '(SELECT max(l.seq) FROM im_inbox AS l WHERE l.appid = ? AND l.uid = p.pair)';
const waitingSql = `SELECT p.pair, s.name AS sender, r.name AS receiver,
    ${firstSql} AS first, i.seq AS last, ${columns}
  FROM imbot_pairs AS p
  JOIN im_names AS s ON s.uid = p.sender
  JOIN im_names AS r ON r.uid = p.receiver
  JOIN im_inbox AS i ON i.appid = ? AND i.uid = p.pair AND i.seq = ${lastSql}
  JOIN im_messages AS m ON m.id = i.message_id
  LEFT JOIN imbot_bodies AS b ON b.message_id = i.message_id`;
