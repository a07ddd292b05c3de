import type { Tx } from '../../store/database.ts';
import type { ImMessageRow, ImMessageStore, PlacedRow } from '../../store/im-messages.ts';
import type { Message, MessageKind, Parties, Placed, User } from './message.ts';

/** What waits is counted so far. */
export const mostCounted = 10_000;

/** Behind which inboxes of an application begin. */
export type FirstKey = (appid: number) => number;

/** The reading half of the log: what lies in inboxes, by the places that there are. */
export class InboxReader {
  readonly #store: ImMessageStore;

  readonly #firstKey: FirstKey;

  constructor(store: ImMessageStore, firstKey: FirstKey) {
    this.#store = store;
    this.#firstKey = firstKey;
  }

  /** Of an inbox, oldest first. */
  async read({ appid, uid }: User, after: number, limit: number): Promise<Placed[]> {
    return (await this.#store.inbox(appid, uid, after, limit)).map(placedOf);
  }

  /** The same as the transaction has left it. */
  async readIn(tx: Tx, { appid, uid }: User, after: number, limit: number): Promise<Placed[]> {
    return (await this.#store.inboxIn(tx, appid, uid, after, limit)).map(placedOf);
  }

  /** Of an inbox, newest first, from in front of a place. */
  async readBack({ appid, uid }: User, before: number, limit: number): Promise<Placed[]> {
    return (await this.#store.inboxBack(appid, uid, before, limit)).map(placedOf);
  }

  /** The newest of an inbox, oldest first. */
  async readNewest(user: User, limit: number): Promise<Placed[]> {
    return (await this.readBack(user, Number.MAX_SAFE_INTEGER, limit)).reverse();
  }

  /** Of a super group, oldest first. */
  async readGroup(gid: number, after: number, limit: number): Promise<Placed[]> {
    return (await this.#store.groupInbox(gid, after, limit)).map(placedOf);
  }

  /** Of a super group, newest first, from in front of a place. */
  async readGroupBack(gid: number, before: number, limit: number): Promise<Placed[]> {
    return (await this.#store.groupInboxBack(gid, before, limit)).map(placedOf);
  }

  /** Of a group that is not super, as it lies in a user's inbox: newest first, before a place and a message. */
  async readOfGroup(
    gid: number,
    user: User,
    before: { seq: number; id: number },
    limit: number,
  ): Promise<Placed[]> {
    return (await this.#store.ofGroup(gid, user, before, limit)).map(placedOf);
  }

  /** Newest place in an inbox; of an empty one where it begins. */
  async last({ appid, uid }: User): Promise<number> {
    return (await this.#store.newest(appid, uid)) || this.#firstKey(appid);
  }

  /** @param appid of the group */
  async lastOfGroup(gid: number, appid = 0): Promise<number> {
    return (await this.#store.newestOfGroup(gid)) || this.#firstKey(appid);
  }

  /** As the transaction has left it. */
  lastOfGroupIn(tx: Tx, gid: number): Promise<number> {
    return this.#store.lastGroupSeq(tx, gid);
  }

  /** How many messages lie behind a place; not more than `most` are counted. */
  countAfter({ appid, uid }: User, after: number, most = mostCounted): Promise<number> {
    return this.#store.countAfter(appid, uid, after, most);
  }

  countInGroup(gid: number, after: number, most = mostCounted): Promise<number> {
    return this.#store.countInGroup(gid, after, most);
  }
}

function placedOf(row: PlacedRow): Placed {
  return { seq: row.seq, message: messageOf(row) };
}

/** A message as it lies in the log. */
export function messageOf(row: ImMessageRow): Message {
  const { buffer, byteOffset, byteLength } = row.content;
  return {
    id: row.id,
    appid: row.appid,
    // Only kinds of ours are ever written.
    kind: row.kind as MessageKind,
    sender: row.sender,
    receiver: row.receiver,
    device: row.device,
    clientId: row.client_id,
    // Written by us.
    parties: row.parties === null ? undefined : (JSON.parse(row.parties) as Parties),
    content: Buffer.from(buffer, byteOffset, byteLength),
    at: row.at,
  };
}
