import { closeSync, fdatasync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Database, DatabaseFatal, Insertion, Param, Row, Statement, Tx } from './database.ts';
import type { DatabaseHealth } from './database-health.ts';
import { GroupCommit } from './group-commit.ts';
import { SqliteHelper } from './sqlite-helper.ts';
import { syncPath } from './sync-path.ts';

export interface SqliteOptions {
  file: string;
  /** Called once when a sync fails: nothing is acknowledged after it, the process has to end. */
  onFatal?: (error: DatabaseFatal) => void;
  /** Replaces `fs.fdatasync` in tests that inject disk faults. */
  sync?: (fd: number, done: (error: Error | null) => void) => void;
  /** Is told how writing and reading go. */
  health?: DatabaseHealth;
}

/** A checkpoint begins after this many commits or transactions: some 10 to 60 MB of WAL. */
const checkpointBatches = 512;
const checkpointJobs = 8192;
/** Or after so many rows, each of which may lie in a page of its own. */
const checkpointRows = 50_000;

/**
 * SQLite with durable group commit and an event loop that never waits for the disk: commits go to
 * the WAL without a sync (synchronous=NORMAL), then one `fdatasync` of the WAL file in the thread
 * pool covers all of them, and only then are they acknowledged. Same promise as synchronous=FULL.
 * Checkpoints and long reads run in a worker thread with its own connection.
 */
export class SqliteDatabase implements Database {
  readonly #db: Sqlite.Database;
  /** Sees committed rows only, whatever the writer has open. */
  readonly #reader: Sqlite.Database;
  readonly #walFd: number;
  readonly #helper: SqliteHelper;
  readonly #commits: GroupCommit;
  readonly #health: DatabaseHealth | undefined;
  readonly #readStatements = new Map<string, Sqlite.Statement<unknown[]>>();
  #closed: Promise<void> | undefined;
  /** Written since the last checkpoint began. */
  #batches = 0;
  #jobs = 0;
  #rows = 0;
  #checkpointing = false;

  constructor(options: SqliteOptions) {
    this.#db = openConnection(options.file);
    // Counts in a file that is new: what is forgotten can be given back, a few pages at a time.
    this.#db.pragma('auto_vacuum = INCREMENTAL');
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('wal_autocheckpoint = 0');
    // What a burst needed is given back when the file starts over.
    this.#db.pragma('journal_size_limit = 67108864');
    // The first write creates the WAL file, whose directory entry has to be on disk too.
    this.#db.exec('CREATE TABLE IF NOT EXISTS wal_opened (one INTEGER PRIMARY KEY)');
    this.#db.exec('DELETE FROM wal_opened; INSERT INTO wal_opened VALUES (1)');
    this.#walFd = openSync(`${options.file}-wal`, 'r+');
    fsyncSync(this.#walFd);
    syncPath(dirname(options.file));
    this.#reader = openConnection(options.file);
    this.#reader.pragma('query_only = ON');
    this.#helper = new SqliteHelper(options.file);
    const sync = options.sync ?? fdatasync;
    const { health } = options;
    this.#health = health;
    this.#commits = new GroupCommit({
      db: this.#db,
      sync: (done) => sync(this.#walFd, done),
      onSynced: (jobs, rows) => {
        if (health?.fault !== undefined && rows > 0) health.wrote();
        this.#checkpointIfDue(jobs, rows);
      },
      onFatal: options.onFatal ?? (() => {}),
      ...(health && { onFailed: (error: unknown) => health.failed(error) }),
    });
  }

  async read<T = Row>(sql: string, params: readonly Param[] = []): Promise<T[]> {
    this.#assertUsable();
    let statement = this.#readStatements.get(sql);
    if (statement === undefined) {
      statement = this.#reader.prepare(sql);
      this.#readStatements.set(sql, statement);
    }
    const rows = this.#rowsOf<T>(statement, params);
    // A commit it may have seen is on its way to the disk.
    await this.#commits.synced();
    return rows;
  }

  #rowsOf<T>(statement: Sqlite.Statement<unknown[]>, params: readonly Param[]): T[] {
    try {
      return statement.all(...params) as T[];
    } catch (error) {
      this.#health?.failed(error);
      throw error;
    }
  }

  readLong<T = Row>(sql: string, params: readonly Param[] = []): Promise<T[]> {
    this.#assertUsable();
    return this.#helper.query(sql, params) as Promise<T[]>;
  }

  transaction<T>(work: (tx: Tx) => Promise<T> | T, options?: { unguarded: true }): Promise<T> {
    if (this.#closed !== undefined) return Promise.reject(new Error('the database is closed'));
    return this.#commits.add(work, options !== undefined);
  }

  insert<T>(
    row: () => Insertion<T>,
    unless: Statement | undefined,
    onDurable: () => void,
  ): Promise<T | undefined> {
    if (this.#closed !== undefined) return Promise.reject(new Error('the database is closed'));
    return this.#commits.insert(row, unless, onDurable);
  }

  /**
   * Gives free pages back to the file system, so many at most: a few milliseconds. Nothing where the
   * file was made by a version that did not plan for it (a restoration changes that).
   * @returns how many are free still
   */
  async reclaim(pages: number): Promise<number> {
    // Each page is a step of the statement, and one step is what `run` takes.
    await this.transaction(async (tx) => {
      for (let page = 0; page < pages; page += 1) await tx.run('PRAGMA incremental_vacuum(1)');
    });
    const [mode] = await this.read<{ auto_vacuum: number }>('PRAGMA auto_vacuum');
    if (mode?.auto_vacuum !== 2) return 0;
    const [free] = await this.read<{ freelist_count: number }>('PRAGMA freelist_count');
    return Number(free?.freelist_count ?? 0);
  }

  backup(file: string): Promise<void> {
    this.#assertUsable();
    return this.#helper.backup(file);
  }

  /**
   * Writes the whole file anew, and its log: of what was deleted or overwritten nothing is left.
   * Writers wait meanwhile; takes up to twice as much room again.
   */
  async rewrite(): Promise<void> {
    this.#assertUsable();
    await this.#commits.pause();
    try {
      await this.#helper.rewrite();
    } finally {
      this.#commits.resume();
    }
  }

  /**
   * Copies everything to a new file by the connection that has it open, for when the name leads to it
   * no more. Holds up the process: for emergencies.
   */
  async save(file: string): Promise<void> {
    this.#assertUsable();
    await this.#commits.pause();
    try {
      this.#db.prepare('VACUUM INTO ?').run(file);
    } finally {
      this.#commits.resume();
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#commits.add(() => undefined, false).catch(() => {});
    await this.#helper.close();
    this.#reader.close();
    closeSync(this.#walFd);
    // Closing the last connection checkpoints, syncs and removes the WAL file.
    this.#db.close();
  }

  #checkpointIfDue(jobs: number, rows: number): void {
    this.#batches += 1;
    this.#jobs += jobs;
    this.#rows += rows;
    if (this.#checkpointing) return;
    const due =
      this.#batches >= checkpointBatches ||
      this.#jobs >= checkpointJobs ||
      this.#rows >= checkpointRows;
    if (!due) return;
    this.#batches = 0;
    this.#jobs = 0;
    this.#rows = 0;
    this.#checkpointing = true;
    void this.#checkpoint().finally(() => {
      this.#checkpointing = false;
    });
  }

  /**
   * The WAL starts over only when a transaction begins while every frame is in the database file.
   * A first pass copies the bulk while writing goes on; then new transactions wait (the event loop
   * does not) for a second pass over the few frames left.
   */
  async #checkpoint(): Promise<void> {
    await this.#helper.checkpoint();
    await this.#commits.pause();
    await this.#helper.checkpoint();
    this.#commits.resume();
  }

  #assertUsable(): void {
    if (this.#commits.fatal !== undefined) throw this.#commits.fatal;
    if (this.#closed !== undefined) throw new Error('the database is closed');
  }
}

function openConnection(file: string): Sqlite.Database {
  const db = new Sqlite(file, { timeout: 5000 });
  db.pragma('synchronous = NORMAL');
  db.pragma('foreign_keys = ON');
  db.pragma('temp_store = MEMORY');
  // Keys come in any order: the leaves they touch should stay in memory.
  db.pragma('cache_size = -16384');
  return db;
}
