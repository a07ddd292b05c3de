import type { Clock } from '../../clock.ts';
import type { DriverError } from '../driver.ts';
import type { DriverHolder } from './driver-holder.ts';
import type { StartGate } from './start-gate.ts';

export interface DriverLivesOptions {
  holder: DriverHolder;
  clock: Clock;
  gate: StartGate;
  random: () => number;
  startLimit: number;
  onPhase: (phase: 'starting' | 'up' | 'down') => void;
  onStartFailed: (error: DriverError) => void;
  /** After a failure the next life may wait for minutes instead of seconds. */
  isFailed: () => boolean;
}

/** First pause and cap in ms: after a life that ended, and after a failure. */
const pauses = { down: [500, 30_000], failed: [5000, 300_000] } as const;
/** A life that lasted this long was a good one: pauses begin anew. */
const goodLife = 60_000;

/**
 * Keeps one life of the driver after another going until it is stopped: start, wait for its end,
 * stop, pause (doubling, with jitter). Gives up never.
 */
export class DriverLives {
  readonly #options: DriverLivesOptions;
  #stopping: AbortController | undefined;
  /** Settles when the loop that runs now, or ran last, has ended. */
  #loop: Promise<void> = Promise.resolve();
  #over: (() => void) | undefined;
  #wake: AbortController | undefined;
  #hurried = false;
  #short = 0;
  #good = false;

  constructor(options: DriverLivesOptions) {
    this.#options = options;
  }

  /** Begins the first life after `delayMs`. Does nothing while lives go on already. */
  begin(delayMs = 0): void {
    if (this.#stopping !== undefined) return;
    const stopping = new AbortController();
    this.#stopping = stopping;
    this.#short = 0;
    this.#loop = this.#loop.then(() => this.#live(stopping.signal, delayMs));
  }

  /** This life is over: the phase is down when the call returns; another begins after a pause. */
  end(): void {
    this.#over?.();
  }

  /** No pause before the next life, and the ones after it are short again. */
  hurry(): void {
    this.#short = 0;
    this.#hurried = true;
    this.#wake?.abort();
  }

  /** What this life showed (a login, a QR code) makes it a good one if it lasts. */
  noteProof(): void {
    this.#good = true;
  }

  /** Ends the life under way and all that would follow. Idempotent, ends within some seconds. */
  async stop(): Promise<void> {
    this.#stopping?.abort();
    this.#stopping = undefined;
    this.#wake?.abort();
    this.end();
    await this.#loop;
  }

  async #live(signal: AbortSignal, delayMs: number): Promise<void> {
    let pause = delayMs;
    while (!signal.aborted) {
      await this.#pause(pause);
      if (signal.aborted) break;
      const leave = await this.#options.gate.enter();
      const bornAt = this.#options.clock.now();
      this.#good = false;
      try {
        if (!signal.aborted) await this.#life(leave);
      } finally {
        leave();
      }
      if (this.#good && this.#options.clock.now() - bornAt >= goodLife) this.#short = 0;
      pause = this.#nextPause();
    }
  }

  async #life(leave: () => void): Promise<void> {
    const { holder, startLimit, onPhase, onStartFailed } = this.#options;
    const over = Promise.withResolvers<void>();
    let ended = false;
    const end = (): void => {
      if (ended) return;
      ended = true;
      // Nothing is heard of this life any more, and nobody is handed its driver.
      const stopped = holder.stop();
      onPhase('down');
      over.resolve(stopped);
    };
    this.#over = end;
    onPhase('starting');
    holder.start(startLimit).then(
      () => {
        leave();
        if (!ended) onPhase('up');
      },
      (error: DriverError) => {
        if (!ended) onStartFailed(error);
        end();
      },
    );
    await over.promise;
    this.#over = undefined;
  }

  async #pause(ms: number): Promise<void> {
    const hurried = this.#hurried;
    this.#hurried = false;
    if (ms <= 0 || hurried) return;
    const wake = new AbortController();
    this.#wake = wake;
    await this.#options.clock.sleep(ms, wake.signal);
    this.#wake = undefined;
    this.#hurried = false;
  }

  #nextPause(): number {
    const [first, cap] = this.#options.isFailed() ? pauses.failed : pauses.down;
    const full = Math.min(cap, first * 2 ** Math.min(this.#short, 16));
    this.#short += 1;
    return full * (0.5 + this.#options.random() / 2);
  }
}
