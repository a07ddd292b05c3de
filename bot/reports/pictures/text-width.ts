/**
 * About how wide a text is, in ems. Good enough to share a table's width among its columns: what
 * is wider than thought is wrapped.
 */
export function textWidth(text: string): number {
  let width = 0;
  for (const char of text) width += charWidth(char.codePointAt(0) ?? 0);
  return width;
}

/** The widest part that cannot be wrapped without breaking a word: nothing in Chinese. */
export function wordWidth(text: string): number {
  let widest = 0;
  for (const [word] of text.matchAll(/[!-\u2dff]+/g)) widest = Math.max(widest, textWidth(word));
  return Math.max(widest, text === '' ? 0 : 1);
}

function charWidth(code: number): number {
  if (code < 0x20) return 0;
  if (code >= 0x30 && code <= 0x39) return 0.56;
  if (code < 0x7f) return narrow[code] ?? 0.58;
  // Joiners and variation selectors take no room.
  if (code === 0x200d || (code >= 0xfe00 && code <= 0xfe0f)) return 0;
  // Signs like · and × are as wide as a Chinese character in a Chinese font.
  if (code < 0xc0) return 1.02;
  if (code < 0x2000) return 0.62;
  return code >= 0x1f000 ? 1.25 : 1.02;
}

const narrow: Record<number, number> = {};
for (const char of " !'(),.:;I[]`ijl|") narrow[char.charCodeAt(0)] = 0.3;
for (const char of 'frt-/') narrow[char.charCodeAt(0)] = 0.4;
for (const char of 'ABCDEFGHKLNOPQRSTUVXYZ&+<=>') narrow[char.charCodeAt(0)] = 0.68;
for (const char of 'MWmw%@') narrow[char.charCodeAt(0)] = 0.94;
