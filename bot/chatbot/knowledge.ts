import type { BaseThresholds, ChatbotSettings, Thresholds } from '../../config/chatbot-schema.ts';
import type { Logger } from '../../config/logger.ts';
import type { Database } from '../../store/database.ts';
import { type KbEntryRow, type KbFilter, KnowledgeStore } from '../../store/knowledge.ts';
import { type IndexScope, KnowledgeIndexStore } from '../../store/knowledge-index.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { type Entry, type EntryDraft, entryOf, type Phrase, phrasesOf } from './entry.ts';
import { KnowledgeEntries } from './knowledge-entries.ts';
import { type ImportOptions, type ImportReport, KnowledgeImport } from './knowledge-import.ts';
import { baseWord, KnowledgeIndex, starterSource, starterWord } from './knowledge-index.ts';
import { type Found, type HitTest, KnowledgeSearch, type Verdict } from './knowledge-search.ts';
import type { Ranking } from './ranking.ts';
import { Unanswered } from './unanswered.ts';

export type { Entry, EntryDraft, Phrase } from './entry.ts';
export type { Found, HitTest, Verdict } from './knowledge-search.ts';

export interface KnowledgeOptions {
  db: Database;
  clock: Clock;
  logger: Logger;
  thresholds: Thresholds;
  bases: Record<string, BaseThresholds>;
  /** Whether what comes with the product answers; default auto: while there is nothing else. */
  starter?: ChatbotSettings['starter'];
}

/** What a search is about besides its question. */
export interface SearchOptions {
  kb?: string | undefined;
  limit?: number;
  /** A trial looks at what comes with the product, too, even if it answers nobody. */
  starter?: boolean | undefined;
}

/** What the chatbot knows: entries with the ways to ask for them, found by the words of a question. */
export class Knowledge {
  readonly unanswered: Unanswered;
  readonly #store: KnowledgeStore;
  readonly #index: KnowledgeIndex;
  readonly #entries: KnowledgeEntries;
  readonly #search: KnowledgeSearch;
  readonly #import: KnowledgeImport;
  readonly #clock: Clock;
  readonly #stopping = new AbortController();
  #starter: ChatbotSettings['starter'];
  #loading: Promise<void> | undefined;

  constructor({ db, clock, logger, thresholds, bases, starter = 'auto' }: KnowledgeOptions) {
    this.#starter = starter;
    this.#store = new KnowledgeStore(db);
    const index = new KnowledgeIndexStore(db);
    this.#index = new KnowledgeIndex(this.#store, index, logger);
    this.unanswered = new Unanswered(db, clock);
    this.#entries = new KnowledgeEntries(this.#store, this.#index, this.unanswered);
    const { ranking } = this.#index;
    this.#search = new KnowledgeSearch(this.#store, index, ranking, thresholds, bases);
    this.#import = new KnowledgeImport(this.#store, this.#entries, clock);
    this.#clock = clock;
  }

  /** How rare words are: for measurements. */
  get ranking(): Ranking {
    return this.#index.ranking;
  }

  /** Until then nothing is found. */
  async start(): Promise<void> {
    this.#loading ??= this.#index.load(this.#stopping.signal);
    await this.#loading;
    await this.unanswered.start();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loading?.catch(() => {});
    await this.#index.stop();
  }

  setStarter(starter: ChatbotSettings['starter']): void {
    this.#starter = starter;
  }

  /** What comes with the product is kept, and answers nobody: there are entries of one's own. */
  get startersRest(): boolean {
    return this.#starter === 'auto' && this.#index.own > 0;
  }

  setThresholds(thresholds: Thresholds, bases: Record<string, BaseThresholds>): void {
    this.#search.setThresholds(thresholds, bases);
  }

  /** The entries that a question asks for, the best first. Never holds up the event loop. */
  async search(question: string, { limit = 5, ...options }: SearchOptions = {}): Promise<Found[]> {
    return (await this.#search.search(question, this.#scope(options), limit)).found;
  }

  /** Whether what was found answers, is to be offered, or is nothing. */
  judge(found: readonly Found[]): Verdict {
    return this.#search.judge(found);
  }

  /** A search with everything that explains its outcome. */
  async hitTest(question: string, options: SearchOptions = {}): Promise<HitTest> {
    const began = performance.now();
    const { kb } = options;
    const { found, ...trace } = await this.#search.search(question, this.#scope(options), 10);
    return {
      question,
      ...trace,
      found,
      verdict: this.judge(found),
      thresholds: this.#search.thresholdsOf(found[0]?.entry.kb ?? kb ?? ''),
      ms: Math.round((performance.now() - began) * 100) / 100,
    };
  }

  async get(id: number): Promise<(Entry & { phrases: Phrase[] }) | undefined> {
    return (await this.#withPhrases(await this.#store.entries([id])))[0];
  }

  /** Several that may answer, in the order in which they are asked for. */
  async getMany(ids: readonly number[]): Promise<Entry[]> {
    const all = await this.#store.entries(ids.slice(0, 16));
    const rest = this.startersRest;
    const rows = all.filter(({ source }) => !rest || !source.startsWith(starterSource));
    const byId = new Map(rows.map((row) => [Number(row.id), entryOf(row)]));
    return ids.map((id) => byId.get(id)).filter((entry) => entry !== undefined);
  }

  /** By number, behind `after`; with their phrasings. */
  async list(
    filter: KbFilter,
    after: number,
    limit: number,
  ): Promise<(Entry & { phrases: Phrase[] })[]> {
    return await this.#withPhrases(await this.#store.list(filter, after, limit));
  }

  /** How many entries each knowledge base holds; resting: they answer nobody at present. */
  async bases(): Promise<{ kb: string; entries: number; enabled: number; resting: number }[]> {
    const counts = await this.#store.counts(starterSource);
    return counts.map(({ kb, entries, enabled, marked }) => ({
      ...{ kb, entries: Number(entries), enabled: Number(enabled) },
      resting: this.startersRest ? Number(marked) : 0,
    }));
  }

  /** @throws AppError */
  async add(draft: EntryDraft): Promise<Entry> {
    const origin = { source: 'admin', imported: null, now: this.#clock.now() };
    return await this.#store.db.transaction(async (tx) => {
      const id = await this.#entries.add(tx, draft, origin);
      return entryOf(await this.#known(await this.#store.entryIn(tx, id), id));
    });
  }

  /** What the change leaves out stays; its number stays, too. @throws AppError not_found */
  async update(id: number, change: Partial<EntryDraft>): Promise<Entry> {
    return await this.#store.db.transaction(async (tx) => {
      const before = await this.#known(await this.#store.entryIn(tx, id), id);
      const origin = { now: this.#clock.now(), keepAdded: false };
      await this.#entries.change(tx, before, change, origin);
      return entryOf(await this.#known(await this.#store.entryIn(tx, id), id));
    });
  }

  /** @throws AppError not_found */
  async remove(id: number): Promise<void> {
    await this.#store.db.transaction(async (tx) => {
      await this.#entries.remove(tx, await this.#known(await this.#store.entryIn(tx, id), id));
    });
  }

  /** One more way to ask for an entry. @returns whether it is new @throws AppError not_found */
  async addPhrase(id: number, text: string): Promise<boolean> {
    return await this.#store.db.transaction(async (tx) => {
      const entry = await this.#known(await this.#store.entryIn(tx, id), id);
      return await this.#entries.addPhrase(tx, entry, text);
    });
  }

  /** It was the answer once more. */
  async addHit(id: number): Promise<void> {
    await this.#store.db.transaction((tx) => this.#store.addHit(tx, id));
  }

  /**
   * A question that found no answer gets one: it becomes a way to ask for an entry, or an entry of
   * its own.
   * @returns the entry
   * @throws AppError not_found
   */
  async answer(
    unanswered: number,
    how: { entry: number } | { draft: Omit<EntryDraft, 'title'> & { title?: string } },
  ): Promise<number> {
    return await this.#store.db.transaction(async (tx) => {
      const asked = await this.unanswered.take(tx, unanswered);
      if ('entry' in how) {
        const entry = await this.#known(await this.#store.entryIn(tx, how.entry), how.entry);
        await this.#entries.addPhrase(tx, entry, asked);
        return how.entry;
      }
      const { title = asked, phrases = [], ...draft } = how.draft;
      const origin = { source: 'admin', imported: null, now: this.#clock.now() };
      return await this.#entries.add(tx, { ...draft, title, phrases: [asked, ...phrases] }, origin);
    });
  }

  /** Takes entries from a text; small transactions, others come in between. */
  async import(options: ImportOptions): Promise<ImportReport> {
    return await this.#import.run(options, this.#stopping.signal);
  }

  /** Removes everything that came from a source. @returns how many entries */
  async removeSource(source: string): Promise<number> {
    return await this.#import.removeSource(source, new Set(), this.#stopping.signal);
  }

  /** Removes what a source brought, or a base holds. @returns how many entries */
  async removeAll(filter: Pick<KbFilter, 'kb' | 'source'>): Promise<number> {
    return await this.#import.removeAll(filter, this.#stopping.signal);
  }

  /** What was noted of imports: `file:…` and a hash. */
  get notes(): Pick<KnowledgeStore, 'meta' | 'metaNames' | 'setMeta' | 'removeMeta' | 'db'> {
    return this.#store;
  }

  #scope({ kb, starter }: SearchOptions): IndexScope {
    // Whoever names a base means it.
    if (kb !== undefined) return { base: baseWord(kb) };
    return starter === true || !this.startersRest ? {} : { without: starterWord };
  }

  async #withPhrases(rows: readonly KbEntryRow[]): Promise<(Entry & { phrases: Phrase[] })[]> {
    const entries: (Entry & { phrases: Phrase[] })[] = [];
    for (let at = 0; at < rows.length; at += 16) {
      const some = rows.slice(at, at + 16);
      const phrases = Map.groupBy(
        await this.#store.phrases(
          some.map(({ id }) => Number(id)),
          10_000,
        ),
        (phrase) => Number(phrase.entry),
      );
      for (const row of some) {
        const own = phrases.get(Number(row.id)) ?? [];
        entries.push({ ...entryOf(row), phrases: phrasesOf(own, row.title) });
      }
    }
    return entries;
  }

  async #known(row: KbEntryRow | undefined, id: number): Promise<KbEntryRow> {
    if (row !== undefined) return row;
    throw new AppError('not_found', { zh: `没有条目 ${id}`, en: `there is no entry ${id}` });
  }
}
