import type { Clock, Timer } from '../../bot/clock.ts';
import { pingMessage } from './frame.ts';

/** A connection that is asked whether what was written to it has arrived. */
export interface Asked {
  /** May be asked again, if there is something to ask about. */
  askAgain(): void;
}

/** A connection is asked again after this. */
const restMs = 500;
/** Asked again in one go: of very many, each only every few seconds. */
const mostAtOnce = 1000;

/**
 * Has connections asked about what is written to them: at once, and then once in a while for all
 * that was written since. One timer for all, and none while nothing is written.
 */
export class Asker {
  readonly #clock: Clock;
  #resting: Asked[] = [];
  #timer: Timer | undefined;
  #id = 0;
  #ping = pingMessage('');

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A ping whose answer says that everything up to a message has arrived. */
  ping(id: number): Buffer {
    // What goes to many is asked about with the same words.
    if (id !== this.#id) {
      this.#id = id;
      this.#ping = pingMessage(String(id));
    }
    return this.#ping;
  }

  /** It has been asked: not again for a moment. */
  rest(one: Asked): void {
    this.#resting.push(one);
    this.#plan();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#resting = [];
  }

  #plan(): void {
    this.#timer ??= this.#clock.after(restMs, () => {
      this.#timer = undefined;
      const all = this.#resting;
      this.#resting = all.splice(mostAtOnce);
      if (this.#resting.length > 0) this.#plan();
      for (const one of all) one.askAgain();
    });
  }
}
