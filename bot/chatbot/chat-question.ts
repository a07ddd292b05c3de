import { createHash, randomUUID } from 'node:crypto';
import { AppError } from '../errors.ts';
import { longestQuestion } from './chat.ts';
import type { ChatChannel } from './responder.ts';

/** Where an answer is said by a bot. */
export type ReplyTo =
  /** mention: who asked, by id, or by name where the room does not tell ids. */
  { kind: 'room'; id: string; mention?: string | undefined } | { kind: 'contact'; id: string };

export interface Question {
  chatId: string;
  content: string;
  /** When it was asked, as its asker says; default now. */
  askedAt?: number | undefined;
  /** Its asker's name for it: a question that comes twice by one name is one. */
  messageId?: string | undefined;
  channel: ChatChannel;
  /** Whose the chat is: nobody else who is known by name may know of it. */
  owner?: string | undefined;
  botcode?: string | undefined;
  roomId?: string | undefined;
  /** Default: it is for the bot. */
  mentioned?: boolean | undefined;
  /** Where the answer is said; absent: it is fetched. */
  replyTo?: ReplyTo | undefined;
}

/** What a repetition is known by: the name it was given, else what it says and when. */
export function keyOf({ content, askedAt, messageId }: Question): string {
  if (messageId !== undefined) return `m ${messageId}`;
  if (askedAt === undefined) return `u ${randomUUID()}`;
  return `c ${createHash('sha256').update(`${askedAt}\0${content}`).digest('base64url')}`;
}

/** Name of a message of a chat. */
export function newId(chatId: string): string {
  return `${chatId}--${randomUUID()}`;
}

/** @throws AppError field_missing, field_value */
export function assertContent(content: string): void {
  const field = 'content';
  if (content.trim() === '') {
    const text = { zh: 'content: 不能为空', en: 'content: must not be empty' };
    throw new AppError('field_missing', text, { field });
  }
  if (content.length > longestQuestion) {
    throw new AppError(
      'field_value',
      {
        zh: `content: 不能超过 ${longestQuestion} 个字符`,
        en: `content: at most ${longestQuestion} characters`,
      },
      { field },
    );
  }
}

/** One name, two messages. */
export function takenName(): AppError {
  const text = {
    zh: 'messageId: 已用于另一条消息',
    en: 'messageId: names another message already',
  };
  return new AppError('conflict', text, { field: 'messageId' });
}
