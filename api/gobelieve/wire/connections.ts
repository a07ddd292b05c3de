import type { Clock, Timer } from '../../../bot/clock.ts';
import type { ClientConnection } from './connection.ts';

const tickMs = 10_000;
/** Ticks: a client that says nothing for 360 s is gone. */
const silence = 36;
/** Ticks that a client may take to log in. */
const patience = 12;
/** Ticks that a client gets to read the end of what was written to it. */
const farewell = 2;

/** All connections, logged in or not. One timer watches over them all. */
export class Connections implements Iterable<ClientConnection> {
  /** Counts on every ten seconds. */
  tick = 0;
  readonly #clock: Clock;
  readonly #all = new Set<ClientConnection>();
  #timer: Timer | undefined;
  #emptied: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): Iterator<ClientConnection> {
    return this.#all.values();
  }

  add(connection: ClientConnection): void {
    this.#all.add(connection);
  }

  delete(connection: ClientConnection): void {
    this.#all.delete(connection);
    if (this.#all.size === 0) this.#emptied?.();
  }

  start(): void {
    this.#timer ??= this.#clock.after(tickMs, () => {
      this.#timer = undefined;
      this.#sweep();
      this.start();
    });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Resolves when there is none any more, or after `ms`. */
  async emptied(ms: number): Promise<void> {
    if (this.#all.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = this.#clock.after(ms, resolve);
      this.#emptied = () => {
        timer.cancel();
        resolve();
      };
    });
    this.#emptied = undefined;
  }

  #sweep(): void {
    this.tick += 1;
    for (const connection of this.#all) {
      const quiet = this.tick - connection.heard;
      if (connection.closed) {
        if (quiet > farewell) connection.destroy('did not leave');
      } else if (quiet > silence) connection.close('silent');
      else if (!connection.loggedIn && this.tick - connection.opened > patience) {
        connection.close('no login');
      }
    }
  }
}
