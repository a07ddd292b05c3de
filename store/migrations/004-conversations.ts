import type { Migration } from './migration.ts';

/** People known by a text, and who talks to whom at a desk. Times are epoch milliseconds. */
export const conversations: Migration = {
  version: 4,
  name: 'conversations',
  statements: [
    // Users of the built-in application of names: what they are called outside (openId, userId).
    `CREATE TABLE im_names (
      uid INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE
    )`,
    // A customer and whoever answers. via: wechat imbot gobelieve. account: the WeChat appid, the
    // application's number, or empty. contact: what agents call the customer. appid, uid: the
    // customer as a user of the core. agent: name of who answers; null: nobody yet. waiting: place
    // in the customer's inbox of the first message that nobody was told of; null: none waits.
    `CREATE TABLE im_conversations (
      id INTEGER PRIMARY KEY,
      via TEXT NOT NULL,
      account TEXT NOT NULL,
      contact TEXT NOT NULL,
      appid BIGINT NOT NULL,
      uid BIGINT NOT NULL,
      store_id BIGINT,
      agent TEXT,
      waiting BIGINT,
      name TEXT NOT NULL DEFAULT '',
      avatar TEXT NOT NULL DEFAULT '',
      created_at BIGINT NOT NULL,
      last_at BIGINT NOT NULL,
      UNIQUE (via, account, contact)
    )`,
    'CREATE INDEX im_conversations_by_contact ON im_conversations (contact)',
    'CREATE INDEX im_conversations_by_customer ON im_conversations (appid, uid)',
    'CREATE INDEX im_conversations_by_agent ON im_conversations (agent, last_at)',
    'CREATE INDEX im_conversations_by_time ON im_conversations (last_at, id)',
    'CREATE INDEX im_conversations_waiting ON im_conversations (id) WHERE waiting IS NOT NULL',
  ],
};
