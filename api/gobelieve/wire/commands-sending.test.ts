import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../tests/support/eventually.ts';
import { messageOf, type ScriptedIm } from '../../../tests/support/scripted-im.ts';
import { frame, hex, i32, i64 } from '../../../tests/support/wire-rig.ts';
import { type WireScene, wireScene } from '../../../tests/support/wire-scene.ts';

let scene: WireScene;
let im: ScriptedIm;
let enter: WireScene['enter'];
let asked: WireScene['asked'];

beforeEach(async () => {
  scene = await wireScene();
  ({ im, enter, asked } = scene);
});
afterEach(() => scene.close());

const hi = Buffer.from('hi');
const ok = Buffer.from([0]);
const zeros = Buffer.alloc(16);

/** To user 2, or as the fields say. */
function say(seq: number, fields: { command?: number; sender?: number; receiver?: number } = {}) {
  const { command = 4, sender = 1, receiver = 2 } = fields;
  return frame({ seq, command }, i64(sender), i64(receiver), i32(77), i32(seq * 10), hi);
}

describe('a message', () => {
  it('is acknowledged when it is on disk, with its own key in front', async () => {
    const client = await enter();
    client.send(say(7));
    const [one] = await asked(1);
    if (one === undefined) throw new Error('nothing said');
    expect(one.say).toMatchObject({ appid: 7, sender: 1, receiver: 2, content: hi, clientId: 70 });
    expect(one.say.session).toBe(im.sessionsOf(1)[0]);
    await pause(20);
    expect(client.frames).toEqual([]);
    im.store(one, 12);
    // The reference's own example.
    expect(await client.take(2)).toEqual([
      `000000200000000225020000 ${'000000000000000c000000000000000b'}${'00'.repeat(16)}`,
      '000000050000000305020000 0000000700',
    ]);
  });

  it('has no time in version 0', async () => {
    const client = await enter({ version: 0 });
    client.send(frame({ seq: 2, command: 4, version: 0 }, i64(1), i64(2), i32(5), hi));
    const [one] = await asked(1);
    expect(one?.say).toMatchObject({ clientId: 5, content: hi });
    if (one !== undefined) im.store(one, 1);
    expect(await client.take(2)).toEqual([
      hex({ seq: 2, command: 37, version: 0 }, i64(1), i64(0), zeros),
      hex({ seq: 3, command: 5, version: 0 }, i32(2)),
    ]);
  });

  it('waits unread while too many others wait for the disk', async () => {
    const client = await enter();
    client.send(...Array.from({ length: 600 }, (_, at) => say(at + 2)));
    client.send(say(602));
    await eventually('those that may wait', () => im.said.length >= 256);
    await pause(30);
    expect(im.said).toHaveLength(256);
    let own = 0;
    for (let stored = 0; stored < 601; ) {
      for (const one of im.said.splice(0, 100)) {
        own += 1;
        im.store(one, own);
        stored += 1;
      }
      await pause(1);
    }
    const acks = (await client.take(1202)).filter((_, at) => at % 2 === 1);
    expect(acks.at(-1)).toBe(hex({ seq: 1203, command: 5 }, i32(602), ok));
  });

  it('that was not stored has no answer', async () => {
    const client = await enter();
    client.send(say(2), frame({ seq: 3, command: 13 }));
    const [one] = await asked(1);
    one?.done(new Error('disk'), 'sent', undefined);
    expect(await client.take(1)).toEqual([hex({ seq: 2, command: 14 })]);
    await pause(20);
    expect(client.frames).toEqual([]);
  });

  it('in the name of another is not sent, and that is said', async () => {
    for (const [version, status] of [
      [2, Buffer.from([67])],
      [1, Buffer.alloc(0)],
    ] as const) {
      const client = await enter({ version });
      client.send(say(2, { sender: 2 }), say(3, { command: 8, sender: 2 }));
      expect(await client.take(2)).toEqual([
        hex({ seq: 2, command: 5, version }, i32(2), status),
        hex({ seq: 3, command: 5, version }, i32(3), status),
      ]);
    }
    expect(im.said).toEqual([]);
  });

  it('that is answered after its connection ended disturbs nobody', async () => {
    const client = await enter();
    client.send(say(2));
    const [one] = await asked(1);
    client.destroy();
    await eventually('the end', () => im.hub.count === 0);
    if (one !== undefined) im.store(one, 1);
    await (await enter()).take(0);
  });
});

it.each([0, -1, -(2 ** 40)])('a message to %d is refused', async (receiver) => {
  const client = await enter();
  client.send(say(2, { receiver }));
  expect(await client.take(1)).toEqual([hex({ seq: 2, command: 5 }, i32(2), Buffer.from([71]))]);
  expect(im.said).toEqual([]);
});

describe('a group message', () => {
  it.each([
    ['notMember', 64],
    ['noGroup', 65],
    ['muted', 66],
  ] as const)('is refused: %s', async (status, code) => {
    const client = await enter();
    client.send(say(9, { command: 8, receiver: 50 }));
    (await asked(1))[0]?.done(undefined, status, undefined);
    expect(await client.take(1)).toEqual([
      hex({ seq: 2, command: 5 }, i32(9), Buffer.from([code])),
    ]);
    const old = await enter({ version: 1 });
    old.send(say(9, { command: 8, receiver: 50 }));
    (await asked(1))[0]?.done(undefined, status, undefined);
    expect(await old.take(1)).toEqual([hex({ seq: 2, command: 5, version: 1 }, i32(9))]);
  });

  it('to a group that is not there is answered as in the reference', async () => {
    const client = await enter();
    client.send(say(9, { command: 8, receiver: 50 }));
    (await asked(1))[0]?.done(undefined, 'noGroup', undefined);
    expect(await client.take(1)).toEqual(['000000050000000205020000 0000000941']);
  });

  it('is acknowledged with the place in the own inbox, or in the super group', async () => {
    const client = await enter();
    client.send(say(2, { command: 8 }), say(3, { command: 8 }));
    const [normal, wide] = await asked(2);
    normal?.done(undefined, 'sent', { message: messageOf(), seqs: [4, 8], groupSeq: undefined }, 8);
    wide?.done(undefined, 'sent', { message: messageOf(), seqs: [], groupSeq: 3 }, 3);
    expect(await client.take(4)).toEqual([
      hex({ seq: 2, command: 37 }, i64(8), i64(7), zeros),
      hex({ seq: 3, command: 5 }, i32(2), ok),
      hex({ seq: 4, command: 37 }, i64(3), i64(2), zeros),
      hex({ seq: 5, command: 5, flags: 0x20 }, i32(3), ok),
    ]);
  });
});

describe('what is live only', () => {
  it('RT reaches the other, without an answer, and only in the own name', async () => {
    const [one, other] = [await enter(), await enter({ uid: 2 })];
    one.send(frame({ seq: 2, command: 17 }, i64(2), i64(2), hi));
    one.send(frame({ seq: 3, command: 17 }, i64(1), i64(2), hi));
    expect(await other.take(1)).toEqual([hex({ seq: 2, command: 17 }, i64(1), i64(2), hi)]);
    one.send(frame({ seq: 4, command: 13 }));
    expect(await one.take(1)).toEqual([hex({ seq: 2, command: 14 })]);
  });

  it('a room message reaches the others inside', async () => {
    const [one, other] = [await enter(), await enter({ uid: 2 })];
    const room = (seq: number) => frame({ seq, command: 20 }, i64(1), i64(5), hi);
    one.send(room(2));
    expect(await one.take(1)).toEqual([hex({ seq: 2, command: 5 }, i32(2), Buffer.from([69]))]);
    for (const client of [one, other]) {
      client.send(frame({ seq: 3, command: 18 }, i64(5)), frame({ seq: 4, command: 13 }));
      await client.take(1);
    }
    one.send(room(5));
    expect(await one.take(1)).toEqual([hex({ seq: 4, command: 5 }, i32(5), ok)]);
    expect(await other.take(1)).toEqual([hex({ seq: 3, command: 20 }, i64(1), i64(5), hi)]);
    im.forbidden = true;
    one.send(room(6), frame({ seq: 7, command: 20 }, i64(2), i64(5), hi));
    expect(await one.take(2)).toEqual([
      hex({ seq: 5, command: 5 }, i32(6), Buffer.from([68])),
      hex({ seq: 6, command: 5 }, i32(7), Buffer.from([67])),
    ]);
    other.send(frame({ seq: 5, command: 19 }, i64(4)), frame({ seq: 6, command: 19 }, i64(5)));
    await eventually('one inside', () => im.hub.inRoom(7, 5).size === 1);
  });
});
