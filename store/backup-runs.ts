import type { Database } from './database.ts';

export type RunKind = 'backup' | 'drill';
export type RunCause = 'schedule' | 'operator';

export interface BackupRunRow {
  id: number;
  kind: RunKind;
  cause: RunCause;
  at: number;
  took_ms: number;
  ok: number;
  file: string | null;
  bytes: number | null;
  sha256: string | null;
  error: string | null;
  details: string | null;
}

const columns = 'id, kind, cause, at, took_ms, ok, file, bytes, sha256, error, details';
/** Runs of each kind that are remembered. */
const kept = 1000;

/** When backups and trials of them were made, and how they went. */
export class BackupRunStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(row: Omit<BackupRunRow, 'id'>): Promise<void> {
    return this.#db.transaction(async (tx) => {
      await tx.run(
        `INSERT INTO backup_runs (kind, cause, at, took_ms, ok, file, bytes, sha256, error, details)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          ...[row.kind, row.cause, row.at, row.took_ms, row.ok, row.file],
          ...[row.bytes, row.sha256, row.error, row.details],
        ],
      );
      await tx.run(`DELETE FROM backup_runs WHERE id <= (SELECT max(id) FROM backup_runs) - ? `, [
        kept,
      ]);
    });
  }

  /** The newest of a kind; with `ok` only of those that went so. */
  async last(kind: RunKind, ok?: boolean): Promise<BackupRunRow | undefined> {
    const rows = await this.#db.read<BackupRunRow>(
      `SELECT ${columns} FROM backup_runs
       WHERE kind = ? AND ok BETWEEN ? AND ? ORDER BY id DESC LIMIT 1`,
      [kind, ok === true ? 1 : 0, ok === false ? 0 : 1],
    );
    return rows[0];
  }

  /** Newest first, below an id. */
  list(before: number | undefined, limit: number): Promise<BackupRunRow[]> {
    return this.#db.read<BackupRunRow>(
      `SELECT ${columns} FROM backup_runs WHERE id < ? ORDER BY id DESC LIMIT ?`,
      [before ?? Number.MAX_SAFE_INTEGER, limit],
    );
  }

  async ofFile(file: string): Promise<BackupRunRow | undefined> {
    const rows = await this.#db.read<BackupRunRow>(
      `SELECT ${columns} FROM backup_runs WHERE file = ? AND kind = 'backup' ORDER BY id DESC LIMIT 1`,
      [file],
    );
    return rows[0];
  }
}
