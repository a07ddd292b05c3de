import type { Tx } from '../../store/database.ts';
import { AppError } from '../errors.ts';
import type { Ended } from './agent-notice.ts';
import type { Content } from './content.ts';
import type { Message, User } from './message.ts';
import type { Session } from './session.ts';

/** Which family a customer comes by. */
export type Via = 'wechat' | 'imbot' | 'gobelieve' | 'chat';

export interface CustomerRef {
  via: Via;
  /** The WeChat appid, the number of the GoBelieve application; else empty. */
  account: string;
  /** What agents call the customer: openid, userId, customer id, `chat:` and the id of a chat. */
  contact: string;
  name?: string | undefined;
  avatar?: string | undefined;
}

/** A customer and whoever answers. */
export interface Conversation extends Required<Pick<CustomerRef, 'via' | 'account' | 'contact'>> {
  id: number;
  /** The customer as a user of the core. */
  customer: User;
  /** undefined: no desk. */
  storeId: number | undefined;
  /** Name of who answers; undefined: nobody yet. */
  agent: string | undefined;
  name: string;
  avatar: string;
  createdAt: number;
  lastAt: number;
}

export interface FromCustomer {
  customer: CustomerRef;
  /** Desk asked for; undefined: the only one there is, if any. */
  storeId?: number | undefined;
  /** Seller of that desk whom the customer addressed by name: he answers from now on. */
  agent?: string | undefined;
  content: Content;
}

/** Nobody hears answers any more: it is said, not kept. */
export class ConversationOver extends AppError {
  constructor() {
    super('conflict', {
      zh: '该会话已结束，对方收不到回复',
      en: 'this conversation is over: the customer gets no answers any more',
    });
  }
}

export function unknownConversation(id: number): AppError {
  return new AppError('not_found', {
    zh: `没有会话 ${id}`,
    en: `there is no conversation ${id}`,
  });
}

export interface FromAgent {
  /** Name of the agent. */
  agent: string;
  contact: string;
  content: Content;
  /** The connection it was said on, told in another way. */
  except?: Session | undefined;
}

export interface Talk {
  conversation: Conversation;
  message: Message;
}

/** What the families and WeChat's pushes use of the conversations. */
export interface ConversationPort {
  /** Something a customer said: stored, assigned, told to the agent wherever connected. */
  fromCustomer(tx: Tx, said: FromCustomer): Promise<Talk>;
  /** An agent's answer: stored, and on its way to the customer. Undefined: no conversation of this agent. */
  fromAgent(tx: Tx, said: FromAgent): Promise<Talk | undefined>;
  /**
   * Whether a contact is a user of WeChat whom nothing but an answer reaches: who is not the agent
   * of his conversation says it to nobody.
   */
  isOnlyAnswered(tx: Tx, contact: string): Promise<boolean>;
  /** The conversation that an agent has with a contact. Asks the database only when there may be one. */
  find(agent: string, contact: string): Promise<Conversation | undefined>;
  /** The conversation of a customer, by the contact of the mini-program IM or WeChat. */
  ofContact(via: Via, account: string, contact: string): Promise<Conversation | undefined>;
  /** The one of a message of customer service (`parties.conversation`), if it is in memory. */
  peek(id: number): Conversation | undefined;
  get(id: number): Promise<Conversation | undefined>;
  /** Hands over what waits for somebody, in the background. */
  agentCameOnline(name: string): void;
  /**
   * An agent who has no connection asks for what waits: for some minutes he is on duty as those are
   * who are connected.
   */
  agentAsked(name: string): void;
  /**
   * Who would answer this customer now, and is there: at a desk a seller who is online or connected,
   * else who is there. Undefined: nobody.
   */
  onDuty(tx: Tx, customer: CustomerRef, storeId?: number): Promise<string | undefined>;
  /** A customer is back with the bot, or gone: nothing waits any more, and the agent is told. */
  end(tx: Tx, customer: CustomerRef, reason: Ended['reason']): Promise<void>;
  /** Says to an agent what became of an answer (a system frame). */
  tellAgent(tx: Tx, agent: string, notice: AgentNotice): Promise<void>;
}

/** An answer that did not reach the customer. */
export interface AgentNotice {
  event: 'not_sent';
  contact: string;
  messageId: number;
  /** e.g. `window_closed`, `quota`, `blocked`, `unknown`, `rejected`, `other_agent`, `ended`. */
  reason: string;
  errcode?: number | undefined;
  text: string;
}

/** How answers reach those whom no inbox does: users of WeChat, and of the chatbot. */
export interface CustomerDoor {
  /** Whether an answer would be heard. @throws ConversationOver */
  assertOpen?(tx: Tx, openId: string): Promise<void>;
  /** Written down in the transaction of its cause; leaves later. */
  send(
    tx: Tx,
    out: {
      account: string;
      openId: string;
      content: Content;
      messageId: number;
      conversation: number;
      agent: string;
    },
  ): Promise<void>;
}

/** Queues of the mini-program IM. */
export interface PairPort {
  /**
   * Puts a message into the queue from one person to another.
   * @param at its time there, unless it was given with another one
   * @param original number of the message that it repeats
   */
  placeIn(
    tx: Tx,
    from: User,
    to: User,
    message: Message,
    at: number,
    original?: number,
  ): Promise<void>;
  /** Into the history only: who was addressed is told of it elsewhere. */
  recordIn(tx: Tx, from: User, to: User, message: Message, at: number): Promise<void>;
}
