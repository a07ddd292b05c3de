/** What SQLite and PostgreSQL both can bind. Booleans are 0/1, times epoch milliseconds. */
export type Param = string | number | bigint | null | Uint8Array;
export type Row = Record<string, unknown>;

/** Statements inside one transaction. `?` marks a parameter. */
export interface Tx {
  /** Runs a statement that returns no rows; answers the number of rows changed. */
  run(sql: string, params?: readonly Param[]): Promise<number>;
  /** First row, or undefined. The row type is the caller's claim about its own SQL. */
  get<T = Row>(sql: string, params?: readonly Param[]): Promise<T | undefined>;
  all<T = Row>(sql: string, params?: readonly Param[]): Promise<T[]>;
  /**
   * Calls `work` once the transaction is on disk, before its promise settles; never when it rolls
   * back. The place for wake-ups and for state kept in memory.
   */
  onDurable(work: () => void): void;
  /**
   * Calls `work` when the transaction was rolled back, for whatever reason, before the next one
   * begins: the place to take back what was changed in memory.
   */
  onRollback(work: () => void): void;
}

export interface Statement {
  sql: string;
  params: readonly Param[];
}

/** A row to be inserted, and what is told once it is. */
export interface Insertion<T> extends Statement {
  value: T;
}

/**
 * The database port. Both halves are asynchronous so that callers never depend on which engine
 * answers.
 */
export interface Database {
  /**
   * Reads committed rows. What it returns is on disk: a read that could show a commit whose sync
   * is still under way waits for that sync.
   */
  read<T = Row>(sql: string, params?: readonly Param[]): Promise<T[]>;
  /** A read that may take long (history, export): runs off the event loop. */
  readLong<T = Row>(sql: string, params?: readonly Param[]): Promise<T[]>;
  /**
   * Runs `work` as one transaction; transactions run one after another. The promise settles only
   * when the commit is on disk; a throwing `work` rolls back alone and rejects with its error.
   * `work` must await nothing but `tx`: no network, no timers.
   *
   * `unguarded`: no savepoint around it (a tenth cheaper). For hot work that throws only when the
   * disk does: should it throw, every transaction that shares its commit is rolled back with it.
   */
  transaction<T>(work: (tx: Tx) => Promise<T> | T, options?: { unguarded: true }): Promise<T>;
  /**
   * A transaction of one `INSERT … ON CONFLICT DO NOTHING`, left out where `unless` finds a row: the
   * hot path's short form. Order, durability and the rest as for `transaction`, unguarded.
   * @param row made when its turn has come
   * @param onDurable as in `Tx`; only when a row was added
   * @returns its value; undefined when no row was added
   */
  insert<T>(
    row: () => Insertion<T>,
    unless: Statement | undefined,
    onDurable: () => void,
  ): Promise<T | undefined>;
  /** Copies the database, consistent, to a new file, while it is in use. */
  backup(file: string): Promise<void>;
  /** Waits for what is under way, then closes. Later calls reject. */
  close(): Promise<void>;
}

/** The database cannot be relied on any more (a sync failed): the process has to end. */
export class DatabaseFatal extends Error {}

/** Whether the database, not the caller, is at fault: full disk, failed sync, lock, corruption. */
export function isDatabaseError(error: unknown): boolean {
  if (error instanceof DatabaseFatal) return true;
  if (!(error instanceof Error) || !('code' in error)) return false;
  return typeof error.code === 'string' && error.code.startsWith('SQLITE_');
}
