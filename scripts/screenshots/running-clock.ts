import { setTimeout as pause } from 'node:timers/promises';
import { VirtualClock } from '../../bot/clock.ts';

/**
 * Runs as time does, but from a moment that is the same for every run, and can be hurried: an hour
 * of the daemon, with everything that it does by itself in an hour, takes some seconds.
 */
export class RunningClock extends VirtualClock {
  #hurry = 0;
  #running: Promise<void> | undefined;
  #stopped = false;

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async hurry(ms: number): Promise<void> {
    this.#hurry += ms;
    while (this.#hurry > 0 && !this.#stopped) await pause(1);
  }

  async #run(): Promise<void> {
    let before = performance.now();
    while (!this.#stopped) {
      // Small steps, each with time for answers over the network: nothing runs into its deadline.
      await pause(2);
      const step = Math.min(this.#hurry, 500);
      this.#hurry -= step;
      // Whole milliseconds, as everywhere.
      const passed = Math.floor(performance.now() - before);
      before += passed;
      await this.advance(step + passed);
    }
  }
}
