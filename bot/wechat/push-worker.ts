import type { Logger } from '../../config/logger.ts';
import { isDatabaseError } from '../../store/database.ts';
import type { DuePush, WechatPushStore } from '../../store/wechat-pushes.ts';
import type { Clock } from '../clock.ts';

export interface PushWorkerOptions {
  store: WechatPushStore;
  clock: Clock;
  logger: Logger;
  /** Does what a push causes, and settles it in the same transaction. */
  handle: (id: number, signal: AbortSignal) => Promise<void>;
  /** It has failed for good. */
  fail: (id: number, error: unknown) => Promise<void>;
}

/** So many are known at a time; the others wait in the table. */
const mostLoaded = 1000;
const pageSize = 200;
/** Pauses before a push is tried again; then it has failed, and its user's next one comes. */
const pausesMs = [500, 2000, 8000];
const longestPauseMs = 30_000;

/**
 * Works off what is due: one after another for each user of an account, many users at once. What is
 * due lies in the table; nothing is lost that is only known here.
 */
export class PushWorker {
  readonly #options: PushWorkerOptions;
  readonly #stopping = new AbortController();
  readonly #lanes = new Map<string, number[]>();
  readonly #running = new Set<Promise<void>>();
  #started = false;
  #loaded = 0;
  /** All up to here are known. */
  #cursor = 0;
  #reading: Promise<void> | undefined;
  #again = false;

  constructor(options: PushWorkerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#started = true;
    this.wake();
  }

  /** Something has become due. */
  wake(): void {
    if (!this.#started || this.#stopping.signal.aborted) return;
    this.#again = true;
    if (this.#reading !== undefined || this.#loaded >= mostLoaded) return;
    this.#reading = this.#read().finally(() => {
      this.#reading = undefined;
      if (this.#again) this.wake();
    });
  }

  /** One that the reading has passed is due again. */
  take(push: DuePush): void {
    if (!this.#started || this.#stopping.signal.aborted || push.id > this.#cursor) this.wake();
    else this.#put(push);
  }

  /** Lets what is being written end; what waits stays due. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#reading;
    await Promise.all(this.#running);
  }

  async #read(): Promise<void> {
    const { store, clock, logger } = this.#options;
    const { signal } = this.#stopping;
    while (this.#again && this.#loaded < mostLoaded && !signal.aborted) {
      this.#again = false;
      try {
        const rows = await store.due(this.#cursor, pageSize);
        for (const row of rows) {
          this.#cursor = row.id;
          this.#put(row);
        }
        if (rows.length === pageSize) this.#again = true;
      } catch (error) {
        logger.error({ err: error }, 'what is due cannot be read');
        this.#again = true;
        await clock.sleep(1000, signal);
      }
    }
  }

  #put({ id, account, open_id }: DuePush): void {
    const key = `${account} ${open_id}`;
    this.#loaded += 1;
    const lane = this.#lanes.get(key);
    if (lane !== undefined) {
      lane.push(id);
      return;
    }
    const started = [id];
    this.#lanes.set(key, started);
    const run = this.#run(key, started).finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  async #run(key: string, lane: number[]): Promise<void> {
    for (let id = lane[0]; id !== undefined; id = lane[0]) {
      await this.#work(id);
      if (this.#stopping.signal.aborted) return;
      lane.shift();
      this.#loaded -= 1;
      if (this.#again && this.#loaded < mostLoaded / 2) this.wake();
    }
    this.#lanes.delete(key);
  }

  /** Until it is settled, one way or the other. */
  async #work(id: number): Promise<void> {
    const { clock, logger } = this.#options;
    const { signal } = this.#stopping;
    for (let tries = 0; !signal.aborted; tries += 1) {
      try {
        await this.#try(id, tries);
        return;
      } catch (error) {
        if (signal.aborted) return;
        logger.warn({ err: error, push: id, tries: tries + 1 }, 'a push is tried again');
        await clock.sleep(pausesMs[tries] ?? longestPauseMs, signal);
      }
    }
  }

  /** @throws when it has to be tried again */
  async #try(id: number, tries: number): Promise<void> {
    const { handle, fail, logger } = this.#options;
    const { signal } = this.#stopping;
    try {
      await handle(id, signal);
    } catch (error) {
      // For the database nothing is given up.
      if (signal.aborted || isDatabaseError(error) || tries < pausesMs.length) throw error;
      await fail(id, error);
      logger.error({ err: error, push: id }, 'a push could not be worked off');
    }
  }
}
