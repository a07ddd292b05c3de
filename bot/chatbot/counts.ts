/** So many maps: one that grows is moved as a whole, and a large one holds up everybody. */
const parts = 64;

/** How often each word is there: hundreds of thousands of words, changed one by one. */
export class Counts {
  readonly #parts = Array.from({ length: parts }, () => new Map<string, number>());

  get(word: string): number {
    return this.#part(word).get(word) ?? 0;
  }

  has(word: string): boolean {
    return this.#part(word).has(word);
  }

  /** @param count 0 or less: it is there no more */
  set(word: string, count: number): void {
    if (count > 0) this.#part(word).set(word, count);
    else this.#part(word).delete(word);
  }

  clear(): void {
    for (const part of this.#parts) part.clear();
  }

  #part(word: string): Map<string, number> {
    const last = word.charCodeAt(word.length - 1);
    const at = ((word.charCodeAt(0) * 31 + last) >>> 0) % parts;
    return this.#parts[at] as Map<string, number>;
  }
}
