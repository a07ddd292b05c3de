import type { Migration } from './migration.ts';

/** Alarms, and how a person is told of them. */
export const alarms: Migration = {
  version: 14,
  name: 'alarms',
  statements: [
    // One row for each time that something was wrong. id: rises with time. key: what it is about, the
    // same each time. told_stage: 0 until somebody was told; stage beyond it: worse than was told.
    // text: {zh, en}. calm_since: nothing has been wrong since then.
    `CREATE TABLE alarms (
      id TEXT PRIMARY KEY,
      key TEXT NOT NULL,
      kind TEXT NOT NULL,
      subject TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('pending', 'raised', 'over')),
      stage INTEGER NOT NULL,
      told_stage INTEGER NOT NULL,
      flapping INTEGER NOT NULL,
      text TEXT NOT NULL,
      since BIGINT NOT NULL,
      raised_at BIGINT,
      calm_since BIGINT,
      over_at BIGINT,
      acked_at BIGINT,
      acked_by TEXT,
      note TEXT
    ) WITHOUT ROWID`,
    `CREATE INDEX alarms_open ON alarms (id) WHERE state <> 'over'`,
    'CREATE INDEX alarms_by_key ON alarms (key, raised_at)',
    `CREATE INDEX alarms_over ON alarms (over_at) WHERE state = 'over'`,
    // What a person is to be told. alarm: '' for a trial. batch: handed to a lane under this name,
    // with others perhaps; it stays the same when it is handed over again.
    `CREATE TABLE alarm_messages (
      id TEXT PRIMARY KEY,
      alarm TEXT NOT NULL,
      what TEXT NOT NULL CHECK (what IN ('raised', 'changed', 'over', 'test')),
      text TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('due', 'sending', 'sent', 'superseded', 'dead')),
      batch TEXT,
      lane TEXT,
      attempts INTEGER NOT NULL,
      created_at BIGINT NOT NULL,
      run_at BIGINT NOT NULL,
      done_at BIGINT,
      last_error TEXT
    ) WITHOUT ROWID`,
    'CREATE INDEX alarm_messages_by_alarm ON alarm_messages (alarm, id)',
    `CREATE INDEX alarm_messages_open ON alarm_messages (id) WHERE state IN ('due', 'sending')`,
    'CREATE INDEX alarm_messages_by_time ON alarm_messages (done_at) WHERE done_at IS NOT NULL',
    // Every try to tell something over a lane.
    `CREATE TABLE alarm_tries (
      id INTEGER PRIMARY KEY,
      lane TEXT NOT NULL,
      batch TEXT NOT NULL,
      at BIGINT NOT NULL,
      took_ms BIGINT NOT NULL,
      error TEXT
    )`,
    'CREATE INDEX alarm_tries_by_lane ON alarm_tries (lane, at)',
    'CREATE INDEX alarm_tries_by_batch ON alarm_tries (batch)',
    'CREATE INDEX alarm_tries_by_time ON alarm_tries (at)',
    // kind, subject: NULL means any.
    `CREATE TABLE alarm_silences (
      id TEXT PRIMARY KEY,
      kind TEXT,
      subject TEXT,
      until BIGINT NOT NULL,
      note TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      created_by TEXT NOT NULL
    ) WITHOUT ROWID`,
  ],
};
