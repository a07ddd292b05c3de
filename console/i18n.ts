import { effect, signal } from '@preact/signals';
import { memory } from './memory.ts';

export type Language = 'zh' | 'en';
/** One thing that people read, in both languages. */
export interface Text {
  zh: string;
  en: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a word may take whatever it is made of
type Word = string | ((...parts: any[]) => string);
export type Dictionary = Record<string, Word>;
/** The dictionaries of one language, in the order of the build; the words of each in its own. */
export type Gathered = readonly (readonly Word[])[];

/** Each is a part of its own: a browser loads the words of the language it shows. */
const parts = {
  zh: () => import('./words.zh.ts'),
  en: () => import('./words.en.ts'),
};
const loaded: Partial<Record<Language, Gathered>> = {};
let wanted = first();

/** The language of everything shown; components that read words follow it by themselves. */
export const language = signal<Language>(wanted);

/** The time zone that the daemon is configured with. */
export const timezone = signal<string | undefined>(undefined);

effect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
});

/** The words that a page begins with. @throws when they cannot be loaded */
export function openWords(): Promise<void> {
  return show(wanted);
}

/** The person's own choice. @throws when its words cannot be loaded: all stays as it was */
export async function setLanguage(next: Language): Promise<void> {
  await show(next);
  if (wanted === next) memory.write('language', next);
}

/** What this person chose for every browser; the choice made in this one wins. @throws as above */
export async function proposeLanguage(chosen: Language): Promise<void> {
  if (memory.read('language') === undefined) await show(chosen);
}

/** Everything changes at once, and not before its words are there. */
async function show(next: Language): Promise<void> {
  wanted = next;
  loaded[next] ??= (await parts[next]()).gathered;
  // Somebody may have changed their mind meanwhile.
  if (wanted === next) language.value = next;
}

/**
 * Words of one screen in both languages: `const w = words({…zh}, {…en})`, then `w.title` or
 * `w.count(3)` while rendering. English has to know the same words, with the same parts.
 */
export function words<D extends Dictionary>(zh: D, en: { [K in keyof D]: Same<D[K]> }): D;
/** What a build makes of it (`scripts/console-words.ts`): not the words, but where they stand. */
export function words(...[place, keys]: unknown[]): Dictionary {
  const order = typeof keys === 'string' ? keys.split(' ') : undefined;
  const own = (): readonly Word[] | undefined => loaded[language.value]?.[Number(place)];
  return new Proxy<Dictionary>(
    {},
    { get: (_none, word) => own()?.[order?.indexOf(String(word)) ?? Number(word)] },
  );
}

/** The word for what the API says; undefined: this console does not know it. */
export function wordOf(terms: Record<string, string>, said: string): string | undefined {
  return terms[said];
}

type Same<W> = W extends (...parts: infer P) => string ? (...parts: P) => string : string;

export function say(text: Text): string {
  return text[language.value];
}

function first(): Language {
  const known = memory.read('language');
  if (known === 'zh' || known === 'en') return known;
  const [best] = navigator.languages.flatMap((one) => /^(zh|en)\b/i.exec(one)?.[1] ?? []);
  return best?.toLowerCase() === 'zh' ? 'zh' : 'en';
}
