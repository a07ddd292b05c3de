import type { Migration } from './migration.ts';

/** Backups and trials of restoring them: when, how long, how it went. */
export const backups: Migration = {
  version: 16,
  name: 'backups',
  statements: [
    // details: JSON: of a backup what is in it, of a drill its steps.
    `CREATE TABLE backup_runs (
      id INTEGER PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('backup', 'drill')),
      cause TEXT NOT NULL CHECK (cause IN ('schedule', 'operator')),
      at BIGINT NOT NULL,
      took_ms BIGINT NOT NULL,
      ok INTEGER NOT NULL,
      file TEXT,
      bytes BIGINT,
      sha256 TEXT,
      error TEXT,
      details TEXT
    )`,
    'CREATE INDEX backup_runs_by_kind ON backup_runs (kind, ok, id)',
    'CREATE INDEX backup_runs_by_file ON backup_runs (file)',
  ],
};
