import { textWidth, wordWidth } from './text-width.ts';

/** What a column would like, in ems. */
export interface ColumnWish {
  /** Nothing is wrapped. */
  natural: number;
  /** It can still be read. */
  least: number;
}

export interface ColumnWidths {
  font: number;
  /** Left and right of a cell's text. */
  pad: number;
  widths: number[];
  /** Of the table. */
  inner: number;
}

/** How much wider bold letters are, at most: “Open”. */
const bold = 1.1;
/** Text wraps beyond so many ems, however much room there is. */
const mostEms = 36;
const fonts = [16, 15, 14, 13, 12, 11];
/** With these nothing is wrapped, if that can be had. */
const readable = [16, 15, 14];

export function wishOf(
  kind: 'text' | 'fixed' | 'bar',
  label: string,
  texts: readonly string[],
): ColumnWish {
  let natural = 0;
  let word = 0;
  for (const text of texts) {
    for (const line of text.split('\n')) natural = Math.max(natural, textWidth(line));
    if (kind === 'text') word = Math.max(word, wordWidth(text));
  }
  const head = textWidth(label) * bold;
  const headLeast = Math.min(head, Math.max(wordWidth(label) * bold, 2));
  if (kind === 'bar') natural += 8;
  const least = kind === 'text' ? Math.min(natural, Math.max(4, Math.min(word, 12))) : natural;
  return {
    natural: Math.min(Math.max(natural, head), mostEms),
    least: Math.min(Math.max(kind === 'bar' ? least - 4 : least, headLeast), mostEms),
  };
}

/**
 * Shares the width among the columns: the narrowest picture and the largest letters that do, since
 * it is read on a phone.
 * @param least @param most width of a table in pixels of CSS
 */
export function shareWidth(
  wishes: readonly ColumnWish[],
  { least, most }: { least: number; most: number },
): ColumnWidths {
  for (const font of readable) {
    const pad = padOf(font);
    const natural = wishes.map((wish) => wish.natural * font + 2 * pad + 1);
    const room = sum(natural);
    if (room > most) continue;
    const inner = Math.max(least, Math.ceil(room));
    return { font, pad, inner, widths: natural.map((width) => (width * inner) / room) };
  }
  for (const font of fonts) {
    const pad = padOf(font);
    const tight = wishes.map((wish) => wish.least * font + 2 * pad + 1);
    const free = most - sum(tight);
    if (free < 0) continue;
    // What is left goes where something would be wrapped.
    const wanted = wishes.map((wish) => (wish.natural - wish.least) * font);
    const want = sum(wanted) || 1;
    const widths = tight.map((width, index) => width + ((wanted[index] ?? 0) * free) / want);
    return { font, pad, inner: most, widths };
  }
  // More columns than there is room for: words break.
  const font = fonts.at(-1) ?? 11;
  const tight = wishes.map((wish) => Math.min(wish.least, 8) * font + 8);
  const room = sum(tight);
  return { font, pad: 3, inner: most, widths: tight.map((width) => (width * most) / room) };
}

function padOf(font: number): number {
  return Math.round(font * 0.55);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
