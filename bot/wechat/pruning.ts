import { setImmediate as turn } from 'node:timers/promises';
import type { Logger } from '../../config/logger.ts';
import type { Clock } from '../clock.ts';
import { Rounds } from '../rounds.ts';

export interface PruningOptions {
  clock: Clock;
  logger: Logger;
  /** Each forgets up to `limit` rows that are of no use any more, and says how many. */
  parts: readonly { prune(limit: number): Promise<number> }[];
}

/** Rows of one transaction: a few milliseconds. */
const batch = 200;

/** Forgets hourly what is old, in small transactions. */
export class Pruning {
  readonly #options: PruningOptions;
  readonly #rounds: Rounds;

  constructor(options: PruningOptions) {
    this.#options = options;
    const { clock, logger } = options;
    this.#rounds = new Rounds({ clock, logger, failed: 'old rows stay', run: () => this.run() });
  }

  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** One round. @returns how many rows went */
  async run(): Promise<number> {
    let count = 0;
    for (const part of this.#options.parts) {
      while (!this.#rounds.stopped) {
        const gone = await part.prune(batch);
        count += gone;
        if (gone < batch) break;
        await turn();
      }
    }
    return count;
  }
}
