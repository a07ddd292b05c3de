import type { Logger } from '../../config/logger.ts';
import { isDatabaseError, type Tx } from '../../store/database.ts';
import type { ConversationRow } from '../../store/im-conversations.ts';
import type { DeskRow, DeskStore } from '../../store/im-desks.ts';
import type { ImMessageStore } from '../../store/im-messages.ts';
import { contentOf } from './content-of.ts';
import type { Conversations } from './conversations.ts';
import type { Answering } from './duty.ts';
import type { Message, Parties, User } from './message.ts';
import type { Names } from './names.ts';
import { customerIn } from './places.ts';
import type { Users } from './users.ts';

export interface OverhearingOptions {
  conversations: Conversations;
  deskStore: DeskStore;
  messages: ImMessageStore;
  names: Names;
  users: Pick<Users, 'findIn'>;
  logger: Logger;
}

/** A message of customer service, stored in the inboxes of both. */
export interface Overheard {
  kind: 'customer' | 'toDesk' | 'fromDesk';
  message: Message;
  /** Who was addressed, in his own application. */
  to: User;
}

/**
 * What sellers and customers say to each other over GoBelieve: it goes on to where else the agent
 * looks, and to a customer who came by another way. Lookups happen in the transaction of the message,
 * so that nothing overtakes.
 */
export class Overhearing {
  readonly #conversations: Conversations;
  readonly #desks: DeskStore;
  readonly #messages: ImMessageStore;
  readonly #names: Names;
  readonly #users: OverhearingOptions['users'];
  readonly #logger: Logger;

  constructor(options: OverhearingOptions) {
    this.#conversations = options.conversations;
    this.#desks = options.deskStore;
    this.#messages = options.messages;
    this.#names = options.names;
    this.#users = options.users;
    this.#logger = options.logger;
  }

  /** Throws only what the database throws: others' messages share the transaction. */
  async hear(tx: Tx, heard: Overheard): Promise<void> {
    try {
      await this.#hear(tx, heard);
    } catch (error) {
      if (isDatabaseError(error)) throw error;
      this.#logger.error({ err: error }, 'a message of customer service went no further');
    }
  }

  /** Whether a seller may answer somebody: not a customer of another way whom another one answers. */
  async mayAnswer(seller: number, customer: User): Promise<boolean> {
    const ref = await this.#desks.customerId(customer.appid, customer.uid);
    const known = ref === undefined ? undefined : customerIn(ref);
    if (known === undefined) return true;
    const { db } = this.#conversations.store;
    return await db.transaction(async (tx) => {
      const row = await this.#conversations.store.find(tx, known.via, known.account, known.contact);
      return row === undefined || !(await this.#isOthers(tx, row, String(seller)));
    });
  }

  async #hear(tx: Tx, { kind, message, to }: Overheard): Promise<void> {
    const from: User = { appid: message.appid, uid: message.sender };
    if (kind === 'toDesk') await this.#asked(tx, message, from, to);
    else if (kind === 'fromDesk') await this.#answered(tx, message, from, to);
    else if (await this.#isAnswer(tx, from, to)) await this.#answered(tx, message, from, to);
    else await this.#asked(tx, message, from, to);
  }

  /** Both may be sellers; then it is one where the other has asked before. */
  async #isAnswer(tx: Tx, from: User, to: User): Promise<boolean> {
    const { store } = this.#conversations;
    const row = await store.ofCustomerIn(tx, to, 'gobelieve');
    if (row !== undefined && row.agent === String(from.uid)) return true;
    return (await this.#desks.deskOfSeller(tx, to.appid, to.uid)) === undefined;
  }

  /** A customer's word. */
  async #asked(tx: Tx, message: Message, customer: User, to: User): Promise<void> {
    const { store, duty, places } = this.#conversations;
    const row = await this.#rowOf(tx, customer);
    const desk = await this.#deskOf(tx, row, to, message.parties);
    // Of an older client the seller may be none any more.
    const answering: Answering =
      desk === undefined
        ? await duty.choose(tx, row, message.parties?.storeId)
        : { agent: String(to.uid), desk, seller: to };
    const next: ConversationRow = {
      ...row,
      agent: answering.agent ?? row.agent,
      store_id: answering.desk?.store_id ?? row.store_id,
      last_at: message.at,
    };
    await store.put(tx, next);
    this.#conversations.cache.changed(tx, next);
    await this.#mark(tx, message, { conversation: next.id });
    if (answering.agent === undefined) return;
    const { seller } = answering;
    if (seller !== undefined && seller.uid !== to.uid) await places.toSeller(tx, seller, message);
    await places.mirror(tx, answering.agent, message);
    await places.toPair(tx, next, answering, message);
  }

  async #answered(tx: Tx, message: Message, seller: User, customer: User): Promise<void> {
    const { store, places, handover } = this.#conversations;
    const agent = String(seller.uid);
    const row = await this.#rowOf(tx, customer);
    if (row.via !== 'gobelieve' && (await this.#isOthers(tx, row, agent))) {
      const notice = { event: 'not_sent', contact: row.contact, messageId: message.id } as const;
      const text = '该顾客由其他客服接待，消息未发送';
      this.#conversations.tellLater(tx, agent, { ...notice, reason: 'other_agent', text });
      return;
    }
    const desk = await this.#deskOf(tx, row, seller, message.parties);
    const store_id = desk?.store_id ?? row.store_id;
    const next: ConversationRow = { ...row, agent, store_id, last_at: message.at };
    await store.put(tx, next);
    this.#conversations.cache.changed(tx, next);
    await this.#mark(tx, message, { conversation: next.id, agent });
    if (row.via !== 'gobelieve') await places.toCustomer(tx, next, message);
    await places.mirror(tx, agent, message);
    await places.fromPair(tx, next, agent, message);
    await this.#conversations.send(tx, next, { agent, content: contentOf(message), message });
    if (next.waiting !== null) tx.onDurable(() => handover.wake());
  }

  /** The conversation of somebody as the application sees him. */
  async #rowOf(tx: Tx, user: User): Promise<ConversationRow> {
    const { store } = this.#conversations;
    const id = await this.#desks.customerIdIn(tx, user.appid, user.uid);
    const known = id === undefined ? undefined : customerIn(id);
    if (known !== undefined) {
      const { via, account, contact } = known;
      const row = await store.find(tx, via, account, contact);
      if (row !== undefined) return row;
      const ref = { via: via as 'wechat' | 'imbot' | 'chat', account, contact };
      const names = await this.#names.getIn(tx, contact);
      return await this.#conversations.ensure(tx, { ...ref, user: names }, nobody);
    }
    const row = await store.ofCustomerIn(tx, user, 'gobelieve');
    if (row !== undefined && row.name !== '') return row;
    const { name = '', avatar = '' } = (await this.#users.findIn(tx, user)) ?? {};
    if (row !== undefined) return { ...row, name, avatar: avatar || row.avatar };
    const account = String(user.appid);
    const contact = await this.#freeContact(tx, account, id ?? String(user.uid));
    const ref = { via: 'gobelieve', account, contact, name, avatar, user } as const;
    return await this.#conversations.ensure(tx, ref, nobody);
  }

  /** The id of a customer may be the number of another user. */
  async #freeContact(tx: Tx, account: string, wanted: string): Promise<string> {
    const { store } = this.#conversations;
    let contact = wanted;
    for (let at = 2; (await store.find(tx, 'gobelieve', account, contact)) !== undefined; at += 1) {
      contact = `${wanted}#${at}`;
    }
    return contact;
  }

  /** The desk at which somebody sells: the one of the conversation, the one named, any. */
  async #deskOf(
    tx: Tx,
    row: ConversationRow,
    seller: User,
    parties: Parties | undefined,
  ): Promise<DeskRow | undefined> {
    for (const storeId of [row.store_id, parties?.storeId]) {
      if (storeId == null) continue;
      const desk = await this.#desks.deskWithSeller(tx, storeId, seller);
      if (desk !== undefined) return desk;
    }
    return await this.#desks.deskOfSeller(tx, seller.appid, seller.uid);
  }

  /** Answered by another one who still sells at its desk. */
  async #isOthers(tx: Tx, row: ConversationRow, agent: string): Promise<boolean> {
    if (row.agent === null || row.agent === agent || row.store_id === null) return false;
    const sellers = await this.#conversations.duty.sellersOf(tx, row.store_id);
    return sellers?.includes(row.agent) === true;
  }

  /** The message says from now on to which conversation it belongs. */
  async #mark(tx: Tx, message: Message, said: Pick<Parties, 'conversation' | 'agent'>) {
    const parties: Parties = { ...message.parties, ...said };
    message.parties = parties;
    await this.#messages.setParties(tx, message.id, JSON.stringify(parties));
  }
}

const nobody = { agent: undefined, desk: undefined };
