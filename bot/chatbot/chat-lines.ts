import type { Clock } from '../clock.ts';
import { RateLimits } from '../rate-limits.ts';
import type { Turn } from './chat.ts';
import type { ReplyTo } from './chat-question.ts';
import { LiveAnswer } from './live-answer.ts';

/** Learns what becomes of the answers in a chat. Nothing of it may throw. */
export interface Watcher {
  /** The next piece of an answer: numbered from 0, without gaps. */
  piece(replyId: string, seq: number, delta: string): void;
  /** An answer is there, or will not come; `turn.state` says which. */
  settled(turn: Turn): void;
  /** The chat is over. */
  ended(): void;
}

/** A question that waits for its answer, or whose answer is being made. */
export interface Task {
  turn: Turn;
  answer: LiveAnswer;
  abort: AbortController;
  botcode: string | undefined;
  roomId: string | undefined;
  mentioned: boolean;
  /** Where the answer is said; undefined: it is fetched. */
  replyTo: ReplyTo | undefined;
}

/** Questions of a chat in their order, and who watches. */
export interface Line {
  readonly chatId: string;
  readonly waiting: Task[];
  running: Task | undefined;
  readonly watchers: Set<Watcher>;
  /** Accepted, but not on disk yet. */
  reserved: number;
}

export interface LineLimits {
  /** Questions of one chat a minute. */
  perMinute: number;
  /** Questions of one chat that wait. */
  perChat: number;
  /** Questions that wait in all chats together. */
  all: number;
}

export const lineLimits: LineLimits = { perMinute: 30, perChat: 10, all: 10_000 };

/** What is under way in the chats of this life. */
export class Lines {
  readonly #lines = new Map<string, Line>();
  readonly #tasks = new Map<string, Task>();
  readonly #rates: RateLimits;
  readonly #limits: LineLimits;
  readonly #clock: Clock;
  #reserved = 0;

  constructor(clock: Clock, limits: LineLimits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#rates = new RateLimits(limits.perMinute);
  }

  /** Questions without an answer yet. */
  get pending(): number {
    return this.#tasks.size + this.#reserved;
  }

  /** Chats in which something is under way, or somebody watches. */
  get size(): number {
    return this.#lines.size;
  }

  of(chatId: string): Line {
    let line = this.#lines.get(chatId);
    if (line === undefined) {
      line = { chatId, waiting: [], running: undefined, watchers: new Set(), reserved: 0 };
      this.#lines.set(chatId, line);
    }
    return line;
  }

  task(replyId: string): Task | undefined {
    return this.#tasks.get(replyId);
  }

  /**
   * A place for one more question.
   * @returns why there is none, with the milliseconds until there may be one; undefined: it is taken
   */
  reserve(chatId: string): { why: 'rate' | 'queue' | 'all'; waitMs: number } | undefined {
    if (this.pending >= this.#limits.all) return { why: 'all', waitMs: 5000 };
    const line = this.#lines.get(chatId);
    const waiting = line === undefined ? 0 : line.waiting.length + line.reserved;
    if (waiting >= this.#limits.perChat) return { why: 'queue', waitMs: 2000 };
    const waitMs = this.#rates.take(chatId, this.#clock.now());
    if (waitMs > 0) return { why: 'rate', waitMs };
    this.of(chatId).reserved += 1;
    this.#reserved += 1;
    return undefined;
  }

  /** The place is used, or not needed. */
  release(chatId: string): void {
    this.of(chatId).reserved -= 1;
    this.#reserved -= 1;
    this.#tidy(chatId);
  }

  /** @returns the task, at the end of its line */
  add(turn: Turn, from: Pick<Task, 'botcode' | 'roomId' | 'mentioned' | 'replyTo'>): Task {
    const line = this.of(turn.chatId);
    const onPiece = (seq: number, delta: string): void => {
      for (const watcher of line.watchers) watcher.piece(turn.replyId, seq, delta);
    };
    const answer = new LiveAnswer({ clock: this.#clock, onPiece });
    const task = { turn, answer, abort: new AbortController(), ...from };
    line.waiting.push(task);
    this.#tasks.set(turn.replyId, task);
    return task;
  }

  /** The next one of a chat is running; undefined: there is none, or one runs. */
  next(chatId: string): Task | undefined {
    // Only looked for: a line made here would stay for every chat there ever was.
    const line = this.#lines.get(chatId);
    if (line === undefined || line.running !== undefined) return undefined;
    line.running = line.waiting.shift();
    return line.running;
  }

  /** Nothing more comes of a task. */
  drop(task: Task): void {
    const { chatId, replyId } = task.turn;
    const line = this.of(chatId);
    const at = line.waiting.indexOf(task);
    if (at !== -1) line.waiting.splice(at, 1);
    if (line.running === task) line.running = undefined;
    this.#tasks.delete(replyId);
    this.#tidy(chatId);
  }

  watch(chatId: string, watcher: Watcher): () => void {
    this.of(chatId).watchers.add(watcher);
    return () => {
      this.of(chatId).watchers.delete(watcher);
      this.#tidy(chatId);
    };
  }

  settled(turn: Turn): void {
    for (const watcher of [...(this.#lines.get(turn.chatId)?.watchers ?? [])]) {
      watcher.settled(turn);
    }
  }

  ended(chatId: string): void {
    for (const watcher of [...(this.#lines.get(chatId)?.watchers ?? [])]) watcher.ended();
  }

  tasks(): Task[] {
    return [...this.#tasks.values()];
  }

  #tidy(chatId: string): void {
    const line = this.#lines.get(chatId);
    if (line === undefined || line.running !== undefined) return;
    if (line.waiting.length + line.watchers.size + line.reserved === 0) this.#lines.delete(chatId);
  }
}
