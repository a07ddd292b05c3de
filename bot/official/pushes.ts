import type { Tx } from '../../store/database.ts';
import type { OfficialManyStore } from '../../store/official-many.ts';
import type { OfficialPushStore } from '../../store/official-pushes.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { contentOf } from '../im/content-of.ts';
import type { ConversationPort } from '../im/conversation.ts';
import type { Hub } from '../im/hub.ts';
import { type Message, ownApps, type User } from '../im/message.ts';
import type { Draft, MessageLog } from '../im/message-log.ts';
import type { Names } from '../im/names.ts';

/** Something that is to reach one user, or many. */
export interface PushOrder {
  /** Names of those who get it, each once. */
  receivers: readonly string[];
  /** They are many, though it may be one. */
  toMany: boolean;
  /** Name of who says it; undefined: nobody in particular. */
  sender: string | undefined;
  /** As it is kept and handed on. */
  content: Buffer;
  /** What the caller calls it: within a day, one of the same name is the same. */
  key: PushKey | undefined;
}

export interface PushKey {
  name: string;
  /** Of what is said: the same for the same. */
  digest: string;
}

/** A connection on which something is said. */
export interface Speaker {
  /** This is what was said here: it need not be told here. In the transaction that stores it. */
  said(id: number): void;
  /** It was not stored after all. */
  unsaid(id: number): void;
}

export interface Pushed {
  /** Number of the message. */
  id: number;
  /** It had been done before. */
  repeated: boolean;
}

export interface PushesOptions {
  store: OfficialPushStore;
  many: Pick<OfficialManyStore, 'put'>;
  hub: Pick<Hub, 'of'>;
  log: Pick<MessageLog, 'append' | 'appendIn'>;
  names: Pick<Names, 'peek' | 'getIn'>;
  conversations: Pick<ConversationPort, 'fromAgent' | 'isOnlyAnswered'>;
  clock: Clock;
  /** Throws while nothing new is taken. */
  assertRoom?: (() => void) | undefined;
}

/** So long a push is known by its name. */
export const keyLifeMs = 86_400_000;
/** Names made in one transaction. */
const namesAtOnce = 500;

/** Puts what is pushed into inboxes. Promises settle when it is on disk, and reject when it is not. */
export class Pushes {
  readonly #options: PushesOptions;

  constructor(options: PushesOptions) {
    this.#options = options;
  }

  async push(order: PushOrder): Promise<Pushed> {
    const { receivers, toMany, sender, key } = order;
    if (toMany) return this.#pushToMany(order);
    const [only] = receivers;
    if (only === undefined) throw new Error('a push to nobody');
    const { names, log } = this.#options;
    const receiver = names.peek(only);
    const from = sender === undefined ? nobody : names.peek(sender);
    // By far the most: everybody is known, and nothing has to be looked up.
    if (key === undefined && receiver !== undefined && from !== undefined) {
      const draft = draftOf(order, from, receiver.uid, [receiver]);
      return new Promise((resolve, reject) => {
        log.append(draft, (error, outcome) => {
          if (outcome === undefined) reject(error);
          else resolve({ id: outcome.message.id, repeated: false });
        });
      });
    }
    return this.#once(order, async (tx, said) => {
      const draft = draftOf(order, said.sender, said.receiver, [userOf(said.receiver)]);
      return (await log.appendIn(tx, draft)).message.id;
    });
  }

  /**
   * What a user says to another over a connection. An agent's words to a customer are an answer;
   * else it is a push. In the order of the calls.
   * @throws AppError forbidden: to a user of WeChat whom somebody else answers
   */
  say(order: PushOrder & { sender: string }, speaker?: Speaker): Promise<Pushed> {
    const { log, conversations } = this.#options;
    const { sender: agent } = order;
    const [contact = ''] = order.receivers;
    return this.#once(order, async (tx, said) => {
      const content = contentOf({ kind: 'official', content: order.content });
      const answered = await conversations.fromAgent(tx, { agent, contact, content });
      if (answered !== undefined) {
        const { id } = answered.message;
        speaker?.said(id);
        tx.onRollback(() => speaker?.unsaid(id));
        return id;
      }
      if (await conversations.isOnlyAnswered(tx, contact)) throw notYours();
      const draft = draftOf(order, said.sender, said.receiver, [userOf(said.receiver)]);
      return (await log.appendIn(tx, draft)).message.id;
    });
  }

  /**
   * One message and a row for each thousand users: a place for each of them would be a page of the
   * database for each.
   */
  async #pushToMany(order: PushOrder): Promise<Pushed> {
    const { log, many } = this.#options;
    const uids = await this.#known(order.receivers);
    return this.#once({ ...order, receivers: [] }, async (tx, said) => {
      const { message } = await log.appendIn(tx, draftOf(order, said.sender, everybody, []));
      await many.put(tx, message.id, uids);
      // In the order of the numbers, as all that is delivered.
      tx.onDurable(() => this.#tell(uids, message));
      return message.id;
    });
  }

  #tell(uids: readonly number[], message: Message): void {
    const { hub } = this.#options;
    const placed = { seq: 0, message };
    for (const uid of uids) {
      for (const session of hub.of(ownApps.names, uid)) session.group(everybody, placed, true);
    }
  }

  /** In one transaction: whether it was done before, and if not, what it is. */
  #once(
    { receivers: [receiver], sender, key }: PushOrder,
    work: (tx: Tx, said: { sender: User; receiver: number }) => Promise<number>,
  ): Promise<Pushed> {
    const { store, names, clock, assertRoom } = this.#options;
    return store.db.transaction(async (tx) => {
      const to = receiver === undefined ? everybody : (await names.getIn(tx, receiver)).uid;
      const from = sender === undefined ? nobody : await names.getIn(tx, sender);
      const said = { sender: from, receiver: to };
      if (key === undefined) {
        assertRoom?.();
        return { id: await work(tx, said), repeated: false };
      }
      const now = clock.now();
      const { digest } = key;
      const name = { receiver: to, sender: from.uid, key: key.name };
      const before = await store.find(tx, name);
      if (before !== undefined && before.at > now - keyLifeMs) {
        if (before.digest !== digest) throw saysOther(before.messageId);
        return { id: before.messageId, repeated: true };
      }
      assertRoom?.();
      const id = await work(tx, said);
      await store.put(tx, { ...name, digest, messageId: id, at: now });
      return { id, repeated: false };
    });
  }

  /** Those who are new are written down before, some at a time: a name alone harms nobody. */
  async #known(receivers: readonly string[]): Promise<number[]> {
    const { names, store } = this.#options;
    const uids: number[] = [];
    const missing: string[] = [];
    for (const name of receivers) {
      const user = names.peek(name);
      if (user === undefined) missing.push(name);
      else uids.push(user.uid);
    }
    if (missing.length > 0) this.#options.assertRoom?.();
    for (let at = 0; at < missing.length; at += namesAtOnce) {
      await store.db.transaction(async (tx) => {
        for (const name of missing.slice(at, at + namesAtOnce)) {
          uids.push((await names.getIn(tx, name)).uid);
        }
      });
    }
    return uids;
  }
}

function notYours(): AppError {
  const text = { zh: '该顾客由其他客服接待', en: 'somebody else answers this customer' };
  return new AppError('forbidden', text, { field: 'data.contact_id' });
}

function saysOther(id: number): AppError {
  const text = {
    zh: `data.id 已用于内容不同的消息 ${id}`,
    en: `data.id: was given to message ${id}, which says something else`,
  };
  return new AppError('conflict', text, { field: 'data.id' });
}

/** Number of the receiver of a push to many. */
const everybody = 0;
const nobody: User = { appid: ownApps.names, uid: 0 };

function userOf(uid: number): User {
  return { appid: ownApps.names, uid };
}

function draftOf(
  { content }: PushOrder,
  sender: User,
  receiver: number,
  inboxes: readonly User[],
): Draft {
  return {
    kind: 'official',
    appid: ownApps.names,
    sender: sender.uid,
    receiver,
    device: 0,
    clientId: 0,
    content,
    inboxes,
    push: 'push',
  };
}
