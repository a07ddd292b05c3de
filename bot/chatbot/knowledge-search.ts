import type { BaseThresholds, Thresholds } from '../../config/chatbot-schema.ts';
import type { KbPhraseRow, KnowledgeStore } from '../../store/knowledge.ts';
import type { IndexScope, KbMatch, KnowledgeIndexStore } from '../../store/knowledge-index.ts';
import { candidatesFor } from './candidates.ts';
import { Cuts } from './cuts.ts';
import { type Entry, entryOf } from './entry.ts';
import type { Ranking, Reading } from './ranking.ts';

/** An entry that was found. */
export interface Found {
  entry: Entry;
  /** 0 … 1, comparable between knowledge bases. */
  score: number;
  /** The way to ask that is most like the question. */
  phrase: string;
}

/** What a question comes to. */
export type Verdict =
  | { kind: 'direct'; entry: Entry; score: number }
  | { kind: 'suggest'; options: Found[] }
  | { kind: 'miss' };

/** What a search did, for whoever asks why. */
export interface HitTest {
  question: string;
  /** As it was put right: characters that sound like known words, pinyin. */
  corrected: string | undefined;
  /** What was looked for in the index. */
  words: string[];
  /** Phrasings that the index gave. */
  candidates: number;
  found: Found[];
  verdict: Verdict;
  thresholds: Thresholds;
  ms: number;
}

interface Search {
  found: Found[];
  corrected: string | undefined;
  words: string[];
  candidates: number;
}

/** Entries that are looked at as a whole. */
const mostEntries = 16;
/** Of these so many because of their answer alone. */
const mostByAnswer = 4;
/** A question that was put right counts a little less than one that was written so. */
const correctedShare = 0.95;
const mostOptions = 5;
/** So much of an answer is compared. */
const answerRead = 800;

/** Looks for the entries that a question asks for. */
export class KnowledgeSearch {
  readonly #store: KnowledgeStore;
  readonly #index: KnowledgeIndexStore;
  readonly #ranking: Ranking;
  #thresholds: Thresholds;
  #bases: Record<string, BaseThresholds>;
  readonly #cuts: Cuts;

  constructor(
    store: KnowledgeStore,
    index: KnowledgeIndexStore,
    ranking: Ranking,
    thresholds: Thresholds,
    bases: Record<string, BaseThresholds>,
  ) {
    this.#store = store;
    this.#index = index;
    this.#ranking = ranking;
    this.#cuts = new Cuts(ranking);
    this.#thresholds = thresholds;
    this.#bases = bases;
  }

  setThresholds(thresholds: Thresholds, bases: Record<string, BaseThresholds>): void {
    this.#thresholds = thresholds;
    this.#bases = bases;
  }

  thresholdsOf(kb: string): Thresholds {
    const own = Object.hasOwn(this.#bases, kb) ? this.#bases[kb] : undefined;
    return {
      direct: own?.direct ?? this.#thresholds.direct,
      suggest: own?.suggest ?? this.#thresholds.suggest,
      gap: own?.gap ?? this.#thresholds.gap,
    };
  }

  /** The best first. */
  async search(question: string, scope: IndexScope, limit: number): Promise<Search> {
    const corrected = this.#ranking.corrected(question);
    const texts = corrected === undefined ? [question] : [question, corrected];
    const readings = texts.map((text) => this.#ranking.read(text));
    const wanted = readings.map((one) => this.#ranking.wanted(one));
    const asked = [...new Set(wanted.flatMap((one) => one.asked))];
    const told = [...new Set(wanted.flatMap((one) => one.told))];
    const words = [...new Set([...asked, ...told])].map(({ text }) => text);
    const nothing = { found: [], corrected, words, candidates: 0 };
    if (words.length === 0) return nothing;
    const matches = await candidatesFor(this.#index, this.#ranking, { asked, told }, scope);
    // A few milliseconds each: others come in between.
    await breath();
    const ids = this.#likeliest(readings, matches);
    if (ids.length === 0) return nothing;
    const [entries, phrases] = await Promise.all([
      this.#store.entries(ids),
      this.#store.phrases(ids, 1000),
    ]);
    await breath();
    const byEntry = Map.groupBy(phrases, (phrase) => Number(phrase.entry));
    const found: Found[] = [];
    for (const [at, row] of entries.filter(({ enabled }) => Number(enabled) === 1).entries()) {
      // Long answers take a while to cut: others come in between.
      if (at % 4 === 3) await breath();
      const one = this.#judged(readings, entryOf(row), byEntry.get(Number(row.id)) ?? []);
      if (one.score > 0) found.push(one);
    }
    found.sort((a, b) => b.score - a.score || a.entry.id - b.entry.id);
    return { found: found.slice(0, limit), corrected, words, candidates: matches.length };
  }

  judge(found: readonly Found[]): Verdict {
    const [first, second] = found;
    if (first === undefined) return { kind: 'miss' };
    const { direct, gap } = this.thresholdsOf(first.entry.kb);
    const exact = first.score > 0.999;
    const clear = second === undefined || first.score - second.score >= gap;
    if (first.score >= direct && (clear || exact)) {
      return { kind: 'direct', entry: first.entry, score: first.score };
    }
    const options = found
      .filter(({ entry, score }) => score >= this.thresholdsOf(entry.kb).suggest)
      .slice(0, mostOptions);
    return options.length === 0 ? { kind: 'miss' } : { kind: 'suggest', options };
  }

  /** Entries that are worth a closer look. */
  #likeliest(readings: readonly Reading[], matches: readonly KbMatch[]): number[] {
    const scores = new Map<number, number>();
    const asks = matches.filter(({ role }) => role !== 'answer');
    const cuts = asks.map(({ text }) => this.#cuts.of(text));
    for (const reading of readings) {
      for (const [at, likeness] of this.#ranking.likenesses(reading, cuts).entries()) {
        const id = Number(asks[at]?.entry);
        scores.set(id, Math.max(likeness, scores.get(id) ?? 0));
      }
    }
    const byAnswer = matches
      .filter(({ role }) => role === 'answer')
      .map(({ entry }) => Number(entry));
    const asked = [...scores].sort((a, b) => b[1] - a[1]).map(([id]) => id);
    const others = byAnswer.filter((id) => !scores.has(id)).slice(0, mostByAnswer);
    return [...asked.slice(0, mostEntries - others.length), ...others];
  }

  #judged(readings: readonly Reading[], entry: Entry, rows: readonly KbPhraseRow[]): Found {
    const asks = rows.filter(({ role }) => role !== 'answer');
    const phrases = asks.map(({ text }) => this.#cuts.of(text));
    const answer = this.#cuts.of(entry.answer.slice(0, answerRead));
    let top: Found = { entry, score: 0, phrase: entry.title };
    for (const [index, reading] of readings.entries()) {
      const { score, best } = this.#ranking.score(reading, phrases, answer);
      const counted = index === 0 ? score : score * correctedShare;
      if (counted > top.score) {
        top = { entry, score: counted, phrase: asks[best]?.text ?? entry.title };
      }
    }
    return { ...top, score: Math.min(1, top.score) };
  }
}

async function breath(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
