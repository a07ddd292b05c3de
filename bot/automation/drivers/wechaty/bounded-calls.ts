import type { Clock } from '../../../clock.ts';
import { within } from '../../../deadline.ts';
import { type CallKind, ConnectionLost, toDriverError } from './puppet-errors.ts';
import type { Redact } from './redact.ts';

/** Calls over one connection: none outlives its limit, nor the connection. */
export class BoundedCalls {
  readonly #options: { clock: Clock; redact: Redact };
  readonly #open = new Set<(error: Error) => void>();

  constructor(options: { clock: Clock; redact: Redact }) {
    this.#options = options;
  }

  /** @throws DriverError in every case of failure */
  async run<T>(kind: CallKind, ms: number, work: () => Promise<T>): Promise<T> {
    const { clock, redact } = this.#options;
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => {});
    this.#open.add(lost.reject);
    try {
      return await within(clock, ms, () => Promise.race([work(), lost.promise]));
    } catch (error) {
      throw toDriverError(error, kind, redact);
    } finally {
      this.#open.delete(lost.reject);
    }
  }

  /** The connection is over: what waits on it fails now. */
  endAll(reason: string): void {
    for (const fail of this.#open) fail(new ConnectionLost(reason));
    this.#open.clear();
  }
}
