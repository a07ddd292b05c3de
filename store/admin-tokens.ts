import type { Database, Tx } from './database.ts';

/** session: a password opened it; api: an operator made it. */
export type TokenKind = 'session' | 'api';

export interface TokenRow {
  id: number;
  kind: TokenKind;
  name: string;
  created_at: number;
  /** Epoch ms; null: until it is revoked. */
  expires_at: number | null;
}

const columns = 'id, kind, name, created_at, expires_at';

/** Operators' bearer tokens. Only their SHA-256 is kept: who reads the database has no token. */
export class AdminTokenStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** @returns its id */
  async add(
    tx: Tx,
    row: { kind: TokenKind; name: string; hash: string; now: number; expiresAt: number | null },
  ): Promise<number> {
    const added = await tx.get<{ id: number }>(
      `INSERT INTO admin_tokens (kind, name, hash, created_at, expires_at)
       VALUES (?, ?, ?, ?, ?) RETURNING id`,
      [row.kind, row.name, row.hash, row.now, row.expiresAt],
    );
    if (added === undefined) throw new Error('an insert returned no row');
    return added.id;
  }

  /** The token with this hash, if it is live. */
  async find(hash: string, now: number): Promise<TokenRow | undefined> {
    const [row] = await this.db.read<TokenRow>(
      `SELECT ${columns} FROM admin_tokens
       WHERE hash = ? AND (expires_at IS NULL OR expires_at > ?)`,
      [hash, now],
    );
    return row;
  }

  /** Live tokens with `id > after`, oldest first. */
  list(page: { after: number; limit: number; now: number }): Promise<TokenRow[]> {
    return this.db.read<TokenRow>(
      `SELECT ${columns} FROM admin_tokens
       WHERE id > ? AND (expires_at IS NULL OR expires_at > ?) ORDER BY id LIMIT ?`,
      [page.after, page.now, page.limit],
    );
  }

  /** @returns whether there was one */
  async remove(tx: Tx, id: number): Promise<boolean> {
    return (await tx.run('DELETE FROM admin_tokens WHERE id = ?', [id])) > 0;
  }

  async removeKind(tx: Tx, kind: TokenKind): Promise<void> {
    await tx.run('DELETE FROM admin_tokens WHERE kind = ?', [kind]);
  }

  async removeEnded(tx: Tx, now: number): Promise<void> {
    await tx.run('DELETE FROM admin_tokens WHERE expires_at IS NOT NULL AND expires_at <= ?', [
      now,
    ]);
  }
}
