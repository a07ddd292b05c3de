import type { Logger } from '../../../config/logger.ts';
import type { Database } from '../../../store/database.ts';
import type { RoomStore } from '../../../store/rooms.ts';
import type { Clock } from '../../clock.ts';
import { within } from '../../deadline.ts';
import { DriverError, type DriverRoom } from '../driver.ts';
import type { RoomDirectory, RoomResolution, RoomView } from './bot-port.ts';
import { RoomIndex, type RoomTarget } from './room-index.ts';
import { RoomReads } from './room-reads.ts';

/** The logged-in account as far as rooms go; a new object for every login. */
export interface RoomSource {
  rooms(): Promise<DriverRoom[]>;
  room(id: string): Promise<DriverRoom>;
}

export interface LiveRoomsOptions {
  botcode: string;
  db: Database;
  store: RoomStore;
  clock: Clock;
  logger: Logger;
  random: () => number;
  /** Least time between the beginnings of two complete syncs, in ms. */
  minInterval: () => number;
  onChange: () => void;
  /** A complete sync finished: the account answers, and its rooms are known. */
  onSynced: () => void;
}

const syncLimit = 60_000;
const roomLimit = 30_000;
const period = 600_000;
const retry = { first: 1000, cap: 10_000, later: 30_000 };

/** What events said of a room during a sync. `unread`: nobody has read it since. */
type Touched = Map<string, { gone: boolean; unread: boolean }>;

/**
 * The rooms of one bot, kept over restarts. It says `absent` only when a complete sync that began
 * after the question did not show the room; never because asking failed, as wechaty's own look-up
 * does.
 */
export class LiveRooms implements RoomDirectory {
  readonly #options: LiveRoomsOptions;
  readonly #index = new RoomIndex();
  #source: RoomSource | undefined;
  #detached = new AbortController();
  #generation = 0;
  #syncedAt: number | undefined;
  /** Rooms whose change is not on disk yet. */
  readonly #unsaved = new Set<string>();
  /** The sync that has not begun: whoever asks now may rely on it. */
  #planned: Promise<boolean> | undefined;
  #running: Promise<boolean> = Promise.resolve(false);
  #lastBegun = Number.NEGATIVE_INFINITY;
  /** Rooms that events told of while a sync is under way: its list may be older than they are. */
  #touched: Touched | undefined;
  readonly #reads = new RoomReads();

  constructor(options: LiveRoomsOptions) {
    this.#options = options;
  }

  /** When the last complete sync finished, in this run or a former one. */
  get syncedAt(): number | undefined {
    return this.#syncedAt;
  }

  async load(): Promise<void> {
    const known = await this.#options.store.load(this.#options.botcode);
    this.#index.load(known.rooms);
    this.#generation = known.generation;
    this.#syncedAt = known.syncedAt;
  }

  list(): RoomView[] {
    return this.#index.list();
  }

  byId(id: string): RoomView | undefined {
    return this.#index.byId(id);
  }

  lookUp(target: RoomTarget): RoomResolution {
    return this.#index.find(target) ?? { found: 'not-ready' };
  }

  async prove(target: RoomTarget, withinMs: number, fresh = false): Promise<RoomResolution> {
    const known = this.#index.find(target);
    // A former topic may by now be that of a room nobody told us of.
    if (known !== undefined && known.found !== 'renamed' && !fresh) return known;
    if (this.#source === undefined) return known ?? { found: 'not-ready' };
    const { clock } = this.#options;
    const proven = await within(clock, withinMs, () => this.sync()).catch(() => false);
    if (fresh && !proven) return { found: 'not-ready' };
    const found = this.#index.find(target);
    if (found !== undefined) return found;
    if (!proven || this.#syncedAt === undefined) return { found: 'not-ready' };
    return { found: 'absent', syncedAt: this.#syncedAt };
  }

  /** Logged in: syncs now, again when it fails, and every ten minutes. */
  attach(source: RoomSource): void {
    this.detach();
    this.#source = source;
    this.#detached = new AbortController();
    void this.#keepSynced(source, this.#detached.signal);
  }

  /** The account is not there any more; what is known stays for looking up. */
  detach(): void {
    this.#source = undefined;
    this.#detached.abort();
    this.#planned = undefined;
    this.#running = Promise.resolve(false);
    this.#lastBegun = Number.NEGATIVE_INFINITY;
    this.#touched = undefined;
    this.#reads.clear();
  }

  /** Forgets every room: another account, or ids that hold for one login only. */
  clear(): void {
    const { db, store, botcode, logger } = this.#options;
    this.#index.clear();
    this.#unsaved.clear();
    this.#syncedAt = undefined;
    db.transaction((tx) => store.clear(tx, botcode)).catch((error: unknown) =>
      logger.error({ err: error }, 'old rooms could not be removed'),
    );
    this.#options.onChange();
  }

  /** Resolves with whether a complete sync that began after this call finished. Never rejects. */
  sync(): Promise<boolean> {
    const source = this.#source;
    if (source === undefined) return Promise.resolve(false);
    if (this.#planned === undefined) {
      const planned = this.#begin(source, this.#detached.signal).then((begin) => {
        if (this.#planned === planned) this.#planned = undefined;
        return begin ? this.#running : false;
      });
      this.#planned = planned;
    }
    return this.#planned;
  }

  /** Something about the room changed. */
  onRoomEvent(event: { roomId: string; topic: string | undefined; gone: boolean }): void {
    const { roomId, topic, gone } = event;
    const now = this.#options.clock.now();
    this.#touched?.set(roomId, { gone, unread: !gone });
    if (gone) {
      if (this.#index.drop(roomId)) this.#changed([roomId]);
      return;
    }
    if (topic !== undefined && this.#index.rename(roomId, topic, now)) this.#changed([roomId]);
    void this.#read(roomId);
  }

  /** Waits for the sync before this one and for the least interval, then begins. */
  async #begin(source: RoomSource, signal: AbortSignal): Promise<boolean> {
    const { clock, minInterval } = this.#options;
    await this.#running;
    const pause = this.#lastBegun + minInterval() - clock.now();
    if (pause > 0) await clock.sleep(pause, signal);
    if (this.#source !== source) return false;
    this.#lastBegun = clock.now();
    this.#running = this.#sync(source);
    return true;
  }

  async #sync(source: RoomSource): Promise<boolean> {
    const { clock, logger } = this.#options;
    const touched: Touched = new Map();
    this.#touched = touched;
    try {
      const list = await within(clock, syncLimit, () => source.rooms());
      if (this.#source !== source) return false;
      if (!list.every(isRoom)) throw new Error('the driver listed something that is no room');
      const changed = this.#apply(list, touched);
      this.#generation += 1;
      this.#syncedAt = clock.now();
      this.#changed(changed, true);
    } catch (error) {
      logger.info({ err: error }, 'rooms could not be synced');
      return false;
    } finally {
      if (this.#touched === touched) this.#touched = undefined;
    }
    this.#options.onSynced();
    // What events told of meanwhile belongs to the proof.
    const unread = [...touched].filter(([, event]) => event.unread);
    const read = await Promise.all(unread.map(([id]) => this.#read(id)));
    return this.#source === source && read.every(Boolean);
  }

  /** @returns ids of rooms that changed */
  #apply(list: readonly DriverRoom[], touched: Touched): string[] {
    const now = this.#options.clock.now();
    const listed = new Set<string>();
    const changed: string[] = [];
    for (const room of list) {
      listed.add(room.id);
      const event = touched.get(room.id);
      // The list may be older than the event; what it says is better than nothing only.
      if (event !== undefined && (event.gone || this.#index.byId(room.id) !== undefined)) continue;
      if (this.#index.put(room, now)) changed.push(room.id);
    }
    for (const { id } of this.#index.list()) {
      if (listed.has(id) || touched.has(id)) continue;
      if (this.#index.drop(id)) changed.push(id);
    }
    return changed;
  }

  /** Reads one room again; callers before the read begins share it. False: it could not be read. */
  #read(id: string): Promise<boolean> {
    const source = this.#source;
    if (source === undefined) return Promise.resolve(false);
    return this.#reads.read(id, () => this.#readNow(source, id));
  }

  async #readNow(source: RoomSource, id: string): Promise<boolean> {
    if (this.#source !== source) return false;
    const { clock, logger } = this.#options;
    try {
      const room = await within(clock, roomLimit, () => source.room(id));
      if (this.#source !== source) return false;
      this.#touched?.set(id, { gone: false, unread: false });
      if (this.#index.put(room, clock.now())) this.#changed([id]);
      return true;
    } catch (error) {
      if (this.#source !== source) return false;
      if (error instanceof DriverError && error.fault === 'absent') {
        this.#touched?.set(id, { gone: true, unread: false });
        if (this.#index.drop(id)) this.#changed([id]);
        return true;
      }
      logger.info({ err: error, roomId: id }, 'a room could not be read');
      return false;
    }
  }

  async #keepSynced(source: RoomSource, signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    let pause: number = retry.first;
    let once = false;
    while (!signal.aborted && this.#source === source) {
      const before = this.#generation;
      await this.sync();
      const synced = this.#generation > before;
      once ||= synced;
      if (synced) await clock.sleep(period * (0.9 + random() / 5), signal);
      else if (once) await clock.sleep(retry.later, signal);
      else {
        await clock.sleep(pause, signal);
        pause = Math.min(pause * 2, retry.cap);
      }
    }
  }

  /** Writes what changed; a failing write is made up for by the next one. */
  #changed(ids: readonly string[], finished = false): void {
    const { db, store, botcode, logger } = this.#options;
    for (const id of ids) this.#unsaved.add(id);
    const rows = [...this.#unsaved].flatMap((id) => this.#index.row(id) ?? []);
    this.#unsaved.clear();
    const generation = this.#generation;
    const at = this.#syncedAt;
    db.transaction(async (tx) => {
      await store.save(tx, botcode, rows, generation);
      if (finished && at !== undefined) await store.finishSync(tx, botcode, generation, at);
    }).catch((error: unknown) => {
      for (const row of rows) this.#unsaved.add(row.roomId);
      logger.error({ err: error }, 'rooms could not be written');
    });
    if (ids.length > 0 || finished) this.#options.onChange();
  }
}

/** Drivers are held to their word at the one place where a wrong one would cost rooms. */
function isRoom(room: DriverRoom): boolean {
  return (
    typeof room.id === 'string' && typeof room.topic === 'string' && Array.isArray(room.members)
  );
}
