import { expect, test } from 'vitest';
import { type Clock, type Timer, VirtualClock } from '../../../clock.ts';
import { Liveness } from './liveness.ts';

test('asks every 15 s; an event is an answer, silence for 4 s is the end', async () => {
  const clock = new VirtualClock();
  const asked: number[] = [];
  const dead: string[] = [];
  let answers = true;
  const liveness = new Liveness({
    clock,
    ask: async () => {
      asked.push(clock.now());
      if (answers) setImmediate(() => liveness.noteEvent());
    },
    onDead: (reason) => dead.push(reason),
  });
  const began = clock.now();
  liveness.start();
  await clock.advance(50_000, turns);
  expect(asked.map((at) => at - began)).toEqual([15_000, 30_000, 45_000]);
  answers = false;
  await clock.advance(13_999, turns);
  expect(dead).toEqual([]);
  await clock.advance(1, turns);
  expect(dead).toEqual(['no dong within 4 s']);
  await clock.advance(60_000, turns);
  expect(asked).toHaveLength(4);
});

test('a question that cannot be put is the end at once', async () => {
  const clock = new VirtualClock();
  const dead: string[] = [];
  const liveness = new Liveness({
    clock,
    ask: () => Promise.reject(new Error('no way out')),
    onDead: (reason) => dead.push(reason),
  });
  liveness.start();
  await clock.advance(15_000, turns);
  expect(dead).toEqual(['no way out']);
});

test('a ping wants a dong; other events do not count', async () => {
  const clock = new VirtualClock();
  const liveness = new Liveness({ clock, ask: async () => {}, onDead: () => {} });
  const first = liveness.check('dong');
  liveness.noteEvent();
  liveness.noteDong();
  await first;
  const second = liveness.check('dong').catch((error: unknown) => error);
  liveness.noteEvent();
  await clock.advance(4_000, turns);
  expect(await second).toMatchObject({ fault: 'offline' });
});

test('when this process stood still, the answer gets its time after all', async () => {
  const planned: { at: number; work: () => void }[] = [];
  let now = 0;
  const clock: Clock = {
    now: () => now,
    after: (ms, work): Timer => {
      const one = { at: now + ms, work };
      planned.push(one);
      return { cancel: () => void planned.splice(planned.indexOf(one), 1) };
    },
    sleep: () => Promise.resolve(),
  };
  const liveness = new Liveness({ clock, ask: async () => {}, onDead: () => {} });
  const check = liveness.check('any');
  await turns();
  // Frozen for a minute: the timer fires late, and the answer waits unread in a socket.
  now = 60_000;
  planned.shift()?.work();
  await turns();
  liveness.noteEvent();
  await expect(check).resolves.toBeUndefined();
  expect(planned).toEqual([]);
});

async function turns(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
