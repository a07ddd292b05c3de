import { randomBytes } from 'node:crypto';
import type { Clock, Timer } from './clock.ts';

/** What operators watch. */
export const liveTopics = [
  'bots',
  'qr',
  'messages',
  'sends',
  'deliveries',
  'conversations',
  'chats',
  'alarms',
  'runs',
  'audit',
  'system',
] as const;
export type LiveTopic = (typeof liveTopics)[number];

/** That something changed; what it is now, is asked for. */
export interface Change {
  /** Rises by one with each change of this run of the daemon. */
  seq: number;
  /** Epoch ms. */
  at: number;
  topic: LiveTopic;
  /** What it concerns: a botcode, msgid, chid…; `many`: more than are worth naming. */
  id: string;
  data?: Record<string, unknown>;
}

export interface LiveFeedOptions {
  clock: Clock;
  /** Changes that are kept for readers who come back. */
  keep?: number;
}

/** Name of a change that stands for many of its topic. */
export const many = '*';
/** How long marks are gathered: what is read by people may be late by this. */
const gatherMs = 100;
/** Marks of one topic that are told one by one. */
const mostNamed = 20;

/**
 * What changed since when, for whoever watches: in memory, of this run. It carries no state, so that
 * losing it loses nothing: who cannot go on from where they were looks anew.
 */
export class LiveFeed {
  /** Another in each run: numbers of a former one mean nothing. */
  readonly epoch = randomBytes(9).toString('base64url');
  readonly #clock: Clock;
  readonly #keep: number;
  readonly #ring: Change[] = [];
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #marked = new Map<LiveTopic, Set<string>>();
  #timer: Timer | undefined;
  #seq = 0;

  constructor({ clock, keep = 10_000 }: LiveFeedOptions) {
    this.#clock = clock;
    this.#keep = keep;
  }

  /** Number of the newest change; 0: nothing changed yet. */
  get seq(): number {
    return this.#seq;
  }

  /** Tells at once. */
  publish(topic: LiveTopic, id: string, data?: Record<string, unknown>): void {
    this.#seq += 1;
    const change: Change = {
      ...{ seq: this.#seq, at: this.#clock.now(), topic, id },
      ...(data !== undefined && { data }),
    };
    this.#ring[this.#seq % this.#keep] = change;
    for (const listener of this.#listeners) listener(change);
  }

  /**
   * For what happens thousands of times a second: told a moment later, once however often it was
   * marked, and without names when too many were.
   */
  mark(topic: LiveTopic, id: string | number): void {
    const marked = this.#marked.get(topic);
    if (marked !== undefined) {
      if (marked.size <= mostNamed) marked.add(String(id));
      return;
    }
    this.#marked.set(topic, new Set([String(id)]));
    this.#timer ??= this.#clock.after(gatherMs, () => this.#flush());
  }

  /**
   * What came after this number, oldest first, at most so many; undefined: not all of it is known
   * any more.
   */
  since(seq: number, limit = this.#keep): Change[] | undefined {
    if (seq > this.#seq || seq < 0 || this.#seq - seq > this.#keep) return undefined;
    const changes: Change[] = [];
    const last = Math.min(this.#seq, seq + limit);
    for (let next = seq + 1; next <= last; next += 1) {
      const change = this.#ring[next % this.#keep];
      if (change !== undefined) changes.push(change);
    }
    return changes;
  }

  /** @returns a function that stops listening */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#marked.clear();
  }

  #flush(): void {
    this.#timer = undefined;
    const marked = [...this.#marked];
    this.#marked.clear();
    for (const [topic, ids] of marked) {
      if (ids.size > mostNamed) this.publish(topic, many);
      else for (const id of ids) this.publish(topic, id);
    }
  }
}
