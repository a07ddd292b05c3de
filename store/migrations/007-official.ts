import type { Migration } from './migration.ts';

/** The official-account component. Its frames lie in the message log, its users in `im_names`. */
export const official: Migration = {
  version: 7,
  name: 'official',
  statements: [
    // What a caller called a push, so that it is done once. receiver: 0 for a push to many. sender:
    // 0 for nobody in particular. digest: of what it says.
    `CREATE TABLE official_keys (
      receiver BIGINT NOT NULL,
      sender BIGINT NOT NULL,
      key TEXT NOT NULL,
      digest TEXT NOT NULL,
      message_id BIGINT NOT NULL,
      at BIGINT NOT NULL,
      PRIMARY KEY (receiver, sender, key)
    ) WITHOUT ROWID`,
    'CREATE INDEX official_keys_by_time ON official_keys (at)',
    // Who reads: a device of the user, or (device empty, number 0) all that name none. The message up
    // to which it has everything lies in im_cursors under the number. acked_at: when last it confirmed what it got.
    `CREATE TABLE official_readers (
      uid BIGINT NOT NULL,
      device TEXT NOT NULL,
      number BIGINT NOT NULL,
      acked_at BIGINT,
      seen_at BIGINT NOT NULL,
      PRIMARY KEY (uid, device)
    ) WITHOUT ROWID`,
    'CREATE INDEX official_readers_by_time ON official_readers (seen_at)',
    // Pushes to many: which of the 1,024 users of a block get a message, a bit for each. So few rows
    // take the place of thousands in im_inbox.
    `CREATE TABLE official_many (
      block BIGINT NOT NULL,
      message_id BIGINT NOT NULL,
      bits BLOB NOT NULL,
      PRIMARY KEY (block, message_id)
    ) WITHOUT ROWID`,
    // What of them is old.
    `CREATE INDEX im_messages_to_many ON im_messages (id) WHERE kind = 'official' AND receiver = 0`,
  ],
};
