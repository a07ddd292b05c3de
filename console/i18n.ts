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

/** The language of everything shown; components that read words follow it by themselves. */
export const language = signal<Language>(first());

/** The time zone that the daemon is configured with. */
export const timezone = signal<string | undefined>(undefined);

effect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
});

export function setLanguage(next: Language): void {
  language.value = next;
  memory.write('language', next);
}

/** The person's own choice wins over what the daemon is configured with. */
export function proposeLanguage(configured: Language): void {
  if (memory.read('language') === undefined) language.value = configured;
}

/**
 * Words of one screen in both languages: `const w = words({…zh}, {…en})`, then `w.title` or
 * `w.count(3)` while rendering. English has to know the same words, with the same parts.
 */
export function words<D extends Dictionary>(zh: D, en: { [K in keyof D]: Same<D[K]> }): D {
  return new Proxy(zh, {
    get: (_zh, name) => {
      const own = (language.value === 'zh' ? zh : en) as Record<string | symbol, unknown>;
      return own[name];
    },
  });
}

type Same<W> = W extends (...parts: infer P) => string ? (...parts: P) => string : string;

export function say(text: Text): string {
  return text[language.value];
}

function first(): Language {
  const known = memory.read('language');
  if (known === 'zh' || known === 'en') return known;
  return /^zh\b/i.test(navigator.language) ? 'zh' : 'en';
}
