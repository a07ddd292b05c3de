import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../../config/logger.ts';
import type { ChatRow, ChatStore } from '../../store/chats.ts';
import type { Tx } from '../../store/database.ts';
import type { Clock, Timer } from '../clock.ts';
import type { Language } from '../errors.ts';
import { chatOf, endOf, exchangesOf, secondAfter, type Turn } from './chat.ts';
import type { Lines, Task } from './chat-lines.ts';
import type { ChatMeter } from './meter.ts';
import type { Pipeline } from './pipeline.ts';
import type { Ask } from './responder.ts';
import { brokenOff } from './sentences.ts';

/** A question, and its place in its chat. */
export type Asked = Pick<Turn, 'turn' | 'question'>;

/** The agents who take over, as the chats need them. Everything in the caller's transaction. */
export interface HumanPort {
  /** They are told of a chat for the first time: what led there, up to a turn. */
  begin(tx: Tx, chat: ChatRow, asked: Asked, storeId: number | undefined): Promise<void>;
  /** What was said in a chat that is theirs. @returns whether it still is */
  said(tx: Tx, chat: ChatRow, asked: Asked): Promise<boolean>;
  /** A chat is over. */
  ended(tx: Tx, chat: ChatRow): Promise<void>;
}

/** Where answers go that nobody fetches: prepared before the transaction of the answer, written in it. */
export type Deliver = (
  task: Task,
  answer: Turn,
) => Promise<((tx: Tx) => Promise<void>) | undefined>;

export interface AnsweringOptions {
  store: ChatStore;
  lines: Lines;
  pipeline: () => Pipeline;
  human: () => HumanPort | undefined;
  deliver?: () => Deliver | undefined;
  /** The knowledge base had nothing, a model answered. */
  missed?: (question: string, chat: string) => void;
  meter: ChatMeter;
  clock: Clock;
  logger: Logger;
  language: Language;
  /** Longest an answer may take. */
  limitMs: () => number;
}

/** So many turns before are told to responders. */
const historyTurns = 50;
const retries = 3;
/** How often what there is of an answer is written down. */
const keepMs = 1000;

/** Makes answers: one at a time in each chat, in the order of the questions. */
export class ChatAnswering {
  readonly #options: AnsweringOptions;
  /** Lines that are worked off. */
  readonly #working = new Set<Promise<void>>();
  /** Those that took too long. */
  readonly #late = new WeakSet<Task>();
  #stopped = false;

  constructor(options: AnsweringOptions) {
    this.#options = options;
  }

  /** Something waits in a chat. */
  wake(chatId: string): void {
    const { lines } = this.#options;
    const task = this.#stopped ? undefined : lines.next(chatId);
    if (task === undefined) return;
    const work = this.#answer(task)
      .catch((error: unknown) => {
        this.#options.logger.error({ err: error }, 'an answer was not written down');
      })
      .finally(() => {
        lines.drop(task);
        this.#working.delete(work);
        this.wake(chatId);
      });
    this.#working.add(work);
  }

  /** Nothing is begun any more; what is under way breaks off and is told as failed at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const task of this.#options.lines.tasks()) task.abort.abort();
    await Promise.all(this.#working);
  }

  async #answer(task: Task): Promise<void> {
    const { store, human, meter, clock } = this.#options;
    const { chatId, turn, question, replyId } = task.turn;
    const chat = await store.byId(chatId);
    if (chat === undefined || chat.state === 'ended' || task.abort.signal.aborted) return;
    if (chat.state === 'human') {
      await store.db.transaction(async (tx) => human()?.said(tx, chat, task.turn));
      return;
    }
    const before = await store.page(chatId, turn, historyTurns);
    const ask: Ask = {
      chat: { id: chatId, channel: chatOf(chat).channel, human: false },
      ...{ question, replyId, history: exchangesOf(before) },
      options: before[0]?.options ? (JSON.parse(before[0].options) as number[]) : [],
      ...{ botcode: task.botcode, roomId: task.roomId, mentioned: task.mentioned },
      signal: task.abort.signal,
    };
    const began = clock.now();
    const answered = await this.#run(ask, task);
    if (answered) this.#missed(ask, task);
    task.answer.close();
    // Who aborted it has written down what becomes of it.
    if (task.abort.signal.aborted && !this.#late.has(task)) return;
    meter.answered(task.answer.steps, answered, clock.now() - began);
    await this.#settle(task, answered);
  }

  /** What only a model could answer is worth an entry all the same. */
  #missed({ chat, question }: Ask, { answer }: Task): void {
    const miss = answer.steps.some(
      ({ step, verdict }) => step === 'knowledge' && verdict === 'miss',
    );
    const last = answer.steps.at(-1);
    if (!miss || last?.step !== 'model' || chat.channel === 'test') return;
    this.#options.missed?.(question, chat.id);
  }

  /** While an answer is made, what there is of it is kept: after a crash it goes on from there. */
  #keep(task: Task): Timer {
    const { store, clock, logger } = this.#options;
    let kept = 0;
    let timer: Timer | undefined;
    const next = (): void => {
      timer = clock.after(keepMs, () => {
        const { text } = task.answer;
        const { chatId, turn } = task.turn;
        if (text.length > kept) {
          kept = text.length;
          store.db
            .transaction((tx) => store.keepPart(tx, chatId, turn, text.toWellFormed()))
            .catch((error: unknown) =>
              logger.warn({ err: error }, 'part of an answer is not kept'),
            );
        }
        next();
      });
    };
    next();
    return { cancel: () => timer?.cancel() };
  }

  async #run(ask: Ask, task: Task): Promise<boolean> {
    const { pipeline, clock, limitMs } = this.#options;
    const { signal } = task.abort;
    const keeping = this.#keep(task);
    const limit = clock.after(limitMs(), () => {
      this.#late.add(task);
      task.abort.abort();
    });
    try {
      // A responder that does not listen to the signal is not waited for.
      const aborted = new Promise<false>((resolve) => {
        if (signal.aborted) resolve(false);
        signal.addEventListener('abort', () => resolve(false), { once: true });
      });
      return await Promise.race([pipeline().run(ask, task.answer), aborted]);
    } finally {
      limit.cancel();
      keeping.cancel();
    }
  }

  async #settle(task: Task, answered: boolean): Promise<void> {
    const { store, clock, language, deliver, logger } = this.#options;
    const { answer } = task;
    const handed = answer.handedOver !== undefined;
    const whole = answered ? answer.text : brokenOff(answer.text, language);
    const turn: Turn = {
      ...task.turn,
      state: answered ? 'done' : 'failed',
      text: whole,
      reply: answered ? answer.reply : undefined,
      finish: answered ? answer.finished : 'error',
      // What agents say next has a stamp behind this one, and this one behind its question.
      doneAt: handed ? secondAfter(clock.now(), [task.turn.askedAt]) : clock.now(),
    };
    const leave = await deliver?.()?.(task, turn);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const written = await store.db.transaction((tx) => this.#write(tx, task, turn, leave));
        if (written) this.#options.lines.settled(turn);
        return;
      } catch (error) {
        if (attempt > retries || this.#stopped) throw error;
        logger.warn({ err: error, attempt }, 'an answer is written down again');
        await wait(100 * 4 ** attempt);
      }
    }
  }

  async #write(
    tx: Tx,
    task: Task,
    turn: Turn,
    leave: ((tx: Tx) => Promise<void>) | undefined,
  ): Promise<boolean> {
    const { store, human, clock } = this.#options;
    const now = clock.now();
    const { options, steps } = task.answer;
    const end = endOf(turn, { options, trace: steps });
    if (!(await store.endTurn(tx, turn.chatId, turn.turn, end))) return false;
    const chat = await store.find(tx, turn.chatId);
    if (chat === undefined) return false;
    const handover = task.answer.handedOver;
    const agents = human();
    if (handover === undefined || agents === undefined) {
      await store.put(tx, { ...chat, last_at: now });
    } else {
      const storeId = handover.storeId ?? null;
      const state = handover.left ? 'open' : 'human';
      const given = { state, store_id: storeId, human_at: now } as const;
      await store.put(tx, { ...chat, ...given, last_at: now });
      const theirs = { ...chat, ...given };
      await agents.begin(tx, theirs, turn, handover.storeId);
      if (state === 'human') await this.#tellWaiting(tx, theirs, turn.turn, agents);
    }
    if (leave !== undefined) {
      await leave(tx);
      await store.retrace(tx, turn.chatId, turn.turn, endOf(turn, { options, trace: steps }).trace);
    }
    return true;
  }

  /**
   * What waits behind a hand-over is the agents' from the same moment on: told one by one later, it
   * would be lost to them if all ended between. What comes behind a word that leads back is the bot's.
   */
  async #tellWaiting(tx: Tx, chat: ChatRow, turn: number, agents: HumanPort): Promise<void> {
    const { store, lines } = this.#options;
    for (const row of await store.makingOf(tx, chat.id)) {
      if (Number(row.turn) <= turn) continue;
      const asked = { turn: Number(row.turn), question: row.question };
      const stays = await agents.said(tx, chat, asked);
      tx.onDurable(() => {
        const task = lines.task(row.reply_id);
        if (task !== undefined) lines.drop(task);
      });
      if (!stays) return;
    }
  }
}
