import type { ChatRow, TurnEnd, TurnRow } from '../../store/chats.ts';
import { AppError } from '../errors.ts';
import type { ChatChannel, Exchange, Finish, Reply, TraceStep } from './responder.ts';

/** Most characters of a question. */
export const longestQuestion = 4000;

/** A talk with the chatbot. */
export interface Chat {
  id: string;
  channel: ChatChannel;
  state: ChatRow['state'];
  turns: number;
  createdAt: number;
  lastAt: number;
  endedAt: number | undefined;
}

/** A question and its answer; one without a question is what an agent said unasked. */
export interface Turn {
  chatId: string;
  turn: number;
  questionId: string;
  replyId: string;
  question: string;
  /** When it was asked, as its asker says. */
  askedAt: number;
  receivedAt: number;
  state: TurnRow['state'];
  /** The whole answer; empty while it is being made. */
  text: string;
  /** Of an answer that is more than text. */
  reply: Reply | undefined;
  finish: Finish | undefined;
  doneAt: number | undefined;
  liked: boolean | undefined;
}

/** Not found as it has ended: said apart from one that never was. */
export class ChatEnded extends AppError {
  constructor() {
    super(
      'not_found',
      { zh: '该会话已结束', en: 'this session has ended' },
      { field: 'sessionId' },
    );
  }
}

export function unknownChat(): AppError {
  const text = { zh: '没有这个会话', en: 'there is no such session' };
  return new AppError('not_found', text, { field: 'sessionId' });
}

export function unknownReply(): AppError {
  const text = { zh: '该会话中没有这条消息', en: 'there is no such message in this session' };
  return new AppError('not_found', text, { field: 'messageId' });
}

export function chatOf(row: ChatRow): Chat {
  return {
    id: row.id,
    // Only what `ask` was given is ever written.
    channel: row.channel as ChatChannel,
    state: row.state,
    turns: Number(row.turns),
    createdAt: Number(row.created_at),
    lastAt: Number(row.last_at),
    endedAt: row.ended_at === null ? undefined : Number(row.ended_at),
  };
}

export function turnOf(row: TurnRow): Turn {
  return {
    chatId: row.chat,
    turn: Number(row.turn),
    questionId: row.question_id,
    replyId: row.reply_id,
    question: row.question,
    askedAt: Number(row.asked_at),
    receivedAt: Number(row.received_at),
    state: row.state,
    text: row.reply ?? '',
    reply: row.reply_kind === null ? undefined : (JSON.parse(row.reply_kind) as Reply),
    finish: (row.finish ?? undefined) as Finish | undefined,
    doneAt: row.done_at === null ? undefined : Number(row.done_at),
    liked: row.liked === null ? undefined : Number(row.liked) === 1,
  };
}

export function traceOf({ trace }: Pick<TurnRow, 'trace'>): TraceStep[] {
  return trace === null ? [] : (JSON.parse(trace) as TraceStep[]);
}

/** What was answered of these, oldest first. @param rows newest first */
export function exchangesOf(rows: readonly TurnRow[]): Exchange[] {
  return rows
    .filter((row) => row.state === 'done' && row.question !== '')
    .map((row) => ({ question: row.question, answer: row.reply ?? '' }))
    .reverse();
}

/** What is written down of an answer that is there. */
export function endOf(
  turn: Pick<Turn, 'state' | 'text' | 'reply' | 'finish' | 'doneAt'>,
  { options = [], trace = [] }: { options?: readonly number[]; trace?: readonly TraceStep[] } = {},
): TurnEnd {
  return {
    state: turn.state,
    reply: turn.text,
    reply_kind: turn.reply === undefined ? null : JSON.stringify(turn.reply),
    finish: turn.finish ?? null,
    done_at: turn.doneAt ?? null,
    options: options.length === 0 ? null : JSON.stringify(options),
    trace: trace.length === 0 ? null : JSON.stringify(trace),
  };
}

/**
 * A time for what is said now that is another second than these: stamps tell seconds, and a client that
 * asks what came behind a stamp must not be told the same again, nor miss what lies between.
 */
export function secondAfter(now: number, before: readonly number[]): number {
  const last = Math.floor(Math.max(0, ...before) / 1000);
  return Math.floor(now / 1000) > last ? now : (last + 1) * 1000;
}
