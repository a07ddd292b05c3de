import { closeSync, fdatasync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { type Database, DatabaseFatal, type Param, type Row, type Tx } from './database.ts';
import { SqliteHelper } from './sqlite-helper.ts';

interface Job {
  work: (tx: Tx) => unknown;
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

/** How a job ended inside its batch; told to the caller once the batch is on disk. */
interface Outcome {
  job: Job;
  ok: boolean;
  value: unknown;
  hooks: (() => void)[];
}

export interface SqliteOptions {
  file: string;
  /** Called once when a sync or commit fails: nothing is acknowledged after it. */
  onFatal?: (error: DatabaseFatal) => void;
  /** Replaces `fs.fdatasync` in tests that inject disk faults. */
  sync?: (fd: number, done: (error: Error | null) => void) => void;
}

/** A checkpoint begins after this many commits or transactions: some 10 to 60 MB of WAL. */
const checkpointBatches = 256;
const checkpointJobs = 4096;

/**
 * SQLite with durable group commit and an event loop that never waits for the disk.
 *
 * Transactions run one after another on the main thread, each in a savepoint of the open batch.
 * The batch is committed (WAL, synchronous=NORMAL: no sync) at the end of the event loop's poll
 * phase or as soon as the sync before it returned; then one `fdatasync` of the WAL file in the
 * thread pool covers it; only then do its promises settle. Same promise as synchronous=FULL.
 * Checkpoints and long reads run in a worker thread with its own connection.
 */
export class SqliteDatabase implements Database {
  readonly #db: Sqlite.Database;
  /** Sees committed rows only, whatever the writer has open. */
  readonly #reader: Sqlite.Database;
  readonly #walFd: number;
  readonly #helper: SqliteHelper;
  readonly #sync: (fd: number, done: (error: Error | null) => void) => void;
  readonly #onFatal: (error: DatabaseFatal) => void;
  readonly #statements = new Map<string, Sqlite.Statement<unknown[]>>();
  readonly #readStatements = new Map<string, Sqlite.Statement<unknown[]>>();
  readonly #tx: Tx;
  #queue: Job[] = [];
  #batch: Outcome[] = [];
  #open = false;
  #working = false;
  #syncing = false;
  #commitPlanned = false;
  #fatal: DatabaseFatal | undefined;
  #closing = false;
  /** Written since the last checkpoint began. */
  #batches = 0;
  #jobs = 0;
  /** What the job that is running wants called once it is on disk. */
  #hooks: (() => void)[] = [];
  #checkpoint: 'idle' | 'running' | 'wanted' | 'held' = 'idle';
  /** Reads that saw a commit which is not yet on disk. */
  #waiters: (() => void)[] = [];

  constructor(options: SqliteOptions) {
    this.#sync = options.sync ?? fdatasync;
    this.#onFatal = options.onFatal ?? (() => {});
    this.#db = openConnection(options.file);
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('wal_autocheckpoint = 0');
    // The first write creates the WAL file, whose directory entry has to be on disk too.
    this.#db.exec('CREATE TABLE IF NOT EXISTS wal_opened (one INTEGER PRIMARY KEY)');
    this.#db.exec('DELETE FROM wal_opened; INSERT INTO wal_opened VALUES (1)');
    this.#walFd = openSync(`${options.file}-wal`, 'r+');
    fsyncSync(this.#walFd);
    syncDirectory(dirname(options.file));
    this.#reader = openConnection(options.file);
    this.#reader.pragma('query_only = ON');
    this.#helper = new SqliteHelper(options.file);
    this.#tx = {
      run: async (sql, params = []) => this.#statement(sql).run(...params).changes,
      get: async <T>(sql: string, params: readonly Param[] = []) =>
        this.#statement(sql).get(...params) as T | undefined,
      all: async <T>(sql: string, params: readonly Param[] = []) =>
        this.#statement(sql).all(...params) as T[],
      onDurable: (work) => {
        this.#hooks.push(work);
      },
    };
  }

  async read<T = Row>(sql: string, params: readonly Param[] = []): Promise<T[]> {
    this.#assertUsable();
    let statement = this.#readStatements.get(sql);
    if (statement === undefined) {
      statement = this.#reader.prepare(sql);
      this.#readStatements.set(sql, statement);
    }
    const rows = statement.all(...params) as T[];
    if (this.#syncing) await new Promise<void>((resolve) => this.#waiters.push(resolve));
    return rows;
  }

  readLong<T = Row>(sql: string, params: readonly Param[] = []): Promise<T[]> {
    this.#assertUsable();
    return this.#helper.query(sql, params) as Promise<T[]>;
  }

  transaction<T>(work: (tx: Tx) => Promise<T> | T): Promise<T> {
    if (this.#fatal !== undefined) return Promise.reject(this.#fatal);
    if (this.#closing) return Promise.reject(new Error('the database is closed'));
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, resolve, reject });
      if (!this.#working) void this.#work();
    });
  }

  backup(file: string): Promise<void> {
    this.#assertUsable();
    return this.#helper.backup(file);
  }

  async close(): Promise<void> {
    if (this.#closing) return;
    const last = this.transaction(() => undefined);
    this.#closing = true;
    await last.catch(() => {});
    await this.#helper.close();
    this.#reader.close();
    closeSync(this.#walFd);
    // Closing the last connection checkpoints, syncs and removes the WAL file.
    this.#db.close();
  }

  /** Runs queued jobs, each in its own savepoint, until the queue is empty; then plans the commit. */
  async #work(): Promise<void> {
    if (this.#checkpoint === 'wanted' || this.#checkpoint === 'held') return;
    this.#working = true;
    for (let job = this.#queue.shift(); job !== undefined; job = this.#queue.shift()) {
      if (this.#fatal !== undefined) {
        job.reject(this.#fatal);
        continue;
      }
      try {
        if (!this.#open) {
          this.#statement('BEGIN IMMEDIATE').run();
          this.#open = true;
        }
        this.#statement('SAVEPOINT job').run();
      } catch (error) {
        // Nothing of this job has run: it fails alone (disk full, locked by another process).
        job.reject(error);
        continue;
      }
      let outcome: Outcome;
      try {
        const result = job.work(this.#tx);
        const value = isPromise(result) ? await result : result;
        outcome = { job, ok: true, value, hooks: this.#hooks };
      } catch (error) {
        outcome = { job, ok: false, value: error, hooks: [] };
      }
      if (this.#hooks.length > 0) this.#hooks = [];
      if (!this.#endSavepoint(outcome)) continue;
      this.#batch.push(outcome);
    }
    this.#working = false;
    this.#planCommit();
  }

  /** @returns false when SQLite rolled the whole batch back (disk full) and it was rejected */
  #endSavepoint(outcome: Outcome): boolean {
    if (!this.#db.inTransaction) {
      this.#open = false;
      this.#rejectBatch(outcome.value, outcome);
      return false;
    }
    if (!outcome.ok) this.#statement('ROLLBACK TO job').run();
    this.#statement('RELEASE job').run();
    return true;
  }

  #planCommit(): void {
    if (this.#commitPlanned || this.#syncing || this.#batch.length === 0) return;
    this.#commitPlanned = true;
    // After the poll phase: every request read in this turn of the loop is in the batch.
    setImmediate(() => {
      this.#commitPlanned = false;
      this.#commit();
    });
  }

  #commit(): void {
    // A job is between two awaits: it plans the commit itself when it is done.
    if (this.#working || this.#syncing || this.#batch.length === 0) return;
    try {
      if (this.#open) this.#statement('COMMIT').run();
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      this.#open = false;
      this.#rejectBatch(error);
      return;
    }
    this.#open = false;
    const batch = this.#batch;
    this.#batch = [];
    this.#syncing = true;
    this.#sync(this.#walFd, (error) => this.#synced(batch, error));
  }

  #synced(batch: Outcome[], error: Error | null): void {
    this.#syncing = false;
    if (error !== null) {
      this.#fail(error, batch);
      return;
    }
    for (const { job, ok, value, hooks } of batch) {
      for (const hook of hooks) hook();
      if (ok) job.resolve(value as never);
      else job.reject(value);
    }
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
    this.#batches += 1;
    this.#jobs += batch.length;
    if (this.#batch.length > 0) this.#commit();
    else if (this.#checkpoint === 'wanted') this.#checkpointHeld();
    if (this.#checkpoint === 'idle') this.#checkpointIfDue();
  }

  /**
   * The WAL starts over only when a transaction begins while every frame is in the database file.
   * A first pass copies the bulk while writing goes on; then new transactions wait (the event loop
   * does not) for a second pass over the few frames left.
   */
  #checkpointIfDue(): void {
    if (this.#batches < checkpointBatches && this.#jobs < checkpointJobs) return;
    this.#batches = 0;
    this.#jobs = 0;
    this.#checkpoint = 'running';
    void this.#helper.checkpoint().finally(() => {
      this.#checkpoint = 'wanted';
      if (!this.#working && !this.#syncing && this.#batch.length === 0) this.#checkpointHeld();
    });
  }

  #checkpointHeld(): void {
    this.#checkpoint = 'held';
    void this.#helper.checkpoint().finally(() => {
      this.#checkpoint = 'idle';
      if (this.#queue.length > 0 && !this.#working) void this.#work();
    });
  }

  /** After a failed sync nobody knows what is on disk: acknowledge nothing any more. */
  #fail(error: Error, batch: Outcome[]): void {
    this.#fatal = new DatabaseFatal(`sync of the database failed: ${error.message}`);
    for (const { job } of [...batch, ...this.#batch]) job.reject(this.#fatal);
    this.#batch = [];
    this.#waiters = [];
    this.#onFatal(this.#fatal);
  }

  #rejectBatch(error: unknown, also?: Outcome): void {
    const batch = this.#batch;
    this.#batch = [];
    for (const { job } of batch) job.reject(error);
    also?.job.reject(error);
  }

  #statement(sql: string): Sqlite.Statement<unknown[]> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #assertUsable(): void {
    if (this.#fatal !== undefined) throw this.#fatal;
    if (this.#closing) throw new Error('the database is closed');
  }
}

export function openConnection(file: string): Sqlite.Database {
  const db = new Sqlite(file, { timeout: 5000 });
  db.pragma('synchronous = NORMAL');
  db.pragma('foreign_keys = ON');
  db.pragma('temp_store = MEMORY');
  return db;
}

function syncDirectory(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value;
}
