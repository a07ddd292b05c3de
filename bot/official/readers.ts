import type { Logger } from '../../config/logger.ts';
import type { Tx } from '../../store/database.ts';
import type { ImCursorStore } from '../../store/im-cursors.ts';
import type { OfficialReaderStore, ReaderRow } from '../../store/official-readers.ts';
import type { Clock, Timer } from '../clock.ts';
import type { Cursors } from '../im/cursors.ts';
import { ownApps, type User } from '../im/message.ts';

/**
 * Who reads an inbox, and how far: a device of a user, or all connections of the user that name
 * none. Connections of one reader share it.
 */
export interface Reader {
  readonly user: User;
  /** Empty: no device named. */
  readonly device: string;
  /** Of the device; 0: none named. */
  number: number;
  /** Number of the message up to which everything has arrived. */
  cursor: number;
  /** It confirms what it gets: nothing else counts as arrived. */
  acks: boolean;
}

/** A connection, and what it has without having said so. */
export interface Taking {
  readonly reader: Reader;
  /** It has said that it never confirms. */
  readonly silent: boolean;
  /** Number of the message up to which everything is with the client: it has answered a ping behind it. */
  taken: number;
  /** The same some time ago: a confirmation would have come by now. */
  settled: number;
  /** Looked after by `Readers`. */
  waiting: boolean;
}

export interface ReadersOptions {
  store: OfficialReaderStore;
  cursors: Pick<Cursors, 'get' | 'getGroup' | 'raiseGroup' | 'clearGroup'>;
  cursorStore: Pick<ImCursorStore, 'raise'>;
  clock: Clock;
  logger: Logger;
  /** Who confirmed something within this time is waited for. */
  rememberMs: number;
}

/** A first confirmation that comes within one or two of these is in time. */
const settleMs = 2000;
const dayMs = 86_400_000;
/** Devices of one user; the one away for longest makes room. */
const mostDevices = 50;

interface Open extends Reader {
  connections: number;
  loading: Promise<void> | undefined;
  /** When the disk was told last that it confirms; 0: never. */
  ackedAt: number;
}

/** How far everybody has read. */
export class Readers {
  readonly #options: ReadersOptions;
  /** Those connected, by uid, or by uid and device. */
  readonly #open = new Map<number | string, Open>();
  readonly #taking = new Set<Taking>();
  #timer: Timer | undefined;
  /** What is being written in the background, by whose it is. */
  readonly #writing = new Map<number | string, Promise<void>>();

  constructor(options: ReadersOptions) {
    this.#options = options;
  }

  /** Resolves when what was begun is on disk. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    await Promise.all(this.#writing.values());
  }

  /** To be followed by one `close`. */
  async open(user: User, device: string): Promise<Reader> {
    const key = keyOf(user, device);
    let reader = this.#open.get(key);
    if (reader === undefined) {
      reader = {
        ...{ user, device, number: 0, cursor: 0, acks: false },
        ...{ connections: 0, loading: undefined, ackedAt: 0 },
      };
      this.#open.set(key, reader);
      reader.loading = this.#load(reader);
    }
    reader.connections += 1;
    try {
      await reader.loading;
    } catch (error) {
      this.close(reader);
      throw error;
    }
    return reader;
  }

  close(reader: Reader): void {
    const key = keyOf(reader.user, reader.device);
    const open = this.#open.get(key);
    if (open !== reader) return;
    open.connections -= 1;
    if (open.connections === 0) this.#open.delete(key);
  }

  /** It says that it has everything up to a message. */
  acked(reader: Reader, id: number): void {
    this.expectAcks(reader);
    this.#raise(reader, id);
    const open = this.#open.get(keyOf(reader.user, reader.device));
    const now = this.#options.clock.now();
    if (open !== reader || now - open.ackedAt < dayMs) return;
    open.ackedAt = now;
    const { user, device, number } = reader;
    this.#put({ uid: user.uid, device, number, ackedAt: now, seenAt: now });
  }

  /** From now on only what is confirmed counts. */
  expectAcks(reader: Reader): void {
    reader.acks = true;
  }

  /** The client has more. */
  took(taking: Taking, id: number): void {
    if (id <= taking.taken) return;
    taking.taken = id;
    if (taking.waiting || !counts(taking)) return;
    taking.waiting = true;
    this.#taking.add(taking);
    this.#timer ??= this.#options.clock.after(settleMs, () => this.#settle());
  }

  /** No confirmation can come any more. */
  left(taking: Taking): void {
    taking.waiting = false;
    this.#taking.delete(taking);
    if (counts(taking)) this.#raise(taking.reader, taking.taken);
  }

  #settle(): void {
    this.#timer = undefined;
    for (const taking of this.#taking) {
      if (counts(taking)) this.#raise(taking.reader, taking.settled);
      const done = !counts(taking) || taking.settled === taking.taken;
      taking.settled = taking.taken;
      if (!done) continue;
      taking.waiting = false;
      this.#taking.delete(taking);
    }
    if (this.#taking.size === 0) return;
    this.#timer = this.#options.clock.after(settleMs, () => this.#settle());
  }

  #raise(reader: Reader, id: number): void {
    if (id <= reader.cursor) return;
    reader.cursor = id;
    this.#options.cursors.raiseGroup(reader.user, reader.number, id);
  }

  async #load(reader: Open): Promise<void> {
    const { store, cursors, clock, rememberMs } = this.#options;
    const { user, device } = reader;
    const now = clock.now();
    // It may have left a moment ago.
    await this.#writing.get(keyOf(user, device));
    const known = await store.find(user.uid, device);
    let row = known;
    if (row === undefined && device !== '') row = await this.#add(user, device, now);
    reader.number = row?.number ?? 0;
    reader.ackedAt = row?.ackedAt ?? 0;
    // Somebody may have said so while it was looked up.
    reader.acks ||= reader.ackedAt > now - rememberMs;
    reader.cursor = await cursors.getGroup(user, reader.number);
    if (known !== undefined && now - known.seenAt > dayMs) {
      this.#put({ ...known, ackedAt: null, seenAt: now });
    }
    reader.loading = undefined;
  }

  /** A device seen for the first time begins where those without one are. */
  async #add(user: User, device: string, now: number): Promise<ReaderRow> {
    const { store, cursors, cursorStore } = this.#options;
    const begins = await cursors.get(user);
    return store.db.transaction(async (tx) => {
      const there = await store.devices(tx, user.uid);
      const numbers = there.map((row) => row.number);
      there.sort((one, other) => one.seenAt - other.seenAt);
      const tooMany = there.slice(0, Math.max(0, there.length + 1 - mostDevices));
      for (const row of tooMany) await this.#forget(tx, row);
      const number = Math.max(0, ...numbers) + 1;
      const row = { uid: user.uid, device, number, ackedAt: null, seenAt: now };
      await store.put(tx, row);
      if (begins > 0) await cursorStore.raise(tx, { ...user, gid: number, seq: begins });
      return row;
    });
  }

  /** Devices that were not seen since a time, some at once. @returns how many there were */
  async forgetOld(before: number, limit: number): Promise<number> {
    const { store } = this.#options;
    return store.db.transaction(async (tx) => {
      const rows = await store.old(tx, before, limit);
      for (const row of rows) await this.#forget(tx, row);
      return rows.length;
    });
  }

  async #forget(tx: Tx, row: ReaderRow): Promise<void> {
    const { store, cursors } = this.#options;
    const user = { appid: ownApps.names, uid: row.uid };
    const open = this.#open.get(keyOf(user, row.device));
    // It is here all the time.
    if (open !== undefined) {
      await store.put(tx, { ...row, seenAt: this.#options.clock.now() });
      return;
    }
    await store.remove(tx, row);
    // How far a user is without a device stays known.
    if (row.number !== 0) await cursors.clearGroup(tx, user, row.number);
  }

  #put(row: ReaderRow): void {
    const { store, logger } = this.#options;
    const key = keyOf({ appid: ownApps.names, uid: row.uid }, row.device);
    const writing = store.db
      .transaction((tx) => store.put(tx, row))
      .catch((error: unknown) => logger.error({ err: error }, 'reader not written'))
      .finally(() => {
        if (this.#writing.get(key) === writing) this.#writing.delete(key);
      });
    this.#writing.set(key, writing);
  }
}

function keyOf({ uid }: User, device: string): number | string {
  return device === '' ? uid : `${uid} ${device}`;
}

/** Whether what a client has without a word of its own counts as arrived. */
export function counts({ reader, silent }: Pick<Taking, 'reader' | 'silent'>): boolean {
  return silent || !reader.acks;
}
