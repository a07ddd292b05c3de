import type { DeliveryStore, Settlement } from '../../../store/deliveries.ts';

interface Waiting {
  settlement: Settlement;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Writes outcomes: all that came while the last transaction was written go into the next one. */
export class DeliverySettler {
  readonly #store: DeliveryStore;
  #waiting: Waiting[] = [];
  #writing = false;
  /** Called with each outcome that is on disk. */
  settled: ((settlement: Settlement) => void) | undefined;

  constructor(store: DeliveryStore) {
    this.#store = store;
  }

  /** Settles once it is on disk; rejects when it could not be written: the event stays due. */
  settle(settlement: Settlement): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ settlement, resolve, reject });
      if (this.#writing) return;
      this.#writing = true;
      // After the poll phase: answers read in the same turn of the loop share the transaction.
      setImmediate(() => void this.#write());
    });
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#store.settle(batch.map((one) => one.settlement));
        for (const { settlement, resolve } of batch) {
          this.settled?.(settlement);
          resolve();
        }
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    this.#writing = false;
  }
}
