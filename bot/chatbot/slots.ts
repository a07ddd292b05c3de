import type { Clock } from '../clock.ts';
import { ModelFailure } from './model-failure.ts';

interface Waiter {
  chat: string;
  go: () => void;
}

/** So many answers are made at once, one in each chat; the others wait, in order. */
export class Slots {
  #most: number;
  readonly #chats = new Set<string>();
  #waiting: Waiter[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get taken(): number {
    return this.#chats.size;
  }

  resize(most: number): void {
    this.#most = most;
    this.#admit();
  }

  /**
   * Waits for a place.
   * @returns gives it back
   * @throws ModelFailure `crowded` when there was none for so long, `cancelled`
   */
  async take(chat: string, waitMs: number, clock: Clock, signal: AbortSignal): Promise<() => void> {
    await new Promise<void>((resolve, reject) => {
      const leave = (failure: ModelFailure): void => {
        this.#waiting = this.#waiting.filter((one) => one !== waiter);
        settle();
        reject(failure);
      };
      const cancel = (): void => leave(new ModelFailure('cancelled'));
      const timer = clock.after(waitMs, () => leave(new ModelFailure('crowded')));
      const settle = (): void => {
        timer.cancel();
        signal.removeEventListener('abort', cancel);
      };
      const waiter: Waiter = {
        chat,
        go: () => {
          settle();
          resolve();
        },
      };
      if (signal.aborted) {
        cancel();
        return;
      }
      signal.addEventListener('abort', cancel);
      this.#waiting.push(waiter);
      this.#admit();
    });
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#chats.delete(chat);
      this.#admit();
    };
  }

  #admit(): void {
    for (const waiter of [...this.#waiting]) {
      if (this.#chats.size >= this.#most) return;
      if (this.#chats.has(waiter.chat)) continue;
      this.#chats.add(waiter.chat);
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      waiter.go();
    }
  }
}
