import { describe, expect, test } from 'vitest';
import { settle, useRooms } from '../../../tests/support/rooms-rig.ts';
import type { DriverRoom } from '../driver.ts';

const open = useRooms();

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
