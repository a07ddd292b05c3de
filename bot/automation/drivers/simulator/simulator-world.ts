import type { Logger } from '../../../../config/logger.ts';
import { AppError } from '../../../errors.ts';
import type { Account } from '../../driver.ts';
import { firstContacts, firstRooms, Ids, mainAccountName } from './simulator-defaults.ts';
import { Journal } from './simulator-journal.ts';
import { type WorldRecord, WorldState } from './simulator-records.ts';
import type { Person, SeenMessage, Words, WorldRoom, WorldSession } from './simulator-types.ts';

export interface WorldOptions {
  botcode: string;
  seed: number | undefined;
  file: string;
  logger: Logger;
  /** Messages remembered of each chat; default 10,000. */
  keep?: number;
  /** Size in bytes past which the journal is written anew while running; default 64 MiB. */
  compactAt?: number;
}

/**
 * The small WeChat of one bot: accounts, rooms, people, what was said, and which session lives.
 * Read from its journal when it is first asked; each change is in the journal before it is true.
 * Knows no connection and no time of its own.
 */
export class World {
  readonly #options: WorldOptions;
  readonly #ids: Ids;
  readonly #journal: Journal;
  #loaded: WorldState | undefined;
  #compacted = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#ids = new Ids(options.botcode, options.seed);
    this.#journal = new Journal(options.file);
  }

  /** The account that scans unless told otherwise. */
  mainAccount(): Account {
    return this.account(mainAccountName(this.#options.botcode));
  }

  /** The account of that name; a new one finds the first rooms and contacts. */
  account(name: string): Account {
    const id = this.#ids.account(name);
    const known = this.#state.accounts.get(id);
    if (known !== undefined) return known;
    this.#write({ t: 'account', id, name });
    for (const contact of firstContacts) this.#friend(contact);
    for (const { topic, members } of firstRooms) this.createRoom(id, topic, members);
    return { id, name };
  }

  session(): WorldSession | undefined {
    return this.#state.session;
  }

  /** A new login: the former session is dead. */
  startSession(account: Account): WorldSession {
    const token = this.#ids.token('session', String(this.#state.counters.sessions + 1));
    this.#write({ t: 'session', token, account: account.id });
    return { token, account };
  }

  endSession(): void {
    if (this.#state.session !== undefined) this.#write({ t: 'session' });
  }

  qrCode(key: string): string {
    return `wxrc-simulator://${this.#options.botcode}/${this.#ids.token('qr', key)}`;
  }

  rooms(accountId: string): WorldRoom[] {
    return [...this.#state.rooms.values()].filter(
      (room) => room.account === accountId && !room.gone,
    );
  }

  room(id: string): WorldRoom | undefined {
    return this.#state.rooms.get(id);
  }

  /** A name that is given twice means two people of that name. */
  createRoom(accountId: string, topic: string, members: readonly string[]): WorldRoom {
    const room: WorldRoom = {
      id: this.#ids.room(this.#state.counters.rooms + 1),
      topic,
      account: accountId,
      members: this.#withPeople([], members),
      gone: false,
    };
    this.#write({ t: 'room', ...room });
    return room;
  }

  /** `add`, `remove`: ids or names. @throws AppError when one to remove is not in the room */
  changeRoom(
    room: WorldRoom,
    change: { topic?: string; add?: readonly string[]; remove?: readonly string[] },
  ): WorldRoom {
    const account = this.accountOf(room);
    const isSelf = (who: string): boolean => who === account.id || who === account.name;
    let { gone, members } = room;
    for (const who of change.remove ?? []) {
      if (isSelf(who)) gone = true;
      else {
        const { id } = this.memberOf(room, who, 'remove');
        members = members.filter((member) => member !== id);
      }
    }
    const others = (change.add ?? []).filter((who) => !isSelf(who));
    if (others.length < (change.add ?? []).length) gone = false;
    members = this.#withPeople(members, others);
    const changed = { ...room, topic: change.topic ?? room.topic, members, gone };
    this.#write({ t: 'room', ...changed });
    return changed;
  }

  accountOf(room: WorldRoom): Account {
    return this.#state.accounts.get(room.account) ?? { id: room.account, name: room.account };
  }

  membersOf(room: WorldRoom): Person[] {
    return room.members.flatMap((id) => this.#state.persons.get(id) ?? []);
  }

  /** @throws AppError when nobody or more than one is meant; `field` is named in it */
  memberOf(room: WorldRoom, who: string, field: string): Person {
    const members = this.membersOf(room);
    const byId = members.find(({ id }) => id === who);
    if (byId !== undefined) return byId;
    const [first, ...rest] = members.filter(({ name }) => name === who);
    if (first === undefined) {
      throw new AppError(
        'field_value',
        { zh: `${field}: 群里没有“${who}”`, en: `${field}: "${who}" is not in the room` },
        { field },
      );
    }
    if (rest.length > 0) {
      const ids = [first, ...rest].map(({ id }) => id).join(', ');
      throw new AppError(
        'field_not_unique',
        { zh: `${field}: 群里有多个“${who}”：${ids}`, en: `${field}: several "${who}": ${ids}` },
        { field },
      );
    }
    return first;
  }

  contacts(): Person[] {
    return [...this.#state.persons.values()].filter(({ friend }) => friend);
  }

  person(id: string): Person | undefined {
    return this.#state.persons.get(id);
  }

  /** Another friend, also when one has that name already. */
  addContact(name: string): Person {
    return this.#newPerson(name, true);
  }

  /** The world has seen it once this returns. */
  say(chat: string, from: Account | Person, self: boolean, words: Words, at: number): SeenMessage {
    const seq = this.#state.counters.messages + 1;
    const message: SeenMessage = {
      id: this.#ids.message(seq),
      seq,
      chat,
      from: from.id,
      fromName: from.name,
      self,
      ...words,
      at,
    };
    this.#write({ t: 'message', ...message });
    return message;
  }

  /** What a room or contact has seen, oldest first. */
  seen(chat: string): readonly SeenMessage[] {
    return this.#state.chats.get(chat) ?? [];
  }

  /** Keeps the journal open while a client is connected. */
  hold(): void {
    this.#loaded ??= this.#load();
    this.#journal.hold();
  }

  release(): void {
    this.#journal.release();
  }

  get #state(): WorldState {
    this.#loaded ??= this.#load();
    return this.#loaded;
  }

  #load(): WorldState {
    const state = new WorldState(this.#options.keep ?? 10_000);
    const journal = this.#journal.load();
    for (const record of journal?.records ?? []) {
      // Every whole line was written by `#write` or `#compact`.
      if (typeof record === 'object' && record !== null) state.apply(record as WorldRecord);
    }
    if (journal === undefined || journal.lines > state.size()) this.#compact(state);
    else this.#compacted = this.#journal.size;
    return state;
  }

  #compact(state: WorldState): void {
    this.#journal.rewrite(state.records());
    this.#compacted = this.#journal.size;
  }

  #write(record: WorldRecord): void {
    const state = this.#state;
    this.#journal.append(record);
    state.apply(record);
    const grown = this.#journal.size - this.#compacted;
    if (grown > (this.#options.compactAt ?? 64 * 1_048_576)) {
      this.#options.logger.debug({ bytes: this.#journal.size }, 'simulator journal compacted');
      this.#compact(state);
    }
  }

  /** `members` and those named: by id, else somebody of that name who is not among them yet. */
  #withPeople(members: readonly string[], named: readonly string[]): string[] {
    const ids = [...members];
    for (const who of named) {
      const known =
        this.#state.persons.get(who) ??
        [...this.#state.persons.values()].find(({ id, name }) => name === who && !ids.includes(id));
      const id = known?.id ?? this.#newPerson(who, false).id;
      if (!ids.includes(id)) ids.push(id);
    }
    return ids;
  }

  #friend(name: string): void {
    const known = [...this.#state.persons.values()].some((one) => one.friend && one.name === name);
    if (!known) this.#newPerson(name, true);
  }

  #newPerson(name: string, friend: boolean): Person {
    const person = { id: this.#ids.person(this.#state.counters.persons + 1), name, friend };
    this.#write({ t: 'person', ...person });
    return person;
  }
}
