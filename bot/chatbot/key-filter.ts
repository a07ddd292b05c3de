/** Shorter ones are no secrets: servers of one's own take any word for a key. */
const shortest = 8;

/** Takes a key out of a text, wherever its pieces part. */
export class KeyFilter {
  readonly #key: string;
  readonly #everywhere: RegExp | undefined;
  #held = '';

  constructor(key: string | undefined) {
    this.#key = key === undefined || key.length < shortest ? '' : key.toLowerCase();
    if (this.#key !== '') this.#everywhere = new RegExp(RegExp.escape(this.#key), 'gi');
  }

  /** @returns what of it is to be shown; what may become the key waits */
  push(text: string): string {
    if (this.#everywhere === undefined) return text;
    const rest = (this.#held + text).replace(this.#everywhere, '[redacted]');
    const half = rest.length - this.#halfAtEnd(rest);
    this.#held = rest.slice(half);
    return rest.slice(0, half);
  }

  /** The half of a key that never became one. */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    return rest.length >= shortest ? '[redacted]' : rest;
  }

  /** How much of the end of a text the key may begin with. */
  #halfAtEnd(text: string): number {
    const end = text.slice(1 - this.#key.length).toLowerCase();
    for (let length = end.length; length > 0; length -= 1) {
      if (this.#key.startsWith(end.slice(-length))) return length;
    }
    return 0;
  }
}
