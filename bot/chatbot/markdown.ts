/** A part of a document: what stands under a heading. */
export interface Section {
  /** Headings that lead to it, joined by ` › `; (2) and on: its further parts. */
  title: string;
  text: string;
  line: number;
}

/** Most characters of a part. */
export const longestSection = 1500;

/** Longer ones are no headings, and what is split at once is no longer than this, but for one line. */
const longestHeading = 2000;
const longestBlock = 65_536;
/** So many lines are read between two places where a reader may do something else. */
const stretch = 2000;

/**
 * Splits a document at its headings; what is longer than a part may be, at paragraphs, else at lines.
 * Headings inside of code are none.
 * @param name title of what stands before the first heading
 */
export function* readMarkdown(text: string, name: string): Generator<Section> {
  for (const one of readMarkdownInBreaths(text, name)) if (one !== undefined) yield one;
}

/** As `readMarkdown`; undefined: nothing yet, a place to take a breath. */
export function* readMarkdownInBreaths(text: string, name: string): Generator<Section | undefined> {
  const path: string[] = [];
  const titles = new Map<string, number>();
  let block: string[] = [];
  let held = 0;
  let begun = 1;
  let fence: string | undefined;
  const section = function* (): Generator<Section> {
    const called = path.filter((part) => part !== '').join(' › ') || name;
    for (const part of partsOf(block.join('\n').trim())) {
      const times = (titles.get(called) ?? 0) + 1;
      titles.set(called, times);
      yield { title: times === 1 ? called : `${called} (${times})`, text: part, line: begun };
    }
    block = [];
    held = 0;
  };
  let { at, line: number } = frontMatter(text);
  for (; at <= text.length; number += 1) {
    if (number % stretch === 0) yield undefined;
    const end = text.indexOf('\n', at);
    const until = end === -1 ? text.length : end;
    const line = text.slice(at, end > at && text[end - 1] === '\r' ? end - 1 : until);
    at = until + 1;
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined) {
      if (fence === undefined) fence = mark;
      else if (mark.startsWith(fence)) fence = undefined;
    }
    const heading = fence === undefined ? headingOf(line) : undefined;
    if (heading === undefined) {
      block.push(line);
      held += line.length + 1;
      if (held > longestBlock) yield* section();
      continue;
    }
    if (held > 0) yield* section();
    const { level, words } = heading;
    path.length = Math.min(path.length, level - 1);
    while (path.length < level - 1) path.push('');
    path.push(words);
    begun = number;
  }
  yield* section();
}

/** Where a document begins behind its properties, and on which line. */
function frontMatter(text: string): { at: number; line: number } {
  const head = /^---\r?\n(?:[^\n]*\n)*?---\r?(?:\n|$)/.exec(text.slice(0, longestBlock))?.[0];
  if (head === undefined) return { at: 0, line: 1 };
  return { at: head.length, line: head.split('\n').length };
}

function headingOf(line: string): { level: number; words: string } | undefined {
  if (line.length > longestHeading) return undefined;
  const [signs, mark] = /^ {0,3}(#{1,6})\s+/.exec(line) ?? [];
  if (signs === undefined || mark === undefined) return undefined;
  let words = line.slice(signs.length).trimEnd();
  while (words.endsWith('#')) words = words.slice(0, -1);
  return { level: mark.length, words: words.trimEnd() };
}

function partsOf(text: string): string[] {
  if (text === '') return [];
  if (text.length <= longestSection) return [text];
  return [/\n\s*\n/, /\n/]
    .reduce<string[]>(
      (parts, border) =>
        parts.flatMap((part) =>
          part.length > longestSection
            ? joined(part.split(border), border.source === '\\n' ? '\n' : '\n\n')
            : [part],
        ),
      [text],
    )
    .flatMap(cut);
}

/** Neighbours together, as far as they fit. */
function joined(pieces: readonly string[], by: string): string[] {
  const parts: string[] = [];
  for (const piece of pieces) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + by.length + piece.length <= longestSection) {
      parts[parts.length - 1] = last + by + piece;
    } else parts.push(piece);
  }
  return parts;
}

function cut(text: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + longestSection, text.length);
    // Not between the halves of a character.
    if (end < text.length && /[\uD800-\uDBFF]/.test(text[end - 1] ?? '')) end -= 1;
    parts.push(text.slice(at, end));
    at = end;
  }
  return parts;
}
