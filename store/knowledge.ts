import type { Database, Param, Tx } from './database.ts';

/** A row of `kb_entries`. */
export interface KbEntryRow {
  id: number;
  kb: string;
  /** qa: a question and its answer; doc: a part of a document. */
  kind: string;
  title: string;
  answer: string;
  /** JSON: an answer that is more than text; null: it is not. */
  reply: string | null;
  enabled: number;
  /** JSON list. */
  tags: string;
  /** Where it came from: `admin`, `starter/…`, a file's name. */
  source: string;
  /** Hash of what an import said; null: of no import. */
  imported: string | null;
  hits: number;
  created_at: number;
  updated_at: number;
}

/** ask: a way to ask; more: one that an operator added to an imported entry; answer: the answer. */
export type PhraseRole = 'ask' | 'more' | 'answer';

export interface KbPhraseRow {
  id: number;
  entry: number;
  role: PhraseRole;
  text: string;
}

export interface KbFilter {
  kb?: string | undefined;
  source?: string | undefined;
  /** In the title or the answer. */
  text?: string | undefined;
}

/** Entries of knowledge bases, and the ways to ask for them. What is searched: `KnowledgeIndexStore`. */
export class KnowledgeStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** A number that was never given before, not even to an entry that is gone. */
  async addEntry(tx: Tx, row: Omit<KbEntryRow, 'id' | 'hits'>): Promise<number> {
    const id = await this.#next(tx, 'last entry');
    const { kb, kind, title, answer, reply, enabled, tags, source, imported } = row;
    await tx.run(
      `INSERT INTO kb_entries (id, kb, kind, title, answer, reply, enabled, tags, source, imported,
         hits, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
      [
        ...[id, kb, kind, title, answer, reply, enabled, tags, source, imported],
        ...[row.created_at, row.updated_at],
      ],
    );
    return id;
  }

  /** @returns whether there is one */
  async changeEntry(tx: Tx, id: number, change: Partial<Omit<KbEntryRow, 'id'>>): Promise<boolean> {
    const fields = Object.entries(change);
    const assignments = fields.map(([column]) => `${column} = ?`).join(', ');
    const params = [...fields.map(([, value]) => value as Param), id];
    return (await tx.run(`UPDATE kb_entries SET ${assignments} WHERE id = ?`, params)) > 0;
  }

  async removeEntry(tx: Tx, id: number): Promise<void> {
    await tx.run('DELETE FROM kb_entries WHERE id = ?', [id]);
  }

  async entryIn(tx: Tx, id: number): Promise<KbEntryRow | undefined> {
    return await tx.get<KbEntryRow>('SELECT * FROM kb_entries WHERE id = ?', [id]);
  }

  /** Of a source, by its title: what an import finds again. */
  async namedIn(tx: Tx, source: string, title: string): Promise<KbEntryRow | undefined> {
    return await tx.get<KbEntryRow>('SELECT * FROM kb_entries WHERE source = ? AND title = ?', [
      source,
      title,
    ]);
  }

  /** At most 16 of them. */
  async entries(ids: readonly number[]): Promise<KbEntryRow[]> {
    if (ids.length === 0) return [];
    return await this.db.read(`SELECT * FROM kb_entries WHERE id IN (${marks})`, sixteen(ids));
  }

  /** By number, from behind a place. */
  async list(filter: KbFilter, after: number, limit: number): Promise<KbEntryRow[]> {
    const where = ['id > ?'];
    const params: Param[] = [after];
    if (filter.kb !== undefined) {
      where.push('kb = ?');
      params.push(filter.kb);
    }
    if (filter.source !== undefined) {
      where.push('source = ?');
      params.push(filter.source);
    }
    if (filter.text !== undefined && filter.text !== '') {
      const like = `%${filter.text.replace(/[!%_]/g, '!$&')}%`;
      where.push(`(title LIKE ? ESCAPE '!' OR answer LIKE ? ESCAPE '!')`);
      params.push(like, like);
    }
    return await this.db.readLong(
      `SELECT * FROM kb_entries WHERE ${where.join(' AND ')} ORDER BY id LIMIT ?`,
      [...params, limit],
    );
  }

  /** Numbers of a source's entries, by title. */
  async ofSource(
    source: string,
    after: string,
    limit: number,
  ): Promise<{ id: number; title: string }[]> {
    return await this.db.readLong(
      `SELECT id, title FROM kb_entries WHERE source = ? AND title > ? ORDER BY title LIMIT ?`,
      [source, after, limit],
    );
  }

  /** Where entries come from; at most so many of them. */
  async sources(limit: number): Promise<string[]> {
    const sources: string[] = [];
    while (sources.length < limit) {
      const rows = await this.db.read<{ source: string | null }>(
        'SELECT min(source) AS source FROM kb_entries WHERE source > ?',
        [sources.at(-1) ?? ''],
      );
      const next = rows[0]?.source ?? undefined;
      if (next === undefined) break;
      sources.push(next);
    }
    return sources;
  }

  /** @param prefix marked: enabled ones of sources that begin so */
  async counts(
    prefix: string,
  ): Promise<{ kb: string; entries: number; enabled: number; marked: number }[]> {
    return await this.db.readLong(
      `SELECT kb, count(*) AS entries, sum(enabled) AS enabled,
         sum(enabled AND source >= ? AND source < ?) AS marked
       FROM kb_entries GROUP BY kb ORDER BY kb`,
      [prefix, `${prefix}\u{10ffff}`],
    );
  }

  async phrasesIn(tx: Tx, entry: number): Promise<KbPhraseRow[]> {
    return await tx.all(
      'SELECT id, entry, role, text FROM kb_phrases WHERE entry = ? ORDER BY id',
      [entry],
    );
  }

  /** Of at most 16 entries. */
  async phrases(entries: readonly number[], limit: number): Promise<KbPhraseRow[]> {
    if (entries.length === 0) return [];
    return await this.db.read(
      `SELECT id, entry, role, text FROM kb_phrases WHERE entry IN (${marks}) LIMIT ?`,
      [...sixteen(entries), limit],
    );
  }

  async addPhrase(tx: Tx, entry: number, role: PhraseRole, text: string): Promise<number> {
    const last = await tx.get<{ id: number | null }>('SELECT max(id) AS id FROM kb_phrases');
    const id = (last?.id ?? 0) + 1;
    const params = [id, entry, role, text];
    await tx.run('INSERT INTO kb_phrases (id, entry, role, text) VALUES (?, ?, ?, ?)', params);
    return id;
  }

  async removePhrase(tx: Tx, id: number): Promise<void> {
    await tx.run('DELETE FROM kb_phrases WHERE id = ?', [id]);
  }

  async addHit(tx: Tx, id: number): Promise<void> {
    await tx.run('UPDATE kb_entries SET hits = hits + 1 WHERE id = ?', [id]);
  }

  async meta(name: string): Promise<string | undefined> {
    const rows = await this.db.read<{ value: string }>('SELECT value FROM kb_meta WHERE name = ?', [
      name,
    ]);
    return rows[0]?.value;
  }

  /** Names that begin so. */
  async metaNames(prefix: string): Promise<string[]> {
    const rows = await this.db.read<{ name: string }>(
      'SELECT name FROM kb_meta WHERE name >= ? AND name < ?',
      [prefix, `${prefix}\u{10ffff}`],
    );
    return rows.map(({ name }) => name);
  }

  async setMeta(tx: Tx, name: string, value: string): Promise<void> {
    await tx.run(
      `INSERT INTO kb_meta (name, value) VALUES (?, ?)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      [name, value],
    );
  }

  async removeMeta(tx: Tx, name: string): Promise<void> {
    await tx.run('DELETE FROM kb_meta WHERE name = ?', [name]);
  }

  async #next(tx: Tx, counter: string): Promise<number> {
    const row = await tx.get<{ value: string }>('SELECT value FROM kb_meta WHERE name = ?', [
      counter,
    ]);
    const next = Number(row?.value ?? 0) + 1;
    await this.setMeta(tx, counter, String(next));
    return next;
  }
}

/** One statement for any number of them. */
const marks = Array.from({ length: 16 }, () => '?').join(', ');

function sixteen(ids: readonly number[]): number[] {
  return Array.from({ length: 16 }, (_, at) => ids[at] ?? 0);
}
