import type { Database, Param, Tx } from './database.ts';

export interface AuditRow {
  id: number;
  at: number;
  user_id: number | null;
  name: string;
  role: 'viewer' | 'operator' | 'admin' | null;
  via: 'session' | 'api' | 'cli';
  token_id: number | null;
  address: string;
  operation: string;
  target: string;
  /** JSON list of names. */
  fields: string;
  status: number | null;
}

export interface AuditFilter {
  name?: string | undefined;
  operation?: string | undefined;
  target?: string | undefined;
  /** Epoch ms, from and before. */
  from?: number | undefined;
  to?: number | undefined;
  /** Refused, failed, or of unknown outcome. */
  failed?: boolean | undefined;
}

/** What operators did. */
export class AuditStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** @returns its number */
  async add(tx: Tx, row: Omit<AuditRow, 'id'>): Promise<number> {
    const added = await tx.get<{ id: number }>(
      `INSERT INTO audit (at, user_id, name, role, via, token_id, address, operation, target,
         fields, status)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
      [
        ...[row.at, row.user_id, row.name, row.role, row.via, row.token_id, row.address],
        ...[row.operation, row.target, row.fields, row.status],
      ],
    );
    if (added === undefined) throw new Error('an insert returned no row');
    return added.id;
  }

  async settle(tx: Tx, id: number, outcome: { status: number; target: string }): Promise<void> {
    await tx.run('UPDATE audit SET status = ?, target = ? WHERE id = ?', [
      outcome.status,
      outcome.target,
      id,
    ]);
  }

  /** Newest first, before `before`. Off the event loop: a rare word may lie far back. */
  list(filter: AuditFilter, page: { before: number; limit: number }): Promise<AuditRow[]> {
    const { where, values } = conditions(filter);
    return this.db.readLong<AuditRow>(
      `SELECT id, at, user_id, name, role, via, token_id, address, operation, target, fields, status
       FROM audit WHERE id < ?${where} ORDER BY id DESC LIMIT ?`,
      [page.before, ...values, page.limit],
    );
  }

  /** Rows before a time, oldest first. */
  old(before: number, limit: number): Promise<{ id: number }[]> {
    return this.db.readLong('SELECT id FROM audit WHERE at < ? ORDER BY at LIMIT ?', [
      before,
      limit,
    ]);
  }

  async forget(tx: Tx, id: number): Promise<void> {
    await tx.run('DELETE FROM audit WHERE id = ?', [id]);
  }
}

function conditions(filter: AuditFilter): { where: string; values: Param[] } {
  const parts: [string, Param | undefined][] = [
    ['name = ?', filter.name],
    ['operation = ?', filter.operation],
    ['target = ?', filter.target],
    ['at >= ?', filter.from],
    ['at < ?', filter.to],
  ];
  let where = '';
  const values: Param[] = [];
  for (const [sql, value] of parts) {
    if (value === undefined) continue;
    where += ` AND ${sql}`;
    values.push(value);
  }
  if (filter.failed === true) where += ' AND (status IS NULL OR status >= 400)';
  return { where, values };
}
