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

/** What is done hourly off the hot path; while a round lasts none begins. */
export class Rounds {
  readonly #options: RoundsOptions;
  #timer: Timer | undefined;
  #round: Promise<unknown> | undefined;
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
    const { clock, logger, run, failed } = this.#options;
    this.#timer = clock.after(hourMs, () => {
      this.#timer = undefined;
      this.start();
      this.#round ??= run()
        .catch((error: unknown) => logger.error({ err: error }, failed))
        .finally(() => {
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
}
