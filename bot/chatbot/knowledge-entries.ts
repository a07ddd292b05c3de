import type { Tx } from '../../store/database.ts';
import type { KbEntryRow, KnowledgeStore } from '../../store/knowledge.ts';
import { AppError } from '../errors.ts';
import {
  distinctPhrases,
  type EntryDraft,
  faultOf,
  lettersOf,
  longestPhrase,
  mostPhrases,
} from './entry.ts';
import type { KnowledgeIndex } from './knowledge-index.ts';
import type { Unanswered } from './unanswered.ts';

/** Writes entries with their phrasings; each call inside the caller's transaction. */
export class KnowledgeEntries {
  readonly #store: KnowledgeStore;
  readonly #index: KnowledgeIndex;
  readonly #unanswered: Pick<Unanswered, 'settled'>;

  /** @param unanswered what nobody could answer: it is no question any more when it has an entry */
  constructor(
    store: KnowledgeStore,
    index: KnowledgeIndex,
    unanswered: Pick<Unanswered, 'settled'>,
  ) {
    this.#store = store;
    this.#index = index;
    this.#unanswered = unanswered;
  }

  /** @throws AppError */
  async add(
    tx: Tx,
    draft: EntryDraft,
    origin: { source: string; imported: string | null; now: number },
  ): Promise<number> {
    const fault = faultOf(draft);
    if (fault !== undefined) throw fault;
    const { source, imported, now } = origin;
    const row = {
      ...{ kb: draft.kb, kind: draft.kind ?? 'qa', title: draft.title, answer: draft.answer },
      reply: draft.reply === undefined ? null : JSON.stringify(draft.reply),
      enabled: draft.enabled === false ? 0 : 1,
      tags: JSON.stringify(draft.tags ?? []),
      ...{ source, imported, created_at: now, updated_at: now },
    };
    const id = await this.#store.addEntry(tx, row);
    await this.#ask(tx, { ...row, id }, draft.phrases ?? []);
    await this.#index.add(tx, { ...row, id }, 'answer', row.answer);
    return id;
  }

  /**
   * What the draft leaves out stays.
   * @param keepAdded phrasings that an operator added stay although the draft does not name them
   * @throws AppError
   */
  async change(
    tx: Tx,
    before: KbEntryRow,
    draft: Partial<EntryDraft>,
    origin: { imported?: string; now: number; keepAdded: boolean },
  ): Promise<void> {
    const rows = await this.#store.phrasesIn(tx, before.id);
    const asks = rows.filter(({ role }) => role !== 'answer');
    const next: EntryDraft = {
      kb: draft.kb ?? before.kb,
      title: draft.title ?? before.title,
      answer: draft.answer ?? before.answer,
      reply: 'reply' in draft ? draft.reply : replyOf(before),
      phrases:
        draft.phrases ?? asks.filter(({ text }) => text !== before.title).map(({ text }) => text),
    };
    const fault = faultOf(next);
    if (fault !== undefined) throw fault;
    const after: KbEntryRow = {
      ...before,
      ...{ kb: next.kb, title: next.title, answer: next.answer },
      kind: draft.kind ?? before.kind,
      reply: next.reply === undefined ? null : JSON.stringify(next.reply),
      enabled: draft.enabled === undefined ? before.enabled : draft.enabled ? 1 : 0,
      tags: draft.tags === undefined ? before.tags : JSON.stringify(draft.tags),
      imported: origin.imported ?? before.imported,
      updated_at: origin.now,
    };
    const { id, hits: _hits, created_at: _at, source: _source, ...columns } = after;
    await this.#store.changeEntry(tx, id, columns);
    await this.#index.moved(tx, before, after);
    if (after.answer !== before.answer) {
      for (const row of rows) if (row.role === 'answer') await this.#index.remove(tx, after, row);
      await this.#index.add(tx, after, 'answer', after.answer);
    }
    if (draft.phrases === undefined && draft.title === undefined) return;
    const wanted = new Set([next.title, ...distinctPhrases(next.title, next.phrases ?? [])]);
    const kept: string[] = [];
    for (const row of asks) {
      const stays = wanted.has(row.text) || (row.role === 'more' && origin.keepAdded);
      if (stays) kept.push(row.text);
      else await this.#index.remove(tx, after, row);
    }
    const there = new Set(kept.map(lettersOf));
    for (const text of wanted) {
      if (!there.has(lettersOf(text)) || (text === next.title && !kept.includes(text))) {
        await this.#asked(tx, after, 'ask', text);
      }
    }
  }

  /** One more way to ask. @returns whether it is new @throws AppError */
  async addPhrase(tx: Tx, entry: KbEntryRow, text: string): Promise<boolean> {
    const phrase = text.trim();
    const refuse = (zh: string, en: string): AppError =>
      new AppError('field_value', { zh: `text: ${zh}`, en: `text: ${en}` }, { field: 'text' });
    if (lettersOf(phrase) === '') throw refuse('须含文字', 'must hold letters or digits');
    if (phrase.length > longestPhrase) {
      throw refuse(`最多 ${longestPhrase} 个字符`, `at most ${longestPhrase} characters`);
    }
    const rows = await this.#store.phrasesIn(tx, entry.id);
    const letters = lettersOf(phrase);
    if (rows.some((row) => row.role !== 'answer' && lettersOf(row.text) === letters)) return false;
    if (rows.length > mostPhrases) {
      throw refuse(`该条目已有 ${mostPhrases} 种问法`, `the entry has ${mostPhrases} of them`);
    }
    await this.#asked(tx, entry, 'more', phrase);
    return true;
  }

  async remove(tx: Tx, entry: KbEntryRow): Promise<void> {
    for (const row of await this.#store.phrasesIn(tx, entry.id)) {
      await this.#index.remove(tx, entry, row);
    }
    await this.#store.removeEntry(tx, entry.id);
  }

  async #ask(tx: Tx, entry: KbOwner, phrases: readonly string[]): Promise<void> {
    await this.#asked(tx, entry, 'ask', entry.title);
    for (const phrase of distinctPhrases(entry.title, phrases)) {
      await this.#asked(tx, entry, 'ask', phrase);
    }
  }

  async #asked(
    tx: Tx,
    entry: Omit<KbOwner, 'title'>,
    role: 'ask' | 'more',
    text: string,
  ): Promise<void> {
    await this.#index.add(tx, entry, role, text);
    if (Number(entry.enabled) === 1) await this.#unanswered.settled(tx, text);
  }
}

type KbOwner = Pick<KbEntryRow, 'id' | 'kb' | 'enabled' | 'source' | 'title'>;

function replyOf({ reply }: KbEntryRow): EntryDraft['reply'] {
  return reply === null ? undefined : (JSON.parse(reply) as EntryDraft['reply']);
}
