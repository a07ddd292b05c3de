import type { Clock } from '../../bot/clock.ts';
import { eventSignal } from '../../bot/event-log.ts';
import type { Signals } from '../../store/signals.ts';

/** Notices that a channel's stream grew, also between two waits, so that no reader sleeps past it. */
export class StreamWatch {
  readonly #clock: Clock;
  readonly #unsubscribe: () => void;
  #grown = false;
  #wake: (() => void) | undefined;

  constructor(options: { signals: Signals; clock: Clock; chid: string }) {
    this.#clock = options.clock;
    this.#unsubscribe = options.signals.on(eventSignal(options.chid), () => {
      this.#grown = true;
      this.#wake?.();
    });
  }

  /** To be called before the stream is read. */
  clear(): void {
    this.#grown = false;
  }

  /** Until the stream grew since `clear` (true), the time is up or the signal aborts (false). */
  async wait(ms: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#grown && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          timer.cancel();
          signal.removeEventListener('abort', done);
          this.#wake = undefined;
          resolve();
        };
        const timer = this.#clock.after(ms, done);
        signal.addEventListener('abort', done);
        this.#wake = done;
      });
    }
    return this.#grown;
  }

  close(): void {
    this.#unsubscribe();
  }
}
