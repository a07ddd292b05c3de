import type { Clock, Timer } from '../../../clock.ts';
import { DriverError, type DriverEvent, type DriverFault } from '../../driver.ts';

/** How a call ends that gets no answer. */
export interface Deadline {
  ms: number;
  fault: DriverFault;
}

export interface Answer<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

/**
 * One connection of a client to the simulated WeChat, from start to stop. Its timers, its events
 * and its open calls end with it: nothing of it arrives in a later life.
 */
export class Life {
  readonly #clock: Clock;
  readonly #emit: (event: DriverEvent) => void;
  readonly #timers = new Set<Timer>();
  readonly #open = new Set<() => void>();
  #ended = false;
  /** A fault: the stream says nothing, calls go on. */
  muted = false;

  constructor(clock: Clock, emit: (event: DriverEvent) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  get ended(): boolean {
    return this.#ended;
  }

  emit(event: DriverEvent): void {
    if (!this.#ended && !this.muted) this.#emit(event);
  }

  after(ms: number, work: () => void): Timer {
    if (this.#ended) return { cancel: () => {} };
    const timer = this.#clock.after(ms, () => {
      this.#timers.delete(entry);
      work();
    });
    const entry: Timer = {
      cancel: () => {
        this.#timers.delete(entry);
        timer.cancel();
      },
    };
    this.#timers.add(entry);
    return entry;
  }

  every(ms: number, work: () => void): void {
    this.after(ms, () => {
      this.every(ms, work);
      work();
    });
  }

  /** A call that ends by its answer, by its deadline, or with this life. */
  call<T>(deadline: Deadline, begin: (answer: Answer<T>) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const settle = (): void => {
        timer.cancel();
        this.#open.delete(giveUp);
      };
      const fail = (message: string): void => {
        settle();
        reject(new DriverError(deadline.fault, message));
      };
      const giveUp = (): void => fail('the connection ended before the answer came');
      const timer = this.after(deadline.ms, () => fail(`no answer within ${deadline.ms} ms`));
      this.#open.add(giveUp);
      begin({
        resolve: (value) => {
          settle();
          resolve(value);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
    });
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const timer of [...this.#timers]) timer.cancel();
    for (const giveUp of [...this.#open]) giveUp();
  }
}
