import type { Clock } from './clock.ts';

/** What was waited for did not come in time; it may still come, and is then ignored. */
export class DeadlinePassed extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms / 1000} s`);
  }
}

/**
 * Calls `work` and waits at most `ms` for it. A synchronous throw is a rejection like any other,
 * and what settles too late is dropped without an unhandled rejection.
 * @throws DeadlinePassed, or what `work` rejects with
 */
export function within<T>(clock: Clock, ms: number, work: () => Promise<T> | T): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = clock.after(ms, () => reject(new DeadlinePassed(ms)));
    attempt(work).then(
      (value) => {
        timer.cancel();
        resolve(value);
      },
      (error: unknown) => {
        timer.cancel();
        reject(error);
      },
    );
  });
}

async function attempt<T>(work: () => Promise<T> | T): Promise<T> {
  return await work();
}
