import type Sqlite from 'better-sqlite3';
import { DatabaseFatal, type Insertion, type Param, type Statement, type Tx } from './database.ts';

interface Job {
  work: (tx: Tx) => unknown;
  unguarded: boolean;
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

/** How a job ended inside its batch; told to the caller once the batch is on disk. */
interface Outcome {
  job: Job;
  ok: boolean;
  value: unknown;
  hooks: (() => void)[];
  undo: (() => void)[];
}

export interface GroupCommitOptions {
  db: Sqlite.Database;
  /** Brings everything committed so far to disk. */
  sync: (done: (error: Error | null) => void) => void;
  /** After each sync, with the number of transactions it covered and of rows they changed. */
  onSynced: (jobs: number, rows: number) => void;
  /** A sync failed: nothing is acknowledged after it. */
  onFatal: (error: DatabaseFatal) => void;
  /** Something could not be written; perhaps it was the caller's own fault. */
  onFailed?: (error: unknown) => void;
}

const noHooks: (() => void)[] = [];
/** Turns of the event loop a batch may fill for. */
const fillTurns = 8;
/** A batch of so many is committed at once: the next one fills while the disk is busy with it. */
const fullBatch = 48;

/**
 * Transactions one after another, each in a savepoint of the open batch. The batch is committed
 * (without a sync) once a turn of the event loop brought nothing more, at most one batch ahead of the
 * disk; one sync covers it; only then do its promises settle. No timers, nothing blocks.
 */
export class GroupCommit {
  readonly #db: Sqlite.Database;
  readonly #options: GroupCommitOptions;
  readonly #statements = new Map<string, Sqlite.Statement<unknown[]>>();
  readonly #tx: Tx;
  #queue: Job[] = [];
  #batch: Outcome[] = [];
  #open = false;
  #working = false;
  #syncing = false;
  #commitPlanned = false;
  #paused = false;
  #fatal: DatabaseFatal | undefined;
  /** Changed since the last sync was over. */
  #rows = 0;
  /** What the job that is running wants called once it is on disk, or is rolled back. */
  #hooks = noHooks;
  #undo = noHooks;
  /** Called when the sync under way is over. */
  #waiters: (() => void)[] = [];

  constructor(options: GroupCommitOptions) {
    this.#options = options;
    this.#db = options.db;
    this.#tx = {
      run: async (sql, params = []) => {
        const { changes } = this.#statement(sql).run(...params);
        this.#rows += changes;
        return changes;
      },
      get: async <T>(sql: string, params: readonly Param[] = []) =>
        this.#statement(sql).get(...params) as T | undefined,
      all: async <T>(sql: string, params: readonly Param[] = []) =>
        this.#statement(sql).all(...params) as T[],
      onDurable: (work) => {
        if (this.#hooks === noHooks) this.#hooks = [];
        this.#hooks.push(work);
      },
      onRollback: (work) => {
        if (this.#undo === noHooks) this.#undo = [];
        this.#undo.push(work);
      },
    };
  }

  get fatal(): DatabaseFatal | undefined {
    return this.#fatal;
  }

  add<T>(work: (tx: Tx) => Promise<T> | T, unguarded: boolean): Promise<T> {
    if (this.#fatal !== undefined) return Promise.reject(this.#fatal);
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, unguarded, resolve, reject });
      if (!this.#working && !this.#paused) this.#work();
    });
  }

  insert<T>(
    row: () => Insertion<T>,
    unless: Statement | undefined,
    onDurable: () => void,
  ): Promise<T | undefined> {
    return this.add(() => {
      const found = unless && this.#statement(unless.sql).get(unless.params);
      if (found !== undefined) return undefined;
      const { sql, params, value } = row();
      if (this.#statement(sql).run(params).changes === 0) return undefined;
      this.#tx.onDurable(onDurable);
      return value;
    }, true);
  }

  /** Resolves at once, or when the sync under way is over. */
  synced(): Promise<void> | undefined {
    if (!this.#syncing) return undefined;
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** New transactions wait; resolves when those before are on disk. The event loop runs on. */
  async pause(): Promise<void> {
    this.#paused = true;
    while (this.#working || this.#syncing || this.#batch.length > 0) {
      await (this.synced() ?? new Promise<void>((resolve) => setImmediate(resolve)));
    }
  }

  resume(): void {
    this.#paused = false;
    if (this.#queue.length > 0 && !this.#working) this.#work();
  }

  /** Runs queued jobs until the queue is empty or one of them waits; then plans the commit. */
  #work(): void {
    this.#working = true;
    for (let job = this.#next(); job !== undefined; job = this.#next()) {
      if (!this.#begin(job)) continue;
      const waiting = this.#run(job);
      if (waiting === undefined) continue;
      void waiting.then(() => this.#work());
      return;
    }
    this.#working = false;
    this.#planCommit();
  }

  /** @returns a promise when it is not done at once */
  #run(job: Job): Promise<void> | undefined {
    try {
      const result = job.work(this.#tx);
      if (!isPromise(result)) return this.#end(job, true, result);
      return result.then(
        (value) => this.#end(job, true, value),
        (error: unknown) => this.#end(job, false, error),
      );
    } catch (error) {
      return this.#end(job, false, error);
    }
  }

  #next(): Job | undefined {
    return this.#paused ? undefined : this.#queue.shift();
  }

  /** @returns false when it could not begin: nothing of this job has run, it fails alone */
  #begin(job: Job): boolean {
    try {
      if (this.#fatal !== undefined) throw this.#fatal;
      if (!this.#open) {
        this.#statement('BEGIN IMMEDIATE').run();
        this.#open = true;
      }
      if (!job.unguarded) this.#statement('SAVEPOINT job').run();
      return true;
    } catch (error) {
      this.#options.onFailed?.(error);
      job.reject(error);
      return false;
    }
  }

  /** Ends a job inside the batch; or, where that cannot be, rolls back and rejects the batch. */
  #end(job: Job, ok: boolean, value: unknown): undefined {
    const hooks = ok ? this.#hooks : noHooks;
    const undo = this.#undo;
    this.#hooks = noHooks;
    this.#undo = noHooks;
    if (!ok) this.#options.onFailed?.(value);
    // SQLite rolls everything back by itself when the disk is full.
    if (!ok && (job.unguarded || !this.#db.inTransaction)) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      this.#open = false;
      for (const work of undo) work();
      job.reject(value);
      this.#rejectBatch(value);
      return;
    }
    if (!job.unguarded) {
      if (!ok) this.#statement('ROLLBACK TO job').run();
      this.#statement('RELEASE job').run();
    }
    if (!ok) for (const work of undo) work();
    this.#batch.push({ job, ok, value, hooks, undo: ok ? undo : noHooks });
  }

  #planCommit(): void {
    if (this.#syncing) return;
    if (this.#batch.length >= fullBatch) this.#commit();
    if (this.#commitPlanned || this.#batch.length === 0) return;
    this.#commitPlanned = true;
    this.#afterTurn(0, 0);
  }

  /**
   * A commit and its sync cost as much as several transactions, so a batch goes on filling while
   * every turn of the event loop brings more. A turn takes microseconds when there is nothing to do.
   */
  #afterTurn(turns: number, before: number): void {
    setImmediate(() => {
      const size = this.#batch.length;
      if (this.#working || (size > before && turns < fillTurns)) {
        this.#afterTurn(turns + 1, size);
        return;
      }
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
      this.#options.onFailed?.(error);
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      this.#open = false;
      this.#rejectBatch(error);
      return;
    }
    this.#open = false;
    const batch = this.#batch;
    this.#batch = [];
    this.#syncing = true;
    this.#options.sync((error) => this.#settle(batch, error));
  }

  #settle(batch: Outcome[], error: Error | null): void {
    this.#syncing = false;
    if (error !== null) {
      this.#fail(error, batch);
    } else {
      for (const { job, ok, value, hooks } of batch) {
        for (const hook of hooks) hook();
        if (ok) job.resolve(value as never);
        else job.reject(value);
      }
    }
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
    if (error !== null) return;
    this.#planCommit();
    this.#options.onSynced(batch.length, this.#rows);
    this.#rows = 0;
  }

  /** After a failed sync nobody knows what is on disk: acknowledge nothing any more. */
  #fail(error: Error, batch: Outcome[]): void {
    this.#fatal = new DatabaseFatal(`sync of the database failed: ${error.message}`);
    this.#options.onFailed?.(this.#fatal);
    for (const { job } of batch) job.reject(this.#fatal);
    this.#rejectBatch(this.#fatal);
    for (const job of this.#queue.splice(0)) job.reject(this.#fatal);
    this.#options.onFatal(this.#fatal);
  }

  #rejectBatch(error: unknown): void {
    const batch = this.#batch;
    this.#batch = [];
    for (const { undo } of batch) for (const work of undo) work();
    for (const { job } of batch) job.reject(error);
  }

  #statement(sql: string): Sqlite.Statement<unknown[]> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value;
}
