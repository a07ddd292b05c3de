import type { Database, Tx } from './database.ts';

/** No. 1: its name and password are those of the config. */
export const builtInUser = 1;

export interface OperatorUserRow {
  id: number;
  /** Null: no. 1. */
  username: string | null;
  role: 'viewer' | 'operator' | 'admin';
  /** scrypt; null: no. 1. */
  password: string | null;
  language: 'zh' | 'en' | null;
  disabled: number;
  /** Sealed. */
  totp: Uint8Array | null;
  totp_next: Uint8Array | null;
  created_at: number;
  logged_in_at: number | null;
}

const columns = `id, username, role, password, language, disabled, totp, totp_next, created_at,
  logged_in_at`;

/** The people who run the daemon. */
export class OperatorUserStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async get(id: number): Promise<OperatorUserRow | undefined> {
    const [row] = await this.db.read<OperatorUserRow>(
      `SELECT ${columns} FROM operator_users WHERE id = ? AND removed_at IS NULL`,
      [id],
    );
    return row;
  }

  /** By name in lower case. No. 1 has none here. */
  async named(folded: string): Promise<OperatorUserRow | undefined> {
    const [row] = await this.db.read<OperatorUserRow>(
      `SELECT ${columns} FROM operator_users WHERE folded = ?`,
      [folded],
    );
    return row;
  }

  list(page: { after: number; limit: number }): Promise<OperatorUserRow[]> {
    return this.db.read<OperatorUserRow>(
      `SELECT ${columns} FROM operator_users
       WHERE id > ? AND removed_at IS NULL ORDER BY id LIMIT ?`,
      [page.after, page.limit],
    );
  }

  /** @returns its number; undefined: the name is taken */
  async add(
    tx: Tx,
    row: { username: string; folded: string; role: string; password: string; now: number },
  ): Promise<number | undefined> {
    const added = await tx.get<{ id: number }>(
      `INSERT INTO operator_users (username, folded, role, password, created_at)
       VALUES (?, ?, ?, ?, ?) ON CONFLICT (folded) DO NOTHING RETURNING id`,
      [row.username, row.folded, row.role, row.password, row.now],
    );
    return added?.id;
  }

  async change(
    tx: Tx,
    id: number,
    to: {
      role?: string | undefined;
      disabled?: boolean | undefined;
      language?: string | null | undefined;
    },
  ): Promise<boolean> {
    const sets: string[] = [];
    const values: (string | number | null)[] = [];
    const set = (column: string, value: string | number | null): void => {
      sets.push(`${column} = ?`);
      values.push(value);
    };
    if (to.role !== undefined) set('role', to.role);
    if (to.disabled !== undefined) set('disabled', to.disabled ? 1 : 0);
    if (to.language !== undefined) set('language', to.language);
    if (sets.length === 0) return true;
    const changed = await tx.run(
      `UPDATE operator_users SET ${sets.join(', ')} WHERE id = ? AND removed_at IS NULL`,
      [...values, id],
    );
    return changed > 0;
  }

  async setPassword(tx: Tx, id: number, password: string): Promise<boolean> {
    const changed = await tx.run(
      'UPDATE operator_users SET password = ? WHERE id = ? AND removed_at IS NULL',
      [password, id],
    );
    return changed > 0;
  }

  async loggedIn(tx: Tx, id: number, now: number): Promise<void> {
    await tx.run('UPDATE operator_users SET logged_in_at = ? WHERE id = ?', [now, id]);
  }

  /** Forgets everything but the number. @returns whether there was one */
  async remove(tx: Tx, id: number, now: number): Promise<boolean> {
    const changed = await tx.run(
      `UPDATE operator_users SET removed_at = ?, username = NULL, folded = NULL, password = NULL,
         totp = NULL, totp_next = NULL WHERE id = ? AND removed_at IS NULL`,
      [now, id],
    );
    await tx.run('DELETE FROM operator_recovery_codes WHERE user_id = ?', [id]);
    return changed > 0;
  }

  /** A secret that waits for its first code. */
  async offerTotp(tx: Tx, id: number, sealed: Uint8Array): Promise<void> {
    await tx.run('UPDATE operator_users SET totp_next = ? WHERE id = ?', [sealed, id]);
  }

  /** What was offered counts from now on. @returns false: another was offered meanwhile */
  async takeTotp(tx: Tx, id: number, sealed: Uint8Array, step: number): Promise<boolean> {
    const changed = await tx.run(
      `UPDATE operator_users SET totp = totp_next, totp_next = NULL, totp_step = ?
       WHERE id = ? AND totp_next = ?`,
      [step, id, sealed],
    );
    return changed > 0;
  }

  /** Uses the code of a time step up, and all before it. @returns false: it was used already */
  async useStep(tx: Tx, id: number, step: number): Promise<boolean> {
    const changed = await tx.run(
      'UPDATE operator_users SET totp_step = ? WHERE id = ? AND totp_step < ?',
      [step, id, step],
    );
    return changed > 0;
  }

  async dropTotp(tx: Tx, id: number): Promise<void> {
    await tx.run('UPDATE operator_users SET totp = NULL, totp_next = NULL WHERE id = ?', [id]);
    await tx.run('DELETE FROM operator_recovery_codes WHERE user_id = ?', [id]);
  }

  /** In the place of those before. */
  async setRecovery(tx: Tx, id: number, hashes: readonly string[]): Promise<void> {
    await tx.run('DELETE FROM operator_recovery_codes WHERE user_id = ?', [id]);
    for (const hash of hashes) {
      await tx.run('INSERT INTO operator_recovery_codes (user_id, hash) VALUES (?, ?)', [id, hash]);
    }
  }

  /** @returns false: there is no such code, any more */
  async useRecovery(tx: Tx, id: number, hash: string): Promise<boolean> {
    const gone = await tx.run(
      'DELETE FROM operator_recovery_codes WHERE user_id = ? AND hash = ?',
      [id, hash],
    );
    return gone > 0;
  }

  async recoveryLeft(id: number): Promise<number> {
    const [row] = await this.db.read<{ n: number }>(
      'SELECT count(*) AS n FROM operator_recovery_codes WHERE user_id = ?',
      [id],
    );
    return Number(row?.n ?? 0);
  }
}
