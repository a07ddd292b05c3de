import type { Database, Tx } from './database.ts';

export interface KbVectorRow {
  phrase: number;
  /** That made it. */
  model: string;
  /** Of the text that it was made of. */
  hash: string;
  /** float32, little-endian. */
  vector: Uint8Array;
}

/** A phrasing, and by whom its vector was made, if there is one. */
export interface KbVectorState {
  id: number;
  entry: number;
  text: string;
  model: string | null;
  hash: string | null;
}

/** Vectors of phrasings. */
export class KbVectorStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** Phrasings of enabled entries by number, from behind a place. */
  page(after: number, limit: number): Promise<KbVectorState[]> {
    return this.db.readLong(
      `SELECT p.id, p.entry, p.text, v.model, v.hash
       FROM kb_phrases AS p JOIN kb_entries AS e ON e.id = p.entry
       LEFT JOIN kb_vectors AS v ON v.phrase = p.id
       WHERE p.id > ? AND e.enabled = 1 ORDER BY p.id LIMIT ?`,
      [after, limit],
    );
  }

  /** @param ids a few hundred at most */
  vectors(ids: readonly number[]): Promise<Pick<KbVectorRow, 'phrase' | 'vector'>[]> {
    const marks = ids.map(() => '?').join(', ');
    return this.db.readLong(
      `SELECT phrase, vector FROM kb_vectors WHERE phrase IN (${marks})`,
      ids,
    );
  }

  async put(tx: Tx, { phrase, model, hash, vector }: KbVectorRow): Promise<void> {
    await tx.run(
      `INSERT INTO kb_vectors (phrase, model, hash, vector) VALUES (?, ?, ?, ?)
       ON CONFLICT (phrase) DO UPDATE SET model = excluded.model, hash = excluded.hash,
         vector = excluded.vector`,
      [phrase, model, hash, vector],
    );
  }

  /** Of phrasings that are no more. */
  async strays(limit: number): Promise<number[]> {
    const rows = await this.db.readLong<{ phrase: number }>(
      `SELECT v.phrase FROM kb_vectors AS v LEFT JOIN kb_phrases AS p ON p.id = v.phrase
       WHERE p.id IS NULL LIMIT ?`,
      [limit],
    );
    return rows.map(({ phrase }) => phrase);
  }

  async remove(tx: Tx, phrase: number): Promise<void> {
    await tx.run('DELETE FROM kb_vectors WHERE phrase = ?', [phrase]);
  }
}
