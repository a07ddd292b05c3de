import type { Logger } from '../config/logger.ts';

export interface Part {
  name: string;
  stop: () => Promise<void> | void;
}

/** What runs, in the order it was started. */
export class Parts {
  readonly #logger: Logger;
  readonly #running: Part[] = [];

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  began(name: string, stop: Part['stop']): void {
    this.#running.push({ name, stop });
  }

  /** Last in first out; goes on when one fails, and rejects with the first failure at the end. */
  async stop(): Promise<void> {
    const failures: unknown[] = [];
    for (let part = this.#running.pop(); part !== undefined; part = this.#running.pop()) {
      try {
        await part.stop();
      } catch (error) {
        this.#logger.error({ err: error, part: part.name }, 'part did not stop cleanly');
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
