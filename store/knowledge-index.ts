import type { Database, Param, Tx } from './database.ts';
import type { KbPhraseRow } from './knowledge.ts';

/** What is searched of a phrasing, as words of the index. */
export interface IndexedPhrase {
  id: number;
  words: string;
  /** These are words of an answer. */
  answer: boolean;
  /** The knowledge base as one word; further words say what else it belongs to. */
  base: string;
}

/** Where something is looked for; nothing said: everywhere. */
export interface IndexScope {
  /** In what is marked with this word only. */
  base?: string | undefined;
  /** Not in what is marked with this word. */
  without?: string | undefined;
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

  /** The index is merged by `merge` only, and never much of it at once. */
  async tune(tx: Tx): Promise<void> {
    const set = `INSERT INTO kb_index (kb_index, rank) VALUES`;
    await tx.run(`${set} ('pgsz', 1000)`);
    await tx.run(`${set} ('automerge', 0)`);
    await tx.run(`${set} ('crisismerge', 400)`);
  }

  /** Merges a few pages of the index: a millisecond. @returns whether there may be more to merge */
  async merge(tx: Tx): Promise<boolean> {
    const changes = async (): Promise<number> => {
      const row = await tx.get<{ changes: number }>('SELECT total_changes() AS changes');
      return Number(row?.changes ?? 0);
    };
    const before = await changes();
    await tx.run(`INSERT INTO kb_index (kb_index, rank) VALUES ('merge', 50)`);
    return (await changes()) - before >= 2;
  }

  /**
   * Numbers of phrasings, or of answers, that hold all of the words; the newest, and no more than the
   * limit: it takes a millisecond for two thousand.
   * @param words letters and digits only
   */
  async holding(
    words: readonly string[],
    answer: boolean,
    { base, without }: IndexScope,
    limit: number,
  ): Promise<number[]> {
    const all = words.map((word) => `"${word}"`).join(' AND ');
    const holding = `${answer ? 'answer' : 'words'} : (${all})`;
    const there = base === undefined ? holding : `(base : "${base}" AND ${holding})`;
    const some = without === undefined ? there : `${there} NOT base : "${without}"`;
    const rows = await this.db.read<{ id: number }>(
      'SELECT rowid AS id FROM kb_index WHERE kb_index MATCH ? ORDER BY rowid DESC LIMIT ?',
      [some, limit],
    );
    return rows.map(({ id }) => Number(id));
  }

  /** At most a hundred of them. */
  async phrasings(ids: readonly number[]): Promise<KbMatch[]> {
    if (ids.length === 0) return [];
    return await this.db.read(
      `SELECT id, entry, role, text FROM kb_phrases WHERE id IN (${marks})`,
      Array.from({ length: 100 }, (_, at) => ids[at] ?? 0),
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

  /** Entries that are searched and do not come from sources of this beginning. */
  async countOthers(prefix: string): Promise<number> {
    const rows = await this.db.readLong<{ count: number }>(
      `SELECT count(*) AS count FROM kb_entries
       WHERE enabled = 1 AND NOT (source >= ? AND source < ?)`,
      [prefix, `${prefix}\u{10ffff}`],
    );
    return Number(rows[0]?.count ?? 0);
  }

  /** Phrasings by number, for a new index. */
  async page(
    after: number,
    limit: number,
  ): Promise<(KbPhraseRow & { kb: string; enabled: number; source: string })[]> {
    const params: Param[] = [after, limit];
    return await this.db.readLong(
      `SELECT p.id, p.entry, p.role, p.text, e.kb, e.enabled, e.source
       FROM kb_phrases AS p JOIN kb_entries AS e ON e.id = p.entry
       WHERE p.id > ? ORDER BY p.id LIMIT ?`,
      params,
    );
  }
}

/** One statement for any number of them. */
const marks = Array.from({ length: 100 }, () => '?').join(', ');
