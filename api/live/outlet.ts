import type { WebSocket } from 'ws';
import type { Clock } from '../../bot/clock.ts';

/** Bytes that may wait for one reader; what else there is stays where it is kept for all. */
const mostBytes = 262_144;
/** How long what waits may stay untaken. */
const stalledMs = 30_000;
const drainMs = 20;

/** Why a socket was closed, for whoever has to decide whether to come back. */
export const closing = { slow: 4008, lapsed: 4401, wrong: 1008 } as const;

/** The way out to one reader, and how much of it was not taken yet. */
export class Outlet {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #gone: AbortSignal;
  /** Until the reader took enough of what waits for it. */
  #draining: Promise<void> | undefined;

  constructor(socket: WebSocket, clock: Clock, gone: AbortSignal) {
    this.#socket = socket;
    this.#clock = clock;
    this.#gone = gone;
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  get full(): boolean {
    return this.#socket.bufferedAmount > mostBytes;
  }

  get draining(): boolean {
    return this.#draining !== undefined;
  }

  send(frame: unknown): void {
    if (this.open) this.#socket.send(JSON.stringify(frame));
  }

  /** All that wait do so together: asking for more does not put off the end of who reads nothing. */
  taken(): Promise<void> {
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
    });
    return this.#draining;
  }

  end(code: number, reason: string): void {
    this.#socket.close(code, reason);
    // Its answer has to be heard.
    this.#socket.resume();
  }

  async #drain(): Promise<void> {
    const since = this.#clock.now();
    while (this.open && this.#socket.bufferedAmount > mostBytes / 4) {
      if (this.#clock.now() - since >= stalledMs) {
        this.end(closing.slow, 'read faster, or come back');
        return;
      }
      await this.#clock.sleep(drainMs, this.#gone);
    }
  }
}
