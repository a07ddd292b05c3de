import { fillerWeight, type Token, tokensOf } from './question.ts';
import { Spelling } from './spelling.ts';
import { newWord, type Word, Words } from './words.ts';

/** As if there were so many phrasings more: among few, rare says nothing yet. */
const prior = 1000;
/** So many of the rarest pieces are looked for. */
const mostWords = 10;
/** In so large a share of the phrasings a piece finds nothing in particular. */
const commonShare = 0.3;
/** What is looked for may be in so many phrasings together; a few pieces always are looked for. */
const mostFound = 1200;
const leastWords = 2;
/** The same in answers, for what no phrasing says. */
const mostToldWords = 6;
const mostToldFound = 300;
/** Words that say little are not looked for there. */
const leastToldWeight = 0.4;

/** How much the whole of an entry counts beside its best phrasing. */
const poolWeight = 0.4;
/** A piece that only the answer holds. */
const answerWeight = 0.6;

/** Of a question so much is compared. */
const longestQuestion = 300;

/** Words to look for, the rarest first. */
export interface Wanted {
  asked: Word[];
  told: Word[];
}

/** A text in pieces: each word once, and beside it what it weighs there. */
export interface Cut {
  words: readonly Word[];
  weights: readonly number[];
  /** Every word is known: it stays the same while none goes. */
  known: boolean;
}

/** A question, cut and weighed. */
export interface Reading extends Cut {
  /** What its pieces weigh together. */
  total: number;
}

/** How rare each piece is among all phrasings, and how alike two texts are by that. */
export class Ranking {
  readonly #words = new Words();
  readonly #spelling = new Spelling(this.#words);
  #phrases = 0;

  /** Phrasings counted. */
  get phrases(): number {
    return this.#phrases;
  }

  /** How often a word is there; undefined: nobody wrote it. */
  known(word: string): Word | undefined {
    return this.#words.get(word);
  }

  /** Rises when words are gone: nothing that was cut before is good any more. */
  get gone(): number {
    return this.#words.gone;
  }

  /** @param answer the word is counted in answers */
  load(text: string, count: number, answer: boolean): void {
    this.#change(text, count, answer);
  }

  setPhrases(count: number): void {
    this.#phrases = count;
  }

  clear(): void {
    this.#words.clear();
    this.#spelling.clear();
    this.#phrases = 0;
  }

  /** A phrasing, or an answer, has come (1) or gone (-1). */
  count(tokens: readonly Token[], by: 1 | -1, answer: boolean): void {
    if (!answer) this.#phrases += by;
    for (const { text } of tokens) this.#change(text, by, answer);
  }

  /** What to look for in phrasings and in answers, the rarest first. */
  wanted({ words, weights }: Cut): Wanted {
    const common = Math.max(50, this.#phrases * commonShare);
    const weighed = words.map((word, at) => ({ word, weight: weights[at] ?? 0 }));
    const known = weighed
      .filter(({ word }) => word.count > 0)
      .map((one) => ({ ...one, worth: this.#worth(one.word, one.weight) }))
      .sort((a, b) => b.worth - a.worth || a.word.count - b.word.count)
      .map(({ word }) => word);
    const rare = known.filter(({ count }) => count <= common);
    const told = weighed
      .filter(({ word, weight }) => word.answers > 0 && weight >= leastToldWeight)
      .map(({ word }) => word)
      .sort((a, b) => a.answers - b.answers);
    return {
      asked: within(
        rare.length > 0 ? rare : known,
        ({ count }) => count,
        ...[mostWords, mostFound, leastWords],
      ),
      told: within(told, ({ answers }) => answers, mostToldWords, mostToldFound, 0),
    };
  }

  /**
   * The question with words that are unknown here put right: characters that sound like known ones
   * (曲消 for 取消), and pinyin. Undefined: nothing to put right.
   */
  corrected(question: string): string | undefined {
    return this.#spelling.corrected(question.slice(0, longestQuestion));
  }

  /** A question as it is compared with many phrasings. */
  read(text: string): Reading {
    const cut = this.cut(text.slice(0, longestQuestion));
    let total = 0;
    for (const [at, word] of cut.words.entries()) {
      total += (cut.weights[at] ?? 0) * this.rarity(word.count);
    }
    return { ...cut, total };
  }

  /** A text in pieces. */
  cut(text: string): Cut {
    const words: Word[] = [];
    const weights: number[] = [];
    let known = true;
    for (const token of tokensOf(text)) {
      const word = this.#words.get(token.text);
      known &&= word !== undefined;
      words.push(word ?? newWord(token.text));
      weights.push(token.weight);
    }
    return { words, weights, known };
  }

  /** How like each of them is to the question: 0 nothing in common … 1 the same. */
  likenesses(question: Reading, phrases: readonly Cut[]): number[] {
    return marked(question, () => phrases.map((phrase) => this.#likeness(question, phrase)));
  }

  /**
   * How well an entry answers: its best phrasing, and how much of the question its phrasings and its
   * answer hold together.
   */
  score(question: Reading, phrases: readonly Cut[], answer: Cut): { score: number; best: number } {
    return marked(question, () => {
      const held = new Float64Array(question.words.length);
      hold(held, answer, answerWeight);
      let likest = 0;
      let best = 0;
      for (const [index, phrase] of phrases.entries()) {
        hold(held, phrase, 1);
        const likeness = this.#likeness(question, phrase);
        if (likeness <= likest) continue;
        likest = likeness;
        best = index;
      }
      let covered = 0;
      for (const [at, word] of question.words.entries()) {
        const there = Math.min(question.weights[at] ?? 0, held[at] ?? 0);
        if (there > 0) covered += there * this.rarity(word.count);
      }
      const cover = question.total === 0 ? 0 : covered / question.total;
      return { score: (likest + poolWeight * cover) / (1 + poolWeight), best };
    });
  }

  /** How much it says to be in so many of the phrasings. */
  rarity(count: number): number {
    return Math.log(1 + (this.#phrases + prior - count + 0.5) / (count + 0.5));
  }

  /** Weighed by how rare what they share is (Dice). The question is marked. */
  #likeness(question: Reading, { words, weights }: Cut): number {
    let shared = 0;
    let total = question.total;
    for (let index = 0; index < words.length; index += 1) {
      const { count, at } = words[index] as Word;
      const weight = weights[index] as number;
      const rarity = this.rarity(count);
      total += weight * rarity;
      if (at >= 0) shared += Math.min(weight, question.weights[at] as number) * rarity;
    }
    return total === 0 ? 0 : (2 * shared) / total;
  }

  #change(text: string, by: number, answer: boolean): void {
    const word = this.#words.change(text, by, answer);
    if (by > 0 && word.count + word.answers === by) this.#spelling.learn(word);
  }

  #worth({ count }: Word, weight: number): number {
    // What is rare finds the least else: pieces that weigh less for another reason are as good here.
    return (weight > fillerWeight ? 1 : fillerWeight) * this.rarity(count);
  }
}

/** While it works, the words of the question know their place: no word has to be looked up. */
export function marked<T>({ words }: Reading, work: () => T): T {
  for (const [at, word] of words.entries()) word.at = at;
  try {
    return work();
  } finally {
    for (const word of words) word.at = -1;
  }
}

/** What of the question a text holds. The question is marked. */
function hold(held: Float64Array, { words, weights }: Cut, share: number): void {
  for (let index = 0; index < words.length; index += 1) {
    const { at } = words[index] as Word;
    if (at >= 0) held[at] = Math.max(held[at] as number, (weights[index] as number) * share);
  }
}

/** The first of them, as far as what they find together stays bounded. */
function within(
  words: readonly Word[],
  counted: (word: Word) => number,
  most: number,
  mostCounted: number,
  least: number,
): Word[] {
  const taken: Word[] = [];
  let sum = 0;
  for (const word of words.slice(0, most)) {
    sum += counted(word);
    if (taken.length >= least && sum > mostCounted) break;
    taken.push(word);
  }
  return taken;
}
