import type { Database, Insertion, Param, Row, Statement, Tx } from '../../store/database.ts';

/** Passes everything on and remembers which statements were run. */
export class StatementLog implements Database {
  readonly statements = new Set<string>();
  /** Those of them off the event loop, by whoever knows that it may take long. */
  readonly longReads = new Set<string>();
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  transaction<T>(work: (tx: Tx) => Promise<T> | T, options?: { unguarded: true }): Promise<T> {
    const logged = (tx: Tx): Promise<T> | T => work(this.#logging(tx));
    return this.#db.transaction(logged, options);
  }

  insert<T>(
    row: () => Insertion<T>,
    unless: Statement | undefined,
    onDurable: () => void,
  ): Promise<T | undefined> {
    if (unless !== undefined) this.statements.add(unless.sql);
    const logged = (): Insertion<T> => {
      const statement = row();
      this.statements.add(statement.sql);
      return statement;
    };
    return this.#db.insert(logged, unless, onDurable);
  }

  read<T = Row>(sql: string, params?: readonly Param[]): Promise<T[]> {
    this.statements.add(sql);
    return this.#db.read(sql, params);
  }

  readLong<T = Row>(sql: string, params?: readonly Param[]): Promise<T[]> {
    this.statements.add(sql);
    this.longReads.add(sql);
    return this.#db.readLong(sql, params);
  }

  backup(file: string): Promise<void> {
    return this.#db.backup(file);
  }

  close(): Promise<void> {
    return this.#db.close();
  }

  #logging(tx: Tx): Tx {
    return {
      run: (sql, params) => {
        this.statements.add(sql);
        return tx.run(sql, params);
      },
      get: (sql, params) => {
        this.statements.add(sql);
        return tx.get(sql, params);
      },
      all: (sql, params) => {
        this.statements.add(sql);
        return tx.all(sql, params);
      },
      onDurable: (work) => tx.onDurable(work),
      onRollback: (work) => tx.onRollback(work),
    };
  }
}
