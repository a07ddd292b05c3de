import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../bot/clock.ts';
import { eventually } from '../../../tests/support/eventually.ts';
import { messageOf, ScriptedIm } from '../../../tests/support/scripted-im.ts';
import {
  frame,
  hex,
  i32,
  i64,
  login,
  type RawClient,
  startWire,
  type WireRig,
} from '../../../tests/support/wire-rig.ts';
import { firstWordMs } from './connection.ts';

const token = 't'.repeat(30);
let im: ScriptedIm;
let clock: VirtualClock;
let rig: WireRig;

beforeEach(async () => {
  im = new ScriptedIm();
  clock = new VirtualClock();
  rig = await startWire(im, { clock, maxPending: 200_000, farewellMs: 0 });
});
afterEach(async () => {
  const stopped = rig.stop();
  await clock.advance(10);
  await stopped;
});

const ping = (seq: number): Buffer => frame({ seq, command: 13 });
const pong = (seq: number, version = 0): string => hex({ seq, command: 14, version });

/** Logged in as user 1; the answer is taken. */
async function enter(options: Parameters<typeof login>[2] = {}): Promise<RawClient> {
  const client = await rig.tcp();
  client.send(login(1, token, options));
  await client.take(1);
  return client;
}

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
  const other = new ScriptedIm();
  const patient = await startWire(other, { clock, maxPending: 2 ** 30, farewellMs: 0 });
  const client = await patient.tcp();
  client.send(login(1, token));
  await client.take(1);
  await clock.advance(firstWordMs);
  const [session] = other.sessionsOf(1);
  for (let seq = 1; seq <= 300; seq += 1) {
    session?.inbox({ seq, message: messageOf({ content: Buffer.alloc(30_000, seq % 251) }) }, true);
    session?.flush();
  }
  const frames = await client.take(900);
  for (let seq = 1; seq <= 300; seq += 1) {
    const body = frames[seq * 3 - 2]?.slice(25 + 48);
    expect(body).toBe(Buffer.alloc(30_000, seq % 251).toString('hex'));
  }
  const stopped = patient.stop();
  await clock.advance(10);
  await stopped;
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
