import type { Language, Text } from './errors.ts';

/** A sentence in both languages; `{0}`, `{1}`… stand for what it is said of. */
export type Saying = Text;

interface Known {
  saying: Saying;
  patterns: Record<Language, RegExp>;
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
        this.#made.push({
          saying,
          patterns: { zh: patternOf(saying.zh), en: patternOf(saying.en) },
        });
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
    for (const { saying, patterns } of this.#made) {
      for (const from of ['zh', 'en'] as const) {
        const found = patterns[from].exec(said)?.groups;
        if (found === undefined) continue;
        return saying[language].replaceAll(/\{(\d)\}/g, (_all, at: string) =>
          this.#tell(language, found[`p${at}`] ?? '', depth + 1),
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

function patternOf(sentence: string): RegExp {
  const seen = new Set<string>();
  const source = sentence
    .split(/(\{\d\})/)
    .map((part) => {
      const at = /^\{(\d)\}$/.exec(part)?.[1];
      if (at === undefined) return part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
      if (seen.has(at)) return `\\k<p${at}>`;
      seen.add(at);
      return `(?<p${at}>.+?)`;
    })
    .join('');
  return new RegExp(`^${source}$`, 's');
}
