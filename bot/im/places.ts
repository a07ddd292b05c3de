import type { Tx } from '../../store/database.ts';
import type { ConversationRow } from '../../store/im-conversations.ts';
import type { Content } from './content.ts';
import { toGobelieve } from './content-gobelieve.ts';
import type { PairPort } from './conversation.ts';
import { type Desks, ownCustomerIds } from './desks.ts';
import { type Answering, sellerIn } from './duty.ts';
import { type Message, ownApps, type Parties, type User } from './message.ts';
import type { Draft, MessageLog, Outcome } from './message-log.ts';
import type { Names } from './names.ts';
import type { Session } from './session.ts';
import type { Users } from './users.ts';

export interface PlacesOptions {
  log: Pick<MessageLog, 'appendIn' | 'placeIn'>;
  names: Names;
  desks: Pick<Desks, 'clientIn'>;
  users: Pick<Users, 'introduce'>;
  pairs: () => PairPort | undefined;
  publicUrl: () => string;
}

/**
 * Where the words of a conversation come to lie: in the customer's own inbox, and in every inbox of
 * the agent, whatever he is connected with.
 */
export class Places {
  readonly #log: PlacesOptions['log'];
  readonly #names: Names;
  readonly #desks: PlacesOptions['desks'];
  readonly #users: PlacesOptions['users'];
  readonly #pairs: PlacesOptions['pairs'];
  readonly #publicUrl: () => string;

  constructor({ log, names, desks, users, pairs, publicUrl }: PlacesOptions) {
    this.#log = log;
    this.#names = names;
    this.#desks = desks;
    this.#users = users;
    this.#pairs = pairs;
    this.#publicUrl = publicUrl;
  }

  /** A customer's word; its first place is the one in his own inbox. */
  async say(tx: Tx, row: ConversationRow, to: Answering, content: Content): Promise<Outcome> {
    const bytes = toGobelieve(content, this.#publicUrl());
    const inboxes = [customerOf(row), ...(await this.#inboxesOf(tx, to))];
    const outcome = await this.#log.appendIn(tx, {
      ...(await this.#customerDraft(tx, row, to, bytes)),
      inboxes: once(inboxes),
    });
    await this.toPair(tx, row, to, outcome.message);
    return outcome;
  }

  /** A word that nobody was told of, to who answers now. It gets a number of its own: those rise in every inbox. */
  async handOver(tx: Tx, row: ConversationRow, to: Answering, said: Message): Promise<void> {
    const { message } = await this.#log.appendIn(tx, {
      ...(await this.#customerDraft(tx, row, to, said.content)),
      at: said.at,
      // An agent who is the customer has it already; his own inbox is what is read here.
      inboxes: (await this.#inboxesOf(tx, to)).filter((user) => !isSame(user, customerOf(row))),
    });
    await this.toPair(tx, row, to, message, said.id);
  }

  /** An answer. @param agent in whose name */
  async answer(
    tx: Tx,
    row: ConversationRow,
    by: Answering,
    said: { agent: string; content: Content; except?: Session | undefined },
  ): Promise<Message> {
    const { agent, content, except } = said;
    const sender = await this.#senderOf(tx, row, by, agent);
    const customer = await this.seenCustomer(tx, row, by);
    const draft: Draft = {
      ...draftOf(sender, customer, { conversation: row.id, agent }),
      content: toGobelieve(content, this.#publicUrl()),
      inboxes: once([customerOf(row), ...(await this.#inboxesOf(tx, by))]),
      ...(except !== undefined && { except }),
    };
    const { message } = await this.#log.appendIn(tx, draft);
    await this.fromPair(tx, row, agent, message);
    return message;
  }

  /** Puts a word that lies elsewhere already into the agent's inboxes that those elsewhere do not see. */
  async mirror(tx: Tx, agent: string, message: Message): Promise<void> {
    await this.#log.placeIn(tx, await this.#names.getIn(tx, agent), message, 'push');
  }

  /** Puts it into the customer's own inbox. */
  async toCustomer(tx: Tx, row: ConversationRow, message: Message): Promise<void> {
    await this.#log.placeIn(tx, customerOf(row), message, 'push');
  }

  /** Puts it into the inbox of a seller. */
  async toSeller(tx: Tx, seller: User, message: Message): Promise<void> {
    await this.#log.placeIn(tx, seller, message, 'push');
  }

  /**
   * The mini-program IM: from the customer to who answers.
   * @param original number of the message that this one repeats
   */
  async toPair(
    tx: Tx,
    row: ConversationRow,
    to: Answering,
    message: Message,
    original?: number,
  ): Promise<void> {
    const pairs = this.#pairs();
    if (pairs === undefined || to.agent === undefined) return;
    const agent = await this.#names.getIn(tx, to.agent);
    const customer = await this.#contactOf(tx, row);
    await pairs.placeIn(tx, customer, agent, message, message.at, original);
  }

  /** The same the other way: only who comes that way fetches it there. */
  async fromPair(tx: Tx, row: ConversationRow, agent: string, message: Message): Promise<void> {
    const pairs = this.#pairs();
    if (pairs === undefined) return;
    const from = await this.#names.getIn(tx, agent);
    const to = await this.#contactOf(tx, row);
    if (row.via === 'imbot') await pairs.placeIn(tx, from, to, message, message.at);
    else await pairs.recordIn(tx, from, to, message, message.at);
  }

  /** The customer as sellers see him: of other ways than GoBelieve, as a customer of the desk's application. */
  async seenCustomer(tx: Tx, row: ConversationRow, { desk }: Answering): Promise<User> {
    if (row.via === 'gobelieve' || desk === undefined) return customerOf(row);
    const { appid } = desk;
    const user = { appid, uid: await this.#desks.clientIn(tx, appid, customerIdOf(row)) };
    await this.#users.introduce(tx, user, { name: row.name || row.contact, avatar: row.avatar });
    return user;
  }

  async #customerDraft(
    tx: Tx,
    row: ConversationRow,
    to: Answering,
    content: Buffer,
  ): Promise<Omit<Draft, 'inboxes'>> {
    const customer = await this.seenCustomer(tx, row, to);
    const nobody = { appid: to.desk?.appid ?? ownApps.names, uid: 0 };
    const names = to.agent === undefined ? nobody : await this.#names.getIn(tx, to.agent);
    return { ...draftOf(customer, to.seller ?? names, { conversation: row.id }), content };
  }

  /** Who answers, as the customer sees him. */
  async #senderOf(tx: Tx, row: ConversationRow, by: Answering, agent: string): Promise<User> {
    if (by.seller !== undefined && by.agent === agent) return by.seller;
    const uid = by.desk === undefined ? undefined : sellerIn(agent);
    if (by.desk !== undefined && uid !== undefined) return { appid: by.desk.appid, uid };
    // GoBelieve knows people by number only.
    if (row.via === 'gobelieve') return { appid: row.appid, uid: 0 };
    return await this.#names.getIn(tx, agent);
  }

  async #inboxesOf(tx: Tx, { agent, seller }: Answering): Promise<User[]> {
    if (agent === undefined) return [];
    const official = await this.#names.getIn(tx, agent);
    return seller === undefined ? [official] : [seller, official];
  }

  /** What agents call the customer, as somebody known by a text. */
  async #contactOf(tx: Tx, row: ConversationRow): Promise<User> {
    return row.via === 'gobelieve' ? await this.#names.getIn(tx, row.contact) : customerOf(row);
  }
}

export function customerOf({ appid, uid }: ConversationRow): User {
  return { appid, uid };
}

/** What a desk's application calls a customer of another way. */
function customerIdOf({ via, account, contact }: ConversationRow): string {
  return `${ownCustomerIds}${via}:${account}:${contact}`;
}

/** The other way round; undefined: it is a customer of the application itself. */
export function customerIn(
  id: string,
): { via: string; account: string; contact: string } | undefined {
  if (!id.startsWith(ownCustomerIds)) return undefined;
  const [, via, account, contact] =
    /^([a-z]+):([^:]*):([\s\S]*)$/.exec(id.slice(ownCustomerIds.length)) ?? [];
  if (via === undefined || account === undefined || contact === undefined) return undefined;
  return { via, account, contact };
}

function draftOf(from: User, to: User, said: Pick<Parties, 'conversation' | 'agent'>) {
  const parties: Parties = { senderApp: from.appid, receiverApp: to.appid, ...said };
  return {
    ...({ kind: 'customer', appid: from.appid, sender: from.uid, receiver: to.uid } as const),
    ...({ device: 0, clientId: 0, push: 'push' } as const),
    parties,
  };
}

function once(users: readonly User[]): User[] {
  return users.filter((user, at) => users.findIndex((one) => isSame(one, user)) === at);
}

function isSame(one: User, other: User): boolean {
  return one.appid === other.appid && one.uid === other.uid;
}
