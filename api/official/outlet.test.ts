import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Outlet } from './outlet.ts';

class Counter {
  written = 0;

  flush(): void {
    this.written += 1;
  }
}

describe('an outlet', () => {
  it('writes what came together at once, and very many in turns of some hundred', async () => {
    const outlet = new Outlet();
    const one = new Counter();
    for (let at = 0; at < 10; at += 1) outlet.touch(one);
    expect(one.written).toBe(0);
    await Promise.resolve();
    expect(one.written).toBe(10);

    for (let at = 0; at < 1800; at += 1) outlet.touch(one);
    const seen: number[] = [];
    await Promise.resolve();
    for (let at = 0; at < 4; at += 1) {
      seen.push(one.written - 10);
      // What comes meanwhile goes after them.
      if (at === 0) outlet.touch(one);
      await turn();
    }
    expect(seen).toEqual([500, 1000, 1500, 1801]);
    await turn();
    outlet.touch(one);
    await Promise.resolve();
    expect(one.written).toBe(1812);
  });

  it('writes the rest at once where it has to', () => {
    const outlet = new Outlet();
    const one = new Counter();
    for (let at = 0; at < 1200; at += 1) outlet.touch(one);
    outlet.drain();
    expect(one.written).toBe(1200);
  });
});
