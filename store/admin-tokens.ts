import type { Database, Tx } from './database.ts';

/** session: a password opened it; api: an operator made it. */
export type TokenKind = 'session' | 'api';
type Role = 'viewer' | 'operator' | 'admin';

export interface TokenRow {
  id: number;
  kind: TokenKind;
  name: string;
  created_at: number;
  /** Epoch ms; null: until it is revoked. */
  expires_at: number | null;
  /** Of a session the role its user has now. */
  role: Role;
  user_id: number | null;
  /** 1: counts as a cookie only. */
  cookie: number;
  made_by: string | null;
  address: string | null;
  agent: string | null;
}

export interface NewToken {
  kind: TokenKind;
  name: string;
  hash: string;
  now: number;
  expiresAt: number | null;
  /** Of a program's. */
  role?: Role;
  /** Of a session's. */
  userId?: number;
  cookie?: boolean;
  madeBy?: string;
  address?: string;
  agent?: string;
}

const select = `SELECT t.id, t.kind, t.name, t.created_at, t.expires_at, t.user_id, t.cookie,
    t.made_by, t.address, t.agent, coalesce(u.role, t.role) AS role
  FROM admin_tokens AS t LEFT JOIN operator_users AS u ON u.id = t.user_id`;
/** A session is worth nothing without its user. */
const live = `(t.expires_at IS NULL OR t.expires_at > ?)
  AND (t.kind = 'api' OR (u.disabled = 0 AND u.removed_at IS NULL))`;

/** Operators' bearer tokens. Only their SHA-256 is kept: who reads the database has no token. */
export class AdminTokenStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** @returns its id */
  async add(tx: Tx, row: NewToken): Promise<number> {
    const added = await tx.get<{ id: number }>(
      `INSERT INTO admin_tokens (kind, name, hash, created_at, expires_at, role, user_id, cookie,
         made_by, address, agent)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
      [
        ...[row.kind, row.name, row.hash, row.now, row.expiresAt, row.role ?? null],
        ...[row.userId ?? null, row.cookie === true ? 1 : 0, row.madeBy ?? null],
        ...[row.address ?? null, row.agent ?? null],
      ],
    );
    if (added === undefined) throw new Error('an insert returned no row');
    return added.id;
  }

  /** The token with this hash, if it is live. */
  async find(hash: string, now: number): Promise<TokenRow | undefined> {
    const [row] = await this.db.read<TokenRow>(`${select} WHERE t.hash = ? AND ${live}`, [
      hash,
      now,
    ]);
    return row;
  }

  async get(id: number, now: number): Promise<TokenRow | undefined> {
    const [row] = await this.db.read<TokenRow>(`${select} WHERE t.id = ? AND ${live}`, [id, now]);
    return row;
  }

  /** Live tokens with `id > after`, oldest first. */
  list(page: { after: number; limit: number; now: number }): Promise<TokenRow[]> {
    return this.db.read<TokenRow>(`${select} WHERE t.id > ? AND ${live} ORDER BY t.id LIMIT ?`, [
      page.after,
      page.now,
      page.limit,
    ]);
  }

  /** Live sessions of a user, newest first. */
  sessionsOf(userId: number, page: { now: number; limit: number }): Promise<TokenRow[]> {
    return this.db.read<TokenRow>(
      `${select} WHERE t.user_id = ? AND ${live} ORDER BY t.id DESC LIMIT ?`,
      [userId, page.now, page.limit],
    );
  }

  /** @returns whether there was one */
  async remove(tx: Tx, id: number): Promise<boolean> {
    return (await tx.run('DELETE FROM admin_tokens WHERE id = ?', [id])) > 0;
  }

  /** @param keep a session that stays */
  async removeSessionsOf(tx: Tx, userId: number, keep = 0): Promise<void> {
    await tx.run('DELETE FROM admin_tokens WHERE user_id = ? AND id <> ?', [userId, keep]);
  }

  /** All but the newest of a user. */
  async removeOldest(tx: Tx, userId: number, keep: number): Promise<void> {
    await tx.run(
      `DELETE FROM admin_tokens WHERE user_id = ? AND id <= (SELECT id FROM admin_tokens
         WHERE user_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`,
      [userId, userId, keep],
    );
  }

  async removeEnded(tx: Tx, now: number): Promise<void> {
    await tx.run('DELETE FROM admin_tokens WHERE expires_at IS NOT NULL AND expires_at <= ?', [
      now,
    ]);
  }
}
