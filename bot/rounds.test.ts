import { expect, it } from 'vitest';
import { createLogger } from '../config/logger.ts';
import { VirtualClock } from './clock.ts';
import { Rounds } from './rounds.ts';

const hour = 3_600_000;

function rounds(run: () => Promise<unknown>) {
  const clock = new VirtualClock();
  const lines: string[] = [];
  const logger = createLogger('error', { write: (line: string) => lines.push(line) });
  return { clock, lines, rounds: new Rounds({ clock, logger, run, failed: 'old rows stay' }) };
}

it('comes each hour, also after one that failed, and no more once it is stopped', async () => {
  let count = 0;
  const rig = rounds(async () => {
    count += 1;
    if (count === 1) throw new Error('busy');
  });
  rig.rounds.start();
  rig.rounds.start();
  await rig.clock.advance(hour - 1);
  expect(count).toBe(0);
  await rig.clock.advance(1);
  expect(rig.lines.map((line) => JSON.parse(line).msg)).toEqual(['old rows stay']);
  await rig.clock.advance(hour);
  expect(count).toBe(2);
  await rig.rounds.stop();
  rig.rounds.start();
  await rig.clock.advance(5 * hour);
  expect(count).toBe(2);
});

it('waits for a round that is longer, and a stop waits for it too', async () => {
  let begun = 0;
  let ended = 0;
  let end = (): void => {};
  const rig = rounds(async () => {
    begun += 1;
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    ended += 1;
  });
  rig.rounds.start();
  await rig.clock.advance(hour);
  expect(begun).toBe(1);
  await rig.clock.advance(hour);
  expect(begun).toBe(1);
  const stopped = rig.rounds.stop();
  expect(rig.rounds.stopped).toBe(true);
  end();
  await stopped;
  expect([begun, ended]).toEqual([1, 1]);
});
