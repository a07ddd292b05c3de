import type { Account } from '../../driver.ts';
import type { Person, SeenMessage, WorldRoom, WorldSession } from './simulator-types.ts';

/** Numbers that never go back, so that an id is never given twice. */
export interface Counters {
  persons: number;
  rooms: number;
  messages: number;
  sessions: number;
}

/** One line of the journal. Persons, accounts and rooms replace their former line. */
export type WorldRecord =
  | { t: 'world'; version: 1; counters: Counters }
  | ({ t: 'account' } & Account)
  | ({ t: 'person' } & Person)
  | ({ t: 'room' } & WorldRoom)
  | { t: 'session'; token?: string; account?: string }
  | ({ t: 'message' } & SeenMessage);

/** A chat that is full is cut back by a quarter at once, not by one message at each message. */
const slack = 1.25;

/** What the journal says, in memory. */
export class WorldState {
  readonly accounts = new Map<string, Account>();
  readonly persons = new Map<string, Person>();
  readonly rooms = new Map<string, WorldRoom>();
  readonly chats = new Map<string, SeenMessage[]>();
  session: WorldSession | undefined;
  counters: Counters = { persons: 0, rooms: 0, messages: 0, sessions: 0 };
  readonly #keep: number;

  /** `keep`: messages remembered of each chat. */
  constructor(keep: number) {
    this.#keep = keep;
  }

  apply(record: WorldRecord): void {
    switch (record.t) {
      case 'world':
        this.counters = { ...record.counters };
        return;
      case 'account':
        this.accounts.set(record.id, { id: record.id, name: record.name });
        return;
      case 'person':
        if (!this.persons.has(record.id)) this.counters.persons += 1;
        this.persons.set(record.id, { id: record.id, name: record.name, friend: record.friend });
        return;
      case 'room': {
        const { t: _, ...room } = record;
        if (!this.rooms.has(room.id)) this.counters.rooms += 1;
        this.rooms.set(room.id, room);
        return;
      }
      case 'session': {
        const account = this.accounts.get(record.account ?? '');
        const known = record.token !== undefined && account !== undefined;
        if (known) this.counters.sessions += 1;
        this.session = known ? { token: record.token ?? '', account } : undefined;
        return;
      }
      case 'message': {
        const { t: _, ...message } = record;
        this.#remember(message);
        return;
      }
      default:
        // A record of a later version: not ours to understand.
        record satisfies never;
    }
  }

  /** The fewest records that say the same. */
  *records(): Generator<WorldRecord> {
    yield* [...this.accounts.values()].map((account) => ({ t: 'account' as const, ...account }));
    yield* [...this.persons.values()].map((person) => ({ t: 'person' as const, ...person }));
    yield* [...this.rooms.values()].map((room) => ({ t: 'room' as const, ...room }));
    if (this.session !== undefined) {
      yield { t: 'session', token: this.session.token, account: this.session.account.id };
    }
    for (const messages of this.chats.values()) {
      for (const message of messages) yield { t: 'message', ...message };
    }
    // Last: the records above have counted themselves.
    yield { t: 'world', version: 1, counters: this.counters };
  }

  /** Length of `records()`. */
  size(): number {
    let size = this.accounts.size + this.persons.size + this.rooms.size + 1;
    if (this.session !== undefined) size += 1;
    for (const messages of this.chats.values()) size += messages.length;
    return size;
  }

  #remember(message: SeenMessage): void {
    this.counters.messages = Math.max(this.counters.messages, message.seq);
    const messages = this.chats.get(message.chat);
    if (messages === undefined) this.chats.set(message.chat, [message]);
    else {
      messages.push(message);
      if (messages.length > this.#keep * slack) messages.splice(0, messages.length - this.#keep);
    }
  }
}
