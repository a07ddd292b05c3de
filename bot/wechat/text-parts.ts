/** WeChat takes so many bytes of text at once. */
export const textBytes = 2048;

/**
 * Cuts a text into parts of at most `limit` bytes of UTF-8. Cuts behind the last line end of the
 * second half of a part, else behind the last blank of it, else wherever one sign ends for the
 * reader. Nothing is left out.
 */
export function textParts(text: string, limit = textBytes): string[] {
  const parts: string[] = [];
  let rest = text;
  while (Buffer.byteLength(rest) > limit) {
    const end = cutAt(rest, limit);
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  parts.push(rest);
  // What is blank WeChat refuses, and nobody misses.
  const said = parts.filter((part) => part.trim() !== '');
  return said.length === 0 ? [text] : said;
}

function cutAt(text: string, limit: number): number {
  const most = unitsWithin(text, limit);
  const half = Math.floor(most / 2);
  for (const mark of ['\n', ' ']) {
    const at = text.lastIndexOf(mark, most - 1);
    if (at >= half) return at + 1;
  }
  let end = most;
  while (end > half && joined(text, end)) end -= 1;
  if (end > half) return end;
  // One sign without an end: between two characters at least.
  return isLowSurrogate(text, most) ? most - 1 : most;
}

/** How many UTF-16 units from the beginning fit into so many bytes; never half a character. */
function unitsWithin(text: string, limit: number): number {
  let bytes = 0;
  let units = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > limit) break;
    units += character.length;
  }
  return units;
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
