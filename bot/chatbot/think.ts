const tag = /<(\/?)think(?:ing)?(?:\s{0,8}|\s[^<>]{0,64}=[^<>]{0,64})>/i;
/** The end of a text that may become a tag with what comes next. */
const unfinished =
  /<(?:\/?(?:t(?:h(?:i(?:n(?:k(?:i(?:n(?:g(?:\s[^<>]{0,128})?)?)?|\s[^<>]{0,128})?)?)?)?)?)?)?$/i;

/**
 * Takes out what a model thinks aloud: `<think>…</think>`, `<thinking>…`, in one another, too, and
 * wherever the pieces of its answer part. Thoughts that are never closed last to the end.
 */
export class ThinkFilter {
  #held = '';
  #depth = 0;
  /** Said behind a tag within thoughts: thoughts, if these are closed yet; else they mentioned a tag. */
  #doubtful = '';
  #isDoubtful = false;
  #begun = false;

  /** @returns what of it is to be shown; a possible half of a tag waits */
  push(text: string): string {
    let rest = this.#held + text;
    let shown = '';
    for (let found = tag.exec(rest); found !== null; found = tag.exec(rest)) {
      shown += this.#said(rest.slice(0, found.index));
      if (found[1] === '') this.#open();
      else this.#close();
      rest = rest.slice(found.index + found[0].length);
    }
    const half = unfinished.exec(rest)?.index ?? rest.length;
    this.#held = rest.slice(half);
    return this.#trimmed(shown + this.#said(rest.slice(0, half)));
  }

  /** The half of a tag that never became one. */
  end(): string {
    const shown = this.#said(this.#held);
    const rest = this.#depth === 1 ? this.#doubtful : shown;
    this.#held = '';
    this.#doubtful = '';
    return this.#trimmed(rest);
  }

  /** @returns what of it is no thought for certain */
  #said(text: string): string {
    if (this.#depth === 0) return text;
    if (this.#depth === 1 && this.#isDoubtful) this.#doubtful += text;
    return '';
  }

  #open(): void {
    this.#depth += 1;
    if (this.#depth > 1) this.#isDoubtful = true;
  }

  /** One that closes nothing is left out as well. */
  #close(): void {
    if (this.#depth > 0) this.#depth -= 1;
    if (this.#depth > 0) return;
    this.#doubtful = '';
    this.#isDoubtful = false;
  }

  /** Thoughts leave blank lines before the answer. */
  #trimmed(text: string): string {
    const shown = this.#begun ? text : text.trimStart();
    if (shown !== '') this.#begun = true;
    return shown;
  }
}
