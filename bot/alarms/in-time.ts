/**
 * Rejects when it takes longer. In real time: what is waited for here (a disk, a query) does not
 * follow a driven clock. What was begun goes on, and its end is nobody's business any more.
 */
export function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`nothing within ${ms} ms`)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
