import type { Said } from './gobelieve-frames.ts';

/** One thing a client took from a line, with its place in it. */
export interface Taken extends Said {
  command: number;
  key: number;
  /** Live, with a sync, or said by this client itself and acknowledged. */
  way: 'push' | 'sync' | 'ack';
  /** The server says that it was said by this user on this device. */
  self: boolean;
}

export type Spoken = Omit<Taken, 'key' | 'way'>;

interface Ports {
  ask(key: number): void;
  confirm(key: number): void;
  /** Whether a sync skips nothing after the place it is asked from. */
  whole: boolean;
}

/** A sync that was not answered for so long is asked for once more. */
const patienceMs = 4000;

/**
 * How a client follows an inbox, by the rules of the published clients: what is pushed is taken only
 * where it joins on to what is held; everything else is fetched; one sync at a time; what came with a
 * sync counts when the sync has ended.
 */
export class SyncLine {
  /** Up to where everything is held. */
  key: number;
  readonly taken: Taken[] = [];
  /** Pushed, but not taken. */
  dropped = 0;
  /** Syncs that ended. */
  rounds = 0;
  /** Messages of syncs, whether they ended or not. */
  heard = 0;
  readonly #ports: Ports;
  /** Since when a sync is under way. */
  #since: number | undefined;
  #asked = 0;
  #pending = 0;
  #batch: Spoken[] | undefined;

  constructor(ports: Ports, key = 0) {
    this.#ports = ports;
    this.key = key;
  }

  get texts(): string[] {
    return this.taken.map((one) => one.text);
  }

  get isSyncing(): boolean {
    return this.#since !== undefined;
  }

  /** On a new connection: what had come of a sync is forgotten. */
  start(): void {
    this.#batch = undefined;
    this.#pending = 0;
    this.#ask();
  }

  /** Forgets what came last, as a device that was set back, and asks for it again. */
  forget(count: number): void {
    if (this.isSyncing || this.taken.length <= count) return;
    this.taken.splice(-count);
    this.key = this.taken.at(-1)?.key ?? 0;
    this.#ask();
  }

  /** The connection is gone. */
  stop(): void {
    this.#batch = undefined;
    this.#since = undefined;
  }

  notify(key: number): void {
    const busy = this.#since !== undefined && performance.now() - this.#since < patienceMs;
    if (!busy && key > this.key) this.#ask();
    else if (key > this.#pending) this.#pending = key;
  }

  begin(): void {
    if (this.#since === undefined) throw new Error('a sync begins that nobody asked for');
    if (this.#batch !== undefined) throw new Error('a sync begins twice');
    this.#batch = [];
  }

  /** @returns false: no sync is under way */
  add(spoken: Spoken): boolean {
    this.heard += 1;
    this.#batch?.push(spoken);
    return this.#batch !== undefined;
  }

  end(key: number): void {
    const batch = this.#batch;
    if (batch === undefined) throw new Error('a sync ends that did not begin');
    this.#batch = undefined;
    this.#since = undefined;
    this.rounds += 1;
    if (batch.length > 0 && key <= this.#asked) {
      throw new Error(`a sync from ${this.#asked} ends at ${key}`);
    }
    const span = key - this.#asked;
    if (this.#ports.whole && this.#asked > 0 && span > 0 && batch.length !== span) {
      throw new Error(`${batch.length} messages from ${this.#asked} to ${key}`);
    }
    // Places have no gap, so each has its own.
    for (const [at, one] of batch.entries()) {
      this.taken.push({ ...one, key: key - batch.length + 1 + at, way: 'sync' });
    }
    if (key > this.key) this.#move(key);
    if (this.#pending > this.key) {
      this.#pending = 0;
      this.#ask();
    }
  }

  /** @returns whether it joins on and is taken */
  take(spoken: Spoken, way: 'push' | 'ack', key: number, previous: number): boolean {
    if (key <= previous) throw new Error(`place ${key} after ${previous}`);
    if (previous === 0 || previous !== this.key) {
      if (way === 'push') this.dropped += 1;
      return false;
    }
    this.taken.push({ ...spoken, key, way });
    this.#move(key);
    return true;
  }

  #ask(): void {
    this.#since = performance.now();
    this.#asked = this.key;
    this.#ports.ask(this.key);
  }

  #move(key: number): void {
    this.key = key;
    this.#ports.confirm(key);
  }
}
