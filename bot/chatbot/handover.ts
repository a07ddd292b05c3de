import type { Logger } from '../../config/logger.ts';
import type { ChatRow, ChatStore } from '../../store/chats.ts';
import type { Tx } from '../../store/database.ts';
import type { Language } from '../errors.ts';
import type { Content } from '../im/content.ts';
import type { ConversationPort, CustomerDoor } from '../im/conversation.ts';
import { longestQuestion } from './chat.ts';
import type { ChatAgents } from './chat-agents.ts';
import type { HumanPort } from './chat-answering.ts';
import { nobodyText, returnedText } from './sentences.ts';

export interface HandoverOptions {
  store: ChatStore;
  agents: ChatAgents;
  conversations: () => Pick<ConversationPort, 'fromCustomer'>;
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

  async begin(tx: Tx, chat: ChatRow, question: string, storeId: number | undefined): Promise<void> {
    const { store } = this.#options;
    // What led here is worth more to an agent than the word for an agent.
    const before = (await store.recentIn(tx, chat.id, 3)).filter((row) => row.question !== '');
    const words = before.map((row) => row.question).reverse();
    const text = words.length > 1 ? words.join('\n').slice(-longestQuestion) : question;
    await this.#toDesk(tx, chat, text, storeId);
  }

  async said(tx: Tx, chat: ChatRow, question: string): Promise<void> {
    if (backWords.has(question.trim().toLowerCase())) {
      await this.#back(tx, chat, returnedText[this.#options.language]);
      return;
    }
    await this.#toDesk(tx, chat, question, chat.store_id ?? undefined);
  }

  /** An agent's word, on its way to the customer. */
  async send(tx: Tx, out: { openId: string; content: Content }): Promise<void> {
    const { store, agents, logger } = this.#options;
    if (!out.openId.startsWith(contactPrefix)) return;
    const chat = await store.find(tx, out.openId.slice(contactPrefix.length));
    if (chat === undefined || chat.state === 'ended') {
      // Said too late: it stays in the conversation, where the agent sees that nobody answers.
      logger.info({ chat: chat?.id }, 'an agent answered a chat that has ended');
      return;
    }
    const text = wordsOf(out.content);
    if (text.trim() === agentBack) {
      await this.#back(tx, chat, returnedText[this.#options.language]);
      return;
    }
    await agents.say(tx, chat, text);
  }

  /** No agent has said anything for long. */
  async giveBack(chatId: string): Promise<void> {
    const { store, language } = this.#options;
    await store.db.transaction(async (tx) => {
      const chat = await store.find(tx, chatId);
      if (chat?.state === 'human') await this.#back(tx, chat, nobodyText[language]);
    });
  }

  /** As it is now: what was said in this very transaction counts. */
  async #back(tx: Tx, { id }: ChatRow, text: string): Promise<void> {
    const chat = await this.#options.store.find(tx, id);
    if (chat !== undefined) await this.#options.agents.giveBack(tx, chat, text);
  }

  async #toDesk(tx: Tx, chat: ChatRow, text: string, storeId: number | undefined): Promise<void> {
    await this.#options.conversations().fromCustomer(tx, {
      customer: { via: 'chat', account: '', contact: contactOf(chat.id) },
      storeId: storeId ?? this.#options.storeId(),
      content: { type: 'text', text },
    });
  }
}

/** What is no text is told by its address. */
function wordsOf(content: Content): string {
  if (content.type === 'text') return content.text;
  if ('url' in content && typeof content.url === 'string') return content.url;
  if ('title' in content && typeof content.title === 'string') return content.title;
  return `[${content.type}]`;
}
