import type { Migration } from './migration.ts';

/**
 * The message core: applications, users, groups, the message log and the inboxes over it. Times are
 * epoch milliseconds, flags 0/1, content is the bytes that were said.
 */
export const im: Migration = {
  version: 2,
  name: 'im',
  statements: [
    // secret and app_key are sealed. store_id: the desk that its customers reach first.
    `CREATE TABLE im_apps (
      appid BIGINT PRIMARY KEY,
      name TEXT NOT NULL,
      secret BLOB NOT NULL,
      app_key BLOB,
      store_id BIGINT,
      source TEXT NOT NULL,
      created_at BIGINT NOT NULL
    )`,
    // token is sealed, token_hash finds it; both null once it was revoked.
    `CREATE TABLE im_users (
      appid BIGINT NOT NULL,
      uid BIGINT NOT NULL,
      name TEXT NOT NULL,
      avatar TEXT NOT NULL DEFAULT '',
      token BLOB,
      token_hash TEXT UNIQUE,
      forbidden INTEGER NOT NULL DEFAULT 0,
      mute INTEGER NOT NULL DEFAULT 0,
      created_at BIGINT NOT NULL,
      PRIMARY KEY (appid, uid)
    ) WITHOUT ROWID`,
    // Conversations that a user wants no notice of. kind: peer group.
    `CREATE TABLE im_quiet (
      appid BIGINT NOT NULL,
      uid BIGINT NOT NULL,
      kind TEXT NOT NULL,
      target BIGINT NOT NULL,
      PRIMARY KEY (appid, uid, kind, target)
    ) WITHOUT ROWID`,
    // Native devices; web sessions and REST are device 0.
    `CREATE TABLE im_devices (
      id INTEGER PRIMARY KEY,
      platform INTEGER NOT NULL,
      device_id TEXT NOT NULL,
      UNIQUE (platform, device_id)
    )`,
    // Tokens of push services that apps bind to a user, sealed. kind: apns pushkit ng xg xm hw gcm jp.
    `CREATE TABLE im_push_tokens (
      appid BIGINT NOT NULL,
      uid BIGINT NOT NULL,
      kind TEXT NOT NULL,
      token BLOB NOT NULL,
      at BIGINT NOT NULL,
      PRIMARY KEY (appid, uid, kind)
    ) WITHOUT ROWID`,

    // A disbanded group keeps its row: its number is given to no other, least of all to one of
    // another application, whose members could read what was said in it.
    `CREATE TABLE im_groups (
      gid INTEGER PRIMARY KEY,
      appid BIGINT NOT NULL,
      master BIGINT NOT NULL,
      super INTEGER NOT NULL,
      name TEXT NOT NULL,
      notice TEXT NOT NULL DEFAULT '',
      created_at BIGINT NOT NULL,
      disbanded_at BIGINT
    )`,
    'CREATE INDEX im_groups_by_app ON im_groups (appid, gid) WHERE disbanded_at IS NULL',
    `CREATE TABLE im_members (
      gid BIGINT NOT NULL,
      uid BIGINT NOT NULL,
      appid BIGINT NOT NULL,
      name TEXT NOT NULL DEFAULT '',
      avatar TEXT NOT NULL DEFAULT '',
      nickname TEXT NOT NULL DEFAULT '',
      mute INTEGER NOT NULL DEFAULT 0,
      joined_at BIGINT NOT NULL,
      PRIMARY KEY (gid, uid)
    ) WITHOUT ROWID`,
    'CREATE INDEX im_members_by_user ON im_members (appid, uid, gid)',

    // The message log. kind: peer group notice system customer toDesk fromDesk. device: the one that
    // said it. client_id: its number there. parties: JSON, what customer messages name besides.
    `CREATE TABLE im_messages (
      id INTEGER PRIMARY KEY,
      appid BIGINT NOT NULL,
      kind TEXT NOT NULL,
      sender BIGINT NOT NULL,
      receiver BIGINT NOT NULL,
      device BIGINT NOT NULL,
      client_id BIGINT NOT NULL,
      parties TEXT,
      content BLOB NOT NULL,
      at BIGINT NOT NULL
    )`,
    // What each user has been told, numbered without a gap: 1, 2, 3 …
    `CREATE TABLE im_inbox (
      appid BIGINT NOT NULL,
      uid BIGINT NOT NULL,
      seq BIGINT NOT NULL,
      message_id BIGINT NOT NULL,
      PRIMARY KEY (appid, uid, seq)
    ) WITHOUT ROWID`,
    // The same of each super group.
    `CREATE TABLE im_group_inbox (
      gid BIGINT NOT NULL,
      seq BIGINT NOT NULL,
      message_id BIGINT NOT NULL,
      PRIMARY KEY (gid, seq)
    ) WITHOUT ROWID`,
    // How far a user has read: gid 0 is the own inbox, else that of a super group.
    `CREATE TABLE im_cursors (
      appid BIGINT NOT NULL,
      uid BIGINT NOT NULL,
      gid BIGINT NOT NULL,
      seq BIGINT NOT NULL,
      PRIMARY KEY (appid, uid, gid)
    ) WITHOUT ROWID`,

    // Customer service. status: online offline.
    `CREATE TABLE im_desks (
      store_id INTEGER PRIMARY KEY,
      appid BIGINT NOT NULL,
      name TEXT NOT NULL,
      created_at BIGINT NOT NULL
    )`,
    `CREATE TABLE im_sellers (
      store_id BIGINT NOT NULL,
      uid BIGINT NOT NULL,
      name TEXT NOT NULL,
      avatar TEXT NOT NULL DEFAULT '',
      status TEXT NOT NULL,
      PRIMARY KEY (store_id, uid)
    ) WITHOUT ROWID`,
    // client_id is the customer's uid. customer_id: what the application calls it; null: nobody known.
    `CREATE TABLE im_customers (
      appid BIGINT NOT NULL,
      client_id BIGINT NOT NULL,
      customer_id TEXT,
      PRIMARY KEY (appid, client_id),
      UNIQUE (appid, customer_id)
    ) WITHOUT ROWID`,
    `CREATE TABLE im_assignments (
      appid BIGINT NOT NULL,
      uid BIGINT NOT NULL,
      store_id BIGINT NOT NULL,
      seller_uid BIGINT NOT NULL,
      PRIMARY KEY (appid, uid, store_id)
    ) WITHOUT ROWID`,
    'CREATE INDEX im_assignments_by_seller ON im_assignments (store_id, seller_uid)',
  ],
};
