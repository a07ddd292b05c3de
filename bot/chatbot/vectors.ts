import type { Vector } from './embed.ts';

export interface Near {
  entry: number;
  /** Cosine of the angle between the two: 1 means the same. */
  score: number;
}

interface Held {
  entry: number;
  hash: string;
  vector: Vector;
}

/** So many numbers are multiplied before others get their turn: about two milliseconds. */
const sliceNumbers = 2_000_000;

/** Vectors of phrasings, in memory. */
export class Vectors {
  readonly #held = new Map<number, Held>();

  get size(): number {
    return this.#held.size;
  }

  /** The same text of the same entry: numbers are given again. */
  has(phrase: number, entry: number, hash: string): boolean {
    const held = this.#held.get(phrase);
    return held?.hash === hash && held.entry === entry;
  }

  put(phrase: number, held: Held): void {
    this.#held.set(phrase, held);
  }

  /** Forgets those that are not among these. */
  keep(phrases: ReadonlySet<number>): void {
    for (const phrase of this.#held.keys()) if (!phrases.has(phrase)) this.#held.delete(phrase);
  }

  clear(): void {
    this.#held.clear();
  }

  /** The entries whose phrasings mean the nearest, best first; other dimensions are left out. */
  async nearest(to: Vector, limit: number): Promise<Near[]> {
    const best = new Map<number, number>();
    let numbers = 0;
    for (const { entry, vector } of [...this.#held.values()]) {
      if (vector.length !== to.length) continue;
      const score = dot(to, vector);
      if (score > (best.get(entry) ?? -1)) best.set(entry, score);
      numbers += vector.length;
      if (numbers < sliceNumbers) continue;
      numbers = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return [...best]
      .map(([entry, score]) => ({ entry, score }))
      .sort((a, b) => b.score - a.score)
      .slice(0, limit);
  }
}

function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}
