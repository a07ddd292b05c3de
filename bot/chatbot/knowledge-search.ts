import type { BaseThresholds, Thresholds } from '../../config/chatbot-schema.ts';
import type { KbPhraseRow, KnowledgeStore } from '../../store/knowledge.ts';
import type { IndexScope, KbMatch, KnowledgeIndexStore } from '../../store/knowledge-index.ts';
import { candidatesFor } from './candidates.ts';
import { Cuts } from './cuts.ts';
import { type Entry, entryOf, lettersOf } from './entry.ts';
import { excerptAround, headingsOf, sentencesOf } from './passage.ts';
import { type PassageQuestion, passageQuestion, scorePassage } from './passage-score.ts';
import { plainWord } from './question.ts';
import type { Ranking, Reading } from './ranking.ts';

/** An entry that was found. */
export interface Found {
  entry: Entry;
  /** 0 … 1, comparable between knowledge bases. */
  score: number;
  /** The way to ask that is most like the question. */
  phrase: string;
  /** Of a passage of a document: what of it is the answer. */
  excerpt?: string;
  /** By the question as it was put right. */
  corrected?: boolean;
}

/** What a question comes to. */
export type Verdict =
  | { kind: 'direct'; entry: Entry; score: number; answer: string }
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
const mostByAnswer = 6;
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
    const words = [...new Set([...asked, ...told].map(({ text }) => plainWord(text)))];
    const nothing = { found: [], corrected: undefined, words, candidates: 0 };
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
    let known: PassageQuestion[] | undefined;
    const questions = (): PassageQuestion[] => {
      known ??= texts.map((text) => passageQuestion(this.#ranking, text));
      return known;
    };
    const found: Found[] = [];
    for (const [at, row] of entries.filter(({ enabled }) => Number(enabled) === 1).entries()) {
      // Long answers take a while to cut: others come in between.
      if (at % 4 === 3) await breath();
      const one = this.#judged(
        questions,
        readings,
        entryOf(row),
        byEntry.get(Number(row.id)) ?? [],
      );
      if (one.score > 0) found.push(one);
    }
    found.sort((a, b) => b.score - a.score || a.entry.id - b.entry.id);
    // What found nothing was put right for nothing.
    const used = found[0]?.corrected === true ? corrected : undefined;
    const candidates = matches.length;
    return { found: found.slice(0, limit), corrected: used, words, candidates };
  }

  judge(found: readonly Found[]): Verdict {
    const [first, second] = distinct(found);
    if (first === undefined) return { kind: 'miss' };
    const { direct, gap } = this.thresholdsOf(first.entry.kb);
    const exact = first.score > 0.999;
    const clear = second === undefined || first.score - second.score >= gap;
    if (first.score >= direct && (clear || exact)) {
      const { entry, score, excerpt } = first;
      return { kind: 'direct', entry, score, answer: excerpt ?? entry.answer };
    }
    const options = distinct(found)
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

  #judged(
    questions: () => readonly PassageQuestion[],
    readings: readonly Reading[],
    entry: Entry,
    rows: readonly KbPhraseRow[],
  ): Found {
    if (entry.kind === 'doc') return this.#passage(questions(), readings, entry, rows);
    const asks = rows.filter(({ role }) => role !== 'answer');
    const phrases = asks.map(({ text }) => this.#cuts.of(text));
    const answer = this.#cuts.of(entry.answer.slice(0, answerRead));
    let top: Found = { entry, score: 0, phrase: entry.title };
    for (const [index, reading] of readings.entries()) {
      const { score, best } = this.#ranking.score(reading, phrases, answer);
      const counted = index === 0 ? score : score * correctedShare;
      if (counted > top.score) {
        const phrase = asks[best]?.text ?? entry.title;
        top = { entry, score: counted, phrase, corrected: index > 0 };
      }
    }
    return { ...top, score: Math.min(1, top.score) };
  }

  /** A part of a document is found by its headings, by ways to ask for it, and by what it says. */
  #passage(
    questions: readonly PassageQuestion[],
    readings: readonly Reading[],
    entry: Entry,
    rows: readonly KbPhraseRow[],
  ): Found {
    const sentences = sentencesOf(entry.answer);
    const { last, above } = headingsOf(entry.title);
    const passage = {
      heading: this.#cuts.of(last),
      above: this.#cuts.of(above),
      sentences: sentences.map(({ text }) => ({
        cut: this.#cuts.of(text),
        number: /\d|[一二两三四五六七八九十百千半]/.test(text),
      })),
    };
    const asks = rows.filter(({ role }) => role !== 'answer').map(({ text }) => text);
    const phrases = [last, ...asks];
    const cuts = phrases.map((text) => this.#cuts.of(text));
    const whole = this.#cuts.of(entry.answer.slice(0, answerRead));
    let top: Found = { entry, score: 0, phrase: entry.title };
    for (const [index, reading] of readings.entries()) {
      const said = scorePassage(this.#ranking, questions[index] as PassageQuestion, passage);
      const asked = this.#ranking.score(reading, cuts, whole);
      const score = Math.max(said.score, asked.score);
      const counted = index === 0 ? score : score * correctedShare;
      if (counted <= top.score) continue;
      const excerpt = excerptAround(entry.answer, sentences, said.best);
      const phrase = phrases[asked.best] ?? entry.title;
      top = { entry, score: counted, phrase, excerpt, corrected: index > 0 };
    }
    return { ...top, score: Math.min(1, top.score) };
  }
}

/** What asks or says the same as something better is that again, from another source. */
function distinct(found: readonly Found[]): Found[] {
  const seen = new Set<string>();
  return found.filter(({ entry: { title, answer, reply } }) => {
    const names = [`? ${lettersOf(title)}`, `${lettersOf(answer)} ${JSON.stringify(reply)}`];
    const isNew = names.every((name) => !seen.has(name));
    for (const name of names) seen.add(name);
    return isNew;
  });
}

async function breath(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
