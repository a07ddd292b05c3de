import type { Migration } from './migration.ts';

/**
 * Where inboxes begin, for applications whose clients come from another server and hold its keys;
 * and no word of having read what there never was.
 */
export const imKeys: Migration = {
  version: 8,
  name: 'im-keys',
  statements: [
    // Inboxes of the application without a message begin behind it.
    'ALTER TABLE im_apps ADD COLUMN first_key BIGINT NOT NULL DEFAULT 0',
    // Cursors beyond the newest count as none. Those below 0 are not of applications.
    `DELETE FROM im_cursors WHERE appid >= 0 AND gid = 0 AND seq > coalesce((
      SELECT max(i.seq) FROM im_inbox AS i
      WHERE i.appid = im_cursors.appid AND i.uid = im_cursors.uid
    ), 0)`,
    `DELETE FROM im_cursors WHERE appid >= 0 AND gid <> 0 AND seq > coalesce((
      SELECT max(i.seq) FROM im_group_inbox AS i WHERE i.gid = im_cursors.gid
    ), 0)`,
  ],
};
