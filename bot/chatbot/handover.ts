import type { Logger } from '../../config/logger.ts';
import type { ChatRow, ChatStore, TurnRow } from '../../store/chats.ts';
import type { Tx } from '../../store/database.ts';
import { AppError, type Language, type Text } from '../errors.ts';
import type { Content } from '../im/content.ts';
import {
  ConversationOver,
  type ConversationPort,
  type CustomerDoor,
  type CustomerRef,
} from '../im/conversation.ts';
import { unknownChat } from './chat.ts';
import type { ChatAgents } from './chat-agents.ts';
import type { Asked, HumanPort } from './chat-answering.ts';
import { botLabel, customerLabel, leftText, nobodyText, returnedText } from './sentences.ts';

export interface HandoverOptions {
  store: ChatStore;
  agents: ChatAgents;
  conversations: () => Pick<ConversationPort, 'fromCustomer' | 'onDuty' | 'end'>;
  logger: Logger;
  language: Language;
  /** The desk asked for, where a rule names none. */
  storeId: () => number | undefined;
}

/** Said by a customer, these lead back to the bot. */
const backWords = new Set(['退出人工', '返回机器人', '转机器人', '机器人', 'back']);
/** Said by an agent, this does. */
const agentBack = '/bot';

/** What agents call the customer of a chat: nobody of another way has such a name by chance. */
export function contactOf(chatId: string): string {
  return `${contactPrefix}${chatId}`;
}
const contactPrefix = 'chat:';

/**
 * Chats in which agents answer: what is said there goes to a desk like the words of any customer,
 * and what is answered there comes back into the chat.
 */
export class Handover implements HumanPort, CustomerDoor {
  readonly #options: HandoverOptions;

  constructor(options: HandoverOptions) {
    this.#options = options;
  }

  /** Whether somebody is there to answer. */
  async isStaffed(chatId: string, storeId: number | undefined): Promise<boolean> {
    const asked = storeId ?? this.#options.storeId();
    const name = await this.#options.store.db.transaction((tx) =>
      this.#options.conversations().onDuty(tx, customerOf(chatId), asked),
    );
    return name !== undefined;
  }

  async begin(tx: Tx, chat: ChatRow, asked: Asked, storeId: number | undefined): Promise<void> {
    // What was asked behind it is told by itself.
    const rows = (await this.#options.store.recentIn(tx, chat.id, asked.turn, told)).reverse();
    await this.#toDesk(tx, chat, this.#transcript(rows, asked.question), storeId);
  }

  async said(tx: Tx, chat: ChatRow, { question, turn }: Asked): Promise<boolean> {
    if (backWords.has(question.trim().toLowerCase())) {
      await this.#back(tx, chat, 'back', returnedText, returnedText, turn);
      return false;
    }
    await this.#toDesk(tx, chat, question, chat.store_id ?? undefined);
    return true;
  }

  /** @throws ConversationOver */
  async assertOpen(tx: Tx, openId: string): Promise<void> {
    const chat = await this.#options.store.find(tx, openId.slice(contactPrefix.length));
    if (chat === undefined || chat.state === 'ended') throw new ConversationOver();
  }

  /** An agent's word, on its way to the customer. @throws ConversationOver */
  async send(tx: Tx, out: { openId: string; content: Content }): Promise<void> {
    const { store, agents } = this.#options;
    if (!out.openId.startsWith(contactPrefix)) return;
    await this.assertOpen(tx, out.openId);
    const chat = await store.find(tx, out.openId.slice(contactPrefix.length));
    if (chat === undefined) return;
    const text = wordsOf(out.content);
    if (text.trim() !== agentBack) await agents.say(tx, chat, text);
    // He knows it, having said it.
    else await this.#back(tx, chat, undefined, returnedText, leftText);
  }

  /** An operator ends it for the agents. @throws AppError not_found, conflict */
  async handBack(chatId: string): Promise<void> {
    const { store } = this.#options;
    await store.db.transaction(async (tx) => {
      const chat = await store.find(tx, chatId);
      if (chat === undefined) throw unknownChat();
      if (chat.state !== 'human') {
        const text = { zh: '会话不在人工服务中', en: 'no agent answers in this chat' };
        throw new AppError('conflict', text);
      }
      await this.#back(tx, chat, 'back', returnedText, leftText);
    });
  }

  /** No agent has said anything for long. */
  async giveBack(chatId: string): Promise<void> {
    const { store } = this.#options;
    await store.db.transaction(async (tx) => {
      const chat = await store.find(tx, chatId);
      if (chat?.state === 'human') await this.#back(tx, chat, 'idle', nobodyText, leftText);
    });
  }

  /** A chat is over: nobody waits for an agent in it any more. */
  async ended(tx: Tx, chat: ChatRow): Promise<void> {
    if (chat.human_at === null) return;
    await this.#options.conversations().end(tx, customerOf(chat.id), 'closed');
  }

  /**
   * As it is now: what was said in this very transaction counts.
   * @param reason told to the agent; undefined: he said it himself
   * @param text to who waits; else `unasked`
   * @param upTo what was asked behind this turn waits for the bot
   */
  async #back(
    tx: Tx,
    { id }: ChatRow,
    reason: 'back' | 'idle' | undefined,
    text: Text,
    unasked = text,
    upTo = Infinity,
  ): Promise<void> {
    const { store, agents, language, conversations } = this.#options;
    const chat = await store.find(tx, id);
    if (chat === undefined) return;
    const waits = (await store.makingOf(tx, id)).length > 0;
    await agents.giveBack(tx, chat, (waits ? text : unasked)[language], upTo);
    if (reason !== undefined) await conversations().end(tx, customerOf(id), reason);
  }

  /** What led here is worth more to an agent than the word for an agent. Oldest first. */
  #transcript(rows: readonly TurnRow[], question: string): string {
    const { language } = this.#options;
    const lines = rows.flatMap(({ question: asked, reply }) => [
      ...(asked === '' ? [] : [`${customerLabel[language]}${cut(asked)}`]),
      ...(reply === null || reply === '' ? [] : [`${botLabel[language]}${cut(reply)}`]),
    ]);
    // The last answer is the word that somebody comes: agents know.
    const last = rows.at(-1);
    if (last?.reply) lines.pop();
    return lines.length > 1 ? lines.join('\n') : question;
  }

  async #toDesk(tx: Tx, chat: ChatRow, text: string, storeId: number | undefined): Promise<void> {
    const customer = customerOf(chat.id);
    const desk = storeId ?? this.#options.storeId();
    await this.#options.conversations().fromCustomer(tx, {
      ...{ customer, storeId: desk },
      // Who is there goes before who answered last time.
      agent: await this.#options.conversations().onDuty(tx, customer, desk),
      content: { type: 'text', text },
    });
  }
}

/** So many turns are told to agents, and so much of each. */
const told = 6;
const longestTold = 600;

function cut(text: string): string {
  const line = text.trim();
  return line.length > longestTold ? `${line.slice(0, longestTold)}…` : line;
}

function customerOf(chatId: string): CustomerRef {
  return { via: 'chat', account: '', contact: contactOf(chatId) };
}

/** What is no text is told by its address. */
function wordsOf(content: Content): string {
  if (content.type === 'text') return content.text;
  if ('url' in content && typeof content.url === 'string') return content.url;
  if ('title' in content && typeof content.title === 'string') return content.title;
  return `[${content.type}]`;
}
