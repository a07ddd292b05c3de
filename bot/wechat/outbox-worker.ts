import type { Logger } from '../../config/logger.ts';
import type { OutboxRow, WechatOutboxStore } from '../../store/wechat-outbox.ts';
import type { Clock, Timer } from '../clock.ts';

export interface WorkerOptions {
  store: WechatOutboxStore;
  clock: Clock;
  logger: Logger;
  /** One try of one row. */
  run: (row: OutboxRow, signal: AbortSignal) => Promise<void>;
  /** Rows at the same time, each of another user. */
  concurrency: number;
  /** How long a stop lets calls under way end, in real time. */
  graceMs: number;
}

/** Longer than any try takes. */
const lockMs = 600_000;
/** Should a wake-up be missed. */
const pollMs = 30_000;

/** Takes what is due, and runs it: one of each user, several users at once. */
export class OutboxWorker {
  readonly #options: WorkerOptions;
  readonly #abort = new AbortController();
  #running = 0;
  #started = false;
  #stopping = false;
  #pumping = false;
  /** Something came while it was looking. */
  #again = false;
  #timer: Timer | undefined;
  #quiet: (() => void)[] = [];
  #stopped: Promise<void> | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#started = true;
    this.wake();
  }

  /** There may be something to do. */
  wake(): void {
    if (!this.#started || this.#stopping) return;
    this.#again = true;
    if (!this.#pumping) void this.#pump();
  }

  /** Takes nothing more, lets what is under way end for a while, then breaks it off. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#stopping = true;
    this.#timer?.cancel();
    // Real time: a process that ends does not wait for a driven clock.
    const grace = setTimeout(() => this.#abort.abort(), this.#options.graceMs);
    await this.quiet();
    clearTimeout(grace);
    this.#abort.abort();
  }

  /** Resolves when nothing is looked for or run: all that is due waits for its time. */
  async quiet(): Promise<void> {
    while (this.#running > 0 || this.#pumping) {
      await new Promise<void>((resolve) => this.#quiet.push(resolve));
    }
  }

  async #pump(): Promise<void> {
    const { clock, logger } = this.#options;
    this.#pumping = true;
    let next: number | undefined;
    try {
      while (this.#again && !this.#stopping) {
        this.#again = false;
        next = await this.#take();
      }
    } catch (error) {
      logger.error({ err: error }, 'the outbox cannot be read');
    }
    this.#pumping = false;
    this.#timer?.cancel();
    if (!this.#stopping) {
      const pause = Math.min(pollMs, Math.max(1, (next ?? Number.POSITIVE_INFINITY) - clock.now()));
      this.#timer = clock.after(pause, () => this.wake());
    }
    this.#settled();
  }

  /** @returns when the next is due; undefined: nobody knows of one, or all hands are full */
  async #take(): Promise<number | undefined> {
    const { store, clock, concurrency } = this.#options;
    const free = concurrency - this.#running;
    if (free <= 0) return undefined;
    const now = clock.now();
    const rows = await store.db.transaction((tx) => store.claim(tx, now, now + lockMs, free));
    for (const row of rows) void this.#run(row);
    return rows.length === free ? undefined : await store.nextAt();
  }

  /** Never rejects. */
  async #run(row: OutboxRow): Promise<void> {
    const { run, logger } = this.#options;
    this.#running += 1;
    try {
      await run(row, this.#abort.signal);
    } catch (error) {
      // It stays locked for a while, and is tried again.
      logger.error({ err: error, id: row.id }, 'a send went wrong');
    }
    this.#running -= 1;
    this.wake();
    this.#settled();
  }

  #settled(): void {
    if (this.#running > 0 || this.#pumping) return;
    const waiters = this.#quiet;
    this.#quiet = [];
    for (const waiter of waiters) waiter();
  }
}
