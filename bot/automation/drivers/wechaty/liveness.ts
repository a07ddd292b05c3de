import { randomUUID } from 'node:crypto';
import type { Clock, Timer } from '../../../clock.ts';
import { DriverError } from '../../driver.ts';

export interface LivenessOptions {
  clock: Clock;
  /** Puts the question; its answer comes over the event stream. */
  ask: (data: string) => Promise<void>;
  /** The stream did not answer: this connection is over. */
  onDead: (reason: string) => void;
}

const everyMs = 15_000;
const answerMs = 4000;
/** A timer that fires this late says that this process stood still, not the other side. */
const lateMs = 1000;

/**
 * Proves that the event stream carries something: a ding every 15 s whose dong has to come within
 * 4 s. A server that is frozen, gone, or writes into another client's stream is found out by it.
 */
export class Liveness {
  readonly #options: LivenessOptions;
  #timer: Timer | undefined;
  #running = false;
  /** Events heard; a round is proven by any that comes after its question. */
  #heard = 0;
  #waiting = new Set<{ dong: () => void; any: () => void }>();

  constructor(options: LivenessOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = true;
    this.#plan();
  }

  stop(): void {
    this.#running = false;
    this.#timer?.cancel();
    this.#waiting.clear();
  }

  get heardAnything(): boolean {
    return this.#heard > 0;
  }

  noteEvent(): void {
    this.#heard += 1;
    for (const round of this.#waiting) round.any();
  }

  noteDong(): void {
    for (const round of this.#waiting) round.dong();
  }

  /**
   * One round trip. `by`: a dong, or whatever the stream brings.
   * @throws DriverError `offline`
   */
  async check(by: 'dong' | 'any'): Promise<void> {
    const answered = Promise.withResolvers<void>();
    const round = {
      dong: () => answered.resolve(),
      any: () => {
        if (by === 'any') answered.resolve();
      },
    };
    this.#waiting.add(round);
    const giveUp = (): void =>
      answered.reject(new DriverError('offline', `no dong within ${answerMs / 1000} s`));
    let timer = this.#after(answerMs, giveUp, () => {
      timer = this.#options.clock.after(answerMs / 2, giveUp);
    });
    try {
      const asked = this.#options.ask(randomUUID());
      await Promise.race([Promise.all([asked, answered.promise]), answered.promise]);
    } finally {
      timer.cancel();
      this.#waiting.delete(round);
    }
  }

  /** Like Clock.after, but hands a timer that fires late to `late`. */
  #after(ms: number, work: () => void, late: () => void): Timer {
    const { clock } = this.#options;
    const due = clock.now() + ms;
    return clock.after(ms, () => (clock.now() - due > lateMs ? late() : work()));
  }

  #plan(): void {
    this.#timer = this.#options.clock.after(everyMs, () => {
      this.check('any').then(
        () => {
          if (this.#running) this.#plan();
        },
        (error: unknown) => {
          if (!this.#running) return;
          const why = error instanceof Error ? error.message : String(error);
          this.#options.onDead(why);
        },
      );
    });
  }
}
