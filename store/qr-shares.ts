import type { Database, Tx } from './database.ts';

export interface QrShareRow {
  botcode: string;
  /** Hash of what the browser shows that opened it; null: nobody has. */
  viewer: string | null;
  made_by: string;
  expires_at: number;
}

/** Links to login QR codes, by the hash of their token. */
export class QrShareStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async add(
    tx: Tx,
    row: { hash: string; botcode: string; madeBy: string; now: number; expiresAt: number },
  ): Promise<void> {
    await tx.run(
      `INSERT INTO qr_shares (hash, botcode, made_by, created_at, expires_at)
       VALUES (?, ?, ?, ?, ?)`,
      [row.hash, row.botcode, row.madeBy, row.now, row.expiresAt],
    );
  }

  /** The first one gets it. @returns whether that was this one */
  async claim(tx: Tx, hash: string, viewer: string, now: number): Promise<boolean> {
    const claimed = await tx.run(
      'UPDATE qr_shares SET viewer = ? WHERE hash = ? AND viewer IS NULL AND expires_at > ?',
      [viewer, hash, now],
    );
    return claimed > 0;
  }

  async find(hash: string, now: number): Promise<QrShareRow | undefined> {
    const [row] = await this.db.read<QrShareRow>(
      'SELECT botcode, viewer, made_by, expires_at FROM qr_shares WHERE hash = ? AND expires_at > ?',
      [hash, now],
    );
    return row;
  }

  /** Links of a bot whose time is not over. */
  async count(tx: Tx, botcode: string, now: number): Promise<number> {
    const [row] = await tx.all<{ count: number }>(
      'SELECT COUNT(*) AS count FROM qr_shares WHERE botcode = ? AND expires_at > ?',
      [botcode, now],
    );
    return Number(row?.count ?? 0);
  }

  async drop(tx: Tx, hash: string): Promise<void> {
    await tx.run('DELETE FROM qr_shares WHERE hash = ?', [hash]);
  }

  async prune(tx: Tx, now: number): Promise<void> {
    await tx.run('DELETE FROM qr_shares WHERE expires_at <= ?', [now]);
  }
}
