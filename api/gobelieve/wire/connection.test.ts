import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../bot/clock.ts';
import { eventually } from '../../../tests/support/eventually.ts';
import type { ScriptedIm } from '../../../tests/support/scripted-im.ts';
import { frame, hex, i32, i64, login, type WireRig } from '../../../tests/support/wire-rig.ts';
import { tokens, type WireScene, wireScene } from '../../../tests/support/wire-scene.ts';

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

const ping = (seq: number): Buffer => frame({ seq, command: 13 });
const pong = (seq: number, version = 0): string => hex({ seq, command: 14, version });
const token = tokens[1];

describe('a login', () => {
  it('is answered as in the reference', async () => {
    const client = await rig.tcp();
    client.send(login(1, 'x'.repeat(30), { version: 1 }));
    expect(await client.take(1)).toEqual(['000000040000000103000000 00000001']);
    // The connection stays, and may try again.
    client.send(login(2, token, { version: 1 }));
    expect(await client.take(1)).toEqual(['000000040000000203010000 00000000']);
    const other = await rig.tcp();
    other.send(login(1, token, { version: 1 }));
    expect(await other.take(1)).toEqual(['000000040000000103010000 00000000']);
  });

  it('of user 0 is refused', async () => {
    const client = await rig.tcp();
    client.send(login(1, '0'.repeat(30)));
    expect(await client.take(1)).toEqual(['000000040000000103000000 00000001']);
  });

  it('lets later frames wait', async () => {
    const go = im.hold('authenticate');
    const client = await rig.tcp();
    client.send(ping(1), login(2, token), ping(3), frame({ seq: 4, command: 18 }, i64(5)));
    expect(await client.take(1)).toEqual([pong(1)]);
    client.send(ping(5));
    await pause(30);
    expect(client.frames).toEqual([]);
    go();
    expect(await client.take(3)).toEqual([
      '000000040000000203020000 00000000',
      pong(3, 2),
      pong(4, 2),
    ]);
    expect(im.hub.inRoom(7, 5).size).toBe(1);
  });

  it('makes a session of the connection', async () => {
    await enter({ platform: 1, device: 'phone' });
    await enter({ platform: 3 });
    await enter({ platform: 2, device: '' });
    expect(im.sessionsOf(1)).toMatchObject([
      { appid: 7, uid: 1, device: 1005, platform: 1, transport: 'tcp', address: '127.0.0.1' },
      { device: 0, platform: 3 },
      { device: 0, platform: 2 },
    ]);
  });

  it('ends when the token does before it is through', async () => {
    const go = im.hold('device');
    const client = await rig.tcp();
    client.send(login(1, token, { platform: 1 }));
    await eventually('the look-up', () => im.calls.includes('device'));
    im.tokens.clear();
    go();
    expect(await client.take(1)).toEqual(['000000040000000103000000 00000001']);
  });

  it('counts once', async () => {
    const client = await enter();
    client.send(login(2, 's'.repeat(30)), ping(3));
    expect(await client.take(1)).toEqual([pong(2, 2)]);
    expect(im.sessionsOf(2)).toEqual([]);
  });

  it('is needed for all but a ping', async () => {
    const client = await rig.tcp();
    client.send(frame({ seq: 1, command: 4 }, i64(1), i64(2), i32(0), i32(1)));
    client.send(frame({ seq: 2, command: 26 }, i64(0)), ping(3));
    expect(await client.take(1)).toEqual(['00000000000000010e000000']);
    expect(im.said).toEqual([]);
  });
});

describe('closes at', () => {
  const eight = Buffer.alloc(8);
  it.each([
    ['a length that cannot be', Buffer.from('ffffffff000000010e020000', 'hex')],
    ['a ping with a body', frame({ seq: 2, command: 13 }, Buffer.from('x'))],
    ...[
      0, 1, 2, 3, 6, 7, 9, 10, 11, 12, 14, 16, 21, 23, 27, 28, 29, 31, 32, 33, 36, 37, 63, 255,
    ].map((command): [string, Buffer] => [
      `command ${command}`,
      frame({ seq: 2, command }, Buffer.alloc(64)),
    ]),
    ['a login cut short', frame({ seq: 2, command: 15 }, Buffer.from([1, 30, 65]))],
    ['a message cut short', frame({ seq: 2, command: 4 }, Buffer.alloc(23))],
    ['one of version 0', frame({ seq: 2, command: 4, version: 0 }, Buffer.alloc(19))],
    ['a group message cut short', frame({ seq: 2, command: 8 }, Buffer.alloc(23))],
    ['an ACK cut short', frame({ seq: 2, command: 5 }, Buffer.alloc(3))],
    ['RT cut short', frame({ seq: 2, command: 17 }, Buffer.alloc(15))],
    ['a room message cut short', frame({ seq: 2, command: 20 }, Buffer.alloc(15))],
    ['a room cut short', frame({ seq: 2, command: 18 }, Buffer.alloc(7))],
    ['a count cut short', frame({ seq: 2, command: 22 }, Buffer.alloc(3))],
    ['a sync cut short', frame({ seq: 2, command: 26 }, Buffer.alloc(7))],
    ['a group sync cut short', frame({ seq: 2, command: 30 }, eight)],
    ['a key cut short', frame({ seq: 2, command: 34 }, Buffer.alloc(7))],
    ['a group key cut short', frame({ seq: 2, command: 35 }, eight)],
    ['a customer message cut short', frame({ seq: 2, command: 64 }, Buffer.alloc(35))],
    ['an old one', frame({ seq: 2, command: 24 }, Buffer.alloc(35))],
    ['a receiver beyond 2^53', frame({ seq: 2, command: 4 }, i64(1), i64(2n ** 60n), eight)],
    ['a chat room beyond 2^53', frame({ seq: 2, command: 18 }, i64(2n ** 60n))],
    ['a group beyond 2^53', frame({ seq: 2, command: 30 }, i64(2n ** 60n), i64(0))],
    ['a word into one', frame({ seq: 2, command: 20 }, i64(1), i64(2n ** 60n))],
    ['a signal to a user beyond 2^53', frame({ seq: 2, command: 17 }, i64(1), i64(2n ** 60n))],
  ])('%s, in the moment', async (_what, bytes) => {
    const client = await enter();
    client.send(bytes, ping(3));
    await client.ended();
    expect(client.frames).toEqual([]);
    expect(im.sessionsOf(1)).toEqual([]);
  });
});

describe('a connection', () => {
  it('ends after 360 seconds of silence', async () => {
    const client = await enter();
    const other = await enter();
    await clock.advance(350_000);
    other.send(ping(2));
    await other.take(1);
    expect(client.closed).toBe(false);
    await clock.advance(21_000);
    await client.ended();
    other.send(ping(3));
    await other.take(1);
  });

  it('keeps what it shows as unread', async () => {
    const client = await enter();
    client.send(frame({ seq: 2, command: 22 }, i32(3)), ping(3));
    await client.take(1);
    expect(im.sessionsOf(1)).toMatchObject([{ unread: 3 }]);
  });

  it('leaves its room when it ends', async () => {
    const client = await enter();
    client.send(frame({ seq: 2, command: 18 }, i64(5)), frame({ seq: 3, command: 18 }, i64(6)));
    client.send(ping(4));
    await client.take(1);
    expect([5, 6].map((room) => im.hub.inRoom(7, room).size)).toEqual([0, 1]);
    client.destroy();
    await eventually('nobody inside', () => im.hub.inRoom(7, 6).size === 0);
    expect(im.hub.count).toBe(0);
  });

  it('is ended by a kick', async () => {
    const client = await enter();
    im.sessionsOf(1)[0]?.close('kicked');
    await client.ended();
  });

  it('gets the answers under way when the daemon stops', async () => {
    const client = await enter();
    client.send(frame({ seq: 2, command: 4 }, i64(1), i64(2), i32(0), i32(1)));
    await eventually('the message', () => im.said.length === 1);
    const stopped = rig.sockets.stop();
    await client.ended();
    await clock.advance(10);
    await stopped;
    expect(client.frames.at(-1)).toBe(hex({ seq: 3, command: 5 }, i32(2), Buffer.from([0])));
  });
});
