import type { Database, Statement, Tx } from './database.ts';

/** A request number that was used, and what it was answered. */
export interface CommandRow {
  /** Day of txtime in the configured zone, `yyyymmdd`. */
  day: string;
  /** What was asked for, or its digest. */
  asked: string;
  /** Null while what was asked for is being done. */
  answer: string | null;
  /** Epoch ms at which it was answered. */
  at: number;
}

/** What a number is found by. */
export interface CommandNumber {
  chid: string;
  txcode: string;
  day: string;
}

/** What was asked for of a send whose payload says it all. */
export function askedOf(botcode: string, payload: string): string {
  return `${botcode} ${payload}`;
}

const otherCommands =
  'SELECT day, digest AS asked, answer, at FROM commands WHERE chid = ? AND txcode = ?';
const byNumber = `${otherCommands} UNION ALL
  SELECT day, coalesce(digest, botcode || ' ' || payload) AS asked, answer, accepted_at AS at
  FROM sends WHERE chid = ? AND txcode = ? AND day IS NOT NULL`;

/**
 * Idempotency of commands: one row a (channel, txcode, day). A command that sends has it in `sends`,
 * so that it costs one row; any other has it in `commands`.
 */
export class CommandStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** What a request number was answered, one row a day it was used on. */
  find(tx: Tx, chid: string, txcode: string): Promise<CommandRow[]> {
    return tx.all(byNumber, [chid, txcode, chid, txcode]);
  }

  /** The same outside a transaction. */
  look(chid: string, txcode: string): Promise<CommandRow[]> {
    return this.db.read(byNumber, [chid, txcode, chid, txcode]);
  }

  /** Channels with commands that sent nothing. */
  async otherChannels(): Promise<string[]> {
    const rows = await this.db.read<{ chid: string }>('SELECT DISTINCT chid FROM commands');
    return rows.map((row) => row.chid);
  }

  /** Finds a row where the number was used for something that is no send. */
  used(chid: string, txcode: string): Statement {
    return { sql: otherCommands, params: [chid, txcode] };
  }

  /** Finds a row where the number was used at all. */
  usedAtAll(chid: string, txcode: string): Statement {
    return { sql: byNumber, params: [chid, txcode, chid, txcode] };
  }

  /** Takes a number for something that is about to be done; again, if it is taken for the same. */
  async take(tx: Tx, number: CommandNumber, asked: string, now: number): Promise<void> {
    await tx.run(
      `INSERT INTO commands (chid, txcode, day, digest, at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
      [number.chid, number.txcode, number.day, asked, now],
    );
  }

  /** It was done, or refused (undefined): then the number is free again. */
  async finish(tx: Tx, number: CommandNumber, answer: string | undefined): Promise<void> {
    const key = [number.chid, number.txcode, number.day];
    const where = 'chid = ? AND txcode = ? AND day = ?';
    if (answer === undefined) await tx.run(`DELETE FROM commands WHERE ${where}`, key);
    else await tx.run(`UPDATE commands SET answer = ? WHERE ${where}`, [answer, ...key]);
  }
}
