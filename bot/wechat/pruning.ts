import type { Logger } from '../../config/logger.ts';
import type { Clock, Timer } from '../clock.ts';

export interface PruningOptions {
  clock: Clock;
  logger: Logger;
  /** Each forgets up to `limit` rows that are of no use any more, and says how many. */
  parts: readonly { prune(limit: number): Promise<number> }[];
}

const hourMs = 3_600_000;
/** Rows of one transaction: a few milliseconds. */
const batch = 200;

/** Forgets hourly what is old, in small transactions. */
export class Pruning {
  readonly #options: PruningOptions;
  #timer: Timer | undefined;
  #round: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(options: PruningOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#timer !== undefined || this.#stopped) return;
    this.#timer = this.#options.clock.after(hourMs, () => {
      this.#timer = undefined;
      this.start();
      this.#round = this.run().catch((error: unknown) => {
        this.#options.logger.error({ err: error }, 'old rows stay');
      });
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.#round;
  }

  /** One round. @returns how many rows went */
  async run(): Promise<number> {
    let count = 0;
    for (const part of this.#options.parts) {
      while (!this.#stopped) {
        const gone = await part.prune(batch);
        count += gone;
        if (gone < batch) break;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    return count;
  }
}
