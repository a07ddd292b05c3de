import type { z } from 'zod';
import type { Language } from '../../bot/errors.ts';
import { knownSayings } from '../../bot/known-sayings.ts';
import { type Places, placesOf } from '../sentence.ts';

const known = new WeakMap<z.ZodType, { places: Places | undefined }>();

/**
 * An answer with its sentences in the language of whoever reads it: they are kept as they were told
 * once. The schema says where they stand: settings are written back as they were read, and a word
 * of an operator may be one of ours by chance. Without known sentences it is the same object.
 */
export function toldIn<T>(language: Language, schema: z.ZodType, answer: T): T {
  let found = known.get(schema);
  if (found === undefined) {
    found = { places: placesOf(schema) };
    known.set(schema, found);
  }
  return told(language, found.places, answer, {}) as T;
}

type Fields = Record<string, unknown>;

function told(language: Language, places: Places | undefined, value: unknown, of: Fields): unknown {
  if (places === undefined) return value;
  if (typeof value === 'string') {
    const { mark } = places;
    if (mark === undefined || mark.unless(of)) return value;
    return knownSayings.in(language, value);
  }
  if (Array.isArray(value)) {
    const items = value.map((one) => told(language, places.items, one, of));
    return items.every((one, at) => one === value[at]) ? value : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Fields;
  let changed: Fields | undefined;
  for (const [name, place] of places.fields ?? []) {
    const one = told(language, place, fields[name], fields);
    if (one === fields[name]) continue;
    changed ??= { ...fields };
    changed[name] = one;
  }
  return changed ?? value;
}
