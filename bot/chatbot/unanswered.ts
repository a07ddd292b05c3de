import type { Database, Tx } from '../../store/database.ts';
import { type UnansweredRow, UnansweredStore } from '../../store/unanswered.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { lettersOf, longestPhrase } from './entry.ts';

/** A question that found no answer. */
export interface UnansweredQuestion {
  id: number;
  question: string;
  /** How often it was asked. */
  count: number;
  /** The talk in which it was asked last. */
  chat: string;
  firstAt: number;
  lastAt: number;
  /** The last time a language model answered it. */
  byModel: boolean;
}

/** So many are kept; then the one that was not asked for the longest goes. */
const mostUnanswered = 10_000;

/** Collects questions without an answer: each once, however it is spelled, with how often it came. */
export class Unanswered {
  readonly #store: UnansweredStore;
  readonly #clock: Clock;
  readonly #most: number;
  #kept = 0;

  constructor(db: Database, clock: Clock, most = mostUnanswered) {
    this.#store = new UnansweredStore(db);
    this.#clock = clock;
    this.#most = most;
  }

  async start(): Promise<void> {
    this.#kept = await this.#store.count();
  }

  /** Questions of no letters, and of more than a phrasing may hold, are none to answer. */
  async note(question: string, chat: string, byModel = false): Promise<void> {
    const norm = lettersOf(question);
    if (norm === '' || question.length > longestPhrase) return;
    await this.#store.db.transaction((tx) => this.#addIn(tx, question, norm, chat, byModel));
  }

  /** The most asked first. */
  async list(
    after: { count: number; id: number } | undefined,
    limit: number,
  ): Promise<UnansweredQuestion[]> {
    return (await this.#store.list(after, limit)).map(viewOf);
  }

  /** It is no question to us: it is not shown again. @throws AppError not_found */
  async drop(id: number): Promise<void> {
    const dropped = await this.#store.db.transaction((tx) =>
      this.#store.settle(tx, id, this.#clock.now()),
    );
    if (!dropped) throw unknown(id);
  }

  /** Inside the caller's transaction: it has an answer. @returns it @throws AppError not_found */
  async take(tx: Tx, id: number): Promise<string> {
    const row = await this.#store.get(tx, id);
    if (row === undefined || row.settled_at !== null) throw unknown(id);
    await this.#store.remove(tx, id);
    tx.onDurable(() => {
      this.#kept -= 1;
    });
    return row.question;
  }

  /** Inside the caller's transaction: an entry is asked for in these words by now. */
  async settled(tx: Tx, text: string): Promise<void> {
    if (!(await this.#store.removeNamed(tx, lettersOf(text)))) return;
    tx.onDurable(() => {
      this.#kept -= 1;
    });
  }

  async #addIn(
    tx: Tx,
    question: string,
    norm: string,
    chat: string,
    byModel: boolean,
  ): Promise<void> {
    const isNew = await this.#store.note(tx, {
      ...{ question: question.trim(), norm, chat, last_at: this.#clock.now() },
      by_model: byModel ? 1 : 0,
    });
    if (!isNew) return;
    if (this.#kept >= this.#most) await this.#store.forgetOldest(tx);
    else {
      tx.onDurable(() => {
        this.#kept += 1;
      });
    }
  }
}

function viewOf(row: UnansweredRow): UnansweredQuestion {
  const { id, question, count, chat, first_at, last_at } = row;
  return {
    ...{ id: Number(id), question, count: Number(count), chat },
    ...{ firstAt: Number(first_at), lastAt: Number(last_at) },
    byModel: Number(row.by_model) === 1,
  };
}

function unknown(id: number): AppError {
  return new AppError('not_found', {
    zh: `没有未答问题 ${id}`,
    en: `there is no unanswered question ${id}`,
  });
}
