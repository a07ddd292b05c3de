import type { Logger } from '../../config/logger.ts';
import { type Database, isDatabaseError, type Tx } from '../../store/database.ts';
import type { ConversationRow, ImConversationStore } from '../../store/im-conversations.ts';
import type { DeskStore } from '../../store/im-desks.ts';
import type { ImMessageStore } from '../../store/im-messages.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Ended } from './agent-notice.ts';
import { AgentNotices } from './agent-notices.ts';
import type { Content } from './content.ts';
import { fits } from './content-gobelieve.ts';
import {
  type AgentNotice,
  type Conversation,
  ConversationOver,
  type ConversationPort,
  type CustomerDoor,
  type CustomerRef,
  type FromAgent,
  type FromCustomer,
  type PairPort,
  type Talk,
  type Via,
} from './conversation.ts';
import { ConversationCache, conversationOf } from './conversation-cache.ts';
import type { Desks } from './desks.ts';
import { type Answering, Duty } from './duty.ts';
import { Handover } from './handover.ts';
import type { Hub } from './hub.ts';
import type { Message, User } from './message.ts';
import type { MessageLog } from './message-log.ts';
import type { Names } from './names.ts';
import { Places } from './places.ts';
import type { Session } from './session.ts';
import type { Users } from './users.ts';

export interface ConversationsOptions {
  db: Database;
  store: ImConversationStore;
  deskStore: DeskStore;
  messages: ImMessageStore;
  desks: Pick<Desks, 'clientIn'>;
  users: Pick<Users, 'introduce'>;
  names: Names;
  log: MessageLog;
  hub: Hub;
  clock: Clock;
  logger: Logger;
  /** Our own address, for clients who need whole ones. */
  publicUrl?: (() => string) | undefined;
  /** Made later than this: asked for each time. */
  door?: (() => CustomerDoor | undefined) | undefined;
  chatDoor?: (() => CustomerDoor | undefined) | undefined;
  pairs?: (() => PairPort | undefined) | undefined;
}

/**
 * Customers and whoever answers them, whatever ways both come by. A customer's word is told to
 * exactly one agent, or waits until there is one; everything happens in the transaction of its cause.
 */
export class Conversations implements ConversationPort {
  readonly store: ImConversationStore;
  readonly duty: Duty;
  readonly places: Places;
  readonly handover: Handover;
  readonly cache: ConversationCache;
  readonly #notices: AgentNotices;
  /** Since the start, by the way they went. */
  readonly answers: Record<Via, number> = { wechat: 0, imbot: 0, gobelieve: 0, chat: 0 };
  readonly #options: ConversationsOptions;

  constructor(options: ConversationsOptions) {
    this.#options = options;
    const { store, deskStore, names, publicUrl = () => '', pairs = () => undefined } = options;
    this.store = store;
    this.cache = new ConversationCache(store);
    this.duty = new Duty({ ...options, desks: deskStore });
    this.places = new Places({ ...options, names, publicUrl, pairs });
    this.#notices = new AgentNotices({ ...options, duty: this.duty, places: this.places });
    this.handover = new Handover({
      ...options,
      duty: this.duty,
      places: this.places,
      cache: this.cache,
    });
  }

  /** Hands over what waited when the last life ended, if somebody is there. */
  start(): void {
    this.handover.start();
  }

  stop(): Promise<void> {
    return this.handover.stop();
  }

  /** How many conversations hold something that nobody was told of. */
  countWaiting(): Promise<number> {
    return this.store.countWaiting();
  }

  async fromCustomer(tx: Tx, { customer, storeId, agent, content }: FromCustomer): Promise<Talk> {
    const row = await this.#rowOf(tx, customer);
    // What waits is told first, and in order.
    const waits = row.waiting !== null;
    const answering = waits
      ? { ...(await this.duty.current(tx, row)), agent: undefined, seller: undefined }
      : await this.duty.choose(tx, row, storeId, agent);
    const next: ConversationRow = {
      ...row,
      agent: answering.agent ?? row.agent,
      store_id: answering.desk?.store_id ?? (waits ? row.store_id : null),
      last_at: this.#options.clock.now(),
    };
    this.cache.changed(tx, next);
    const { message, seqs } = await this.places.say(tx, next, answering, content);
    if (answering.agent === undefined) next.waiting ??= seqs[0] ?? null;
    await this.store.put(tx, next);
    if (waits) tx.onDurable(() => this.handover.wake());
    else if (next.waiting !== null) tx.onDurable(() => this.handover.waits(next.id));
    return { conversation: conversationOf(next), message };
  }

  async fromAgent(tx: Tx, said: FromAgent): Promise<Talk | undefined> {
    const { agent, contact, content, except } = said;
    const rows = await this.store.ofContactIn(tx, contact);
    const row = rows.find((one) => one.agent === agent);
    return row === undefined ? undefined : await this.answer(tx, row, { agent, content, except });
  }

  async isOnlyAnswered(tx: Tx, contact: string): Promise<boolean> {
    const rows = await this.store.ofContactIn(tx, contact);
    if (rows.length === 0 || rows.some(({ via }) => via !== 'wechat' && via !== 'chat'))
      return false;
    const user = await this.#options.names.findIn(tx, contact);
    return user === undefined || !this.#options.hub.isOnline(user.appid, user.uid);
  }

  /** @param said.agent in whose name, the agent's or another */
  async answer(
    tx: Tx,
    row: ConversationRow,
    said: { agent: string; content: Content; except?: Session | undefined },
  ): Promise<Talk> {
    if (!fits(said.content, this.#options.publicUrl?.())) throw tooLong();
    const by = await this.duty.current(tx, row);
    const next = { ...row, last_at: this.#options.clock.now() };
    await this.store.put(tx, next);
    this.cache.changed(tx, next);
    const message = await this.places.answer(tx, next, by, said);
    await this.send(tx, next, { agent: said.agent, content: said.content, message });
    return { conversation: conversationOf(next), message };
  }

  /** On its way to a customer whom no inbox reaches. */
  async send(
    tx: Tx,
    row: ConversationRow,
    said: { agent: string; content: Content; message: Message },
  ): Promise<void> {
    const { agent, content, message } = said;
    const via = row.via as Via;
    tx.onDurable(() => {
      this.answers[via] += 1;
    });
    if (via !== 'wechat' && via !== 'chat') return;
    const { account, contact: openId, id: conversation } = row;
    try {
      const door = via === 'chat' ? this.#options.chatDoor?.() : this.#options.door?.();
      if (door === undefined) throw new Error('no way to the customer');
      await door.send(tx, { account, openId, content, messageId: message.id, conversation, agent });
    } catch (error) {
      if (isDatabaseError(error)) throw error;
      const over = error instanceof ConversationOver;
      if (!over) this.#options.logger.error({ err: error, account }, 'answer does not leave');
      const notice = { event: 'not_sent', contact: openId, messageId: message.id } as const;
      const text = error instanceof AppError ? error.text.zh : '消息无法发送';
      const reason = over ? 'ended' : 'unavailable';
      this.tellLater(tx, agent, { ...notice, reason, text });
    }
  }

  /**
   * Tells an agent once the transaction is on disk: where messages of others are numbered already, a
   * number of its own would come in front of theirs.
   */
  tellLater(tx: Tx, agent: string, notice: AgentNotice): void {
    const { db, logger } = this.#options;
    tx.onDurable(() => {
      db.transaction((later) => this.tellAgent(later, agent, notice)).catch((error: unknown) => {
        logger.error({ err: error }, 'an agent was not told of an answer');
      });
    });
  }

  async find(agent: string, contact: string): Promise<Conversation | undefined> {
    return (await this.cache.ofContact(contact)).find((one) => one.agent === agent);
  }

  async ofContact(via: Via, account: string, contact: string): Promise<Conversation | undefined> {
    const all = await this.cache.ofContact(contact);
    return all.find((one) => one.via === via && one.account === account);
  }

  peek(id: number): Conversation | undefined {
    return this.cache.peek(id);
  }

  get(id: number): Promise<Conversation | undefined> {
    return this.cache.get(id);
  }

  agentCameOnline(_name: string): void {
    this.handover.wake();
  }

  agentAsked(name: string): void {
    if (this.duty.asked(name)) this.handover.wake();
  }

  async onDuty(tx: Tx, customer: CustomerRef, storeId?: number): Promise<string | undefined> {
    const { via, account, contact } = customer;
    return await this.duty.onDuty(tx, await this.store.find(tx, via, account, contact), storeId);
  }

  async end(tx: Tx, customer: CustomerRef, reason: Ended['reason']): Promise<void> {
    const { via, account, contact } = customer;
    const row = await this.store.find(tx, via, account, contact);
    if (row === undefined) return;
    const next = { ...row, waiting: null };
    await this.store.put(tx, next);
    this.cache.changed(tx, next);
    if (row.agent === null) return;
    const text = `会话已结束：${row.name || contact}`;
    await this.#notices.tell(tx, row.agent, { event: 'ended', contact, reason, text });
  }

  /** @throws ConversationOver */
  async assertOpen(tx: Tx, { via, contact }: ConversationRow): Promise<void> {
    if (via === 'chat') await this.#options.chatDoor?.()?.assertOpen?.(tx, contact);
  }

  tellAgent(tx: Tx, agent: string, notice: AgentNotice): Promise<void> {
    return this.#notices.tell(tx, agent, notice);
  }

  /** Says to an agent that a conversation is his from now on. */
  tellAssigned(tx: Tx, agent: string, { contact, name }: ConversationRow): Promise<void> {
    const text = `会话已分配给您：${name || contact}`;
    return this.#notices.tell(tx, agent, { event: 'assigned', contact, text });
  }

  /** The conversation of a customer, from now on if not before. */
  async ensure(
    tx: Tx,
    customer: CustomerRef & { user: User },
    answering: Pick<Answering, 'agent' | 'desk'>,
  ): Promise<ConversationRow> {
    const { via, account, contact, user, name = '', avatar = '' } = customer;
    const now = this.#options.clock.now();
    return await this.store.add(tx, {
      ...{ via, account, contact, name, avatar },
      ...{ appid: user.appid, uid: user.uid },
      store_id: answering.desk?.store_id ?? null,
      agent: answering.agent ?? null,
      ...{ waiting: null, created_at: now, last_at: now },
    });
  }

  async #rowOf(tx: Tx, customer: CustomerRef): Promise<ConversationRow> {
    const { via, account, contact, name = '', avatar = '' } = customer;
    const row = await this.store.find(tx, via, account, contact);
    if (row !== undefined) {
      return { ...row, name: name || row.name, avatar: avatar || row.avatar };
    }
    const user = await this.#userOf(tx, customer);
    return await this.ensure(tx, { ...customer, user }, { agent: undefined, desk: undefined });
  }

  async #userOf(tx: Tx, { via, account, contact }: CustomerRef): Promise<User> {
    const { names, desks } = this.#options;
    if (via !== 'gobelieve') return await names.getIn(tx, contact);
    const appid = Number(account);
    return { appid, uid: await desks.clientIn(tx, appid, contact) };
  }
}

function tooLong(): AppError {
  const text = { zh: '内容过长', en: 'the content is too long' };
  return new AppError('too_large', text, { field: 'content' });
}
