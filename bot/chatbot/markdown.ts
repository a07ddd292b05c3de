/** A part of a document: what stands under a heading. */
export interface Section {
  /** Headings that lead to it, joined by ` › `; (2) and on: its further parts. */
  title: string;
  text: string;
  line: number;
}

/** Most characters of a part. */
export const longestSection = 1500;

/**
 * Splits a document at its headings; what is longer than a part may be, at paragraphs, else at lines.
 * Headings inside of code are none.
 * @param name title of what stands before the first heading
 */
export function* readMarkdown(text: string, name: string): Generator<Section> {
  const path: string[] = [];
  const titles = new Map<string, number>();
  let block: string[] = [];
  let begun = 1;
  let fence: string | undefined;
  const title = (): string => path.filter((part) => part !== '').join(' › ') || name;
  const section = function* (): Generator<Section> {
    for (const part of partsOf(block.join('\n').trim())) {
      const called = title();
      const times = (titles.get(called) ?? 0) + 1;
      titles.set(called, times);
      yield { title: times === 1 ? called : `${called} (${times})`, text: part, line: begun };
    }
    block = [];
  };
  const lines = text.split(/\r?\n/);
  const first = lines[0] === '---' ? lines.indexOf('---', 1) + 1 : 0;
  for (let at = first; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined) {
      if (fence === undefined) fence = mark;
      else if (mark.startsWith(fence)) fence = undefined;
    }
    const heading = fence === undefined ? /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line) : null;
    if (heading === null) {
      block.push(line);
      continue;
    }
    yield* section();
    const level = heading[1]?.length ?? 1;
    path.length = Math.min(path.length, level - 1);
    while (path.length < level - 1) path.push('');
    path.push(heading[2] ?? '');
    begun = at + 1;
  }
  yield* section();
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
