import type { IncomingMessage } from 'node:http';
import { RequestAborted } from '../middleware/boundary.ts';
import { UploadFault } from './upload-fault.ts';
import type { UploadPace } from './upload-pace.ts';

/** A body this slow, after some waiting for it, is there to hold us up; or others, where they wait. */
const leastBytesPerMs = 0.5;
const leastWhenOthersWait = 8;

/** A request body, chunk by chunk, when we want the next one. */
export class UploadBody {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #pace: UploadPace;
  readonly #isAwaited: () => boolean;
  readonly #stallMs: number;
  readonly #watch: ((chunk: Buffer) => void) | undefined;
  #bytes = 0;
  #waitedMs = 0;
  #ended = false;

  constructor(
    req: IncomingMessage,
    pace: UploadPace,
    isAwaited: () => boolean,
    stallMs: number,
    watch?: (chunk: Buffer) => void,
  ) {
    // Not destroyed when we stop reading: it is still to be answered.
    this.#chunks = req.iterator({ destroyOnReturn: false });
    this.#pace = pace;
    this.#isAwaited = isAwaited;
    this.#stallMs = stallMs;
    this.#watch = watch;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * @returns undefined at the end
   * @throws UploadFault slow · RequestAborted when the client left before the end
   */
  async next(): Promise<Buffer | undefined> {
    if (this.#ended) return undefined;
    const asked = performance.now();
    const { done, value } = await this.#within();
    this.#waitedMs += performance.now() - asked;
    if (done === true) {
      this.#ended = true;
      return undefined;
    }
    this.#bytes += value.length;
    await this.#pace.take(value.length);
    this.#watch?.(value);
    if (this.#waitedMs > 2 * this.#stallMs) {
      const least = this.#isAwaited() ? leastWhenOthersWait : leastBytesPerMs;
      if (this.#bytes < this.#waitedMs * least) throw slow();
    }
    return value;
  }

  /**
   * Reads on to the end, as many clients look for an answer only there.
   * @returns false: it went on for more than `most` bytes, or too slowly
   */
  async discard(most: number): Promise<boolean> {
    const until = this.#bytes + most;
    try {
      while (this.#bytes <= until) {
        if ((await this.next()) === undefined) return true;
      }
      return false;
    } catch (error) {
      if (error instanceof UploadFault) return false;
      throw error;
    }
  }

  #within(): Promise<IteratorResult<Buffer>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(slow()), this.#stallMs);
      this.#chunks.next().then(
        (result) => {
          clearTimeout(timer);
          resolve(result);
        },
        () => {
          clearTimeout(timer);
          reject(new RequestAborted('the client left'));
        },
      );
    });
  }
}

function slow(): UploadFault {
  return new UploadFault('slow');
}
