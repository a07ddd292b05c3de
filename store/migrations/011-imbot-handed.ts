import type { Migration } from './migration.ts';

/** Notices of the mini-program IM between hand-over and outcome. */
export const imbotHanded: Migration = {
  version: 11,
  name: 'imbot-handed',
  statements: [
    // notice: JSON of formId, fromUserId, toUserId; msg: JSON as it was given. tries: that reached
    // nobody. waiting: 1 while nothing has left, 0 while something may have.
    `CREATE TABLE imbot_handed (
      id INTEGER PRIMARY KEY,
      receiver BIGINT NOT NULL,
      template_url TEXT NOT NULL,
      notice TEXT NOT NULL,
      msg BLOB NOT NULL,
      tries INTEGER NOT NULL,
      waiting INTEGER NOT NULL
    )`,
  ],
};
