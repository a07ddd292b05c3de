const tag = /<(\/?)think(?:ing)?\s{0,8}>/i;
/** The end of a text that may become a tag with what comes next. */
const unfinished = /<(?:\/?(?:t(?:h(?:i(?:n(?:k(?:i(?:n(?:g\s{0,8})?)?|\s{1,8})?)?)?)?)?)?)?$/i;

/**
 * Takes out what a model thinks aloud: `<think>…</think>`, `<thinking>…`, wherever the pieces of its
 * answer part. Thoughts that are never closed last to the end.
 */
export class ThinkFilter {
  #held = '';
  #thinking = false;
  #begun = false;

  /** @returns what of it is to be shown; a possible half of a tag waits */
  push(text: string): string {
    let rest = this.#held + text;
    this.#held = '';
    let shown = '';
    for (let found = tag.exec(rest); found !== null; found = tag.exec(rest)) {
      if (!this.#thinking) shown += rest.slice(0, found.index);
      // One that closes nothing is left out as well.
      this.#thinking = found[1] === '';
      rest = rest.slice(found.index + found[0].length);
    }
    const half = unfinished.exec(rest)?.index ?? rest.length;
    this.#held = rest.slice(half);
    if (!this.#thinking) shown += rest.slice(0, half);
    return this.#trimmed(shown);
  }

  /** The half of a tag that never became one. */
  end(): string {
    const rest = this.#thinking ? '' : this.#held;
    this.#held = '';
    return this.#trimmed(rest);
  }

  /** Thoughts leave blank lines before the answer. */
  #trimmed(text: string): string {
    const shown = this.#begun ? text : text.trimStart();
    if (shown !== '') this.#begun = true;
    return shown;
  }
}
