/** A passage that is no longer than this is an answer as a whole. */
const longestWhole = 300;

/** A sentence of a passage. */
export interface Sentence {
  text: string;
  /** Where it begins and ends in the passage. */
  from: number;
  to: number;
  /** Of which paragraph. */
  paragraph: number;
}

const ends = /[。！？!?；;]+[”’」』"')）]*|\.(?=\s|$)|\n+/gu;

/** Sentences of a passage, in order; a line is one at least. */
export function sentencesOf(passage: string): Sentence[] {
  const sentences: Sentence[] = [];
  let from = 0;
  let paragraph = 0;
  const add = (to: number): void => {
    const text = passage.slice(from, to);
    if (/[\p{L}\p{N}]/u.test(text)) sentences.push({ text, from, to, paragraph });
    if (/\n\s*\n/.test(text) || text.endsWith('\n\n')) paragraph += 1;
    from = to;
  };
  for (const { 0: end, index } of passage.matchAll(ends)) add(index + end.length);
  add(passage.length);
  return sentences;
}

/** What of a passage is said where one of its sentences is the answer: that, and what stands around it. */
export function excerptAround(
  passage: string,
  sentences: readonly Sentence[],
  best: number,
): string {
  const middle = sentences[best];
  if (passage.length <= longestWhole || middle === undefined) return passage;
  let [first, last] = [middle, middle];
  // First what follows: a sentence is more often explained behind it than before it.
  for (let step = 1, grew = true; grew; step += 1) {
    grew = false;
    for (const [side, next] of [
      ['behind', sentences[best + step]],
      ['before', sentences[best - step]],
    ] as const) {
      if (next?.paragraph !== middle.paragraph) continue;
      const from = side === 'before' ? next.from : first.from;
      const to = side === 'behind' ? next.to : last.to;
      if (to - from > longestWhole) continue;
      if (side === 'before' && first !== sentences[best - step + 1]) continue;
      if (side === 'behind' && last !== sentences[best + step - 1]) continue;
      if (side === 'before') first = next;
      else last = next;
      grew = true;
    }
  }
  return passage.slice(first.from, last.to).trim();
}

/** Headings that lead to a passage, from its title: the last one, and those above it. */
export function headingsOf(title: string): { last: string; above: string } {
  const at = title.lastIndexOf(' › ');
  const last = at === -1 ? title : title.slice(at + 3);
  // (2): the second part of what stands below it.
  return {
    last: last.replace(/ \(\d+\)$/, ''),
    above: at === -1 ? '' : title.slice(0, at).replaceAll(' › ', ' '),
  };
}
