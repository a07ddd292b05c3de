import { stemOf } from './english.ts';
import type { Word, Words } from './words.ts';

const letters = /^[a-z]{5,24}$/;
/** Of so many words of one length and beginning the rest is not looked at: it bounds how long that takes. */
const mostAlike = 500;

/** Words in letters, for what was typed with a letter too many, too few, or a wrong one. */
export class Typing {
  readonly #words: Words;
  /** By beginning and length: the first letter is seldom the wrong one. */
  readonly #groups = new Map<string, Set<Word>>();

  constructor(words: Words) {
    this.#words = words;
  }

  /** A word that is new. */
  learn(word: Word): void {
    if (!letters.test(word.text)) return;
    const name = groupOf(word.text, word.text.length);
    const group = this.#groups.get(name) ?? new Set();
    this.#groups.set(name, group);
    // Of those that are gone nobody tells.
    if (group.size >= mostAlike) {
      for (const one of group) if (this.#words.get(one.text) !== one) group.delete(one);
    }
    if (group.size < mostAlike) group.add(word);
  }

  clear(): void {
    this.#groups.clear();
  }

  /** warrenty: warranty. @returns undefined: it is known, or like nothing that is */
  meant(typed: string): string | undefined {
    const stem = stemOf(typed);
    if (!letters.test(stem) || this.#words.get(stem) !== undefined) return undefined;
    const most = stem.length >= 9 ? 2 : 1;
    let best: { word: Word; distance: number } | undefined;
    for (let length = stem.length - most; length <= stem.length + most; length += 1) {
      for (const word of this.#groups.get(groupOf(stem, length)) ?? []) {
        if (this.#words.get(word.text) !== word) continue;
        const distance = distanceOf(stem, word.text, best?.distance ?? most);
        const isBetter =
          best === undefined ||
          distance < best.distance ||
          (distance === best.distance && said(word) > said(best.word));
        if (distance <= most && isBetter) best = { word, distance };
      }
    }
    return best?.word.text;
  }
}

function said({ count, answers }: Word): number {
  return count + answers;
}

function groupOf(word: string, length: number): string {
  return `${word.charAt(0)}${length}`;
}

/** Letters to put in, leave out, replace or swap with their neighbour. @returns more than `most`: more than that */
function distanceOf(one: string, other: string, most: number): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row];
    let least = row;
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (row > 1 && column > 1 && swapped) cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      next.push(cost);
      least = Math.min(least, cost);
    }
    if (least > most) return most + 1;
    [before, last] = [last, next];
  }
  return last[other.length] ?? most + 1;
}
