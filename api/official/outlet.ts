/** What gathers frames, and writes them when it is told to. */
export interface Flushable {
  flush(): void;
}

/** Written in one turn of the event loop; what a push reaches more goes in the next ones. */
const slice = 500;

/**
 * Has connections write soon: once for all that became durable together, and some hundreds in a
 * turn, so that a push to very many holds up nobody else.
 */
export class Outlet {
  #waiting: Flushable[] = [];
  #next = 0;
  #planned = false;

  /** Once for each that has something to write. */
  touch(one: Flushable): void {
    this.#waiting.push(one);
    if (this.#planned) return;
    this.#planned = true;
    queueMicrotask(this.#flush);
  }

  /** Writes all at once. */
  drain(): void {
    while (this.#next < this.#waiting.length) this.#slice();
    this.#clear();
  }

  readonly #flush = (): void => {
    this.#slice();
    if (this.#next < this.#waiting.length) setImmediate(this.#flush);
    else this.#clear();
  };

  #slice(): void {
    const end = Math.min(this.#waiting.length, this.#next + slice);
    while (this.#next < end) {
      const one = this.#waiting[this.#next];
      this.#next += 1;
      one?.flush();
    }
  }

  #clear(): void {
    this.#waiting = [];
    this.#next = 0;
    this.#planned = false;
  }
}
