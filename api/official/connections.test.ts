import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../bot/clock.ts';
import { Connections, type Watched } from './connections.ts';

class Fake implements Watched {
  spoke = 0;
  beats = 0;
  resumed = 0;

  beat(): void {
    this.beats += 1;
  }

  resume(): void {
    this.resumed += 1;
  }

  destroy(): void {}
}

describe('the one timer', () => {
  it('asks each connection once in the time of a heartbeat, from when it came', async () => {
    const clock = new VirtualClock();
    const connections = new Connections(clock, 10_000);
    connections.start();
    const early = Array.from({ length: 700 }, () => new Fake());
    for (const one of early) connections.add(one);
    await clock.advance(4500);
    const late = new Fake();
    connections.add(late);
    await clock.advance(5400);
    expect(early.map((one) => one.beats).some((beats) => beats > 0)).toBe(false);
    await clock.advance(200);
    await turn();
    expect(early.every((one) => one.beats === 1)).toBe(true);
    expect(late.beats).toBe(0);
    await clock.advance(4000);
    expect(late.beats).toBe(1);
    await clock.advance(100_000);
    expect(late.beats).toBe(11);
    for (const one of [...early, late]) connections.delete(one);
    expect(connections.size).toBe(0);
    connections.stop();
    expect(clock.next()).toBeUndefined();
  });

  it('lets those rest that said too much', async () => {
    const clock = new VirtualClock();
    const connections = new Connections(clock, 10_000);
    const one = new Fake();
    connections.rest(one);
    await clock.advance(99);
    expect(one.resumed).toBe(0);
    await clock.advance(1);
    expect(one.resumed).toBe(1);
    expect(clock.next()).toBeUndefined();
  });
});
