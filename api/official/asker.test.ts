import { expect, it } from 'vitest';
import { VirtualClock } from '../../bot/clock.ts';
import { Asker } from './asker.ts';
import { pingMessage } from './frame.ts';

it('very many are asked some at a time, each in its turn, and nobody wakes up for nothing', async () => {
  const clock = new VirtualClock();
  const asker = new Asker(clock);
  expect(clock.next()).toBeUndefined();
  let asked = 0;
  for (let at = 0; at < 2500; at += 1) {
    asker.rest({
      askAgain: () => {
        asked += 1;
      },
    });
  }
  const seen: number[] = [];
  for (let at = 0; at < 4; at += 1) {
    await clock.advance(500);
    seen.push(asked);
  }
  expect(seen).toEqual([1000, 2000, 2500, 2500]);
  expect(clock.next()).toBeUndefined();
});

it('a ping names the message it is about', () => {
  const asker = new Asker(new VirtualClock());
  expect(asker.ping(57)).toEqual(pingMessage('57'));
  expect(asker.ping(57)).toBe(asker.ping(57));
  expect(asker.ping(58)).toEqual(pingMessage('58'));
});
