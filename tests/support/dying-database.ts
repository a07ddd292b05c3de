import type { Database, Insertion, Param, Row, Statement, Tx } from '../../store/database.ts';

/**
 * A database of a process that dies: from the transaction numbered `at` on, nothing is answered any
 * more. `before`: that one is not written; `after`: it is on disk, but nobody hears of it.
 */
export class DyingDatabase implements Database {
  readonly #db: Database;
  readonly #when: 'before' | 'after';
  #left: number;

  constructor(db: Database, at: number, when: 'before' | 'after') {
    this.#db = db;
    this.#left = at;
    this.#when = when;
  }

  get dead(): boolean {
    return this.#left <= 0;
  }

  async transaction<T>(work: (tx: Tx) => Promise<T> | T): Promise<T> {
    if (this.dead) return await never();
    this.#left -= 1;
    if (!this.dead) return await this.#db.transaction(work);
    if (this.#when === 'after') {
      // What is told once it is durable is told to a dead process.
      await this.#db.transaction((tx) => work({ ...tx, onDurable: () => {} }));
    }
    return await never();
  }

  async insert<T>(
    row: () => Insertion<T>,
    unless: Statement | undefined,
    onDurable: () => void,
  ): Promise<T | undefined> {
    if (this.dead) return await never();
    this.#left -= 1;
    if (!this.dead) return await this.#db.insert(row, unless, onDurable);
    if (this.#when === 'after') await this.#db.insert(row, unless, () => {});
    return await never();
  }

  async read<T = Row>(sql: string, params?: readonly Param[]): Promise<T[]> {
    return this.dead ? await never() : await this.#db.read<T>(sql, params);
  }

  async readLong<T = Row>(sql: string, params?: readonly Param[]): Promise<T[]> {
    return this.dead ? await never() : await this.#db.readLong<T>(sql, params);
  }

  async backup(): Promise<void> {}

  async close(): Promise<void> {}
}

function never(): Promise<never> {
  return new Promise(() => {});
}
