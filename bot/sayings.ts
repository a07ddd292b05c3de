import type { Language, Text } from './errors.ts';

/** A sentence in both languages; `{0}`, `{1}`… stand for what it is said of. */
export interface Saying extends Text {
  /** Its parts are names and numbers: a room called like a word of ours keeps its name. */
  facts?: true;
}

interface Known {
  saying: Saying;
  forms: Record<Language, Form>;
}

/** A sentence around its parts: `start` part `pieces[0]` part `pieces[1]` … */
interface Form {
  start: string;
  pieces: string[];
  /** Which part stands before each piece. */
  parts: string[];
}

/** Longer than anything we say: what a stranger wrote is not looked at. */
const longest = 2000;
/** A reason in a reason in a reason. */
const deepest = 4;

/**
 * Knows sentences again that were told in one language, and tells them in another: reasons are kept
 * as they were told, and whoever reads them later may have chosen another language. What is not
 * known stays as it is, e.g. what a puppet or the disk said.
 */
export class Sayings {
  readonly #exact = new Map<string, Saying>();
  readonly #made: Known[] = [];

  constructor(sayings: Iterable<Saying>) {
    for (const saying of sayings) {
      if (saying.zh.includes('{0}')) {
        this.#made.push({ saying, forms: { zh: formOf(saying.zh), en: formOf(saying.en) } });
      } else {
        this.#exact.set(saying.zh, saying);
        this.#exact.set(saying.en, saying);
      }
    }
  }

  in(language: Language, said: string): string {
    return said.length > longest ? said : this.#tell(language, said, 0);
  }

  #tell(language: Language, said: string, depth: number): string {
    const exact = this.#exact.get(said);
    if (exact !== undefined) return exact[language];
    if (depth >= deepest) return said;
    for (const { saying, forms } of this.#made) {
      for (const from of ['zh', 'en'] as const) {
        const found = partsOf(forms[from], said);
        if (found === undefined) continue;
        return saying[language].replaceAll(/\{(\d)\}/g, (_all, at: string) =>
          saying.facts === true
            ? (found.get(at) ?? '')
            : this.#tell(language, found.get(at) ?? '', depth + 1),
        );
      }
    }
    return this.#parts(language, said, depth);
  }

  /** `part: what is wrong with it`, and several of such. */
  #parts(language: Language, said: string, depth: number): string {
    const [, name, rest] = /^([\w.[\] -]{1,64}): (.+)$/s.exec(said) ?? [];
    if (name !== undefined && rest !== undefined) {
      const told = this.#tell(language, rest, depth + 1);
      const word = this.#exact.get(`${name}:`)?.[language];
      if (word !== undefined) return `${word}${told}`;
      return told === rest ? said : `${name}: ${told}`;
    }
    const list = said.split('; ');
    if (list.length === 1) return said;
    const told = list.map((one) => this.#tell(language, one, depth + 1));
    return told.join(told.every((one, at) => one === list[at]) || language === 'en' ? '; ' : '；');
  }
}

function formOf(sentence: string): Form {
  const [start = '', ...rest] = sentence.split(/\{(\d)\}/);
  return {
    start,
    parts: rest.filter((_one, at) => at % 2 === 0),
    pieces: rest.filter((_one, at) => at % 2 === 1),
  };
}

/**
 * What stands at the places of a sentence, each as short as can be. No regular expression: one with
 * four open places takes a tenth of a second over what a stranger wrote. Here each piece is looked
 * for once, and the last one is the end: no other way could fit where this one does not.
 */
function partsOf({ start, pieces, parts }: Form, said: string): Map<string, string> | undefined {
  const end = said.length - (pieces.at(-1)?.length ?? 0);
  if (!said.startsWith(start) || !said.endsWith(pieces.at(-1) ?? '')) return undefined;
  const found = new Map<string, string>();
  let from = start.length;
  for (const [at, piece] of pieces.entries()) {
    const to = at === pieces.length - 1 ? end : said.indexOf(piece, from + 1);
    if (to <= from || to > end) return undefined;
    const name = parts[at] ?? '';
    const part = said.slice(from, to);
    if ((found.get(name) ?? part) !== part) return undefined;
    found.set(name, part);
    from = to + piece.length;
  }
  return found;
}
