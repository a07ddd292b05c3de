import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../bot/clock.ts';
import { eventually } from '../../../tests/support/eventually.ts';
import { messageOf, type ScriptedIm } from '../../../tests/support/scripted-im.ts';
import { hex, i32, i64, type WireRig } from '../../../tests/support/wire-rig.ts';
import { type WireScene, wireScene } from '../../../tests/support/wire-scene.ts';
import { firstWordMs } from './connection.ts';

let scene: WireScene;
let im: ScriptedIm;
let clock: VirtualClock;
let rig: WireRig;
let enter: WireScene['enter'];

beforeEach(async () => {
  clock = new VirtualClock();
  scene = await wireScene({ clock, maxPending: 200_000, farewellMs: 0 });
  ({ im, rig, enter } = scene);
});
afterEach(() => scene.close());

describe('what comes from elsewhere', () => {
  it('is pushed with its keys in front and word behind', async () => {
    const client = await enter({ version: 1 });
    await clock.advance(firstWordMs);
    const [session] = im.sessionsOf(1);
    session?.inbox({ seq: 9, message: messageOf({ clientId: 3 }) }, true);
    session?.inbox({ seq: 10, message: messageOf({ kind: 'notice' }) }, false);
    const zeros = Buffer.alloc(16);
    const hi = Buffer.from('hi');
    const version = 1;
    expect(await client.take(4)).toEqual([
      hex({ seq: 2, command: 37, version }, i64(9), i64(8), zeros),
      hex({ seq: 3, command: 4, version, flags: 0x10 }, i64(2), i64(1), i32(1000), i32(3), hi),
      hex({ seq: 4, command: 29, version }, i64(9)),
      hex({ seq: 5, command: 29, version }, i64(10)),
    ]);
  });

  it('is only told of while the first word may be on its way', async () => {
    const client = await enter();
    await clock.advance(firstWordMs - 1);
    const [session] = im.sessionsOf(1);
    session?.inbox({ seq: 9, message: messageOf() }, true);
    session?.group(50, { seq: 2, message: messageOf({ kind: 'group' }) }, true);
    expect(await client.take(2)).toEqual([
      hex({ seq: 2, command: 29 }, i64(9)),
      hex({ seq: 3, command: 33 }, i64(50), i64(2)),
    ]);
  });

  it('comes with the flag of its group', async () => {
    const client = await enter();
    await clock.advance(firstWordMs);
    const [session] = im.sessionsOf(1);
    session?.group(50, { seq: 2, message: messageOf({ kind: 'group', receiver: 50 }) }, true);
    session?.group(50, { seq: 3, message: messageOf({ kind: 'notice' }) }, false);
    const hi = Buffer.from('hi');
    expect(await client.take(4)).toEqual([
      hex({ seq: 2, command: 37 }, i64(2), i64(1), Buffer.alloc(16)),
      hex({ seq: 3, command: 8, flags: 0x30 }, i64(2), i64(50), i32(1000), i32(0), hi),
      hex({ seq: 4, command: 33 }, i64(50), i64(2)),
      hex({ seq: 5, command: 33 }, i64(50), i64(3)),
    ]);
  });

  it('closes a client that does not read', async () => {
    const client = await enter();
    await clock.advance(firstWordMs);
    const [session] = im.sessionsOf(1);
    const message = messageOf({ content: Buffer.alloc(30_000) });
    // Nothing is read as long as this turn lasts.
    for (let seq = 1; seq <= 2000 && im.sessionsOf(1).length > 0; seq += 1) {
      session?.inbox({ seq, message }, true);
      session?.flush();
    }
    expect(im.sessionsOf(1)).toEqual([]);
    await client.ended();
    await eventually('nothing left of it', () => rig.sockets.connections === 0);
  });
});

it('writes over nothing that the kernel has not taken yet', async () => {
  const patient = await wireScene({ clock, maxPending: 2 ** 30, farewellMs: 0 });
  const client = await patient.enter();
  await clock.advance(firstWordMs);
  const [session] = patient.im.sessionsOf(1);
  for (let seq = 1; seq <= 300; seq += 1) {
    session?.inbox({ seq, message: messageOf({ content: Buffer.alloc(30_000, seq % 251) }) }, true);
    session?.flush();
  }
  const frames = await client.take(900);
  for (let seq = 1; seq <= 300; seq += 1) {
    const body = frames[seq * 3 - 2]?.slice(25 + 48);
    expect(body).toBe(Buffer.alloc(30_000, seq % 251).toString('hex'));
  }
  await patient.close();
});

it('drops what is live only for a client that is behind', async () => {
  await enter();
  const [session] = im.sessionsOf(1);
  const content = Buffer.alloc(30_000);
  for (let left = 2000; left > 0; left -= 1) {
    session?.realtime(2, 1, content);
    session?.chatRoom(2, 1, content);
    session?.notification(content);
    session?.flush();
  }
  expect(im.sessionsOf(1)).toHaveLength(1);
});
