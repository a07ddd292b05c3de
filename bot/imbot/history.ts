import type { HistoryRow, ImbotPairStore } from '../../store/imbot-pairs.ts';
import { bodyOf, sizeOf, takeBytes } from './rows.ts';

/** A place in a history. */
export interface Place {
  own: number;
  id: number;
}

export interface HistoryRange {
  /** Own time of the first, inclusive. */
  from: number;
  /** Exclusive. */
  to: number;
  after?: Place;
  limit: number;
}

export interface HistoryPage {
  /** JSON */
  bodies: string[];
  /** Behind this place there is more. */
  next: Place | undefined;
}

/** Rows of one read. */
const page = 250;

/** What was said, oldest first by the messages' own times. */
export async function readHistory(
  store: Pick<ImbotPairStore, 'history'>,
  pair: number,
  { from, to, limit, ...range }: HistoryRange,
): Promise<HistoryPage> {
  const bodies: string[] = [];
  let bytes = 0;
  let after = range.after ?? { own: from, id: 0 };
  for (;;) {
    const wanted = Math.min(page, limit - bodies.length);
    // One more than wanted, to know whether there is one.
    const rows = await store.history(pair, { from, to, after }, wanted + 1);
    for (const row of rows.slice(0, wanted)) {
      bytes += sizeOf(row);
      if (bodies.length > 0 && bytes > takeBytes) return { bodies, next: after };
      bodies.push(bodyOf(row));
      after = placeOf(row);
    }
    if (rows.length <= wanted) return { bodies, next: undefined };
    if (bodies.length >= limit) return { bodies, next: after };
  }
}

function placeOf(row: HistoryRow): Place {
  return { own: row.own, id: row.message_id };
}
