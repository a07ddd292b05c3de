import { createHash } from 'node:crypto';
import type { Logger } from '../../../config/logger.ts';
import { AppError } from '../../errors.ts';
import { Gate } from '../../gate.ts';
import { checkSpec } from './check-spec.ts';
import { type FontFolders, fontFolders, missingFonts } from './font-files.ts';
import { PictureCache } from './picture-cache.ts';
import type { Picture, PictureSpec } from './picture-spec.ts';
import { RenderThread } from './render-thread.ts';

export interface PicturesOptions {
  logger: Logger;
  /** Absent: where npm has put them. */
  folders?: FontFolders;
  limitMs?: number;
  idleMs?: number;
  heapMb?: number;
}

const mostWaiting = 200;
/** So long a look at the disk counts. */
const lookMs = 60_000;

interface Shared {
  promise: Promise<Picture[]>;
  /** How many wait for it; nobody left: it is not begun. */
  waiting: number;
}

/**
 * Draws reports: tables, charts and HTML as PNG. All of it happens in a thread of its own, one spec
 * at a time, bounded in time and memory; the same spec again is answered from memory.
 */
export class Pictures {
  readonly #thread: RenderThread;
  readonly #folders: FontFolders;
  readonly #cache = new PictureCache();
  readonly #underWay = new Map<string, Shared>();
  readonly #gate = new Gate(1);
  #looked: { at: number; faults: string[] } | undefined;
  #stopped = false;

  constructor(options: PicturesOptions) {
    const { limitMs = 10_000, idleMs = 60_000, heapMb = 256 } = options;
    this.#folders = options.folders ?? fontFolders();
    this.#thread = new RenderThread({
      ...{ folders: this.#folders, logger: options.logger, limitMs, idleMs, heapMb },
    });
  }

  /** Number of the thread that draws; undefined while there is none. */
  get threadId(): number | undefined {
    return this.#thread.threadId;
  }

  /**
   * @returns one picture, or several of a long table
   * @throws AppError: what is wrong with the spec, by its field; or `unavailable`, then text will do
   */
  async render(spec: PictureSpec, signal?: AbortSignal): Promise<Picture[]> {
    signal?.throwIfAborted();
    const sheet = JSON.stringify(checkSpec(spec));
    const key = createHash('sha256').update(sheet).digest('base64');
    const known = this.#cache.get(key);
    if (known !== undefined) return known;
    let shared = this.#underWay.get(key);
    if (shared === undefined) shared = this.#begin(key, sheet);
    else shared.waiting += 1;
    try {
      return await unlessAborted(shared.promise, signal);
    } finally {
      shared.waiting -= 1;
    }
  }

  /** What is missing to draw Chinese and emoji; empty: nothing. Begins the thread, to be sure. */
  async fontCheck(): Promise<string[]> {
    const missing = missingFonts(this.#folders);
    if (missing.length > 0) return missing;
    try {
      await this.#thread.open();
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)];
    }
    return [...(this.#thread.faults ?? [])];
  }

  /** The same, of what is known without beginning a thread: for health, which asks often. */
  knownFaults(): readonly string[] {
    const now = performance.now();
    if (this.#looked === undefined || now - this.#looked.at > lookMs) {
      this.#looked = { at: now, faults: missingFonts(this.#folders) };
    }
    const { faults } = this.#looked;
    return faults.length > 0 ? faults : (this.#thread.faults ?? []);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#thread.stop();
  }

  #begin(key: string, sheet: string): Shared {
    if (this.#stopped) throw unavailable('服务正在停止', 'the daemon is stopping');
    if (this.#gate.waiting >= mostWaiting) {
      throw unavailable('等待生成的图片太多', 'too many pictures are waiting', 5);
    }
    const shared: Shared = { waiting: 1, promise: Promise.resolve([]) };
    shared.promise = this.#gate
      .run(async () => {
        if (this.#stopped) throw unavailable('服务正在停止', 'the daemon is stopping');
        if (shared.waiting === 0) {
          // At once: whoever asks for it from now on begins anew.
          this.#underWay.delete(key);
          return [];
        }
        const pictures = await this.#thread.render(sheet);
        this.#cache.put(key, pictures);
        return pictures;
      })
      .finally(() => {
        if (this.#underWay.get(key) === shared) this.#underWay.delete(key);
      });
    // Whoever waited may have gone.
    shared.promise.catch(() => {});
    this.#underWay.set(key, shared);
    return shared;
  }
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await promise;
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function unavailable(zh: string, en: string, retryAfter?: number): AppError {
  return new AppError('unavailable', { zh, en }, retryAfter === undefined ? {} : { retryAfter });
}
