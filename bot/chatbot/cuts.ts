import type { Cut, Ranking } from './ranking.ts';

/** So many words of texts are kept together: some twenty megabytes. */
const mostWords = 1_000_000;

/** Texts that are found often are cut once. */
export class Cuts {
  readonly #ranking: Ranking;
  /** Since the last change of the two, and before it: what nobody asked for meanwhile is forgotten. */
  #young = new Map<string, Cut>();
  #old = new Map<string, Cut>();
  #words = 0;
  #gone = 0;

  constructor(ranking: Ranking) {
    this.#ranking = ranking;
  }

  of(text: string): Cut {
    if (this.#gone !== this.#ranking.gone) this.#forget();
    const before = this.#young.get(text);
    if (before !== undefined) return before;
    const cut = this.#old.get(text) ?? this.#ranking.cut(text);
    // A word that nobody counted yet will be another one when it is.
    if (cut.known) this.#keep(text, cut);
    return cut;
  }

  #keep(text: string, cut: Cut): void {
    if (this.#words > mostWords / 2) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#words = 0;
    }
    this.#young.set(text, cut);
    this.#words += cut.words.length;
  }

  #forget(): void {
    this.#gone = this.#ranking.gone;
    this.#old.clear();
    this.#young.clear();
    this.#words = 0;
  }
}
