import type { Database, Param, Tx } from './database.ts';

export interface RuleRow {
  id: number;
  source: 'config' | 'admin';
  name: string;
  kind: string;
  pattern: string;
  /** JSON. */
  scope: string;
  priority: number;
  /** JSON. */
  reply: string;
  enabled: number;
  hits: number;
  created_at: number;
  updated_at: number;
}

/** Answers by keyword. */
export class RuleStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async all(): Promise<RuleRow[]> {
    return await this.db.read('SELECT * FROM rules ORDER BY id');
  }

  async add(tx: Tx, row: Omit<RuleRow, 'id' | 'hits'>): Promise<RuleRow> {
    const { source, name, kind, pattern, scope, priority, reply, enabled } = row;
    const added = await tx.get<RuleRow>(
      `INSERT INTO rules (source, name, kind, pattern, scope, priority, reply, enabled, hits,
         created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?) RETURNING *`,
      [
        ...[source, name, kind, pattern, scope, priority, reply, enabled],
        ...[row.created_at, row.updated_at],
      ],
    );
    if (added === undefined) throw new Error('a rule that was added is not there');
    return added;
  }

  async change(tx: Tx, id: number, change: Partial<Omit<RuleRow, 'id' | 'hits'>>): Promise<void> {
    const fields = Object.entries(change);
    const assignments = fields.map(([column]) => `${column} = ?`).join(', ');
    const params = [...fields.map(([, value]) => value as Param), id];
    await tx.run(`UPDATE rules SET ${assignments} WHERE id = ?`, params);
  }

  async remove(tx: Tx, id: number): Promise<void> {
    await tx.run('DELETE FROM rules WHERE id = ?', [id]);
  }

  async addHits(tx: Tx, id: number, count: number): Promise<void> {
    await tx.run('UPDATE rules SET hits = hits + ? WHERE id = ?', [count, id]);
  }
}
