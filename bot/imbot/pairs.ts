import type { Database, Tx } from '../../store/database.ts';
import type { ImbotPairStore } from '../../store/imbot-pairs.ts';
import type { PairPort } from '../im/conversation.ts';
import { type Message, ownApps, type User } from '../im/message.ts';
import type { MessageLog } from '../im/message-log.ts';
import { timestampOf } from './bodies.ts';
import { type HistoryPage, type HistoryRange, readHistory } from './history.ts';
import { bodyOf, bufferOf, countOf, sizeOf, takeBytes, type Waiting, waitingOf } from './rows.ts';

/** A message as it was given over this family. */
export interface Given {
  /** JSON. */
  body: Buffer;
  /** Its own time. */
  at: number;
}

/** A message that waits. */
export interface Queued {
  /** Its place in the queue. */
  seq: number;
  /** When it was stored. */
  at: number;
  /** JSON. */
  body: string;
}

export interface PairsOptions {
  db: Database;
  store: ImbotPairStore;
  log: Pick<MessageLog, 'append' | 'placeIn'>;
}

/** A queue gives at most so many messages at a time (and `takeBytes`); the rest waits for the next. */
export const takeLimit = 10_000;
/** Rows of one read. */
const page = 250;
/** What is known of so many pairs is kept in memory. */
const most = 200_000;

/**
 * The queues of the mini-program IM: one for each who writes to whom, an inbox of the core whose
 * owner is the pair. Whether anything waits in a queue is known in memory, as the transactions up to
 * now leave it: a message that finds its queue waiting writes nothing but itself, and asking for an
 * empty queue costs no transaction.
 */
export class Pairs implements PairPort {
  readonly #db: Database;
  readonly #store: ImbotPairStore;
  readonly #log: PairsOptions['log'];
  /** Numbers of pairs that are on disk, by sender and receiver. */
  readonly #numbers = new Map<string, number>();
  readonly #waiting = new Map<number, boolean>();
  /** What the transaction under way lays into a queue in the name of another part. */
  #laying: { from: number; to: Set<number>; at: number } | undefined;

  constructor({ db, store, log }: PairsOptions) {
    this.#db = db;
    this.#store = store;
    this.#log = log;
  }

  /** The pair, if it is in memory. */
  peek(from: User, to: User): number | undefined {
    return this.#numbers.get(keyOf(from, to));
  }

  /** Undefined: nothing was ever said. */
  async find(from: User, to: User): Promise<number | undefined> {
    const known = this.peek(from, to);
    if (known !== undefined) return known;
    const pair = await this.#store.find(from.uid, to.uid);
    if (pair !== undefined) this.#remember(from, to, pair);
    return pair;
  }

  /** The pair, from now on if not before. */
  async getIn(tx: Tx, from: User, to: User): Promise<number> {
    const known = this.peek(from, to);
    if (known !== undefined) return known;
    const there = await this.#store.findIn(tx, from.uid, to.uid);
    const pair = there ?? (await this.#store.add(tx, from.uid, to.uid));
    tx.onDurable(() => this.#remember(from, to, pair));
    return pair;
  }

  /** Whose inbox the queue is. */
  ownerOf(pair: number): User {
    return { appid: ownApps.pairs, uid: pair };
  }

  /** Notes a message that came into the queue of a pair: its place in the history, and that it waits. */
  noteIn(tx: Tx, pair: number, message: Pick<Message, 'id'>, at: number): Promise<void> {
    const noted = this.#store.addTime(tx, pair, at, message.id);
    return this.#waiting.get(pair) === true ? noted : this.#waits(tx, pair, noted);
  }

  async #waits(tx: Tx, pair: number, noted: Promise<void>): Promise<void> {
    await noted;
    await this.#store.setWaiting(tx, pair);
    this.#setWaiting(tx, pair, true);
  }

  async placeIn(
    tx: Tx,
    from: User,
    to: User,
    message: Message,
    at: number,
    original?: number,
  ): Promise<void> {
    const pair = await this.getIn(tx, from, to);
    await this.#log.placeIn(tx, this.ownerOf(pair), message, 'tell');
    const laying = this.#laying?.from === from.uid ? this.#laying : undefined;
    laying?.to.add(to.uid);
    const given = await this.#repeat(tx, message, original);
    await this.noteIn(tx, pair, message, laying?.at ?? given ?? at);
  }

  /**
   * Lets another part store what somebody gave, and keeps it as it was given for the queues that it
   * is laid into. Whom it was addressed to finds it in the queue if nobody else does, and in the
   * history in any case.
   */
  async layIn(
    tx: Tx,
    { from, to, inQueue, at, body }: Given & { from: User; to: User; inQueue: boolean },
    store: () => Promise<Message | undefined>,
  ): Promise<Message | undefined> {
    const laying = { from: from.uid, to: new Set<number>(), at };
    this.#laying = laying;
    try {
      const message = await store();
      if (message === undefined) return undefined;
      await this.#store.addBody(tx, message.id, body);
      if (laying.to.has(to.uid)) return message;
      if (inQueue && laying.to.size === 0) await this.placeIn(tx, from, to, message, at);
      else await this.recordIn(tx, from, to, message, at);
      return message;
    } finally {
      this.#laying = undefined;
    }
  }

  async recordIn(tx: Tx, from: User, to: User, message: Message, at: number): Promise<void> {
    const laying = this.#laying?.from === from.uid ? this.#laying : undefined;
    laying?.to.add(to.uid);
    const pair = await this.getIn(tx, from, to);
    await this.#store.addTime(tx, pair, laying?.at ?? at, message.id);
  }

  /** Empties a queue, up to the limits: JSON texts, oldest first, taken once they are answered here. */
  async take(pair: number): Promise<string[]> {
    if (this.#waiting.get(pair) === false) return [];
    return await this.#db.transaction(async (tx) => {
      const { taken, waiting } = await this.#store.state(tx, pair);
      const bodies: string[] = [];
      let bytes = 0;
      let last = taken;
      let more = waiting;
      while (more && bodies.length < takeLimit && bytes <= takeBytes) {
        const rows = await this.#store.queueIn(tx, pair, last, page);
        more = rows.length === page;
        for (const row of rows) {
          bytes += sizeOf(row);
          if (bytes > takeBytes && bodies.length > 0) {
            more = true;
            break;
          }
          bodies.push(bodyOf(row));
          last = row.seq;
        }
      }
      if (waiting) await this.#store.setTaken(tx, pair, last, more);
      this.#setWaiting(tx, pair, more);
      return bodies;
    });
  }

  /** Whether anything waits, as the transaction has left it. */
  async waitsIn(tx: Tx, pair: number): Promise<boolean> {
    return this.#waiting.get(pair) ?? (await this.#store.state(tx, pair)).waiting;
  }

  /** How many wait. */
  async count(pair: number): Promise<number> {
    if (this.#waiting.get(pair) === false) return 0;
    return countOf(await this.#store.ends(pair));
  }

  /** What waits in a queue behind a place, without taking it. */
  async look(pair: number, after: number, limit: number): Promise<Queued[]> {
    const { first } = await this.#store.ends(pair);
    if (first === null) return [];
    const rows = await this.#store.queue(pair, Math.max(after, first - 1), limit);
    return rows.map((row) => ({ seq: row.seq, at: row.at, body: bodyOf(row) }));
  }

  /** Who has written to somebody and was not read yet: the newest message's own time first. */
  async counts(to: User): Promise<Waiting[]> {
    const all: Waiting[] = [];
    for (let after = 0; all.length < takeLimit; ) {
      const rows = await this.#store.waitingOf(to.uid, after, page);
      for (const row of rows) all.push(waitingOf(row));
      after = rows.at(-1)?.pair ?? 0;
      if (rows.length < page) break;
    }
    return all.sort((a, b) => Number(b.timestamp) - Number(a.timestamp));
  }

  /** What was said, by the messages' own times. */
  history(pair: number, range: HistoryRange): Promise<HistoryPage> {
    return readHistory(this.#store, pair, range);
  }

  /** What was given with the original stays with its repetition. @returns its time */
  async #repeat(tx: Tx, message: Message, original?: number): Promise<number | undefined> {
    if (original === undefined) return undefined;
    const body = await this.#store.bodyIn(tx, original);
    if (body === undefined) return undefined;
    await this.#store.addBody(tx, message.id, body);
    return Number(timestampOf(bufferOf(body).toString('utf8')));
  }

  #setWaiting(tx: Tx, pair: number, waiting: boolean): void {
    if (this.#waiting.size >= most) this.#waiting.clear();
    this.#waiting.set(pair, waiting);
    // Others may have gone by it: all of it is read again.
    tx.onRollback(() => this.#waiting.clear());
  }

  #remember(from: User, to: User, pair: number): void {
    if (this.#numbers.size >= most) this.#numbers.clear();
    this.#numbers.set(keyOf(from, to), pair);
  }
}

function keyOf(from: User, to: User): string {
  return `${from.uid} ${to.uid}`;
}
