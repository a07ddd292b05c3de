import { Counts, WordMap } from './counts.ts';
import { soundOf, soundsOf, syllablesIn } from './pinyin.ts';
import { fillerWeight, normalize, type Token, tokensOf } from './question.ts';

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

/** Words to look for. */
export interface Wanted {
  asked: string[];
  told: string[];
}

/** A question, cut and weighed. */
export interface Reading {
  tokens: readonly Token[];
  weights: ReadonlyMap<string, number>;
  /** What its pieces weigh together. */
  total: number;
}

const hanPair = /^\p{Script=Han}{2}$/u;
const pairs = /(?=(\p{Script=Han}{2}))/gu;

/** Characters that any neighbour goes with: two that share one of them have nothing in common. */
const loose = new Set('的了吗呢吧啊呀我你请是有要不么个');

/** How rare each piece is among all phrasings, and how alike two texts are by that. */
export class Ranking {
  readonly #counts = new Counts();
  readonly #answers = new Counts();
  /** Two characters by how they sound: for what was typed with others that sound alike. */
  readonly #bySound = new WordMap<string[]>();
  #phrases = 0;

  /** Phrasings counted. */
  get phrases(): number {
    return this.#phrases;
  }

  /** @param answer the word is counted in answers */
  load(word: string, count: number, answer: boolean): void {
    if (answer) this.#answers.set(word, count);
    else this.#set(word, count);
  }

  setPhrases(count: number): void {
    this.#phrases = count;
  }

  clear(): void {
    this.#counts.clear();
    this.#answers.clear();
    this.#bySound.clear();
    this.#phrases = 0;
  }

  /** A phrasing, or an answer, has come (1) or gone (-1). */
  count(tokens: readonly Token[], by: 1 | -1, answer: boolean): void {
    if (!answer) this.#phrases += by;
    for (const { text } of tokens) {
      if (answer) this.#answers.set(text, this.#answers.get(text) + by);
      else this.#set(text, this.#counts.get(text) + by);
    }
  }

  /** What to look for in phrasings and in answers, the rarest first. */
  wordsOf({ tokens }: Reading): Wanted {
    const common = Math.max(50, this.#phrases * commonShare);
    const known = tokens
      .map(({ text, weight }) => ({ text, weight, count: this.#counts.get(text) }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => this.#worth(b) - this.#worth(a) || a.count - b.count);
    const rare = known.filter(({ count }) => count <= common);
    const told = tokens
      .map(({ text, weight }) => ({ text, weight, count: this.#answers.get(text) }))
      .filter(({ count, weight }) => count > 0 && weight >= leastToldWeight)
      .sort((a, b) => a.count - b.count);
    return {
      asked: within(rare.length > 0 ? rare : known, mostWords, mostFound, leastWords),
      told: within(told, mostToldWords, mostToldFound, 0),
    };
  }

  /**
   * The question with words that are unknown here put right: characters that sound like known ones
   * (曲消 for 取消), and pinyin. Undefined: nothing to put right.
   */
  corrected(question: string): string | undefined {
    const plain = normalize(question).slice(0, longestQuestion);
    const spelled = plain.replace(/[a-z]{4,24}/g, (letters) => this.#spoken(letters) ?? letters);
    let text = spelled;
    for (const { 1: pair = '' } of spelled.matchAll(pairs)) {
      if (this.#counts.has(pair)) continue;
      const meant = this.#soundingLike(pair);
      if (meant !== undefined) text = text.replaceAll(pair, meant);
    }
    return text === plain ? undefined : text;
  }

  /** A question as it is compared with many phrasings. */
  read(text: string): Reading {
    const tokens = tokensOf(text.slice(0, longestQuestion));
    const weights = new Map(tokens.map((token) => [token.text, token.weight]));
    let total = 0;
    for (const token of tokens) total += token.weight * this.#rarity(token.text);
    return { tokens, weights, total };
  }

  /** 0 nothing in common … 1 the same; weighed by how rare what they share is (Dice). */
  likeness(question: Reading, phrase: readonly Token[]): number {
    let shared = 0;
    let total = question.total;
    for (const { text, weight } of phrase) {
      const rarity = this.#rarity(text);
      total += weight * rarity;
      const asked = question.weights.get(text);
      if (asked !== undefined) shared += Math.min(weight, asked) * rarity;
    }
    return total === 0 ? 0 : (2 * shared) / total;
  }

  /**
   * How well an entry answers: its best phrasing, and how much of the question its phrasings and its
   * answer hold together.
   */
  score(
    question: Reading,
    phrases: readonly (readonly Token[])[],
    answer: readonly Token[],
  ): { score: number; best: number } {
    let likest = 0;
    let best = 0;
    const held = new Map(answer.map((token) => [token.text, token.weight * answerWeight]));
    for (const [index, phrase] of phrases.entries()) {
      const likeness = this.likeness(question, phrase);
      if (likeness > likest) {
        likest = likeness;
        best = index;
      }
      for (const { text, weight } of phrase) held.set(text, Math.max(weight, held.get(text) ?? 0));
    }
    let covered = 0;
    for (const { text, weight } of question.tokens) {
      const there = held.get(text);
      if (there !== undefined) covered += Math.min(weight, there) * this.#rarity(text);
    }
    const cover = question.total === 0 ? 0 : covered / question.total;
    return { score: (likest + poolWeight * cover) / (1 + poolWeight), best };
  }

  #set(word: string, count: number): void {
    if (count > 0 && !this.#counts.has(word) && hanPair.test(word)) {
      const sound = soundOf(word);
      const others = this.#bySound.get(sound) ?? [];
      if (!others.includes(word)) others.push(word);
      this.#bySound.set(sound, others);
    }
    this.#counts.set(word, count);
  }

  /** The commonest known pair that sounds the same and shares a character that means something. */
  #soundingLike(pair: string): string | undefined {
    const [first = '', second = ''] = [...pair];
    return this.#commonest(
      (this.#bySound.get(soundOf(pair)) ?? []).filter((other) => {
        const [a = '', b = ''] = [...other];
        return (a === first && !loose.has(a)) || (b === second && !loose.has(b));
      }),
    );
  }

  #spoken(letters: string): string | undefined {
    if (this.#counts.has(letters)) return undefined;
    const syllables = syllablesIn(letters);
    if (syllables === undefined) return undefined;
    const meant = [syllables.slice(0, 2), syllables.slice(2)]
      .filter((two) => two.length > 0)
      .map((two) => this.#commonest(this.#bySound.get(soundsOf(two)) ?? []));
    return meant.includes(undefined) ? undefined : meant.join('');
  }

  #commonest(words: readonly string[]): string | undefined {
    let commonest: string | undefined;
    let most = 0;
    for (const word of words) {
      const count = this.#counts.get(word);
      if (count > most) {
        most = count;
        commonest = word;
      }
    }
    return commonest;
  }

  #worth({ count, weight }: { count: number; weight: number }): number {
    // What is rare finds the least else: pieces that weigh less for another reason are as good here.
    return (weight > fillerWeight ? 1 : fillerWeight) * this.#idf(count);
  }

  #rarity(token: string): number {
    return this.#idf(this.#counts.get(token));
  }

  #idf(count: number): number {
    return Math.log(1 + (this.#phrases + prior - count + 0.5) / (count + 0.5));
  }
}

/** The first of them, as far as what they find together stays bounded. */
function within(
  words: readonly { text: string; count: number }[],
  most: number,
  mostCounted: number,
  least: number,
): string[] {
  const taken: string[] = [];
  let counted = 0;
  for (const { text, count } of words.slice(0, most)) {
    counted += count;
    if (taken.length >= least && counted > mostCounted) break;
    taken.push(text);
  }
  return taken;
}
