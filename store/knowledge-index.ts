import type { Database, Param, Tx } from './database.ts';
import type { KbPhraseRow } from './knowledge.ts';

/** What is searched of a phrasing, as words of the index. */
export interface IndexedPhrase {
  id: number;
  words: string;
  /** These are words of an answer. */
  answer: boolean;
  /** The knowledge base as one word. */
  base: string;
}

export interface KbMatch {
  id: number;
  entry: number;
  role: string;
  text: string;
}

/** The index over the words of phrasings and answers. */
export class KnowledgeIndexStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async add(tx: Tx, { id, words, answer, base }: IndexedPhrase): Promise<void> {
    await tx.run('INSERT INTO kb_index (rowid, words, answer, base) VALUES (?, ?, ?, ?)', [
      ...[id, answer ? null : words, answer ? words : null],
      base,
    ]);
  }

  async remove(tx: Tx, id: number): Promise<void> {
    await tx.run('DELETE FROM kb_index WHERE rowid = ?', [id]);
  }

  /**
   * Phrasings that hold some of the words, the best by the database's own measure first. Off the
   * event loop.
   * @param words letters and digits only: what phrasings hold, and what answers do
   * @param base of this knowledge base only; undefined: of all
   */
  async match(
    words: { asked: readonly string[]; told: readonly string[] },
    base: string | undefined,
    limit: number,
  ): Promise<KbMatch[]> {
    const some = [anyOf('words', words.asked), anyOf('answer', words.told)]
      .filter((one) => one !== '')
      .join(' OR ');
    return await this.db.readLong(
      `SELECT p.id, p.entry, p.role, p.text
       FROM (SELECT rowid AS id, rank FROM kb_index
             WHERE kb_index MATCH ? AND rank MATCH 'bm25(1.0, 0.3, 0.0)' ORDER BY rank LIMIT ?) AS f
       CROSS JOIN kb_phrases AS p ON p.id = f.id ORDER BY f.rank`,
      [base === undefined ? some : `base : "${base}" AND (${some})`, limit],
    );
  }

  /** In how many phrasings, and in how many answers, each word is: a page of them, by word. */
  async words(after: string, limit: number): Promise<{ term: string; doc: number; col: string }[]> {
    return await this.db.readLong(
      `SELECT term, doc, col FROM kb_words WHERE term > ? AND col <> 'base' ORDER BY term LIMIT ?`,
      [after, limit],
    );
  }

  /** Phrasings that are searched, answers apart. */
  async countPhrases(): Promise<number> {
    const rows = await this.db.readLong<{ count: number }>(
      `SELECT count(*) AS count FROM kb_phrases AS p JOIN kb_entries AS e ON e.id = p.entry
       WHERE e.enabled = 1 AND p.role <> 'answer'`,
    );
    return rows[0]?.count ?? 0;
  }

  /** Phrasings by number, for a new index. */
  async page(
    after: number,
    limit: number,
  ): Promise<(KbPhraseRow & { kb: string; enabled: number })[]> {
    const params: Param[] = [after, limit];
    return await this.db.readLong(
      `SELECT p.id, p.entry, p.role, p.text, e.kb, e.enabled
       FROM kb_phrases AS p JOIN kb_entries AS e ON e.id = p.entry
       WHERE p.id > ? ORDER BY p.id LIMIT ?`,
      params,
    );
  }
}

function anyOf(column: string, words: readonly string[]): string {
  return words.length === 0 ? '' : `${column} : (${words.map((word) => `"${word}"`).join(' OR ')})`;
}
