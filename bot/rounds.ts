import type { Logger } from '../config/logger.ts';
import type { Clock, Timer } from './clock.ts';

export interface RoundsOptions {
  clock: Clock;
  logger: Logger;
  /** One round. A long one looks at `stopped` between its transactions. */
  run: () => Promise<unknown>;
  /** Said of one that failed, e.g. "old rows stay". */
  failed: string;
}

const hourMs = 3_600_000;

/** What is done hourly off the hot path. One that comes while a round lasts waits; a second one does not. */
export class Rounds {
  readonly #options: RoundsOptions;
  #timer: Timer | undefined;
  #round: Promise<void> | undefined;
  /** Another one has come meanwhile. */
  #again = false;
  #stopped = false;

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** The first round comes after an hour: a start has better things to do. */
  start(): void {
    if (this.#timer !== undefined || this.#stopped) return;
    this.#timer = this.#options.clock.after(hourMs, () => {
      this.#timer = undefined;
      this.start();
      this.#again = true;
      this.#round ??= this.#run().finally(() => {
        this.#round = undefined;
      });
    });
  }

  /** Ends the round under way after its transaction. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.#round;
  }

  async #run(): Promise<void> {
    const { logger, run, failed } = this.#options;
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        await run();
      } catch (error) {
        logger.error({ err: error }, failed);
      }
    }
  }
}
