import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLogger } from '../../../config/logger.ts';
import { BotStore } from '../../../store/bots.ts';
import { migrate } from '../../../store/migrator.ts';
import { RoomStore } from '../../../store/rooms.ts';
import { SqliteDatabase } from '../../../store/sqlite.ts';
import { VirtualClock } from '../../clock.ts';
import { DriverError, type DriverRoom } from '../driver.ts';
import type { RoomResolution } from './bot-port.ts';
import { LiveRooms, type RoomSource } from './room-directory.ts';

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

interface Rig {
  clock: VirtualClock;
  world: World;
  rooms: LiveRooms;
  synced: () => number;
}

async function open(botcode = `b${bots++}`, minInterval = 0): Promise<Rig> {
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
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('look-ups', () => {
  test('without an account nothing is absent', async () => {
    const { rooms } = await open();
    expect(rooms.lookUp({ topic: 'Team' })).toEqual({ found: 'not-ready' });
    expect(await rooms.prove({ topic: 'Team' }, 1000)).toEqual({ found: 'not-ready' });
  });

  test('absent needs a complete sync that began after the question', async () => {
    const { world, rooms, clock } = await open();
    rooms.attach(world);
    await settle();
    world.snapshot();
    // Asked while a sync is under way whose list is older than the room.
    const id = world.create('Team');
    const asked = rooms.prove({ topic: 'Team' }, 1500);
    world.answer();
    await settle();
    world.answer();
    expect(await asked).toMatchObject({ found: 'room', room: { id } });

    const missing = rooms.prove({ id: 'nothing' }, 1500);
    await settle();
    world.answer();
    expect(await missing).toEqual({ found: 'absent', syncedAt: clock.now() });
  });

  test('a sync that fails or comes too late proves nothing', async () => {
    const { world, rooms, clock } = await open();
    rooms.attach(world);
    await settle();
    world.answer();
    await settle();
    const failed = rooms.prove({ topic: 'Team' }, 1500);
    await settle();
    world.fail();
    expect(await failed).toEqual({ found: 'not-ready' });
    const late = rooms.prove({ topic: 'Team' }, 1500);
    await settle();
    await clock.advance(1500);
    expect(await late).toEqual({ found: 'not-ready' });
    // Nor one of an account that left meanwhile.
    const left = rooms.prove({ topic: 'Team' }, 1500);
    await settle();
    rooms.detach();
    world.answer();
    await clock.advance(1500);
    expect(await left).toEqual({ found: 'not-ready' });
  });

  test('a former topic is looked into before it is believed', async () => {
    const { world, rooms } = await open();
    const old = world.create('Team');
    rooms.attach(world);
    await settle();
    world.answer();
    await settle();
    world.set(old, 'Crew');
    rooms.onRoomEvent({ roomId: old, topic: 'Crew', gone: false });
    expect(rooms.lookUp({ topic: 'Team' })).toMatchObject({ found: 'renamed', room: { id: old } });
    // A room of that topic that nobody told of.
    const young = world.create('Team');
    const asked = rooms.prove({ topic: 'Team' }, 1500);
    await settle();
    world.answer();
    expect(await asked).toMatchObject({ found: 'room', room: { id: young } });
  });

  test('callers share a sync, and real drivers are asked every 5 s at most', async () => {
    const { world, rooms, clock } = await open(undefined, 5000);
    rooms.attach(world);
    await settle();
    world.answer();
    await settle();
    const asked = ['a', 'b', 'c'].map((topic) => rooms.prove({ topic }, 8000));
    await settle();
    expect(world.asked.length).toBe(0);
    await clock.advance(5000);
    expect(world.asked.length).toBe(1);
    world.answer();
    for (const one of await Promise.all(asked)) expect(one.found).toBe('absent');
  });
});

describe('syncs', () => {
  test('are repeated until the first succeeds, then every ten minutes', async () => {
    const { world, rooms, clock, synced } = await open();
    rooms.attach(world);
    await settle();
    world.fail();
    await settle();
    await clock.advance(1000);
    world.answer();
    await settle();
    expect(synced()).toBe(1);
    await clock.advance(599_000);
    expect(world.asked.length).toBe(0);
    await clock.advance(1000);
    expect(world.asked.length).toBe(1);
    // One that hangs is given up, and the next comes soon.
    await clock.advance(60_000);
    await settle();
    await clock.advance(30_000);
    expect(world.asked.length).toBe(2);
    rooms.detach();
  });

  test('events that come while a list is under way win over it', async () => {
    const { world, rooms } = await open();
    const stays = world.create('Stays');
    const goes = world.create('Goes');
    rooms.attach(world);
    await settle();
    world.snapshot();
    world.remove(goes);
    rooms.onRoomEvent({ roomId: goes, topic: undefined, gone: true });
    world.set(stays, 'Renamed');
    rooms.onRoomEvent({ roomId: stays, topic: 'Renamed', gone: false });
    const comes = world.create('Comes');
    rooms.onRoomEvent({ roomId: comes, topic: undefined, gone: false });
    await settle();
    world.answer();
    await settle();
    expect(rooms.list().map(({ id, topic }) => ({ id, topic }))).toEqual([
      { id: stays, topic: 'Renamed' },
      { id: comes, topic: 'Comes' },
    ]);
  });

  test('single rooms are read one at a time, a burst of events about one room twice at most', async () => {
    const { world, rooms } = await open();
    const id = world.create('Team');
    rooms.attach(world);
    await settle();
    world.answer();
    await settle();
    for (let count = 0; count < 50; count++) {
      rooms.onRoomEvent({ roomId: id, topic: undefined, gone: false });
    }
    await settle();
    expect(world.readCount).toBeLessThanOrEqual(2);
  });

  test('a list with something in it that is no room changes nothing', async () => {
    const { world, rooms } = await open();
    const id = world.create('Team');
    rooms.attach(world);
    await settle();
    world.answer();
    await settle();
    void rooms.sync();
    await settle();
    world.rooms_.clear();
    world.rooms_.set('x', { id: 'x' } as DriverRoom);
    world.answer();
    await settle();
    expect(rooms.byId(id)).toBeDefined();
    rooms.detach();
  });
});

test('rooms, their former topics and the generation outlive a restart', async () => {
  const first = await open('kept');
  const id = first.world.create('One');
  const gone = first.world.create('Gone');
  first.rooms.attach(first.world);
  await settle();
  first.world.answer();
  await settle();
  first.world.set(id, 'Two');
  first.world.remove(gone);
  void first.rooms.sync();
  await settle();
  first.world.answer();
  await settle();
  first.rooms.detach();

  const second = await open('kept');
  expect(second.rooms.list()).toMatchObject([{ id, topic: 'Two', formerTopics: ['One'] }]);
  expect(second.rooms.lookUp({ topic: 'One' })).toMatchObject({ found: 'renamed' });
  expect(second.rooms.lookUp({ id: gone })).toEqual({ found: 'not-ready' });
  expect(second.rooms.syncedAt).toBe(first.clock.now());
  second.rooms.clear();
  await settle();
  const third = await open('kept');
  expect(third.rooms.list()).toEqual([]);
  expect(third.rooms.syncedAt).toBeUndefined();
});

const topics = ['A', 'B', 'C'] as const;
const topic = fc.constantFrom(...topics);
const heard = fc.constantFrom('told', 'named', 'lost' as const);
const step = fc.oneof(
  fc.record({ do: fc.constant('create' as const), topic, heard }),
  fc.record({ do: fc.constant('rename' as const), which: fc.nat(), topic, heard }),
  fc.record({ do: fc.constant('remove' as const), which: fc.nat(), heard }),
  fc.record({ do: fc.constantFrom('snapshot', 'answer', 'answer', 'fail', 'relogin' as const) }),
  fc.record({ do: fc.constantFrom('reads-fail', 'reads-work', 'time' as const) }),
  fc.record({ do: fc.constantFrom('ask', 'ask', 'look' as const), topic }),
);

test('over all interleavings: absent only when it is, ambiguous with exactly its rooms', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const { world, rooms, clock } = await open();
      rooms.attach(world);
      const open_: Promise<void>[] = [];
      const check = (asked: string, from: number, answer: RoomResolution): void => {
        if (answer.found === 'absent') {
          // At some moment between question and answer no room had that topic.
          const moments = world.history.slice(from);
          expect(moments.some((topicsThen) => !topicsThen.includes(asked))).toBe(true);
        }
        if (answer.found === 'ambiguous') {
          const known = rooms.list();
          const now = known.filter((room) => room.topic === asked);
          const former = known.filter((room) => room.formerTopics.includes(asked));
          const right = now.length > 0 ? now : former;
          expect(new Set(answer.rooms)).toEqual(new Set(right));
          expect(answer.rooms.length).toBeGreaterThan(1);
        }
        if (answer.found === 'room') expect(answer.room.topic).toBe(asked);
        if (answer.found === 'renamed') expect(answer.room.formerTopics).toContain(asked);
      };
      const tell = (how: 'told' | 'named' | 'lost', roomId: string, name: string | undefined) => {
        if (how === 'lost') return;
        const named = how === 'named' ? name : undefined;
        rooms.onRoomEvent({ roomId, topic: named, gone: name === undefined });
      };
      for (const one of steps) {
        const ids = [...world.rooms_.keys()];
        switch (one.do) {
          case 'create':
            tell(one.heard, world.create(one.topic), one.topic);
            break;
          case 'rename':
          case 'remove': {
            const id = ids[one.which % Math.max(1, ids.length)];
            if (id === undefined) break;
            if (one.do === 'remove') {
              world.remove(id);
              tell(one.heard, id, undefined);
            } else {
              world.set(id, one.topic);
              tell(one.heard, id, one.topic);
            }
            break;
          }
          case 'snapshot':
            world.snapshot();
            break;
          case 'answer':
            world.answer();
            break;
          case 'fail':
            world.fail();
            break;
          case 'relogin':
            rooms.attach(world);
            break;
          case 'reads-fail':
          case 'reads-work':
            world.reads = one.do === 'reads-fail' ? 'reject' : 'good';
            break;
          case 'time':
            await clock.advance(700);
            break;
          case 'look':
            check(one.topic, world.history.length - 1, rooms.lookUp({ topic: one.topic }));
            expect(rooms.lookUp({ topic: one.topic }).found).not.toBe('absent');
            break;
          case 'ask': {
            const from = world.history.length - 1;
            const asked = rooms.prove({ topic: one.topic }, 1500);
            open_.push(asked.then((answer) => check(one.topic, from, answer)));
            break;
          }
        }
        await settle();
      }
      await clock.advance(2000);
      await Promise.all(open_);
      // When all is quiet, one sync tells everything.
      world.reads = 'good';
      while (world.asked.length > 0) {
        world.answer();
        await settle();
      }
      void rooms.sync();
      await settle();
      while (world.asked.length > 0) {
        world.answer();
        await settle();
      }
      for (const asked of topics) {
        const right = world.idsOf(asked);
        const answer = rooms.lookUp({ topic: asked });
        if (right.length === 1) expect(answer).toMatchObject({ room: { id: right[0] } });
        if (right.length > 1) {
          expect(answer.found).toBe('ambiguous');
          if (answer.found === 'ambiguous') {
            expect(answer.rooms.map((room) => room.id).sort()).toEqual([...right].sort());
          }
        }
        if (right.length === 0)
          expect(['not-ready', 'renamed', 'ambiguous']).toContain(answer.found);
      }
      rooms.detach();
      await settle();
    }),
    { numRuns: 300 },
  );
});
