import type { Vault } from '../config/secrets.ts';
import type { Database, Tx } from './database.ts';
import type { SealedField } from './sealed-field.ts';
import { sealedFieldOf } from './typed-secrets.ts';

export type ChannelSource = 'config' | 'admin';

export interface ChannelRow {
  chid: string;
  /** JSON of the settings, without keys. */
  settings: string;
  source: ChannelSource;
  paused_reason: string | null;
}

/** As it lies in the database. */
type RawChannel = ChannelRow & { sealed: Uint8Array | null };

export interface ChannelKeyRow {
  id: number;
  chid: string;
  sealed: Uint8Array;
  source: ChannelSource;
  created_at: number;
  /** Epoch ms after which the key is refused; null: until it is replaced. */
  expires_at: number | null;
}

/** Business systems, with the addresses of their receivers and their signature keys sealed. */
export class ChannelStore {
  readonly db: Database;
  readonly #callbackUrl: SealedField;

  constructor(db: Database, vault: Vault) {
    this.db = db;
    this.#callbackUrl = sealedFieldOf('channels', vault);
  }

  async all(tx: Tx): Promise<ChannelRow[]> {
    const rows = await tx.all<RawChannel>(`SELECT ${columns} FROM channels ORDER BY chid`);
    return rows.map((row) => this.#opened(row));
  }

  async get(tx: Tx, chid: string): Promise<ChannelRow | undefined> {
    const row = await tx.get<RawChannel>(`SELECT ${columns} FROM channels WHERE chid = ?`, [chid]);
    return row === undefined ? undefined : this.#opened(row);
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
    const { clear, sealed } = this.#callbackUrl.part(row.settings);
    await tx.run(
      `INSERT INTO channels (chid, settings, sealed, source, event_seq, created_at, updated_at)
       VALUES (?, ?, ?, ?, COALESCE((SELECT max(event_id) FROM events WHERE chid = ?), 0), ?, ?)
       ON CONFLICT (chid) DO UPDATE SET
         settings = excluded.settings, sealed = excluded.sealed, source = excluded.source,
         updated_at = excluded.updated_at`,
      [row.chid, clear, sealed, row.source, row.chid, row.now, row.now],
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

  #opened({ sealed, ...row }: RawChannel): ChannelRow {
    return { ...row, settings: this.#callbackUrl.whole({ clear: row.settings, sealed }) };
  }
}

const columns = 'chid, settings, sealed, source, paused_reason';
