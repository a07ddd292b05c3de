import type { Logger } from '../../config/logger.ts';
import type { Tx } from '../../store/database.ts';
import type { KbEntryRow, KbPhraseRow, KnowledgeStore, PhraseRole } from '../../store/knowledge.ts';
import type { KnowledgeIndexStore } from '../../store/knowledge-index.ts';
import { indexText, type Token, tokenizerVersion, tokensOf } from './question.ts';
import { Ranking } from './ranking.ts';

/** Words that are loaded at once: a page takes a few milliseconds of the event loop at most. */
const page = 1000;
/** Phrasings that are indexed anew in one transaction. */
const slice = 10;
const versionName = 'tokenizer';

type Owner = Pick<KbEntryRow, 'id' | 'kb' | 'enabled' | 'source'>;

/** What comes with the product is of sources that begin so. */
export const starterSource = 'starter/';
/** And marked so in the index: no base has this word. */
export const starterWord = 'starter';

/**
 * Keeps phrasings, the index over their words, and how rare each word is (in memory) in step: all of
 * a change, or nothing. What is disabled is not in the index.
 */
export class KnowledgeIndex {
  readonly ranking = new Ranking();
  readonly #store: KnowledgeStore;
  readonly #index: KnowledgeIndexStore;
  readonly #logger: Logger;
  #merging: Promise<void> | undefined;
  /** The index has changed since the last merge of a part of it began. */
  #changed = false;
  #stopped = false;
  #own = 0;

  constructor(store: KnowledgeStore, index: KnowledgeIndexStore, logger: Logger) {
    this.#store = store;
    this.#index = index;
    this.#logger = logger;
  }

  /** Entries that are searched and did not come with the product. */
  get own(): number {
    return this.#own;
  }

  /** Loads how rare words are; indexes everything anew first if words are cut otherwise by now. */
  async load(signal: AbortSignal): Promise<void> {
    await this.#store.db.transaction((tx) => this.#index.tune(tx));
    this.#merge();
    const version = await this.#store.meta(versionName);
    if (version !== String(tokenizerVersion)) await this.rebuild(signal);
    this.ranking.clear();
    this.ranking.setPhrases(await this.#index.countPhrases());
    this.#own = await this.#index.countOthers(starterSource);
    for (let after = ''; !signal.aborted; ) {
      const words = await this.#index.words(after, page);
      const last = words.at(-1);
      if (last === undefined) return;
      // A word is there once for phrasings and once for answers: the last one may not be whole.
      const whole = words.length < page ? words : words.filter(({ term }) => term !== last.term);
      for (const { term, doc, col } of whole)
        this.ranking.load(term, Number(doc), col === 'answer');
      if (words.length < page) return;
      after = whole.at(-1)?.term ?? last.term;
    }
  }

  /** What is left to merge is merged after the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#merging;
  }

  /** Indexes everything anew, a little at a time. */
  async rebuild(signal: AbortSignal): Promise<void> {
    let after = 0;
    let count = 0;
    while (!signal.aborted) {
      const phrases = await this.#index.page(after, slice);
      const last = phrases.at(-1);
      if (last === undefined) break;
      await this.#store.db.transaction(async (tx) => {
        for (const phrase of phrases) {
          await this.#index.remove(tx, phrase.id);
          if (Number(phrase.enabled) === 1) await this.#indexed(tx, phrase, phrase);
        }
      });
      after = last.id;
      count += phrases.length;
    }
    if (signal.aborted) return;
    await this.#store.db.transaction((tx) =>
      this.#store.setMeta(tx, versionName, String(tokenizerVersion)),
    );
    if (count > 0) this.#logger.info({ phrasings: count }, 'the knowledge base is indexed anew');
  }

  /** One more way to ask for an entry, or its answer. */
  async add(tx: Tx, owner: Owner, role: PhraseRole, text: string): Promise<void> {
    const id = await this.#store.addPhrase(tx, owner.id, role, text);
    if (Number(owner.enabled) === 1) await this.#enter(tx, { id, role, text }, owner);
  }

  async remove(tx: Tx, owner: Owner, phrase: KbPhraseRow): Promise<void> {
    await this.#store.removePhrase(tx, phrase.id);
    if (Number(owner.enabled) === 1) await this.#leave(tx, phrase, owner);
  }

  /** An entry's phrasings come into the index, leave it, or are of another base by now. */
  async moved(tx: Tx, before: Owner, after: Owner): Promise<void> {
    if (before.kb === after.kb && before.enabled === after.enabled) return;
    for (const phrase of await this.#store.phrasesIn(tx, after.id)) {
      if (Number(before.enabled) === 1) await this.#leave(tx, phrase, before);
      if (Number(after.enabled) === 1) await this.#enter(tx, phrase, after);
    }
  }

  async #enter(tx: Tx, phrase: Words, owner: Owner): Promise<void> {
    const tokens = await this.#indexed(tx, phrase, owner);
    tx.onDurable(() => this.#count(tokens, 1, phrase, owner));
  }

  async #leave(tx: Tx, phrase: KbPhraseRow, owner: Owner): Promise<void> {
    await this.#index.remove(tx, phrase.id);
    const tokens = tokensOf(phrase.text);
    tx.onDurable(() => this.#merge());
    tx.onDurable(() => this.#count(tokens, -1, phrase, owner));
  }

  /** Each entry has one answer: that counts it. */
  #count(tokens: readonly Token[], by: 1 | -1, { role }: Words, { source }: Owner): void {
    const answer = role === 'answer';
    this.ranking.count(tokens, by, answer);
    if (answer && !source.startsWith(starterSource)) this.#own += by;
  }

  async #indexed(
    tx: Tx,
    { id, role, text }: Words,
    { kb, source }: Pick<Owner, 'kb' | 'source'>,
  ): Promise<Token[]> {
    const tokens = tokensOf(text);
    const words = indexText(tokens);
    const starter = source.startsWith(starterSource);
    const base = starter ? `${baseWord(kb)} ${starterWord}` : baseWord(kb);
    await this.#index.add(tx, { id, words, answer: role === 'answer', base });
    tx.onDurable(() => this.#merge());
    return tokens;
  }

  /**
   * Merges the parts of the index that changes leave, a few pages in a transaction. Left to itself the
   * database merges within somebody's transaction, up to ten milliseconds at once.
   */
  #merge(): void {
    this.#changed = true;
    this.#merging ??= this.#mergeAll()
      // The next change begins again.
      .catch(() => {})
      .finally(() => {
        this.#merging = undefined;
      });
  }

  async #mergeAll(): Promise<void> {
    for (let more = true; (more || this.#changed) && !this.#stopped; ) {
      this.#changed = false;
      more = await this.#store.db.transaction((tx) => this.#index.merge(tx));
    }
  }
}

type Words = Pick<KbPhraseRow, 'id' | 'role' | 'text'>;

/** A knowledge base as one word of the index. */
export function baseWord(kb: string): string {
  return `b${Buffer.from(kb).toString('hex')}`;
}
