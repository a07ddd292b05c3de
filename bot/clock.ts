/** A pending timer of a Clock. */
export interface Timer {
  cancel(): void;
}

/** Time for everything that waits or stamps; tests, the simulator and the fault harness drive it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls once after `ms`. A background timer never keeps the process alive. */
  after(ms: number, work: () => void): Timer;
  /** Resolves after `ms`, or at once when the signal aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Longest delay setTimeout takes; beyond it fires at once. */
const longest = 2 ** 31 - 1;

export class RealClock implements Clock {
  now(): number {
    return Date.now();
  }

  after(ms: number, work: () => void): Timer {
    let handle: NodeJS.Timeout;
    const arm = (left: number): void => {
      const step = Math.min(Math.max(left, 0), longest);
      handle = setTimeout(() => (left > longest ? arm(left - longest) : work()), step);
      handle.unref();
    };
    arm(ms);
    return { cancel: () => clearTimeout(handle) };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }
}

interface Planned {
  at: number;
  order: number;
  work: () => void;
}

/** A clock that stands still until it is advanced; timers fire in order of time, then of making. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #planned: Planned[] = [];

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, work: () => void): Timer {
    const planned = { at: this.#now + Math.max(ms, 0), order: this.#order++, work };
    this.#planned.push(planned);
    return {
      cancel: () => {
        this.#planned = this.#planned.filter((one) => one !== planned);
      },
    };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  /** Time of the next timer, if any. */
  next(): number | undefined {
    return this.#first()?.at;
  }

  /**
   * Moves on by `ms`, firing every timer on the way. After each one `settle` runs (default: one
   * turn of the event loop), so that what the timer started can plan its own timers.
   */
  async advance(ms: number, settle: () => Promise<void> = turn): Promise<void> {
    const end = this.#now + ms;
    for (let first = this.#first(); first !== undefined && first.at <= end; first = this.#first()) {
      this.#now = Math.max(this.#now, first.at);
      const due = first;
      this.#planned = this.#planned.filter((one) => one !== due);
      due.work();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  #first(): Planned | undefined {
    let first: Planned | undefined;
    for (const one of this.#planned) {
      if (
        first === undefined ||
        one.at < first.at ||
        (one.at === first.at && one.order < first.order)
      ) {
        first = one;
      }
    }
    return first;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function sleepOn(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      timer.cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.after(ms, done);
    signal?.addEventListener('abort', done);
  });
}
