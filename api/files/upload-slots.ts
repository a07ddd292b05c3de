import type { IncomingMessage } from 'node:http';
import { RequestAborted } from '../middleware/boundary.ts';

/**
 * Lets so many requests in at once; the others wait in order, unread, so that their clients hold
 * back what they send.
 */
export class UploadSlots {
  readonly #most: number;
  readonly #mostWaiting: number;
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(most: number, mostWaiting: number) {
    this.#most = most;
    this.#mostWaiting = mostWaiting;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * @returns what gives the slot back; undefined: too many wait already
   * @throws RequestAborted when the client left meanwhile
   */
  async enter(req: IncomingMessage): Promise<(() => void) | undefined> {
    if (this.#taken < this.#most) this.#taken += 1;
    else if (this.#waiting.size >= this.#mostWaiting) return undefined;
    else await this.#turn(req);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#leave();
    };
  }

  #turn(req: IncomingMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      const gone = (): void => {
        this.#waiting.delete(enter);
        reject(new RequestAborted('the client left'));
      };
      const enter = (): void => {
        req.socket.off('close', gone);
        resolve();
      };
      if (req.socket.destroyed) {
        gone();
        return;
      }
      req.socket.once('close', gone);
      this.#waiting.add(enter);
    });
  }

  /** A slot goes to whoever waits longest. */
  #leave(): void {
    for (const enter of this.#waiting) {
      this.#waiting.delete(enter);
      enter();
      return;
    }
    this.#taken -= 1;
  }
}
