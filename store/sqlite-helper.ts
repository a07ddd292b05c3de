import { Worker } from 'node:worker_threads';
import type { Param } from './database.ts';

export type HelperRequest =
  | { id: number; kind: 'query'; sql: string; params: readonly Param[] }
  | { id: number; kind: 'checkpoint' }
  | { id: number; kind: 'backup'; file: string }
  | { id: number; kind: 'rewrite' }
  | { id: number; kind: 'close' };
export interface HelperAnswer {
  id: number;
  value?: unknown;
  /** The code is SQLite's: `spelled` tells by it what an operator can do. */
  error?: { message: string; code: string | undefined };
}
type Ask = HelperRequest extends infer R
  ? R extends { id: number }
    ? Omit<R, 'id'>
    : never
  : never;

/** A worker thread with its own connection: checkpoints, long reads, backups. Started when needed. */
export class SqliteHelper {
  readonly #file: string;
  readonly #pending = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  #worker: Worker | undefined;
  #nextId = 1;

  constructor(file: string) {
    this.#file = file;
  }

  query(sql: string, params: readonly Param[]): Promise<unknown> {
    return this.#ask({ kind: 'query', sql, params });
  }

  async backup(file: string): Promise<void> {
    await this.#ask({ kind: 'backup', file });
  }

  /** Writes the whole file anew: what was deleted or overwritten is nowhere in it. Nobody else may write. */
  async rewrite(): Promise<void> {
    await this.#ask({ kind: 'rewrite' });
  }

  /** Copies what the WAL holds into the database file, as far as no reader is in the way. */
  async checkpoint(): Promise<void> {
    // One that could not run comes round again; a failing disk shows at the next sync.
    await this.#ask({ kind: 'checkpoint' }).catch(() => {});
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    await this.#ask({ kind: 'close' }).catch(() => {});
    await worker.terminate();
    this.#worker = undefined;
  }

  #ask(request: Ask): Promise<unknown> {
    const worker = this.#start();
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      worker.postMessage({ ...request, id });
    });
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), {
      workerData: { file: this.#file },
    });
    worker.unref();
    worker.on('message', (answer: HelperAnswer) => {
      const waiter = this.#pending.get(answer.id);
      this.#pending.delete(answer.id);
      const { error } = answer;
      if (error === undefined) waiter?.resolve(answer.value);
      else
        waiter?.reject(Object.assign(new Error(error.message), error.code && { code: error.code }));
    });
    worker.on('error', (error: Error) => this.#lost(error));
    worker.on('exit', () => this.#lost(new Error('the database worker ended')));
    this.#worker = worker;
    return worker;
  }

  /** What was asked is answered with the error; the next call starts a new worker. */
  #lost(error: Error): void {
    this.#worker = undefined;
    for (const waiter of this.#pending.values()) waiter.reject(error);
    this.#pending.clear();
  }
}
