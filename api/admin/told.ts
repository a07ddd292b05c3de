import type { Language } from '../../bot/errors.ts';
import { knownSayings } from '../../bot/known-sayings.ts';

/** What in answers is a sentence of ours, or a list of them. */
const sentences: ReadonlySet<string> = new Set([
  ...['reason', 'waitReason', 'pausedReason', 'detail', 'why', 'fault'],
  ...['error', 'lastError', 'reasons', 'warnings'],
]);

/**
 * An answer with its reasons in the language of whoever reads it: they are kept as they were told
 * once. Without known sentences it is the same object.
 */
export function toldIn<T>(language: Language, answer: T): T {
  return walk(language, answer, false) as T;
}

function walk(language: Language, value: unknown, sentence: boolean): unknown {
  if (typeof value === 'string') return sentence ? knownSayings.in(language, value) : value;
  if (Array.isArray(value)) {
    let changed = false;
    const items = value.map((one) => {
      const told = walk(language, one, sentence);
      changed ||= told !== one;
      return told;
    });
    return changed ? items : value;
  }
  if (!isPlain(value)) return value;
  let changed: Record<string, unknown> | undefined;
  for (const [name, one] of Object.entries(value)) {
    const told = walk(language, one, sentences.has(name));
    if (told === one) continue;
    changed ??= { ...value };
    changed[name] = told;
  }
  return changed ?? value;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
