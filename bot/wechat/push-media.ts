import type { Logger } from '../../config/logger.ts';
import type { Clock } from '../clock.ts';
import { DeadlinePassed, within } from '../deadline.ts';
import type { Content } from '../im/content.ts';
import type { MediaPort } from './ports.ts';

export interface PushMediaOptions {
  media: MediaPort;
  clock: Clock;
  logger: Logger;
}

/** At once; a slow platform holds up nothing but what waits for its files. */
const mostAtOnce = 8;
const deadlineMs = 20_000;

/**
 * Fetches what users send as files. Whatever goes wrong, the message goes on: with the id under
 * which WeChat holds the file for three days, and for pictures with their address there.
 */
export class PushMedia {
  readonly #options: PushMediaOptions;
  #busy = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(options: PushMediaOptions) {
    this.#options = options;
  }

  /** The content with the file as it is stored here, where it could be had. */
  async fetched(account: string, content: Content, signal: AbortSignal): Promise<Content> {
    if (!('mediaId' in content) || content.mediaId === undefined) return content;
    const { mediaId } = content;
    const { clock, logger } = this.#options;
    const over = new AbortController();
    const ended = AbortSignal.any([signal, over.signal]);
    try {
      const file = await within(clock, deadlineMs, () =>
        Promise.race([this.#download(account, mediaId, ended), aborted(signal)]),
      );
      return file === undefined ? content : { ...content, url: file.url };
    } catch (error) {
      if (signal.aborted) throw error;
      const late = error instanceof DeadlinePassed;
      logger.warn(
        { err: error, account, kind: content.type },
        late ? 'a file took too long' : 'a file could not be had',
      );
      return content;
    } finally {
      over.abort();
    }
  }

  async #download(account: string, mediaId: string, signal: AbortSignal) {
    if (this.#busy >= mostAtOnce) await new Promise<void>((go) => this.#waiting.push(go));
    else this.#busy += 1;
    try {
      // Whoever waited for it may have gone on without.
      signal.throwIfAborted();
      return await this.#options.media.download(account, mediaId, signal);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#busy -= 1;
      else next();
    }
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(new Error('stopped'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
