/** Longest text of one message, in UTF-16 units: what every WeChat client still shows whole. */
export const textLimit = 2000;
/** A longer text than this many messages is refused: no room wants to read it. */
export const maxParts = 50;

/**
 * Cuts a long text into messages of at most `limit` units. Cuts at the last line end of the second
 * half of a part, else behind the last sentence that ends there, else at the last blank of it, else at the limit; never inside a surrogate pair
 * or between a letter and what combines with it. The line end or blank at a cut is left out. The
 * same text gives the same parts: a restart goes on with the part that is next.
 */
export function splitText(text: string, limit = textLimit): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const cut = cutAt(rest, limit);
    const part = rest.slice(0, cut.end);
    if (part.trim() !== '') parts.push(part);
    rest = rest.slice(cut.next);
  }
  // Blank lines that are left over are nothing to send, unless they are all there is.
  if (rest.trim() !== '' || parts.length === 0) parts.push(rest);
  return parts;
}

function cutAt(text: string, limit: number): { end: number; next: number } {
  const line = text.lastIndexOf('\n', limit);
  if (line >= limit / 2) {
    return { end: text[line - 1] === '\r' ? line - 1 : line, next: line + 1 };
  }
  const sentence = sentenceEnd(text, limit);
  if (sentence !== undefined) {
    return { end: sentence, next: text[sentence] === ' ' ? sentence + 1 : sentence };
  }
  const blank = text.lastIndexOf(' ', limit);
  if (blank >= limit / 2) return { end: blank, next: blank + 1 };
  let end = limit;
  while (end > limit / 2 && joined(text, end)) end -= 1;
  if (joined(text, end)) end = isLowSurrogate(text, limit) ? limit - 1 : limit;
  return { end, next: end };
}

/** Behind the last sentence that ends in the second half; quotes and brackets that close it stay with it. */
function sentenceEnd(text: string, limit: number): number | undefined {
  const ends = /(?:[。！？；…]|[.!?;](?=\s))["'”’」』）)]*/gu;
  ends.lastIndex = Math.ceil(limit / 2);
  // One more: whether a full stop ends a sentence is told by what follows.
  const part = text.slice(0, limit + 1);
  let last: number | undefined;
  for (let found = ends.exec(part); found !== null; found = ends.exec(part)) {
    if (ends.lastIndex > limit) break;
    last = ends.lastIndex;
  }
  return last;
}

/** Whether what is before and at `at` is one sign for the reader. */
function joined(text: string, at: number): boolean {
  if (isLowSurrogate(text, at)) return true;
  const after = String.fromCodePoint(text.codePointAt(at) ?? 0);
  // Zero-width joiner sequences, variation selectors, skin tones and combining marks.
  return text[at - 1] === '\u200d' || /^[\u200d\ufe0f\p{M}\p{Emoji_Modifier}]/u.test(after);
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
