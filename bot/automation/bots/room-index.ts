import type { RoomRow } from '../../../store/rooms.ts';
import type { DriverRoom } from '../driver.ts';
import type { RoomView } from './bot-port.ts';

/** What memory can say of a topic or id; nothing about what is not in it. */
export type Found =
  | { found: 'room'; room: RoomView }
  | { found: 'renamed'; room: RoomView }
  | { found: 'ambiguous'; rooms: RoomView[] }
  | undefined;

export type RoomTarget = { topic: string } | { id: string };

/** Topics a room had before; the oldest is forgotten beyond this many. */
const formerLimit = 20;

interface Entry {
  /** Replaced as a whole at every change: views that were handed out stay as they were. */
  room: RoomView;
  gone: boolean;
}

/** The rooms of one account in memory: by id, by topic, by former topic. Topics match exactly. */
export class RoomIndex {
  readonly #byId = new Map<string, Entry>();
  /** Ids of rooms that are there, not of those that are gone. */
  readonly #byTopic = new Map<string, Set<string>>();
  readonly #byFormer = new Map<string, Set<string>>();

  load(rows: readonly RoomRow[]): void {
    for (const row of rows) {
      const { roomId, topic, formerTopics, members, firstSeen, lastSeen, gone } = row;
      this.#set({ room: { id: roomId, topic, formerTopics, members, firstSeen, lastSeen }, gone });
    }
  }

  clear(): void {
    this.#byId.clear();
    this.#byTopic.clear();
    this.#byFormer.clear();
  }

  list(): RoomView[] {
    const rooms: RoomView[] = [];
    for (const entry of this.#byId.values()) if (!entry.gone) rooms.push(entry.room);
    return rooms;
  }

  byId(id: string): RoomView | undefined {
    const entry = this.#byId.get(id);
    return entry === undefined || entry.gone ? undefined : entry.room;
  }

  find(target: RoomTarget): Found {
    if ('id' in target) {
      const room = this.byId(target.id);
      return room === undefined ? undefined : { found: 'room', room };
    }
    const now = this.#rooms(this.#byTopic.get(target.topic));
    if (now.length > 1) return { found: 'ambiguous', rooms: now };
    if (now[0] !== undefined) return { found: 'room', room: now[0] };
    const former = this.#rooms(this.#byFormer.get(target.topic));
    if (former.length > 1) return { found: 'ambiguous', rooms: former };
    return former[0] === undefined ? undefined : { found: 'renamed', room: former[0] };
  }

  /** The room as the driver read it. @returns whether anything changed but the time */
  put(room: DriverRoom, now: number): boolean {
    const entry = this.#byId.get(room.id);
    if (entry === undefined) {
      const { id, topic, members } = room;
      const view = { id, topic, formerTopics: [], members, firstSeen: now, lastSeen: now };
      this.#set({ room: view, gone: false });
      return true;
    }
    const old = entry.room;
    if (!entry.gone && old.topic === room.topic && sameMembers(old.members, room.members)) {
      entry.room = { ...old, lastSeen: now };
      return false;
    }
    this.#set({
      room: {
        ...renamed(old, room.topic),
        members: room.members,
        lastSeen: now,
      },
      gone: false,
    });
    return true;
  }

  /** @returns whether the room is known and was called otherwise */
  rename(id: string, topic: string, now: number): boolean {
    const entry = this.#byId.get(id);
    if (entry === undefined || entry.gone || entry.room.topic === topic) return false;
    this.#set({ room: { ...renamed(entry.room, topic), lastSeen: now }, gone: false });
    return true;
  }

  /** The account is not in the room any more. @returns whether it was until now */
  drop(id: string): boolean {
    const entry = this.#byId.get(id);
    if (entry === undefined || entry.gone) return false;
    this.#set({ room: entry.room, gone: true });
    return true;
  }

  /** The room as it is stored, gone or not. */
  row(id: string): RoomRow | undefined {
    const entry = this.#byId.get(id);
    if (entry === undefined) return undefined;
    const { topic, formerTopics, members, firstSeen, lastSeen } = entry.room;
    return { roomId: id, topic, formerTopics, members, firstSeen, lastSeen, gone: entry.gone };
  }

  #set(entry: Entry): void {
    const { id, topic, formerTopics } = entry.room;
    const old = this.#byId.get(id);
    if (old !== undefined) {
      remove(this.#byTopic, old.room.topic, id);
      for (const former of old.room.formerTopics) remove(this.#byFormer, former, id);
    }
    this.#byId.set(id, entry);
    if (entry.gone) return;
    add(this.#byTopic, topic, id);
    for (const former of formerTopics) add(this.#byFormer, former, id);
  }

  #rooms(ids: ReadonlySet<string> | undefined): RoomView[] {
    const rooms: RoomView[] = [];
    for (const id of ids ?? []) {
      const room = this.byId(id);
      if (room !== undefined) rooms.push(room);
    }
    return rooms;
  }
}

function renamed(room: RoomView, topic: string): RoomView {
  if (room.topic === topic) return room;
  const former = [room.topic, ...room.formerTopics.filter((one) => one !== room.topic)];
  const formerTopics = former.filter((one) => one !== topic).slice(0, formerLimit);
  return { ...room, topic, formerTopics };
}

function sameMembers(a: RoomView['members'], b: RoomView['members']): boolean {
  if (a.length !== b.length) return false;
  return a.every((member, at) => member.id === b[at]?.id && member.name === b[at].name);
}

function add(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, new Set([id]));
  else ids.add(id);
}

function remove(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids?.delete(id) === true && ids.size === 0) index.delete(key);
}
