/** A word that phrasings or answers hold. There is one object for each: what was cut refers to it. */
export interface Word {
  readonly text: string;
  /** Phrasings that hold it. */
  count: number;
  /** Answers that hold it. */
  answers: number;
  /** Where it is in the question that is being compared; -1: not there. */
  at: number;
}

/** So many maps: one that grows is moved as a whole, and a large one holds up everybody. */
const parts = 64;

/** Hundreds of thousands of words, and something of each. */
export class WordMap<T> {
  readonly #parts = Array.from({ length: parts }, () => new Map<string, T>());

  get(word: string): T | undefined {
    return this.#part(word).get(word);
  }

  set(word: string, value: T): void {
    this.#part(word).set(word, value);
  }

  delete(word: string): void {
    this.#part(word).delete(word);
  }

  clear(): void {
    for (const part of this.#parts) part.clear();
  }

  #part(word: string): Map<string, T> {
    const last = word.charCodeAt(word.length - 1);
    const at = ((word.charCodeAt(0) * 31 + last) >>> 0) % parts;
    return this.#parts[at] as Map<string, T>;
  }
}

/** All words, with how often each is there. */
export class Words {
  readonly #words = new WordMap<Word>();
  #gone = 0;

  /** Rises when a word is gone: what was cut before may refer to it, and another one come for it. */
  get gone(): number {
    return this.#gone;
  }

  get(text: string): Word | undefined {
    return this.#words.get(text);
  }

  countOf(text: string): number {
    return this.#words.get(text)?.count ?? 0;
  }

  /** @param by how many phrasings, or answers, more */
  change(text: string, by: number, answer: boolean): Word {
    let word = this.#words.get(text);
    if (word === undefined) {
      word = newWord(text);
      this.#words.set(text, word);
    }
    if (answer) word.answers += by;
    else word.count += by;
    if (word.count <= 0 && word.answers <= 0) {
      this.#words.delete(text);
      this.#gone += 1;
    }
    return word;
  }

  clear(): void {
    this.#words.clear();
    this.#gone += 1;
  }
}

/** One that nobody has said so far. */
export function newWord(text: string): Word {
  return { text, count: 0, answers: 0, at: -1 };
}
