import fc from 'fast-check';
import { expect, test } from 'vitest';
import { settle, useRooms } from '../../../tests/support/rooms-rig.ts';
import type { RoomResolution } from './bot-port.ts';

const open = useRooms();

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
