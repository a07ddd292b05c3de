import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { DriverError } from '../bot/automation/driver.ts';
import type { Pacing } from '../config/config.ts';
import { SendRig } from './support/send-rig.ts';

let rig: SendRig;
afterEach(async () => {
  expect(rig.log).not.toMatch(/"level":(50|60)/);
  await rig.close();
});

/** Accepts many in one transaction. */
async function many(count: number, chid: string, topic: (i: number) => string): Promise<void> {
  await rig.db.transaction(async (tx) => {
    for (let i = 0; i < count; i += 1) {
      const target = { kind: 'room', topic: topic(i) } as const;
      await rig.sends.accept(tx, await rig.sends.prepare(rig.draft({ chid, target })));
    }
  });
}

describe('order', () => {
  test('of a room is the order of acceptance, whatever happens in between', async () => {
    const rooms = ['hall', 'attic', 'late', 'new hall'];
    const idOf = (room: string): string => `${room.replace('new ', '')}@chatroom`;
    const act = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...rooms).map((room) => ({ do: 'send', room })) },
      { weight: 1, arbitrary: fc.constant({ do: 'offline' }) },
      { weight: 1, arbitrary: fc.constant({ do: 'online' }) },
      { weight: 1, arbitrary: fc.constant({ do: 'find' }) },
      { weight: 1, arbitrary: fc.constant({ do: 'rename' }) },
      { weight: 1, arbitrary: fc.constant({ do: 'restart' }) },
      { weight: 1, arbitrary: fc.constant({ do: 'stumble' }) },
      { weight: 1, arbitrary: fc.constant({ do: 'pause' }) },
    ) as fc.Arbitrary<{ do: string; room?: string }>;
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 40 }), async (acts) => {
        rig = await SendRig.open();
        rig.bot.room('attic');
        rig.bot.sync = 'not-ready';
        let stumble = false;
        rig.bot.answer = () => {
          if (!stumble) return undefined;
          stumble = false;
          return Promise.reject(new DriverError('offline', 'stumbled'));
        };
        const accepted = new Map<string, number[]>(rooms.map((room) => [idOf(room), []]));
        const rename = (): void => {
          const hall = rig.bot.directory.get('hall@chatroom');
          if (hall?.topic !== 'hall') return;
          Object.assign(hall, { topic: 'new hall', formerTopics: ['hall'] });
        };
        for (const { do: what, room } of acts) {
          // Under a name that the room does not have yet nobody can know that it is the same.
          const isRenamed = rig.bot.directory.get('hall@chatroom')?.topic === 'new hall';
          if (what === 'send' && room === 'new hall' && !isRenamed) continue;
          if (what === 'send' && room !== undefined) {
            accepted.get(idOf(room))?.push(await rig.text('x', room));
          } else if (what === 'offline') rig.bot.setReady(false);
          else if (what === 'online') rig.bot.setReady(true);
          else if (what === 'stumble') stumble = true;
          else if (what === 'pause') await rig.pass(500);
          else if (what === 'restart') await rig.restart();
          else {
            if (what === 'rename') rename();
            else rig.bot.room('late');
            rig.bot.roomsChanged();
          }
        }
        rename();
        rig.bot.room('late');
        rig.bot.setReady(true);
        rig.bot.roomsChanged();
        await rig.pass(120_000);
        for (const [id, msgids] of accepted) {
          const own = rig.bot.seen.filter((one) => one.to.id === id);
          expect([...new Set(own.map((one) => Number(one.ref)))]).toEqual(msgids);
        }
        await rig.close();
      }),
      { numRuns: 60, endOnFailure: true },
    );
    rig = await SendRig.open();
  });

  test('a topic accepted before its room was known goes before what came by id', async () => {
    rig = await SendRig.open();
    rig.bot.setReady(false);
    const id = 'late@chatroom';
    for (let i = 0; i < 2500; i += 1) {
      const target = i % 2 === 0 ? { topic: 'late' } : { id };
      await rig.send({ target: { kind: 'room', ...target } });
    }
    rig.bot.room('late');
    rig.bot.setReady(true);
    await rig.until('all left', () => rig.bot.seen.length === 2500);
    const refs = rig.bot.seen.map((one) => Number(one.ref));
    expect(refs).toEqual(refs.toSorted((a, b) => a - b));
  });
});

describe('fairness', () => {
  test('a channel with 10,000 waiting holds up no other one', async () => {
    const pacing: Pacing = { perMinute: 60, perRoomPerMinute: 0, jitterMs: [0, 0] };
    rig = await SendRig.open({ pacing });
    rig.bot.setReady(false);
    for (let i = 0; i < 50; i += 1) rig.bot.room(`noisy ${i}`);
    rig.bot.room('quiet');
    await many(10_000, 'noisy', (i) => `noisy ${i % 50}`);
    await many(1, 'quiet', () => 'quiet');
    rig.bot.setReady(true);
    await rig.until('the quiet one', () =>
      rig.bot.seen.some((one) => one.to.id === 'quiet@chatroom'),
    );
    expect(rig.bot.seen.length).toBeLessThanOrEqual(6);
  });

  test('a room with much to say holds up no other room of its channel', async () => {
    const pacing: Pacing = { perMinute: 60, perRoomPerMinute: 0, jitterMs: [0, 0] };
    rig = await SendRig.open({ pacing });
    rig.bot.setReady(false);
    rig.bot.room('attic');
    await many(1000, 'demo', () => 'hall');
    await many(3, 'demo', () => 'attic');
    rig.bot.setReady(true);
    await rig.until('the attic', () => {
      return rig.bot.seen.filter((one) => one.to.id === 'attic@chatroom').length === 3;
    });
    expect(rig.bot.seen.length).toBeLessThanOrEqual(10);
  });

  test('rooms go side by side, but few at once, and one that hangs holds up no other', async () => {
    rig = await SendRig.open();
    for (let i = 0; i < 10; i += 1) rig.bot.room(`r${i}`);
    rig.bot.answer = ({ to }) => (to.id === 'r0@chatroom' ? new Promise(() => {}) : undefined);
    await many(100, 'demo', (i) => `r${i % 10}`);
    await rig.until('the others', () => rig.bot.seen.length === 91);
    rig.bot.answer = () => new Promise(() => {});
    await many(10, 'demo', (i) => `r${i}`);
    await rig.settle();
    // Three places are left beside the one that hangs.
    expect(rig.bot.seen.length).toBe(94);
  });

  test('a bot that hangs holds up no other bot', async () => {
    rig = await SendRig.open({ botcodes: ['bot01', 'bot02'] });
    rig.bot.answer = () => new Promise(() => {});
    for (let i = 0; i < 20; i += 1) {
      rig.bot.room(`r${i}`);
      await rig.text('x', `r${i}`);
    }
    await rig.text('y', 'hall', { botcode: 'bot02' });
    await rig.settle();
    expect(rig.bots.get('bot02')?.seen).toHaveLength(1);
  });

  test('a room whose budget is used up leaves the others theirs', async () => {
    const pacing: Pacing = { perMinute: 0, perRoomPerMinute: 2, jitterMs: [0, 0] };
    rig = await SendRig.open({ pacing });
    rig.bot.room('attic');
    await many(5, 'demo', () => 'hall');
    await many(2, 'demo', () => 'attic');
    await rig.settle();
    expect(rig.bot.seen).toHaveLength(4);
    await rig.pass(61_000);
    expect(rig.bot.seen).toHaveLength(6);
    await rig.pass(61_000);
    expect(rig.bot.seen).toHaveLength(7);
  });
});

describe('pacing', () => {
  const pacing: Pacing = { perMinute: 10, perRoomPerMinute: 4, jitterMs: [200, 1000] };

  test('holds at WeChat, over restarts and whatever comes', async () => {
    rig = await SendRig.open({ pacing, random: mulberry(7) });
    rig.bot.room('attic');
    for (let i = 0; i < 60; i += 1) {
      await rig.text(`${i}`, i % 3 === 0 ? 'attic' : 'hall');
      if (i % 7 === 0) await rig.pass(i * 300);
      if (i % 20 === 19) await rig.restart();
    }
    await rig.pass(1_500_000);
    const { seen } = rig.bot;
    expect(seen).toHaveLength(60);
    const times = seen.map((one) => one.at);
    expect(mostIn(times)).toBeLessThanOrEqual(10);
    for (const id of ['hall@chatroom', 'attic@chatroom']) {
      const own = seen.filter((one) => one.to.id === id).map((one) => one.at);
      expect(mostIn(own)).toBeLessThanOrEqual(4);
      expect(mostIn(own)).toBeGreaterThan(1);
    }
    for (const [index, at] of times.entries()) {
      if (index > 0) expect(at - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(200);
    }
  });

  test('tells when a send will leave', async () => {
    rig = await SendRig.open({ pacing });
    const now = rig.clock.now();
    const msgids: number[] = [];
    for (let i = 0; i < 30; i += 1) msgids.push(await rig.text(`${i}`));
    await rig.settle();
    const expected: (number | undefined)[] = [];
    const positions: number[] = [];
    for (const msgid of msgids) {
      const { position, etaMs } = await rig.sends.position(msgid);
      positions.push(position);
      expected.push(etaMs);
    }
    expect(positions).toEqual([0, ...Array.from({ length: 29 }, (_one, i) => i + 1)]);
    await rig.pass(600_000);
    for (const [index, one] of rig.bot.seen.entries()) {
      const rounds = Math.floor(index / 4) + 1;
      expect(Math.abs(one.at - now - (expected[index] ?? -1))).toBeLessThanOrEqual(rounds * 2500);
    }
  });

  test('without budgets the expected time is what sending takes', async () => {
    rig = await SendRig.open();
    rig.bot.answer = async ({ ref }) => {
      await rig.clock.sleep(2000);
      return { messageId: ref };
    };
    const msgids = await Promise.all(Array.from({ length: 30 }, (_one, i) => rig.text(`${i}`)));
    await rig.pass(20_500);
    const { etaMs, position } = await rig.sends.position(msgids.at(-1) ?? 0);
    expect(position).toBe(19);
    // Eighteen before it, two seconds each; one of them is half done.
    expect(etaMs).toBeGreaterThan(20_000);
    expect(etaMs).toBeLessThanOrEqual(36_000);
  });

  test('a bot may have its own, and it changes while it runs', async () => {
    rig = await SendRig.open({ pacing });
    rig.bot.settings.pacing = { perMinute: 0, perRoomPerMinute: 0, jitterMs: [0, 0] };
    await many(30, 'demo', () => 'hall');
    await rig.until('all left', () => rig.bot.seen.length === 30);
    delete rig.bot.settings.pacing;
    await many(30, 'demo', () => 'hall');
    await rig.pass(2000);
    expect(rig.bot.seen.length).toBeLessThan(40);
    rig.sends.setDefaults({ pacing: { perMinute: 0, perRoomPerMinute: 0, jitterMs: [0, 0] } });
    await rig.until('all left', () => rig.bot.seen.length === 60);
  });
});

describe('"too frequent"', () => {
  test('pauses the bot for longer each time, tries with one, and then goes on', async () => {
    rig = await SendRig.open();
    for (let i = 0; i < 8; i += 1) rig.bot.room(`r${i}`);
    rig.bot.answer = () => Promise.reject(new DriverError('rate', 'too frequent'));
    await many(8, 'demo', (i) => `r${i}`);
    await rig.pass(60 * 60_000);
    const start = rig.bot.seen[0]?.at ?? 0;
    // Four were on their way at once; from then on one at a time tries.
    expect(rig.bot.seen.map((one) => (one.at - start) / 60_000)).toEqual([0, 0, 0, 0, 10, 30, 60]);
    rig.bot.answer = () => undefined;
    expect(rig.sends.queue('bot01').held?.en).toContain('too frequent');
    await rig.pass(31 * 60_000);
    expect(rig.bot.seen).toHaveLength(15);
    expect(rig.sends.queue('bot01').length).toBe(0);
    expect(await rig.db.read('SELECT breaker_level FROM bots')).toEqual([{ breaker_level: 0 }]);
  });
});

function mostIn(times: readonly number[]): number {
  return Math.max(
    ...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length),
  );
}

/** Small seeded generator of 0 ≤ x < 1. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
