/** So many maps: one that grows is moved as a whole, and a large one holds up everybody. */
const parts = 64;

/** Hundreds of thousands of words, and something of each. */
export class WordMap<T> {
  readonly #parts = Array.from({ length: parts }, () => new Map<string, T>());

  get(word: string): T | undefined {
    return this.#part(word).get(word);
  }

  has(word: string): boolean {
    return this.#part(word).has(word);
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

/** How often each word is there. */
export class Counts {
  readonly #words = new WordMap<number>();

  get(word: string): number {
    return this.#words.get(word) ?? 0;
  }

  has(word: string): boolean {
    return this.#words.has(word);
  }

  /** @param count 0 or less: it is there no more */
  set(word: string, count: number): void {
    if (count > 0) this.#words.set(word, count);
    else this.#words.delete(word);
  }

  clear(): void {
    this.#words.clear();
  }
}
