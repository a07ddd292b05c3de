import type { Logger } from '../config/logger.ts';
import type { Clock, Timer } from './clock.ts';

export interface ReclaimerOptions {
  /** Gives back so many pages at most; answers how many are free still. */
  reclaim: (pages: number) => Promise<number>;
  clock: Clock;
  logger: Logger;
  /** Between two steps. */
  pauseMs?: number;
}

const everyMs = 6 * 3_600_000;
/** Of one step: 1 MB. */
const stepPages = 256;
/** So many stay, as the next rows want them again: 16 MB. */
const keptPages = 4096;
/** Of one round. */
const mostSteps = 2000;

/** Gives space of forgotten rows back to the disk: in small steps, so that no command waits for it. */
export class Reclaimer {
  readonly #options: ReclaimerOptions;
  #timer: Timer | undefined;
  #round: Promise<unknown> = Promise.resolve();
  readonly #stopping = new AbortController();

  constructor(options: ReclaimerOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, logger } = this.#options;
    this.#timer = clock.after(everyMs, () => {
      this.#round = this.run().catch((error: unknown) =>
        logger.warn({ err: error }, 'free space could not be given back'),
      );
      if (!this.#stopping.signal.aborted) this.start();
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#timer?.cancel();
    await this.#round;
  }

  /** One round. @returns steps taken */
  async run(): Promise<number> {
    const { reclaim, clock, pauseMs = 100 } = this.#options;
    const { signal } = this.#stopping;
    let free = await reclaim(0);
    let steps = 0;
    for (; free > keptPages && steps < mostSteps && !signal.aborted; steps += 1) {
      const left = await reclaim(Math.min(stepPages, free - keptPages));
      if (left >= free) break;
      free = left;
      if (pauseMs > 0) await clock.sleep(pauseMs, signal);
    }
    return steps;
  }
}
