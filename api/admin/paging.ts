import { z } from 'zod';

/** Query of every list: nothing is answered without a bound. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Items of one page.'),
  cursor: z
    .string()
    .max(200)
    .optional()
    .describe('`next` of the page before; absent: the first page.'),
};

/** A numeric cursor: what follows lies behind this number. */
export const numberPaging = {
  limit: paging.limit,
  cursor: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('`next` of the page before; absent: the first page.'),
};

export interface Page<T> {
  items: T[];
  /** Cursor of the next page; null: this was the last. */
  next: string | null;
}

export function page<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().describe('Cursor of the next page; null: this was the last.'),
  });
}

/** One page of a list that is in memory anyway, ordered by a unique text. */
export function pageOf<T>(
  list: readonly T[],
  keyOf: (item: T) => string,
  query: { limit: number; cursor?: string | undefined },
): Page<T> {
  const sorted = [...list].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const { cursor } = query;
  const rest = cursor === undefined ? sorted : sorted.filter((item) => keyOf(item) > cursor);
  const items = rest.slice(0, query.limit);
  const last = items.at(-1);
  return { items, next: rest.length > items.length && last !== undefined ? keyOf(last) : null };
}

/** The same, ordered by a unique number. */
export function pageByNumber<T>(
  list: readonly T[],
  numberOf: (item: T) => number,
  query: { limit: number; cursor?: number | undefined },
): Page<T> {
  const { cursor = Number.NEGATIVE_INFINITY } = query;
  const rest = list
    .filter((item) => numberOf(item) > cursor)
    .sort((a, b) => numberOf(a) - numberOf(b));
  const items = rest.slice(0, query.limit);
  const last = items.at(-1);
  const more = rest.length > items.length && last !== undefined;
  return { items, next: more ? String(numberOf(last)) : null };
}
