import type { Clock, Timer } from '../../bot/clock.ts';

/** A connection, as the one timer sees it. */
export interface Watched {
  /** In which part of the round it came. */
  spoke: number;
  /** Asks for a sign of life, or ends it when there was none. */
  beat(): void;
  /** May be read again. */
  resume(): void;
  destroy(reason: string): void;
}

/** Parts of a round: connections come at any time, and are asked as they came. */
const spokes = 10;
/** Asked in one turn of the event loop. */
const slice = 500;
/** A client that said too much at once is read on after this. */
const breakMs = 100;

/**
 * All connections. One timer watches over them: it goes round in the time of a heartbeat, and asks
 * those of one part after another.
 */
export class Connections implements Iterable<Watched> {
  readonly #clock: Clock;
  readonly #heartbeatMs: number;
  readonly #wheel = Array.from({ length: spokes }, () => new Set<Watched>());
  #now = 0;
  #size = 0;
  #timer: Timer | undefined;
  #resting: Watched[] = [];
  #rest: Timer | undefined;
  #emptied: (() => void) | undefined;

  constructor(clock: Clock, heartbeatMs: number) {
    this.#clock = clock;
    this.#heartbeatMs = heartbeatMs;
  }

  get size(): number {
    return this.#size;
  }

  *[Symbol.iterator](): Iterator<Watched> {
    for (const spoke of this.#wheel) yield* spoke;
  }

  add(one: Watched): void {
    one.spoke = this.#now;
    this.#wheel[this.#now]?.add(one);
    this.#size += 1;
  }

  delete(one: Watched): void {
    if (this.#wheel[one.spoke]?.delete(one) !== true) return;
    this.#size -= 1;
    if (this.#size === 0) this.#emptied?.();
  }

  start(): void {
    this.#timer ??= this.#clock.after(this.#heartbeatMs / spokes, () => {
      this.#timer = undefined;
      this.start();
      this.#turn();
    });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#rest?.cancel();
    this.#rest = undefined;
  }

  /** It is read on in a moment. */
  rest(one: Watched): void {
    this.#resting.push(one);
    this.#rest ??= this.#clock.after(breakMs, () => {
      this.#rest = undefined;
      const resting = this.#resting;
      this.#resting = [];
      for (const rested of resting) rested.resume();
    });
  }

  /** Resolves when there is none any more, or after `ms`. */
  async emptied(ms: number): Promise<void> {
    if (this.#size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = this.#clock.after(ms, resolve);
      this.#emptied = () => {
        timer.cancel();
        resolve();
      };
    });
    this.#emptied = undefined;
  }

  #turn(): void {
    this.#now = (this.#now + 1) % spokes;
    const due = [...(this.#wheel[this.#now] ?? [])];
    this.#beat(due, 0);
  }

  #beat(due: readonly Watched[], from: number): void {
    const end = Math.min(due.length, from + slice);
    for (let at = from; at < end; at += 1) due[at]?.beat();
    if (end < due.length) setImmediate(() => this.#beat(due, end));
  }
}
