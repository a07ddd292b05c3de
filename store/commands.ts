import type { Database, Tx } from './database.ts';

/** A request number that was used, and what it was answered. */
export interface CommandRow {
  /** Day of txtime in the configured zone, `yyyymmdd`. */
  day: string;
  /** Of command, bot and body. */
  digest: string;
  answer: string;
  /** Epoch ms at which it was answered. */
  at: number;
}

export interface NewCommandRow extends CommandRow {
  chid: string;
  txcode: string;
  /** The send it led to. */
  msgid: number | null;
}

const none: readonly CommandRow[] = [];
const byNumber = 'SELECT day, digest, answer, at FROM commands WHERE chid = ? AND txcode = ?';

/** Idempotency of commands: one row a (channel, txcode, day). */
export class CommandStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** What a request number was answered, one row a day it was used on. */
  async find(tx: Tx, chid: string, txcode: string): Promise<readonly CommandRow[]> {
    // Almost always there is none, and asking for one row is cheaper than for all.
    const first = await tx.get(byNumber, [chid, txcode]);
    return first === undefined ? none : tx.all(byNumber, [chid, txcode]);
  }

  /** The same outside a transaction. */
  look(chid: string, txcode: string): Promise<CommandRow[]> {
    return this.db.read(byNumber, [chid, txcode]);
  }

  /** @returns false when the number was used that day already: nothing is written then */
  async add(tx: Tx, row: NewCommandRow): Promise<boolean> {
    const added = await tx.run(
      `INSERT INTO commands (chid, txcode, day, digest, answer, msgid, at)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      [row.chid, row.txcode, row.day, row.digest, row.answer, row.msgid, row.at],
    );
    return added === 1;
  }
}
