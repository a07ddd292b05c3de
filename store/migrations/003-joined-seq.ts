import type { Migration } from './migration.ts';

/** Where in a super group's inbox each member begins, so that none of it is looked through for that. */
export const joinedSeq: Migration = {
  version: 3,
  name: 'joined-seq',
  statements: [
    'ALTER TABLE im_members ADD COLUMN joined_seq BIGINT NOT NULL DEFAULT 0',
    `UPDATE im_members SET joined_seq = coalesce((
      SELECT max(i.seq) FROM im_group_inbox AS i JOIN im_messages AS m ON m.id = i.message_id
      WHERE i.gid = im_members.gid AND m.at < im_members.joined_at
    ), 0)`,
  ],
};
