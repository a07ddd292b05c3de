/** So many questions are remembered; older ones are long out of the window on a quiet channel. */
const most = 50_000;

/**
 * Signatures of questions within the time window. A signature does not cover the command's name,
 * and a question leaves no txcode behind: without this, somebody who overhears a signed question
 * could have its bytes do something under another name.
 */
export class Asked {
  readonly #windowMs: number;
  /** Signature → when it is too old to count, in order of arrival. */
  readonly #until = new Map<string, number>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  note(signature: string, now: number): void {
    this.#until.delete(signature);
    this.#until.set(signature, now + 2 * this.#windowMs);
    for (const [oldest, until] of this.#until) {
      if (until > now && this.#until.size <= most) break;
      this.#until.delete(oldest);
    }
  }

  has(signature: string): boolean {
    return this.#until.size > 0 && this.#until.has(signature);
  }
}
