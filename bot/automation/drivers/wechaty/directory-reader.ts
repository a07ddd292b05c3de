import type { Clock } from '../../../clock.ts';
import { type DriverContact, DriverError, type DriverRoom, type RoomMember } from '../../driver.ts';
import type { ClientPuppet, payloads } from './client-puppet.ts';
import { mapLimited } from './map-limited.ts';
import { dirtyTypes } from './message-mapping.ts';
import type { NameBook } from './name-book.ts';
import { describe, faultOf, status } from './puppet-errors.ts';

export interface DirectoryReaderOptions {
  puppet: ClientPuppet;
  names: NameBook;
  clock: Clock;
  selfId: () => string | undefined;
}

/** Look-ups under way at the same time: bursts are what WeChat's risk control looks for. */
const lanes = 8;
/** Member names not known after this long stay empty this time: rooms and ids count more. */
const namesWithinMs = 20_000;
/** Our own order to forget a room comes back as an event within this time. */
const ownDirtyMs = 3000;
const individual = 1;

/** Reads rooms and contacts past every cache, whole or not at all. */
export class DirectoryReader {
  readonly #options: DirectoryReaderOptions;
  readonly #ownDirty = new Map<string, { count: number; until: number }>();
  #forgets = true;

  constructor(options: DirectoryReaderOptions) {
    this.#options = options;
  }

  /** Every room, or it rejects. */
  async rooms(signal: AbortSignal): Promise<DriverRoom[]> {
    const { puppet, names, clock } = this.#options;
    const namesUntil = clock.now() + namesWithinMs;
    const ids = [...new Set(await puppet.roomList())];
    names.keepRooms(ids);
    const rooms = await mapLimited(ids, lanes, signal, (id) => this.#listed(id));
    const there = rooms.filter((room) => room !== undefined);
    const members = there.flatMap((room) => room.memberIdList.map((id) => ({ room: room.id, id })));
    const unnamed = members.filter(({ room, id }) => names.memberName(room, id) === undefined);
    await mapLimited(unnamed, lanes, signal, async ({ room, id }) => {
      if (clock.now() < namesUntil) await this.#learnMember(room, id);
    });
    return there.map((room) => this.#toRoom(room));
  }

  async room(id: string, signal: AbortSignal): Promise<DriverRoom> {
    const { names } = this.#options;
    const payload = await this.#payload(id);
    const unnamed = payload.memberIdList.filter((one) => names.memberName(id, one) === undefined);
    await mapLimited(unnamed, lanes, signal, (one) => this.#learnMember(id, one));
    return this.#toRoom(payload);
  }

  async contacts(signal: AbortSignal): Promise<DriverContact[]> {
    const { puppet, names, selfId } = this.#options;
    const ids = [...new Set(await puppet.contactList())].filter((id) => id !== selfId());
    const all = await mapLimited(ids, lanes, signal, (id) => puppet.contactRawPayload(id));
    for (const { id, name } of all) names.setContact(id, name);
    // Puppets that know no friendship tell false of everybody.
    const someFriends = all.some(({ friend }) => friend === true);
    return all
      .filter(({ type, friend }) => type <= individual && (!someFriends || friend === true))
      .map(({ id, name, alias }) => ({ id, name, ...(alias ? { alias } : {}) }));
  }

  /** Whether a `dirty` event is the echo of our own order, and not news. */
  isOwnDirty(roomId: string): boolean {
    const own = this.#ownDirty.get(roomId);
    if (own === undefined) return false;
    own.count -= 1;
    if (own.count <= 0) this.#ownDirty.delete(roomId);
    return this.#options.clock.now() < own.until;
  }

  /** A room of the list that is not there any more is left out; any other failure is one. */
  async #listed(id: string): Promise<payloads.Room | undefined> {
    try {
      return await this.#payload(id);
    } catch (error) {
      if (faultOf(error, 'look-up') === 'absent') return undefined;
      throw error;
    }
  }

  async #payload(id: string): Promise<payloads.Room> {
    const { puppet, names } = this.#options;
    await this.#forget(id);
    const payload = await puppet.roomRawPayload(id);
    if (payload.id === '') throw new DriverError('absent', 'no such room');
    const memberIdList =
      payload.memberIdList.length > 0 ? payload.memberIdList : await puppet.roomMemberList(id);
    names.keepMembers(id, memberIdList);
    return { ...payload, memberIdList };
  }

  /** The server caches topics for days: a silent rename is only seen when it is told to forget. */
  async #forget(id: string): Promise<void> {
    if (!this.#forgets) return;
    const { clock, puppet } = this.#options;
    const own = this.#ownDirty.get(id);
    this.#ownDirty.set(id, { count: (own?.count ?? 0) + 1, until: clock.now() + ownDirtyMs });
    try {
      await puppet.forget(dirtyTypes.room, id);
    } catch (error) {
      if (describe(error).code !== status.unimplemented) throw error;
      this.#forgets = false;
    }
  }

  /** A member whom the puppet cannot tell of has no name; a lost connection is a failure. */
  async #learnMember(roomId: string, id: string): Promise<void> {
    const { puppet, names } = this.#options;
    try {
      const { name, roomAlias } = await puppet.roomMemberRawPayload(roomId, id);
      names.setMember(roomId, id, roomAlias || name);
    } catch (error) {
      if (describe(error).code !== status.unknown) throw error;
    }
  }

  #toRoom({ id, topic, memberIdList }: payloads.Room): DriverRoom {
    const { names } = this.#options;
    const members: RoomMember[] = memberIdList.map((one) => ({
      id: one,
      name: names.nameOf(id, one) ?? '',
    }));
    return { id, topic, members };
  }
}
