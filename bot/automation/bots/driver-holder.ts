import { type Logger, maskTokens } from '../../../config/logger.ts';
import type { Clock } from '../../clock.ts';
import { DeadlinePassed, within } from '../../deadline.ts';
import { type Capabilities, type Driver, DriverError, type DriverEvent } from '../driver.ts';

export interface DriverHolderOptions {
  build: () => Driver;
  clock: Clock;
  logger: Logger;
  /** Events of the life under way only, after whatever the driver did wrong was caught. */
  onEvent: (event: DriverEvent) => void;
}

/** One more second than the driver itself may take. */
const stopLimit = 6000;
/** How long a start may go on after it was stopped. */
const startTail = 1000;

/**
 * The error boundary around one bot's driver: what it throws, rejects with, or never answers stays
 * in here. A driver object that did not end its start or stop in time is dropped and built anew.
 */
export class DriverHolder {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #onEvent: (event: DriverEvent) => void;
  #build: () => Driver;
  #driver: Driver | undefined;
  #silence: () => void = () => {};
  #life: AbortController | undefined;
  #generation = 0;
  /** Settles when the driver's own start has ended, well or not. */
  #started: Promise<void> = Promise.resolve();
  #hung = false;
  #capabilities: Capabilities | undefined;

  constructor(options: DriverHolderOptions) {
    this.#build = options.build;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#onEvent = options.onEvent;
  }

  /** Rises with every start. */
  get generation(): number {
    return this.#generation;
  }

  /** The driver while a life of it is under way. */
  get live(): Driver | undefined {
    return this.#life === undefined ? undefined : this.#driver;
  }

  /** The driver's last word; a driver that throws instead of answering keeps its former one. */
  capabilities(): Capabilities | undefined {
    try {
      if (this.#driver !== undefined) this.#capabilities = this.#driver.capabilities;
    } catch (error) {
      this.#logger.warn({ err: error }, 'the driver cannot tell what it can do');
    }
    return this.#capabilities;
  }

  /** Builds the driver ahead of its first life, so that its capabilities are known. Never throws. */
  prepare(): void {
    try {
      this.#ensure();
    } catch (error) {
      this.#logger.error({ err: error }, 'the driver could not be built');
    }
  }

  /**
   * Begins a life.
   * @throws DriverError in every case of failure
   */
  async start(ms: number): Promise<void> {
    this.#generation += 1;
    const life = new AbortController();
    this.#life = life;
    try {
      const driver = this.#ensure();
      await within(this.#clock, ms, () => {
        const started = driver.start(life.signal);
        this.#started = started.catch(() => {});
        return started;
      });
    } catch (error) {
      if (error instanceof DeadlinePassed) this.#hung = true;
      throw toDriverError(error);
    }
  }

  /** Ends the life; never rejects. Its events are unheard from the moment of the call. */
  async stop(): Promise<void> {
    this.#life?.abort();
    this.#life = undefined;
    const driver = this.#driver;
    if (driver === undefined) return;
    try {
      await within(this.#clock, stopLimit, () => driver.stop());
      await within(this.#clock, startTail, () => this.#started);
    } catch (error) {
      this.#hung = true;
      this.#logger.warn({ err: error }, 'the driver did not stop; it is replaced');
    }
    if (this.#hung) this.#drop();
  }

  /**
   * Calls the driver of the life under way.
   * @throws DriverError in every case of failure
   */
  async call<T>(ms: number, work: (driver: Driver) => Promise<T>): Promise<T> {
    const driver = this.live;
    if (driver === undefined) throw new DriverError('offline', 'the driver is not running');
    try {
      return await within(this.#clock, ms, () => work(driver));
    } catch (error) {
      throw toDriverError(error);
    }
  }

  /** Other settings: the next life is one of a newly built driver. Only between lives. */
  replace(build: () => Driver): void {
    this.#build = build;
    this.#drop();
    this.prepare();
  }

  #ensure(): Driver {
    if (this.#driver !== undefined) return this.#driver;
    const driver = this.#build();
    this.#hung = false;
    this.#started = Promise.resolve();
    this.#silence = driver.on((event) => {
      if (this.#driver !== driver || this.#life === undefined) return;
      try {
        this.#onEvent(event);
      } catch (error) {
        this.#logger.error({ err: error }, 'an event of the driver could not be handled');
      }
    });
    this.#driver = driver;
    return driver;
  }

  #drop(): void {
    this.#driver = undefined;
    try {
      this.#silence();
    } catch (error) {
      this.#logger.warn({ err: error }, 'the driver would not let go of its listener');
    }
    this.#silence = () => {};
  }
}

/** Whatever was thrown, as what it means; texts of puppet libraries may hold the token. */
export function toDriverError(error: unknown): DriverError {
  if (error instanceof DriverError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DriverError('offline', maskTokens(message), { cause: error });
}
