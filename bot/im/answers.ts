import { isDeepStrictEqual } from 'node:util';
import type { Tx } from '../../store/database.ts';
import type { ConversationRow } from '../../store/im-conversations.ts';
import type { ImMessageStore } from '../../store/im-messages.ts';
import { AppError } from '../errors.ts';
import type { Content } from './content.ts';
import { contentOf } from './content-of.ts';
import { unknownConversation } from './conversation.ts';
import type { Conversations } from './conversations.ts';
import { messageOf } from './inbox-reader.ts';
import type { Message } from './message.ts';
import type { MessageLog } from './message-log.ts';
import { customerOf } from './places.ts';

export interface AnswersOptions {
  conversations: Conversations;
  messages: ImMessageStore;
  log: Pick<MessageLog, 'readIn'>;
}

/** What is told of an answer besides its words. */
export interface AnswerRequest {
  /** Asked for again with the same one, it is the same answer. */
  txcode?: string | undefined;
  /**
   * Place in the customer's inbox of the newest word that the operator had read; 0: none. Undefined:
   * he has read everything.
   */
  seen?: number | undefined;
}

/** So much of an inbox is looked through for a newer word; it holds other things, too. */
const page = 100;
const mostLooked = 2000;

/** What operators say to customers, each once. */
export class Answers {
  readonly #conversations: Conversations;
  readonly #messages: ImMessageStore;
  readonly #log: AnswersOptions['log'];

  constructor({ conversations, messages, log }: AnswersOptions) {
    this.#conversations = conversations;
    this.#messages = messages;
    this.#log = log;
  }

  /**
   * In the name of the agent, or in that of the operator where there is none. What waited and was
   * read waits no more.
   * @throws AppError not_found, conflict (over), too_large, duplicate_request
   */
  async say(
    id: number,
    operator: string,
    content: Content,
    { txcode, seen }: AnswerRequest = {},
  ): Promise<Message> {
    const { store } = this.#conversations;
    return await store.db.transaction(async (tx) => {
      // First of all: what was said stays said, though the conversation be over by now.
      const before = txcode === undefined ? undefined : await this.#messages.byRequest(tx, txcode);
      if (before !== undefined) return sameOf(messageOf(before), id, content);
      const row = await store.findById(tx, id);
      if (row === undefined) throw unknownConversation(id);
      await this.#conversations.assertOpen(tx, row);
      const answered = { ...row, waiting: await this.#waitsStill(tx, row, seen) };
      const agent = row.agent ?? operator;
      const { message } = await this.#conversations.answer(tx, answered, { agent, content });
      if (txcode !== undefined) await this.#messages.setRequest(tx, message.id, txcode);
      return message;
    });
  }

  /** The place of the first word that nobody was told of, nor has read; null: there is none. */
  async #waitsStill(
    tx: Tx,
    row: ConversationRow,
    seen: number | undefined,
  ): Promise<number | null> {
    if (row.waiting === null || seen === undefined) return null;
    let read = Math.max(seen, row.waiting - 1);
    for (let looked = 0; looked < mostLooked; looked += page) {
      const placed = await this.#log.readIn(tx, customerOf(row), read, page);
      for (const { seq, message } of placed) {
        read = seq;
        const { conversation, agent } = message.parties ?? {};
        if (conversation === row.id && agent === undefined) return seq;
      }
      if (placed.length < page) return null;
    }
    // Whoever comes looks on from here.
    return read + 1;
  }
}

/** What a request said before. @throws AppError duplicate_request: it was something else */
function sameOf(before: Message, id: number, content: Content): Message {
  const said = before.parties?.conversation;
  if (said === id && isDeepStrictEqual(contentOf(before), content)) return before;
  throw new AppError('duplicate_request', {
    zh: 'txcode 已用于其他回答',
    en: 'this txcode was used for another answer',
  });
}
