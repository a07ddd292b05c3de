/**
 * Reads rooms one at a time, because bursts of reads lock accounts. Callers who come before the
 * read of their room has begun share it; who comes later gets another.
 */
export class RoomReads {
  readonly #waiting = new Map<string, Promise<boolean>>();
  #last: Promise<unknown> = Promise.resolve();

  /** @param work must not reject */
  read(id: string, work: () => Promise<boolean>): Promise<boolean> {
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined) return waiting;
    const read = this.#last.then(() => {
      if (this.#waiting.get(id) === read) this.#waiting.delete(id);
      return work();
    });
    this.#waiting.set(id, read);
    this.#last = read;
    return read;
  }

  /** Nobody waits for what hangs: later reads begin a new line. */
  clear(): void {
    this.#waiting.clear();
    this.#last = Promise.resolve();
  }
}
