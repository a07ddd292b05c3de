export interface InboxOptions<T> {
  /** Reads what an id stands for; undefined: nothing to tell. */
  read: (id: string) => Promise<T | undefined>;
  deliver: (item: T) => void;
  /** An item could not be read, or there was no room for it. */
  onLost: (id: string, error: unknown) => void;
}

/** Read ahead, delivered in order. */
const lanes = 4;
const capacity = 5000;

/** Incoming messages of one bot: told by id only, read with bounded effort, in order of arrival. */
export class Inbox<T> {
  readonly #options: InboxOptions<T>;
  #waiting: string[] = [];
  #reading = 0;
  #tail: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: InboxOptions<T>) {
    this.#options = options;
  }

  push(id: string): void {
    if (this.#closed) return;
    if (this.#waiting.length >= capacity) {
      this.#options.onLost(id, new Error('too many messages wait to be read'));
      return;
    }
    this.#waiting.push(id);
    this.#next();
  }

  /** Nothing is delivered after this. */
  close(): void {
    this.#closed = true;
    this.#waiting = [];
  }

  #next(): void {
    while (this.#reading < lanes) {
      const id = this.#waiting.shift();
      if (id === undefined) return;
      this.#reading += 1;
      const item = this.#options.read(id);
      item.catch(() => {});
      this.#tail = this.#tail.then(() => this.#settle(id, item));
    }
  }

  async #settle(id: string, item: Promise<T | undefined>): Promise<void> {
    try {
      const value = await item;
      if (value !== undefined && !this.#closed) this.#options.deliver(value);
    } catch (error) {
      if (!this.#closed) this.#options.onLost(id, error);
    } finally {
      this.#reading -= 1;
      this.#next();
    }
  }
}
