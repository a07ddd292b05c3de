import type { Migration } from './migration.ts';

/** The people who run the daemon, what their tokens may do, and what they did. */
export const operators: Migration = {
  version: 12,
  name: 'operators',
  statements: [
    // No. 1 is the one of the config: username and password are null, they stand elsewhere. Who was
    // removed keeps his number, without a name: the audit speaks of it. folded: the name in lower
    // case. totp: sealed, in use; totp_next: sealed, waits for a first code; totp_step: the newest
    // time step whose code was used.
    `CREATE TABLE operator_users (
      id INTEGER PRIMARY KEY,
      username TEXT,
      folded TEXT UNIQUE,
      role TEXT NOT NULL,
      password TEXT,
      language TEXT,
      disabled INTEGER NOT NULL DEFAULT 0,
      totp BLOB,
      totp_next BLOB,
      totp_step BIGINT NOT NULL DEFAULT 0,
      created_at BIGINT NOT NULL,
      logged_in_at BIGINT,
      removed_at BIGINT
    )`,
    "INSERT INTO operator_users (id, role, created_at) VALUES (1, 'admin', 0)",

    // SHA-256 of codes that were not used yet.
    `CREATE TABLE operator_recovery_codes (
      user_id BIGINT NOT NULL,
      hash TEXT NOT NULL,
      PRIMARY KEY (user_id, hash)
    )`,

    // role: of a program's token; a session has its user's. cookie: 1: counts as a cookie only.
    'ALTER TABLE admin_tokens ADD COLUMN role TEXT',
    'ALTER TABLE admin_tokens ADD COLUMN user_id BIGINT',
    'ALTER TABLE admin_tokens ADD COLUMN made_by TEXT',
    'ALTER TABLE admin_tokens ADD COLUMN cookie INTEGER NOT NULL DEFAULT 0',
    'ALTER TABLE admin_tokens ADD COLUMN address TEXT',
    'ALTER TABLE admin_tokens ADD COLUMN agent TEXT',
    "UPDATE admin_tokens SET role = 'admin' WHERE kind = 'api'",
    "UPDATE admin_tokens SET user_id = 1 WHERE kind = 'session'",
    'CREATE INDEX admin_tokens_user ON admin_tokens (user_id, id)',

    // Written before something is done, so that no death of the process hides it; status: how it was
    // answered, null: not known. fields: JSON list of names.
    `CREATE TABLE audit (
      id INTEGER PRIMARY KEY,
      at BIGINT NOT NULL,
      user_id BIGINT,
      name TEXT NOT NULL,
      role TEXT,
      via TEXT NOT NULL,
      token_id BIGINT,
      address TEXT NOT NULL,
      operation TEXT NOT NULL,
      target TEXT NOT NULL,
      fields TEXT NOT NULL,
      status INTEGER
    )`,
    'CREATE INDEX audit_at ON audit (at)',
    'CREATE INDEX audit_name ON audit (name, id)',
    'CREATE INDEX audit_operation ON audit (operation, id)',
    'CREATE INDEX audit_target ON audit (target, id)',
  ],
};
