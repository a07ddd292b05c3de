import type { MetricStore } from '../../../store/metrics.ts';
import type { Clock, Timer } from '../../clock.ts';

const minuteMs = 60_000;
/** A day. */
const most = 1440;
/** A row settled this very moment may still be on its way to the disk. */
const lagMs = 2000;

/** What was settled in one minute. */
export interface Minute {
  at: number;
  sent: number;
  failed: number;
}

/**
 * Sends that ended, by minute, for a day: counted in the database when the daemon starts, and from
 * then on only what is new, by an index. Nothing of it is on the way of a send.
 */
export class SendMinutes {
  readonly #store: MetricStore;
  readonly #clock: Clock;
  readonly #minutes = new Map<number, Minute>();
  /** Everything settled before this is counted. */
  #upTo = 0;
  #counting: Promise<void> | undefined;
  #timer: Timer | undefined;

  constructor(options: { store: MetricStore; clock: Clock }) {
    this.#store = options.store;
    this.#clock = options.clock;
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#upTo = floor(this.#clock.now()) - (most - 1) * minuteMs;
    this.#tick();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** The last so many minutes, oldest first, the one that goes on included. */
  async last(count: number): Promise<Minute[]> {
    await this.#count();
    const end = floor(this.#clock.now());
    return Array.from({ length: count }, (_none, index) => {
      const at = end - (count - 1 - index) * minuteMs;
      return this.#minutes.get(at) ?? { at, sent: 0, failed: 0 };
    });
  }

  /** So that a first look after a quiet day has not a day to count. */
  #tick(): void {
    this.#count().catch(() => {});
    this.#timer = this.#clock.after(minuteMs, () => this.#tick());
  }

  /** Whoever asks meanwhile waits for the same count. */
  #count(): Promise<void> {
    this.#counting ??= this.#countNew().finally(() => {
      this.#counting = undefined;
    });
    return this.#counting;
  }

  async #countNew(): Promise<void> {
    const now = this.#clock.now();
    const upTo = now - lagMs;
    // The clock may have been set back: what it shows again was counted already.
    if (upTo <= this.#upTo) return;
    for (const row of await this.#store.settledByMinute(this.#upTo, upTo)) {
      const at = Number(row.minute) * minuteMs;
      const minute = this.#minutes.get(at) ?? { at, sent: 0, failed: 0 };
      this.#minutes.set(at, minute);
      if (row.state === 'sent') minute.sent += Number(row.count);
      else if (row.state !== 'cancelled') minute.failed += Number(row.count);
    }
    this.#upTo = upTo;
    const first = floor(now) - most * minuteMs;
    for (const at of this.#minutes.keys()) if (at < first) this.#minutes.delete(at);
  }
}

function floor(at: number): number {
  return Math.floor(at / minuteMs) * minuteMs;
}
