import type { Logger } from '../config/logger.ts';
import type { SettingStore } from '../store/settings.ts';
import type { Clock, Timer } from './clock.ts';

export interface ClockStep {
  /** Negative: it was set back. */
  byMs: number;
  /** When it was noticed, by the clock as it is now. */
  at: number;
}

export interface ClockWatchOptions {
  clock: Clock;
  settings: SettingStore;
  logger: Logger;
  /** Called when the clock was set back: what waits for a time that is now far away has to be asked. */
  onBack: (byMs: number) => Promise<void> | void;
  /** Time that nobody can set, in ms. */
  monotonic?: () => number;
}

const lookMs = 5000;
/** Less is NTP at work, or a machine that was asleep for a moment. */
const leastMs = 60_000;
/** How often it is written down what time it was. */
const noteMs = 60_000;
const name = 'clock.seen';

/** Notices that the clock was set, while the daemon runs and while it did not. */
export class ClockWatch {
  readonly #options: ClockWatchOptions;
  #timer: Timer | undefined;
  #offset: number | undefined;
  #notedAt: number | undefined;
  #step: ClockStep | undefined;
  #running = false;

  constructor(options: ClockWatchOptions) {
    this.#options = options;
  }

  /** The last time that it was set. */
  get stepped(): ClockStep | undefined {
    return this.#step;
  }

  async start(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    const { clock, settings } = this.#options;
    const now = clock.now();
    const seen = Number(await settings.read(name));
    if (seen > now + leastMs) await this.#set(now - seen, now);
    this.#offset = this.#read();
    await this.#note(now);
    this.#plan();
  }

  stop(): void {
    this.#running = false;
    this.#timer?.cancel();
  }

  /** Looks now. */
  async look(): Promise<void> {
    const now = this.#options.clock.now();
    const offset = this.#read();
    const byMs = offset - (this.#offset ?? offset);
    this.#offset = offset;
    if (Math.abs(byMs) >= leastMs) await this.#set(byMs, now);
    if (this.#notedAt === undefined || Math.abs(now - this.#notedAt) >= noteMs) {
      await this.#note(now);
    }
  }

  async #set(byMs: number, at: number): Promise<void> {
    const { logger, onBack } = this.#options;
    this.#step = { byMs, at };
    logger.warn({ bySeconds: Math.round(byMs / 1000) }, 'the clock was set');
    if (byMs < 0) await onBack(-byMs);
  }

  async #note(now: number): Promise<void> {
    const { settings, logger } = this.#options;
    this.#notedAt = now;
    await settings.db
      .transaction((tx) => settings.write(tx, name, String(now)))
      .catch((error: unknown) => logger.debug({ err: error }, 'the time could not be noted'));
  }

  #read(): number {
    const { clock, monotonic = () => performance.now() } = this.#options;
    return clock.now() - monotonic();
  }

  #plan(): void {
    if (!this.#running) return;
    this.#timer = this.#options.clock.after(lookMs, () => {
      this.look().then(
        () => this.#plan(),
        (error: unknown) => {
          this.#options.logger.error({ err: error }, 'the clock could not be looked at');
          this.#plan();
        },
      );
    });
  }
}
