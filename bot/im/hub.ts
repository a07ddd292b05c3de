import type { Session } from './session.ts';

const none: readonly Session[] = [];

/** Who is connected now. Writes leave together: once for all that became durable at the same time. */
export class Hub {
  /** By application, then by user. */
  readonly #apps = new Map<number, Map<number, Session[]>>();
  readonly #rooms = new Map<number, Map<number, Set<Session>>>();
  readonly #dirty = new Set<Session>();
  #count = 0;
  #lastId = 0;
  #planned = false;

  get count(): number {
    return this.#count;
  }

  /** For a new connection, of whatever family: never the same in this life of the daemon. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  add(session: Session): void {
    let users = this.#apps.get(session.appid);
    if (users === undefined) {
      users = new Map();
      this.#apps.set(session.appid, users);
    }
    const own = users.get(session.uid);
    // Replaced, not changed: somebody may be walking over it.
    users.set(session.uid, own === undefined ? [session] : [...own, session]);
    this.#count += 1;
  }

  remove(session: Session): void {
    const users = this.#apps.get(session.appid);
    const own = users?.get(session.uid);
    if (users === undefined || own === undefined || !own.includes(session)) return;
    const left = own.filter((one) => one !== session);
    if (left.length > 0) users.set(session.uid, left);
    else users.delete(session.uid);
    if (users.size === 0) this.#apps.delete(session.appid);
    this.#dirty.delete(session);
    this.#count -= 1;
  }

  of(appid: number, uid: number): readonly Session[] {
    return this.#apps.get(appid)?.get(uid) ?? none;
  }

  isOnline(appid: number, uid: number): boolean {
    return this.of(appid, uid).length > 0;
  }

  /** The users of an application who are connected. */
  users(appid: number): Iterable<number> {
    return this.#apps.get(appid)?.keys() ?? [];
  }

  *all(): Iterable<Session> {
    for (const users of this.#apps.values()) for (const own of users.values()) yield* own;
  }

  /** Has the session written soon: when all that is being delivered now has been handed to it. */
  touch(session: Session): void {
    this.#dirty.add(session);
    if (this.#planned) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      const dirty = [...this.#dirty];
      this.#dirty.clear();
      for (const one of dirty) one.flush();
    });
  }

  enterRoom(session: Session, room: number): void {
    let rooms = this.#rooms.get(session.appid);
    if (rooms === undefined) {
      rooms = new Map();
      this.#rooms.set(session.appid, rooms);
    }
    const inside = rooms.get(room);
    if (inside === undefined) rooms.set(room, new Set([session]));
    else inside.add(session);
  }

  leaveRoom(session: Session, room: number): void {
    const rooms = this.#rooms.get(session.appid);
    const inside = rooms?.get(room);
    inside?.delete(session);
    if (inside?.size === 0) rooms?.delete(room);
    if (rooms?.size === 0) this.#rooms.delete(session.appid);
  }

  inRoom(appid: number, room: number): ReadonlySet<Session> {
    return this.#rooms.get(appid)?.get(room) ?? new Set();
  }
}
