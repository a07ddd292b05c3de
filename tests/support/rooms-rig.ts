import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { LiveRooms, type RoomSource } from '../../bot/automation/bots/room-directory.ts';
import { DriverError, type DriverRoom } from '../../bot/automation/driver.ts';
import { VirtualClock } from '../../bot/clock.ts';
import { createLogger } from '../../config/logger.ts';
import { BotStore } from '../../store/bots.ts';
import { migrate } from '../../store/migrator.ts';
import { RoomStore } from '../../store/rooms.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';

/** A WeChat whose answers are given by hand: every complete list waits until it is told to come. */
class World implements RoomSource {
  readonly rooms_ = new Map<string, DriverRoom>();
  /** Topics of all rooms after each change. */
  readonly history: string[][] = [[]];
  readonly asked: {
    snapshot: DriverRoom[] | undefined;
    resolve: (rooms: DriverRoom[]) => void;
    reject: (error: Error) => void;
  }[] = [];
  reads: 'good' | 'reject' = 'good';
  readCount = 0;
  #ids = 0;

  create(topic: string): string {
    this.#ids += 1;
    const id = `r${this.#ids}`;
    this.set(id, topic);
    return id;
  }

  set(id: string, topic: string): void {
    this.rooms_.set(id, { id, topic, members: [] });
    this.#note();
  }

  remove(id: string): void {
    this.rooms_.delete(id);
    this.#note();
  }

  idsOf(topic: string): string[] {
    return this.list()
      .filter((room) => room.topic === topic)
      .map((room) => room.id);
  }

  list(): DriverRoom[] {
    return [...this.rooms_.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  rooms(): Promise<DriverRoom[]> {
    return new Promise((resolve, reject) => {
      this.asked.push({ snapshot: undefined, resolve, reject });
    });
  }

  room(id: string): Promise<DriverRoom> {
    this.readCount += 1;
    if (this.reads === 'reject') return Promise.reject(new Error('unreachable'));
    const room = this.rooms_.get(id);
    return room === undefined
      ? Promise.reject(new DriverError('absent', 'no such room'))
      : Promise.resolve(room);
  }

  /** The list that is asked for is as of now, however late it arrives. */
  snapshot(): void {
    for (const ask of this.asked) ask.snapshot ??= this.list();
  }

  answer(): void {
    const ask = this.asked.shift();
    ask?.resolve(ask.snapshot ?? this.list());
  }

  fail(): void {
    this.asked.shift()?.reject(new Error('unreachable'));
  }

  #note(): void {
    this.history.push(this.list().map((room) => room.topic));
  }
}

interface RoomsRig {
  clock: VirtualClock;
  world: World;
  rooms: LiveRooms;
  synced: () => number;
}

/** A store for all tests of a file; the function opens the rooms of a bot, by default a new one. */
export function useRooms(): (botcode?: string, minInterval?: number) => Promise<RoomsRig> {
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-rooms-'));
  const logger = createLogger('silent');
  let db: SqliteDatabase;
  let bots = 0;
  beforeAll(async () => {
    const sync = (_fd: number, done: (error: Error | null) => void): void => {
      setImmediate(() => done(null));
    };
    db = new SqliteDatabase({ file: join(folder, 'wxrc.db'), sync });
    await migrate(db, { now: 0 });
  });
  afterAll(async () => {
    await db.close();
    rmSync(folder, { recursive: true, force: true });
  });

  return async (botcode = `b${bots++}`, minInterval = 0) => {
    const clock = new VirtualClock();
    const row = { settings: '{}', sealed: undefined, source: 'admin', desired: 'on' } as const;
    await db.transaction((tx) =>
      new BotStore(db).put(tx, { botcode, accountId: undefined, ...row }, clock.now()),
    );
    let synced = 0;
    const rooms = new LiveRooms({
      botcode,
      db,
      store: new RoomStore(db),
      clock,
      logger,
      random: () => 0.5,
      minInterval: () => minInterval,
      onChange: () => {},
      onSynced: () => {
        synced += 1;
      },
    });
    await rooms.load();
    return { clock, world: new World(), rooms, synced: () => synced };
  };
}

export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
}
