import type { Database, Tx } from './database.ts';

export interface UnansweredRow {
  id: number;
  question: string;
  norm: string;
  count: number;
  /** The talk in which it was asked last. */
  chat: string;
  first_at: number;
  last_at: number;
  /** Dropped by an operator: not shown again. */
  settled_at: number | null;
  /** 1: the last time a language model answered. */
  by_model: number;
}

/** Questions that found no answer. */
export class UnansweredStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** Once more, if it was asked before. @returns whether it is new */
  async note(
    tx: Tx,
    row: Pick<UnansweredRow, 'question' | 'norm' | 'chat' | 'last_at' | 'by_model'>,
  ): Promise<boolean> {
    const { question, norm, chat, last_at, by_model } = row;
    const again = await tx.run(
      'UPDATE kb_unanswered SET count = count + 1, chat = ?, last_at = ?, by_model = ? WHERE norm = ?',
      [chat, last_at, by_model, norm],
    );
    if (again > 0) return false;
    await tx.run(
      `INSERT INTO kb_unanswered (question, norm, count, chat, first_at, last_at, by_model)
       VALUES (?, ?, 1, ?, ?, ?, ?)`,
      [question, norm, chat, last_at, last_at, by_model],
    );
    return true;
  }

  async count(): Promise<number> {
    const rows = await this.db.read<{ count: number }>(
      'SELECT count(*) AS count FROM kb_unanswered',
    );
    return rows[0]?.count ?? 0;
  }

  /** The oldest goes. */
  async forgetOldest(tx: Tx): Promise<void> {
    await tx.run(
      `DELETE FROM kb_unanswered WHERE id = (SELECT id FROM kb_unanswered ORDER BY last_at LIMIT 1)`,
    );
  }

  async get(tx: Tx, id: number): Promise<UnansweredRow | undefined> {
    return await tx.get('SELECT * FROM kb_unanswered WHERE id = ?', [id]);
  }

  /** Open ones, the most asked first, from behind a place. */
  async list(
    after: { count: number; id: number } | undefined,
    limit: number,
  ): Promise<UnansweredRow[]> {
    return await this.db.read(
      `SELECT * FROM kb_unanswered
       WHERE settled_at IS NULL AND (count, id) < (?, ?) ORDER BY count DESC, id DESC LIMIT ?`,
      [after?.count ?? Number.MAX_SAFE_INTEGER, after?.id ?? 0, limit],
    );
  }

  async remove(tx: Tx, id: number): Promise<void> {
    await tx.run('DELETE FROM kb_unanswered WHERE id = ?', [id]);
  }

  /** The question that is told apart so has an answer. @returns whether it was kept */
  async removeNamed(tx: Tx, norm: string): Promise<boolean> {
    return (await tx.run('DELETE FROM kb_unanswered WHERE norm = ?', [norm])) > 0;
  }

  async settle(tx: Tx, id: number, at: number): Promise<boolean> {
    const changed = await tx.run(
      'UPDATE kb_unanswered SET settled_at = ? WHERE id = ? AND settled_at IS NULL',
      [at, id],
    );
    return changed > 0;
  }
}
