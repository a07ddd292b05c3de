import type { Database, Tx } from './database.ts';

export interface QrRow {
  /** Unguessable: whoever knows it may see the picture. */
  name: string;
  botcode: string;
  /** The text inside the QR code. */
  text: string;
  createdAt: number;
  expiresAt: number;
}

/** The login QR codes that can be fetched now: at most one of each bot. */
export class QrStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The newest code of its bot; the one before it is dead. */
  async put(tx: Tx, row: QrRow): Promise<void> {
    await this.drop(tx, row.botcode);
    await tx.run(
      'INSERT INTO qr_codes (name, botcode, text, created_at, expires_at) VALUES (?, ?, ?, ?, ?)',
      [row.name, row.botcode, row.text, row.createdAt, row.expiresAt],
    );
  }

  async extend(tx: Tx, name: string, expiresAt: number): Promise<void> {
    await tx.run('UPDATE qr_codes SET expires_at = ? WHERE name = ?', [expiresAt, name]);
  }

  /** The bot has no code any more: logged in, logged out, off. */
  async drop(tx: Tx, botcode: string): Promise<void> {
    await tx.run('DELETE FROM qr_codes WHERE botcode = ?', [botcode]);
  }

  /** Undefined when there is no such code, or it is over at `now`. */
  async find(name: string, now: number): Promise<QrRow | undefined> {
    const rows = await this.#db.read<RawQr>(
      `SELECT name, botcode, text, created_at, expires_at FROM qr_codes
       WHERE name = ? AND expires_at > ?`,
      [name, now],
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    return {
      name: row.name,
      botcode: row.botcode,
      text: row.text,
      createdAt: Number(row.created_at),
      expiresAt: Number(row.expires_at),
    };
  }
}

interface RawQr {
  name: string;
  botcode: string;
  text: string;
  created_at: number;
  expires_at: number;
}
