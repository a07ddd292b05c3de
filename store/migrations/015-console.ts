import type { Migration } from './migration.ts';

/** Links that show a login QR code to whoever holds the phone. */
export const consoleTables: Migration = {
  version: 15,
  name: 'console',
  statements: [
    // hash: SHA-256 of the link's token; viewer: of what the browser that opened it shows, null:
    // nobody has opened it yet.
    `CREATE TABLE qr_shares (
      hash TEXT PRIMARY KEY,
      botcode TEXT NOT NULL,
      viewer TEXT,
      made_by TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL
    )`,
    'CREATE INDEX qr_shares_end ON qr_shares (expires_at)',
  ],
};
