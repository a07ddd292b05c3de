import { Worker } from 'node:worker_threads';
import type { Logger } from '../../../config/logger.ts';
import { AppError, type ErrorCode, type Text } from '../../errors.ts';
import type { FontFolders } from './font-files.ts';
import type { Picture } from './picture-spec.ts';

export interface ThreadRequest {
  id: number;
  /** A checked spec as JSON. */
  sheet: string;
}
export type ThreadAnswer =
  | { kind: 'ready'; faults: string[] }
  | { kind: 'drawn'; id: number; pictures: { png: Uint8Array; width: number; height: number }[] }
  | { kind: 'refused'; id: number; code: ErrorCode; text: Text; field: string | undefined }
  | { kind: 'failed'; id: number; message: string };

export interface RenderThreadOptions {
  folders: FontFolders;
  logger: Logger;
  /** A picture that takes longer is given up, and the thread with it. */
  limitMs: number;
  /** The thread ends when it had nothing to do for so long. */
  idleMs: number;
  heapMb: number;
}

const openMs = 20_000;

interface Job {
  id: number;
  resolve: (pictures: Picture[]) => void;
  reject: (error: Error) => void;
}
interface Thread {
  worker: Worker;
  ready: Promise<void>;
}

/**
 * The thread that draws, one spec at a time. It begins when it is needed, ends when it is not, and
 * when it dies or hangs, only the picture that it was at is lost.
 */
export class RenderThread {
  readonly #options: RenderThreadOptions;
  #thread: Thread | undefined;
  #job: Job | undefined;
  #nextId = 1;
  #faults: string[] | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: RenderThreadOptions) {
    this.#options = options;
  }

  /** What was wrong with fonts and renderer when the thread last began; undefined before. */
  get faults(): readonly string[] | undefined {
    return this.#faults;
  }

  /** Number of the running thread; undefined when there is none. */
  get threadId(): number | undefined {
    return this.#thread?.worker.threadId;
  }

  /** Begins the thread, where it is not there. */
  async open(): Promise<void> {
    clearTimeout(this.#idle);
    this.#thread ??= this.#begin();
    await this.#thread.ready;
    this.#rest();
  }

  /** The caller sees to it that there is one at a time. */
  async render(sheet: string): Promise<Picture[]> {
    await this.open();
    clearTimeout(this.#idle);
    const thread = this.#thread;
    if (thread === undefined) throw lost();
    const id = this.#nextId++;
    thread.worker.ref();
    const limit = setTimeout(() => this.#end(thread, tooSlow()), this.#options.limitMs);
    try {
      return await new Promise<Picture[]>((resolve, reject) => {
        this.#job = { id, resolve, reject };
        thread.worker.postMessage({ id, sheet } satisfies ThreadRequest);
      });
    } finally {
      clearTimeout(limit);
      this.#job = undefined;
      thread.worker.unref();
      this.#rest();
    }
  }

  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    const thread = this.#thread;
    if (thread !== undefined) await this.#end(thread, stopped());
  }

  #rest(): void {
    clearTimeout(this.#idle);
    const thread = this.#thread;
    if (thread === undefined) return;
    this.#idle = setTimeout(() => void this.#end(thread, lost()), this.#options.idleMs);
    this.#idle.unref();
  }

  #begin(): Thread {
    const { folders, heapMb, logger } = this.#options;
    const worker = new Worker(new URL('./picture-thread.ts', import.meta.url), {
      name: 'pictures',
      workerData: { folders },
      resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 32 },
      // Libraries talk about what they are given; the output is the daemon's.
      stdout: true,
      stderr: true,
    });
    worker.stdout.resume();
    worker.stderr.resume();
    const opened = Promise.withResolvers<void>();
    opened.promise.catch(() => {});
    const thread: Thread = { worker, ready: opened.promise };
    const late = setTimeout(() => this.#end(thread, tooSlow()), openMs);
    const gone = (error: Error): void => {
      clearTimeout(late);
      opened.reject(error);
      this.#lose(thread, error);
    };
    worker.on('message', (answer: ThreadAnswer) => {
      if (answer.kind !== 'ready') return this.#settle(thread, answer);
      clearTimeout(late);
      if (answer.faults.length > 0) logger.warn({ faults: answer.faults }, 'pictures');
      this.#faults = answer.faults;
      worker.unref();
      opened.resolve();
    });
    worker.on('error', (error: Error & { code?: string }) => {
      logger.warn({ err: error }, 'the thread that draws pictures has died');
      gone(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooLarge() : lost());
    });
    worker.on('exit', () => gone(lost()));
    return thread;
  }

  #settle(thread: Thread, answer: Exclude<ThreadAnswer, { kind: 'ready' }>): void {
    const job = this.#job;
    if (job === undefined || job.id !== answer.id || this.#thread !== thread) return;
    if (answer.kind === 'refused') {
      const extra = answer.field === undefined ? {} : { field: answer.field };
      job.reject(new AppError(answer.code, answer.text, extra));
    } else if (answer.kind === 'failed') {
      this.#options.logger.error({ cause: answer.message }, 'a picture could not be drawn');
      job.reject(failed());
    } else {
      job.resolve(
        answer.pictures.map(({ png, width, height }) => ({
          png: Buffer.from(png.buffer, png.byteOffset, png.byteLength),
          width,
          height,
        })),
      );
    }
  }

  /** Ends this thread, whatever it is at; its picture is answered with the error. */
  async #end(thread: Thread, error: Error): Promise<void> {
    this.#lose(thread, error);
    await thread.worker.terminate();
  }

  #lose(thread: Thread, error: Error): void {
    if (this.#thread !== thread) return;
    this.#thread = undefined;
    clearTimeout(this.#idle);
    this.#job?.reject(error);
  }
}

function tooSlow(): AppError {
  return unavailable('图片生成超时', 'the picture took too long to draw');
}

function tooLarge(): AppError {
  return unavailable('图片太复杂,内存不够', 'the picture needs more memory than it may have');
}

function lost(): AppError {
  return unavailable('图片生成中断', 'the thread that draws pictures has ended');
}

function stopped(): AppError {
  return unavailable('服务正在停止', 'the daemon is stopping');
}

function failed(): AppError {
  return unavailable('图片生成失败', 'the picture could not be drawn');
}

function unavailable(zh: string, en: string): AppError {
  return new AppError('unavailable', { zh, en });
}
