import type { Migration } from './migration.ts';

/** The mini-program IM. Its people are those of `im_names`. */
export const imbot: Migration = {
  version: 6,
  name: 'imbot',
  statements: [
    // role: B C. wechat: JSON as it was given.
    `CREATE TABLE imbot_users (
      id TEXT PRIMARY KEY,
      role TEXT NOT NULL,
      wechat TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL
    )`,
    // Who writes to whom: the queue of a pair is an inbox of the core, owned by the pair. taken: up
    // to where it was fetched. waiting: 1 while something lies behind that.
    `CREATE TABLE imbot_pairs (
      pair INTEGER PRIMARY KEY,
      receiver BIGINT NOT NULL,
      sender BIGINT NOT NULL,
      taken BIGINT NOT NULL DEFAULT 0,
      waiting INTEGER NOT NULL DEFAULT 0,
      UNIQUE (receiver, sender)
    )`,
    'CREATE INDEX imbot_pairs_by_sender ON imbot_pairs (sender)',
    'CREATE INDEX imbot_pairs_waiting ON imbot_pairs (receiver, pair) WHERE waiting = 1',
    // History by the messages' own times, as they were given.
    `CREATE TABLE imbot_times (
      pair BIGINT NOT NULL,
      at DOUBLE PRECISION NOT NULL,
      message_id BIGINT NOT NULL,
      PRIMARY KEY (pair, at, message_id)
    ) WITHOUT ROWID`,
    // What came over this family and lies in the log in another form (customer service), as it was
    // given: JSON.
    `CREATE TABLE imbot_bodies (
      message_id INTEGER PRIMARY KEY,
      body BLOB NOT NULL
    )`,
    // One timer for each receiver. msg: JSON.
    `CREATE TABLE imbot_notices (
      receiver INTEGER PRIMARY KEY,
      sender BIGINT NOT NULL,
      due_at BIGINT NOT NULL,
      template_url TEXT NOT NULL,
      msg BLOB NOT NULL
    )`,
    'CREATE INDEX imbot_notices_due ON imbot_notices (due_at)',
  ],
};
