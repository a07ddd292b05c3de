import Sqlite from 'better-sqlite3';
import type { Knowledge } from '../../bot/chatbot/knowledge.ts';
import type { FixtureEntry } from './chatbot-fixture.ts';

/** Entries by their ids in the fixture, the best first. */
export interface Ranked {
  ids: string[];
  /** Of the best; comparable within a method only. */
  score: number;
  /** Our own method says itself whether it answers. */
  direct?: boolean;
}

export interface Method {
  name: string;
  rank(question: string): Promise<Ranked>;
  /** Blocks the event loop while it searches. */
  sync: boolean;
}

/** The product, over its own tables, as the daemon has it. @param ids number of an entry: its id */
export function ours(knowledge: Knowledge, ids: ReadonlyMap<number, string>): Method {
  return {
    name: 'wxrc',
    sync: false,
    rank: async (question) => {
      const found = await knowledge.search(question, { limit: 5 });
      return {
        ids: found.map(({ entry }) => ids.get(entry.id) ?? '?'),
        score: found[0]?.score ?? 0,
        direct: knowledge.judge(found).kind === 'direct',
      };
    },
  };
}

/** What one gets from the database: its trigram tokenizer, terms of three characters joined by OR. */
export function trigram(entries: Iterable<FixtureEntry>): Method {
  const terms = (text: string): string[] => gramsOf(text, 3);
  return inDatabase('FTS5 trigram', 'trigram', entries, (text) => text, terms);
}

/** Plain BM25 over pairs of characters. */
export function bigrams(entries: Iterable<FixtureEntry>): Method {
  const terms = (text: string): string[] => gramsOf(text, 2);
  return inDatabase(
    'BM25 bigrams',
    'unicode61 remove_diacritics 0',
    entries,
    (text) => terms(text).join(' '),
    terms,
  );
}

function inDatabase(
  name: string,
  tokenizer: string,
  entries: Iterable<FixtureEntry>,
  stored: (text: string) => string,
  terms: (question: string) => string[],
): Method {
  const db = new Sqlite(':memory:');
  db.exec(`CREATE VIRTUAL TABLE phrases USING fts5(text, tokenize='${tokenizer}')`);
  const ids: string[] = [];
  const insert = db.prepare('INSERT INTO phrases (rowid, text) VALUES (?, ?)');
  db.transaction(() => {
    for (const { id, q, phrasings } of entries) {
      for (const text of [q, ...phrasings]) insert.run(ids.push(id), stored(text.toLowerCase()));
    }
  })();
  const search = db.prepare<[string], { rowid: number; rank: number }>(
    'SELECT rowid, rank FROM phrases WHERE phrases MATCH ? ORDER BY rank LIMIT 50',
  );
  return {
    name,
    sync: true,
    rank: async (question) => {
      const words = [...new Set(terms(question.toLowerCase()))];
      if (words.length === 0) return { ids: [], score: 0 };
      const rows = search.all(words.map((word) => `"${word}"`).join(' OR '));
      const found = new Set(rows.map(({ rowid }) => ids[rowid - 1] ?? '?'));
      return { ids: [...found], score: -(rows[0]?.rank ?? 0) };
    },
  };
}

/** Runs of letters whole, Chinese in pieces; punctuation parts them. */
function gramsOf(text: string, size: number): string[] {
  const grams: string[] = [];
  for (const piece of text.match(/\p{Script=Han}+|[\p{L}\p{N}]+/gu) ?? []) {
    const characters = [...piece];
    if (!/\p{Script=Han}/u.test(piece) || characters.length <= size) grams.push(piece);
    else {
      for (let at = 0; at + size <= characters.length; at++) {
        grams.push(characters.slice(at, at + size).join(''));
      }
    }
  }
  return grams.map((gram) => gram.replaceAll('"', ''));
}
