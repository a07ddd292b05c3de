import type { Vault } from '../config/secrets.ts';
import type { Database, Param, Tx } from './database.ts';
import type { SealedField } from './sealed-field.ts';
import { sealedFieldOf } from './typed-secrets.ts';

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

/** As it lies in the database. */
type RawRule = RuleRow & { sealed: Uint8Array | null };

/** Answers by keyword. The addresses that some of them ask lie sealed. */
export class RuleStore {
  readonly db: Database;
  readonly #url: SealedField;

  constructor(db: Database, vault: Vault) {
    this.db = db;
    this.#url = sealedFieldOf('rules', vault);
  }

  async all(): Promise<RuleRow[]> {
    const rows = await this.db.read<RawRule>('SELECT * FROM rules ORDER BY id');
    return rows.map(({ sealed, ...row }) => {
      return { ...row, reply: this.#url.whole({ clear: row.reply, sealed }) };
    });
  }

  async add(tx: Tx, row: Omit<RuleRow, 'id' | 'hits'>): Promise<RuleRow> {
    const { source, name, kind, pattern, scope, priority, reply, enabled } = row;
    const { clear, sealed } = this.#url.part(reply);
    const added = await tx.get<{ id: number }>(
      `INSERT INTO rules (source, name, kind, pattern, scope, priority, reply, sealed, enabled, hits,
         created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?) RETURNING id`,
      [
        ...[source, name, kind, pattern, scope, priority, clear, sealed, enabled],
        ...[row.created_at, row.updated_at],
      ],
    );
    if (added === undefined) throw new Error('a rule that was added is not there');
    return { ...row, id: added.id, hits: 0 };
  }

  async change(tx: Tx, id: number, change: Partial<Omit<RuleRow, 'id' | 'hits'>>): Promise<void> {
    const { reply, ...rest } = change;
    const parted = reply === undefined ? undefined : this.#url.part(reply);
    const columns = parted && { reply: parted.clear, sealed: parted.sealed };
    const fields = Object.entries({ ...rest, ...columns });
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
