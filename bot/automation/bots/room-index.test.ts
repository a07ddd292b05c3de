import { expect, test } from 'vitest';
import { RoomIndex } from './room-index.ts';

const members = [{ id: 'm1', name: 'Mo' }];

test('a room is found by id, topic and former topic; a topic of two is ambiguous', () => {
  const index = new RoomIndex();
  expect(index.put({ id: 'a', topic: 'Team', members }, 1)).toBe(true);
  expect(index.put({ id: 'a', topic: 'Team', members: [...members] }, 2)).toBe(false);
  expect(index.find({ id: 'a' })).toMatchObject({ found: 'room', room: { lastSeen: 2 } });
  expect(index.find({ topic: 'team' })).toBeUndefined();
  expect(index.find({ topic: 'Team ' })).toBeUndefined();

  expect(index.rename('a', 'Crew', 3)).toBe(true);
  expect(index.find({ topic: 'Crew' })).toMatchObject({ found: 'room', room: { id: 'a' } });
  expect(index.find({ topic: 'Team' })).toMatchObject({
    found: 'renamed',
    room: { topic: 'Crew' },
  });

  index.put({ id: 'b', topic: 'Team', members }, 4);
  expect(index.find({ topic: 'Team' })).toMatchObject({ found: 'room', room: { id: 'b' } });
  index.put({ id: 'c', topic: 'Team', members }, 5);
  expect(index.find({ topic: 'Team' })).toMatchObject({
    found: 'ambiguous',
    rooms: [{ id: 'b' }, { id: 'c' }],
  });
  expect(index.drop('b')).toBe(true);
  expect(index.find({ topic: 'Team' })).toMatchObject({ found: 'room', room: { id: 'c' } });
  expect(index.byId('b')).toBeUndefined();
  expect(index.list().map((room) => room.id)).toEqual(['a', 'c']);
});

test('a room that comes back keeps its history', () => {
  const index = new RoomIndex();
  index.put({ id: 'a', topic: 'One', members }, 1);
  index.drop('a');
  expect(index.row('a')).toMatchObject({ gone: true, firstSeen: 1 });
  expect(index.put({ id: 'a', topic: 'Two', members }, 9)).toBe(true);
  expect(index.byId('a')).toMatchObject({ firstSeen: 1, lastSeen: 9, formerTopics: ['One'] });
  index.rename('a', 'One', 10);
  expect(index.byId('a')?.formerTopics).toEqual(['Two']);
});

test('views that were handed out do not change', () => {
  const index = new RoomIndex();
  index.put({ id: 'a', topic: 'One', members }, 1);
  const view = index.byId('a');
  index.rename('a', 'Two', 2);
  expect(view?.topic).toBe('One');
});
