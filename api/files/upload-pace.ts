/** Bytes that uploads may take in one turn of the event loop: less than a millisecond of work. */
const bytesPerTurn = 196_608;

/**
 * Lets others be served between the pieces of uploads: however many there are, in one turn of the
 * event loop they take no more than their share.
 */
export class UploadPace {
  #left = bytesPerTurn;
  #waiting: (() => void)[] = [];
  #isScheduled = false;

  /** Resolves when so many bytes may be worked on. */
  async take(bytes: number): Promise<void> {
    while (this.#left <= 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#left -= bytes;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    this.#isScheduled = false;
    this.#left = bytesPerTurn;
    const woken = this.#waiting;
    this.#waiting = [];
    for (const wake of woken) wake();
  };
}
