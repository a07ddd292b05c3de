/**
 * Maps with at most `limit` calls under way, in order of the items. The first rejection, or the
 * abort, ends it: no further call is begun.
 */
export async function mapLimited<T, R>(
  items: readonly T[],
  limit: number,
  signal: AbortSignal,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < items.length && !failed; at = next++) {
      signal.throwIfAborted();
      const item = items[at];
      try {
        if (item !== undefined) results[at] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  return results;
}
