import { tokensIn } from './budget.ts';

export interface Usage {
  prompt: number;
  completion: number;
}

/** A server that knows no bound of tokens is cut off at so many characters a token, thoughts too. */
const charactersPerToken = 8;
/** What a server tells is believed unless it is so many times less than what was seen. */
const leastShare = 1 / 16;
/** Words that a server puts before the question, and thoughts that it does not show. */
const mostPrompt = { times: 8, more: 2000 };
const mostCompletion = 4;

/**
 * What one answer has used: as its server says, where that can be, else guessed from what came. A
 * server that tells of nothing must not have the day for nothing, nor one that exaggerates use it up.
 */
export class Spending {
  readonly #prompt: number;
  readonly #maxTokens: number;
  #costs = true;
  #seen = 0;
  #characters = 0;
  /** What was told last, and what had been seen by then. */
  #told: (Usage & { seen: number }) | undefined;

  /** @param prompt a guess, rather too high */
  constructor(prompt: number, maxTokens: number) {
    this.#prompt = prompt;
    this.#maxTokens = maxTokens;
  }

  /** What a server that keeps to its bound can use. */
  get most(): number {
    return this.#prompt + this.#maxTokens;
  }

  /** Characters that it may still say, and think. */
  get room(): number {
    return this.#maxTokens * charactersPerToken - this.#characters;
  }

  get total(): number {
    return this.usage.prompt + this.usage.completion;
  }

  /** Its server did not say, or not believably. */
  get isGuess(): boolean {
    return this.#told === undefined || this.#told.completion !== this.usage.completion;
  }

  get usage(): Usage {
    const told = this.#told;
    const believed = told?.prompt ?? 0;
    const least = this.#prompt * leastShare;
    const most = this.#prompt * mostPrompt.times + mostPrompt.more;
    const prompt = believed >= least && believed <= most ? believed : this.#prompt;
    return { prompt: this.#costs ? prompt : 0, completion: this.#completion(told) };
  }

  /** It is asked, once more perhaps. */
  asked(): void {
    this.#costs = true;
  }

  /** It would not do it: that costs nothing. */
  refused(): void {
    this.#costs = false;
  }

  said(text: string): void {
    this.#characters += text.length;
    this.#seen += tokensIn(text);
  }

  thought(length: number): void {
    this.#characters += length;
    this.#seen += Math.ceil(length / 2);
  }

  /** What its server says of it so far. */
  told(usage: Usage): void {
    this.#told = { ...usage, seen: this.#seen };
  }

  #completion(told: (Usage & { seen: number }) | undefined): number {
    if (told === undefined) return this.#seen;
    const { completion, seen } = told;
    if (completion < seen * leastShare) return this.#seen;
    if (completion > Math.max(this.#maxTokens, seen) * mostCompletion) return this.#seen;
    // Some tell before they end.
    return completion + this.#seen - seen;
  }
}
