import type { DriverFault } from '../../bot/automation/driver.ts';
import type { DriverHarness, DriverRig } from './driver-harness.ts';

/** Wraps a test so that it gets a fresh rig, which is closed whatever happens. */
export function rigged(harness: DriverHarness) {
  return (work: (rig: DriverRig, skip: (why: string) => never) => Promise<void>) =>
    async (context: { skip: (note?: string) => never }): Promise<void> => {
      const rig = await harness.open();
      try {
        await work(rig, (why) => context.skip(why));
      } finally {
        await rig.close();
      }
    };
}

/** Matches a DriverError by what its fault means for the message. */
export function fault(name: DriverFault): { fault: DriverFault } {
  return { fault: name };
}

export function signal(): AbortSignal {
  return new AbortController().signal;
}

/** The state of a promise that is watched from outside. */
export interface Watched<T> {
  settled(): boolean;
  result: Promise<{ value: T } | { error: unknown }>;
}

/** Watches a call that may never answer, without an unhandled rejection. */
export function watch<T>(promise: Promise<T>): Watched<T> {
  let settled = false;
  const result = promise.then(
    (value) => {
      settled = true;
      return { value };
    },
    (error: unknown) => {
      settled = true;
      return { error };
    },
  );
  return { settled: () => settled, result };
}
