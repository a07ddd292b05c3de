import type { Migration } from './migration.ts';

/** Reports on schedule, what became of each of their slots, and single sends for later. */
export const reports: Migration = {
  version: 13,
  name: 'reports',
  statements: [
    // decided_to: every slot up to here is in `runs` or was too old to be. revision rises with each
    // change, so that another process notices.
    `CREATE TABLE schedules (
      name TEXT PRIMARY KEY,
      source TEXT NOT NULL CHECK (source IN ('config', 'admin')),
      settings TEXT NOT NULL,
      paused INTEGER NOT NULL DEFAULT 0,
      paused_reason TEXT,
      failures BIGINT NOT NULL DEFAULT 0,
      decided_to BIGINT NOT NULL,
      revision BIGINT NOT NULL DEFAULT 0,
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL
    ) WITHOUT ROWID`,
    // One row a slot, whoever asks for it and how often: the key is what makes a run happen once. It
    // outlives its schedule. lease_until: then another process may take it up, as attempt + 1.
    `CREATE TABLE runs (
      schedule TEXT NOT NULL,
      slot BIGINT NOT NULL,
      cause TEXT NOT NULL CHECK (cause IN ('slot', 'catch-up', 'backfill', 'operator')),
      state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'sending', 'sent', 'partial',
        'failed', 'nothing', 'skipped')),
      reason TEXT,
      attempt BIGINT NOT NULL DEFAULT 0,
      owner TEXT,
      lease_until BIGINT,
      created_at BIGINT NOT NULL,
      started_at BIGINT,
      finished_at BIGINT,
      expires_at BIGINT NOT NULL,
      row_count BIGINT,
      output TEXT,
      targets TEXT NOT NULL DEFAULT '[]',
      PRIMARY KEY (schedule, slot)
    ) WITHOUT ROWID`,
    `CREATE INDEX runs_open ON runs (state, schedule, slot)
      WHERE state IN ('waiting', 'running', 'sending')`,
    'CREATE INDEX runs_by_time ON runs (created_at, schedule, slot)',

    // Numbers are never given again: a txcode is made of them.
    `CREATE TABLE scheduled_sends (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      botcode TEXT NOT NULL,
      target TEXT NOT NULL,
      content TEXT NOT NULL,
      at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'queued', 'failed', 'expired', 'cancelled')),
      msgid BIGINT,
      reason TEXT,
      made_by TEXT,
      created_at BIGINT NOT NULL,
      settled_at BIGINT
    )`,
    `CREATE INDEX scheduled_sends_due ON scheduled_sends (at, id) WHERE state = 'waiting'`,
    'CREATE INDEX scheduled_sends_by_age ON scheduled_sends (settled_at) WHERE settled_at IS NOT NULL',
  ],
};
