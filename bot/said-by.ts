import type { Text } from './errors.ts';
import type { Saying } from './sayings.ts';

/** What others say in words of theirs, and how we say it; `$1`… of the expression are its parts. */
export type SaidBy = readonly (readonly [RegExp, Saying])[];

/** A sentence with its parts. */
export function filled(saying: Saying, ...parts: readonly (string | Text)[]): Text {
  const fill = (language: 'zh' | 'en'): string =>
    saying[language].replaceAll(/\{(\d)\}/g, (_all, at: string) => {
      const part = parts[Number(at)] ?? '';
      return typeof part === 'string' ? part : part[language];
    });
  return { zh: fill('zh'), en: fill('en') };
}

/** The first that fits. */
export function saidBy(table: SaidBy, message: string): Text | undefined {
  for (const [pattern, saying] of table) {
    const found = pattern.exec(message);
    if (found !== null) return filled(saying, ...found.slice(1).map((one) => one ?? ''));
  }
  return undefined;
}

/** As sentences, to be known again. */
export function sayingsOf(...tables: readonly SaidBy[]): Saying[] {
  return [...new Set(tables.flatMap((table) => table.map(([, saying]) => saying)))];
}
