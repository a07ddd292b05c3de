import type { ChatRow, ChatStore, TurnRow } from '../../store/chats.ts';
import type { Tx } from '../../store/database.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import {
  type Chat,
  ChatEnded,
  chatOf,
  endOf,
  type Turn,
  turnOf,
  unknownChat,
  unknownReply,
} from './chat.ts';
import { type AnsweringOptions, ChatAnswering } from './chat-answering.ts';
import { type LineLimits, Lines, lineLimits, type Watcher } from './chat-lines.ts';
import { assertContent, keyOf, newId, type Question, takenName } from './chat-question.ts';
import type { ChatMeter } from './meter.ts';

export type { Question } from './chat-question.ts';

export type ChatsOptions = Omit<AnsweringOptions, 'lines'> & {
  limits?: LineLimits;
  /** Throws while nothing new is taken. */
  assertRoom?: () => void;
};

/** What is told of one answer. */
export interface Follower {
  piece(seq: number, delta: string): void;
  settled(turn: Turn): void;
}

/**
 * Talks with the chatbot: every question on disk before it is acknowledged, answered once, in order,
 * and the one answer kept for whoever asks for it, however often and in whatever way.
 */
export class Chats {
  readonly store: ChatStore;
  readonly lines: Lines;
  readonly #options: ChatsOptions;
  readonly #answering: ChatAnswering;
  readonly #clock: Clock;
  readonly #meter: ChatMeter;

  constructor(options: ChatsOptions) {
    this.#options = options;
    this.store = options.store;
    this.#clock = options.clock;
    this.#meter = options.meter;
    this.lines = new Lines(options.clock, options.limits ?? lineLimits);
    this.#answering = new ChatAnswering({ ...options, lines: this.lines });
  }

  stop(): Promise<void> {
    return this.#answering.stop();
  }

  /**
   * A question, on disk when this resolves; its answer comes later. The same one again is the same turn.
   * @throws AppError field_value, rate_limited, unavailable, conflict, database · ChatEnded
   */
  async ask(asks: Question): Promise<{ turn: Turn; repeated: boolean }> {
    // As the database keeps it: half a character is none.
    const question = { ...asks, content: asks.content.toWellFormed() };
    try {
      assertContent(question.content);
      const asked = await this.store.db.transaction((tx) => this.#ask(tx, question));
      this.#meter.asked(asked.repeated ? 'repeated' : 'asked');
      return asked;
    } catch (error) {
      if (error instanceof AppError) this.#meter.asked('refused');
      throw error;
    }
  }

  async #ask(tx: Tx, question: Question): Promise<{ turn: Turn; repeated: boolean }> {
    const { chatId, content, channel, messageId } = question;
    const now = this.#clock.now();
    // Told as a whole second, by which it is asked for again.
    const askedAt = question.askedAt ?? Math.floor(now / 1000) * 1000;
    let chat = await this.store.find(tx, chatId);
    if (chat !== undefined) assertOwn(chat, question.owner);
    if (chat?.state === 'ended') throw new ChatEnded();
    const key = keyOf(question);
    const known = chat && (await this.store.findByKey(tx, chatId, key));
    if (known !== undefined) {
      if (known.question !== content) throw takenName();
      return { turn: turnOf(known), repeated: true };
    }
    this.#options.assertRoom?.();
    this.#reserve(tx, chatId);
    chat ??= await this.store.add(tx, {
      ...{ id: chatId, channel, created_at: now, owner: question.owner ?? null },
    });
    const row: TurnRow = {
      ...{ chat: chatId, turn: Number(chat.turns) + 1, key, question: content },
      ...{ question_id: messageId ?? newId(chatId), reply_id: newId(chatId) },
      ...{ asked_at: askedAt, received_at: now, state: 'making', reply: null },
      ...{ reply_kind: null, finish: null, done_at: null, options: null, trace: null, liked: null },
    };
    await this.store.addTurn(tx, row);
    await this.store.put(tx, { ...chat, turns: row.turn, last_at: now });
    const turn = turnOf(row);
    const human = chat.state === 'human' ? this.#options.human() : undefined;
    if (human !== undefined) await human.said(tx, chat, turn);
    tx.onDurable(() => {
      if (human === undefined) {
        const { botcode, roomId, mentioned = true, replyTo } = question;
        this.lines.add(turn, { botcode, roomId, mentioned, replyTo });
      }
      this.lines.release(chatId);
      this.#answering.wake(chatId);
    });
    return { turn, repeated: false };
  }

  #reserve(tx: Tx, chatId: string): void {
    const refused = this.lines.reserve(chatId);
    if (refused === undefined) {
      tx.onRollback(() => this.lines.release(chatId));
      return;
    }
    const retryAfter = Math.ceil(refused.waitMs / 1000);
    if (refused.why === 'all') {
      const text = { zh: '提问的人太多，请稍后再试', en: 'too many are asking: try again later' };
      throw new AppError('unavailable', text, { retryAfter });
    }
    const text = { zh: `提问过于频繁，请 ${retryAfter} 秒后再试`, en: `wait ${retryAfter} s` };
    throw new AppError('rate_limited', text, { retryAfter });
  }

  /** @throws AppError not_found · ChatEnded */
  async get(chatId: string): Promise<Chat> {
    const row = await this.store.byId(chatId);
    if (row === undefined) throw unknownChat();
    if (row.state === 'ended') throw new ChatEnded();
    return chatOf(row);
  }

  /**
   * The question with this stamp (the last of those in that second), or else the first word that an
   * agent said unasked in a second behind it, or else the newest asked since; without a stamp the
   * newest of all. Undefined: nothing was said since.
   * @throws AppError not_found · ChatEnded
   */
  async turnAfter(chatId: string, askedAt?: number): Promise<Turn | undefined> {
    await this.get(chatId);
    // @NOTE the document asks for the newest reply behind a message: each reply belongs to its
    // question, so that an older question's poll is never shown a newer one's answer.
    const row =
      askedAt === undefined
        ? await this.store.last(chatId)
        : ((await this.store.atStamp(chatId, askedAt)) ??
          (await this.store.unaskedFrom(chatId, askedAt + 1000)) ??
          (await this.store.afterStamp(chatId, askedAt)));
    return row && turnOf(row);
  }

  /** @throws AppError not_found · ChatEnded */
  async turn(chatId: string, replyId: string): Promise<Turn> {
    await this.get(chatId);
    const row = await this.store.byReply(replyId);
    if (row === undefined || row.chat !== chatId) throw unknownReply();
    return turnOf(row);
  }

  /** The text so far of an answer that is being made, as far as watchers were told. */
  textSoFar(replyId: string): string {
    return this.lines.task(replyId)?.answer.told ?? '';
  }

  /** What watchers were told of an answer that is being made, from a piece on. */
  pieces(replyId: string, from: number): Iterable<[seq: number, delta: string]> {
    return this.lines.task(replyId)?.answer.pieces(from) ?? [];
  }

  /** One that nobody has begun is anybody's. @throws AppError not_found: it is somebody else's */
  async assertOwn(chatId: string, owner: string | undefined): Promise<void> {
    if (owner === undefined) return;
    const chat = await this.store.byId(chatId);
    if (chat !== undefined) assertOwn(chat, owner);
  }

  /** One that nobody has begun is as good as one that goes on. @throws ChatEnded */
  async assertNotEnded(chatId: string): Promise<void> {
    if ((await this.store.byId(chatId))?.state === 'ended') throw new ChatEnded();
  }

  /** Everything that is answered in a chat from now on. @returns a function that stops it */
  watch(chatId: string, watcher: Watcher): () => void {
    return this.lines.watch(chatId, watcher);
  }

  /**
   * One answer, behind a piece of it, to its end: nothing twice, nothing left out.
   * @returns a function that stops it
   * @throws AppError not_found · ChatEnded
   */
  async follow(
    chatId: string,
    replyId: string,
    afterSeq: number,
    follower: Follower,
  ): Promise<() => void> {
    let over = false;
    const settle = (turn: Turn): void => {
      if (over) return;
      over = true;
      stop();
      follower.settled(turn);
    };
    const stop = this.watch(chatId, {
      piece: (id, seq, delta) => {
        if (!over && id === replyId && seq > afterSeq) follower.piece(seq, delta);
      },
      settled: (turn) => {
        if (turn.replyId === replyId) settle(turn);
      },
      ended: () => {},
    });
    for (const [seq, delta] of this.pieces(replyId, afterSeq + 1)) {
      follower.piece(seq, delta);
    }
    try {
      // Watched already: what ends meanwhile is told once all the same.
      const turn = await this.turn(chatId, replyId);
      if (turn.state !== 'making') settle(turn);
    } catch (error) {
      stop();
      throw error;
    }
    return () => {
      over = true;
      stop();
    };
  }

  /** Nobody wants this answer any more. @returns the turn as it is now @throws AppError · ChatEnded */
  async cancel(chatId: string, replyId: string): Promise<Turn> {
    const turn = await this.turn(chatId, replyId);
    if (turn.state !== 'making') return turn;
    const end = { state: 'cancelled', finish: 'cancelled', doneAt: this.#clock.now() } as const;
    const cancelled = { ...turn, ...end, text: this.textSoFar(replyId) };
    const written = await this.store.db.transaction(async (tx) => {
      if (!(await this.store.endTurn(tx, chatId, turn.turn, endOf(cancelled)))) return false;
      tx.onDurable(() => this.#abort(cancelled));
      return true;
    });
    return written ? cancelled : await this.turn(chatId, replyId);
  }

  /** @throws AppError not_found · ChatEnded */
  async appraise(chatId: string, replyId: string, liked: boolean): Promise<void> {
    const { turn } = await this.turn(chatId, replyId);
    await this.store.db.transaction((tx) => this.store.like(tx, chatId, turn, liked));
    this.#meter.appraised(liked);
  }

  /** Ends a chat, and what is being answered in it. Again it is the same. @throws AppError not_found */
  async end(chatId: string): Promise<void> {
    await this.store.db.transaction(async (tx) => {
      const chat = await this.store.find(tx, chatId);
      if (chat === undefined) throw unknownChat();
      if (chat.state !== 'ended') await this.endIn(tx, chat);
    });
  }

  async endIn(tx: Tx, chat: ChatRow): Promise<void> {
    const now = this.#clock.now();
    const ended: Turn[] = [];
    for (const row of await this.store.makingOf(tx, chat.id)) {
      const end = { state: 'cancelled', finish: 'cancelled', doneAt: now } as const;
      const turn = { ...turnOf(row), ...end };
      await this.store.endTurn(tx, chat.id, turn.turn, endOf(turn));
      ended.push(turn);
    }
    await this.store.put(tx, { ...chat, state: 'ended', ended_at: now });
    await this.#options.human()?.ended(tx, chat);
    tx.onDurable(() => {
      for (const turn of ended) this.#abort(turn);
      this.lines.ended(chat.id);
    });
  }

  #abort(turn: Turn): void {
    const task = this.lines.task(turn.replyId);
    task?.abort.abort();
    // One that runs leaves its line by itself.
    if (task !== undefined && this.lines.of(turn.chatId).running !== task) this.lines.drop(task);
    this.lines.settled(turn);
  }
}

function assertOwn(chat: ChatRow, owner: string | undefined): void {
  // As if there were none: names of sessions are nobody else's business.
  if (owner !== undefined && chat.owner !== owner) throw unknownChat();
}
