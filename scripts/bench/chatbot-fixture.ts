import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FixtureEntry {
  id: string;
  q: string;
  a: string;
  phrasings: string[];
}

export interface FixtureQuestion {
  q: string;
  /** Entry that answers. */
  id: string;
  /** near, mid, typo, far; in the files for tuning there is none. */
  level?: string;
}

export interface Fixture {
  entries: FixtureEntry[];
  /** The test set. */
  questions: FixtureQuestion[];
  chitchat: { q: string; kind: string }[];
  /** What may be tuned on. */
  dev: FixtureQuestion[];
  devChitchat: { q: string; kind: string }[];
}

/** See chatbot-fixture/README.md. */
export function readFixture(): Fixture {
  const read = <T>(file: string): T[] =>
    readFileSync(join(import.meta.dirname, 'chatbot-fixture', file), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as T);
  return {
    entries: read('entries.jsonl'),
    questions: read('questions.jsonl'),
    chitchat: read('chitchat.jsonl'),
    dev: read('dev.jsonl'),
    devChitchat: read('dev-chitchat.jsonl'),
  };
}

/** Phrasings of one entry of the filling. */
const each = 3;

/**
 * As many phrasings more, in entries of three: things that the fixture's answers speak of, before and
 * behind its phrasings. The same every time.
 */
export function* filling(fixture: Fixture, phrasings: number): Generator<FixtureEntry> {
  const things = [
    ...new Set(fixture.entries.flatMap(({ a }) => a.match(/\p{Script=Han}{2,4}/gu) ?? [])),
  ].sort();
  const asks = fixture.entries.flatMap(({ q, phrasings: others }) => [q, ...others]);
  let state = 1;
  const of = <T>(list: readonly T[]): T => {
    state = (state * 48_271) % 2_147_483_647;
    return list[state % list.length] as T;
  };
  for (let at = 0; at < phrasings / each; at++) {
    const thing = `${of(things)}${of(things)}`;
    const ask = (): string => {
      const one = of(asks);
      const cut = 1 + (state % Math.max(1, one.length - 1));
      return state % 2 === 0 ? `${thing}${one}` : `${one.slice(0, cut)}${thing}${one.slice(cut)}`;
    };
    const [q = '', ...others] = Array.from({ length: each }, ask);
    const { a } = of(fixture.entries);
    yield { id: `fill-${at}`, q: `${q} ${at}`, a, phrasings: others };
  }
}
