import { fdatasync } from 'node:fs';

/** Upper bounds in seconds. */
export const syncBuckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1] as const;

/** Measures how long the disk takes: what every acknowledgement waits for. */
export class SyncMeter {
  #count = 0;
  #seconds = 0;
  /** Syncs whose smallest fitting bound stands at the same place. */
  readonly #buckets: number[] = syncBuckets.map(() => 0);

  /** For SqliteOptions.sync. */
  readonly sync = (fd: number, done: (error: Error | null) => void): void => {
    const began = performance.now();
    fdatasync(fd, (error) => {
      const took = (performance.now() - began) / 1000;
      this.#count += 1;
      this.#seconds += took;
      const place = syncBuckets.findIndex((bound) => took <= bound);
      if (place >= 0) this.#buckets[place] = (this.#buckets[place] ?? 0) + 1;
      done(error);
    });
  };

  read(): { buckets: readonly number[]; count: number; seconds: number } {
    return { buckets: this.#buckets, count: this.#count, seconds: this.#seconds };
  }
}
