import type { Database, Tx } from './database.ts';

export type ChannelSource = 'config' | 'admin';

export interface ChannelRow {
  chid: string;
  /** JSON of the settings, without keys. */
  settings: string;
  source: ChannelSource;
  paused_reason: string | null;
}

export interface ChannelKeyRow {
  id: number;
  chid: string;
  sealed: Uint8Array;
  source: ChannelSource;
  created_at: number;
  /** Epoch ms after which the key is refused; null: until it is replaced. */
  expires_at: number | null;
}

/** Business systems and their sealed signature keys. */
export class ChannelStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  all(tx: Tx): Promise<ChannelRow[]> {
    return tx.all('SELECT chid, settings, source, paused_reason FROM channels ORDER BY chid');
  }

  get(tx: Tx, chid: string): Promise<ChannelRow | undefined> {
    return tx.get('SELECT chid, settings, source, paused_reason FROM channels WHERE chid = ?', [
      chid,
    ]);
  }

  /** Newest first. */
  keys(tx: Tx, chid: string): Promise<ChannelKeyRow[]> {
    return tx.all(
      `SELECT id, chid, sealed, source, created_at, expires_at
       FROM channel_keys WHERE chid = ? ORDER BY id DESC`,
      [chid],
    );
  }

  /**
   * Writes the settings. A channel that is made anew goes on counting events where one of the same
   * number had stopped, so that event ids never come twice.
   */
  async put(
    tx: Tx,
    row: { chid: string; settings: string; source: ChannelSource; now: number },
  ): Promise<void> {
    await tx.run(
      `INSERT INTO channels (chid, settings, source, event_seq, created_at, updated_at)
       VALUES (?, ?, ?, COALESCE((SELECT max(event_id) FROM events WHERE chid = ?), 0), ?, ?)
       ON CONFLICT (chid) DO UPDATE SET
         settings = excluded.settings, source = excluded.source, updated_at = excluded.updated_at`,
      [row.chid, row.settings, row.source, row.chid, row.now, row.now],
    );
  }

  async setPaused(tx: Tx, chid: string, reason: string | null, now: number): Promise<void> {
    await tx.run('UPDATE channels SET paused_reason = ?, updated_at = ? WHERE chid = ?', [
      reason,
      now,
      chid,
    ]);
  }

  /** Its keys go with it. */
  async remove(tx: Tx, chid: string): Promise<void> {
    await tx.run('DELETE FROM channels WHERE chid = ?', [chid]);
  }

  async addKey(
    tx: Tx,
    key: { chid: string; sealed: Uint8Array; source: ChannelSource; now: number },
  ): Promise<void> {
    await tx.run(
      'INSERT INTO channel_keys (chid, sealed, source, created_at) VALUES (?, ?, ?, ?)',
      [key.chid, key.sealed, key.source, key.now],
    );
  }

  async removeKeys(tx: Tx, chid: string): Promise<void> {
    await tx.run('DELETE FROM channel_keys WHERE chid = ?', [chid]);
  }

  /** Lets a key end at `at` at the latest. */
  async endKey(tx: Tx, id: number, at: number): Promise<void> {
    await tx.run(
      'UPDATE channel_keys SET expires_at = ? WHERE id = ? AND (expires_at IS NULL OR expires_at > ?)',
      [at, id, at],
    );
  }

  /**
   * Forgets keys that have ended. Those of the config file stay on record: while the file still
   * names them, they are known as ended.
   */
  async forgetEndedKeys(tx: Tx, chid: string, now: number): Promise<void> {
    await tx.run(
      "DELETE FROM channel_keys WHERE chid = ? AND source = 'admin' AND expires_at <= ?",
      [chid, now],
    );
  }
}
