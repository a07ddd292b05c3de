import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../tests/support/eventually.ts';
import { messageOf, type ScriptedIm } from '../../../tests/support/scripted-im.ts';
import { frame, hex, i32, i64, type WireRig } from '../../../tests/support/wire-rig.ts';
import { type WireScene, wireScene } from '../../../tests/support/wire-scene.ts';

let scene: WireScene;
let im: ScriptedIm;
let rig: WireRig;
let enter: WireScene['enter'];

beforeEach(async () => {
  scene = await wireScene();
  ({ im, rig, enter } = scene);
});
afterEach(() => scene.close());

const hi = Buffer.from('hi');

const sync = (seq: number, key: number): Buffer => frame({ seq, command: 26 }, i64(key));
const key = (seq: number, command: number, value: number): string =>
  hex({ seq, command }, i64(value));
const row = (seq: number, clientId: number, flags = 0): string =>
  hex({ seq, command: 4, flags }, i64(2), i64(1), i32(1000), i32(clientId), hi);
const ping = (seq: number): Buffer => frame({ seq, command: 13 });

describe('a sync', () => {
  it('gives what lies after the key, oldest first', async () => {
    im.fill(4);
    const client = await enter();
    client.send(sync(2, 2), sync(3, 4));
    expect(await client.take(6)).toEqual([
      key(2, 27, 4),
      row(3, 3),
      row(4, 4),
      key(5, 28, 4),
      key(6, 27, 4),
      key(7, 28, 4),
    ]);
  });

  it('begins with key 0 where the user has confirmed', async () => {
    im.fill(3);
    im.cursor = 2;
    const client = await enter();
    client.send(sync(2, 0));
    expect(await client.take(3)).toEqual([key(2, 27, 3), row(3, 3), key(4, 28, 3)]);
  });

  it('brings a key that is too high back', async () => {
    im.fill(3);
    const client = await enter();
    client.send(sync(2, 9), sync(3, Number.MAX_SAFE_INTEGER));
    expect(await client.take(4)).toEqual([
      key(2, 27, 3),
      key(3, 28, 3),
      key(4, 27, 3),
      key(5, 28, 3),
    ]);
  });

  it('marks what this user said on this device', async () => {
    const own = { sender: 1, receiver: 2 };
    im.fill(1, { ...own, device: 1005 });
    im.fill(1, { ...own, device: 0 });
    im.fill(1, { ...own, device: 1005, kind: 'customer', parties: { senderApp: 8 } });
    const client = await enter({ platform: 1, device: 'phone' });
    client.send(sync(2, 0));
    const flags = (await client.take(5)).slice(1, 4).map((one) => one.slice(20, 22));
    expect(flags).toEqual(['08', '00', '00']);
  });

  it('ends after 3000 and tells that there is more', async () => {
    im.fill(7000);
    const client = await enter();
    client.send(sync(2, 0));
    const first = await client.take(3003);
    expect([first[0], first[1], first[3000]]).toEqual([
      key(2, 27, 3000),
      row(3, 1),
      row(3002, 3000),
    ]);
    expect(first.slice(3001)).toEqual([key(3003, 28, 3000), key(3004, 29, 7000)]);
    client.send(sync(3, 3000), sync(4, 6000));
    const rest = await client.take(3003 + 1002);
    expect(rest[3002]).toBe(key(3003 + 3004, 29, 7000));
    expect(rest.at(-1)).toBe(key(3004 + 3003 + 1002, 28, 7000));
  });

  it('lets pushes wait and tells of them at its end', async () => {
    im.fill(2);
    const client = await enter();
    const go = im.hold('read');
    client.send(sync(2, 0), ping(3));
    await eventually('the read', () => im.calls.includes('read'));
    const [session] = im.sessionsOf(1);
    session?.inbox({ seq: 5, message: messageOf() }, true);
    session?.inbox({ seq: 4, message: messageOf() }, false);
    // What is not stored is no part of the line.
    session?.realtime(2, 1, hi);
    session?.group(50, { seq: 1, message: messageOf({ kind: 'group' }) }, false);
    expect(await client.take(2)).toEqual([
      hex({ seq: 2, command: 17 }, i64(2), i64(1), hi),
      hex({ seq: 3, command: 33 }, i64(50), i64(1)),
    ]);
    go();
    expect(await client.take(6)).toEqual([
      key(4, 27, 2),
      row(5, 1),
      row(6, 2),
      key(7, 28, 2),
      key(8, 29, 5),
      hex({ seq: 9, command: 14 }),
    ]);
    session?.inbox({ seq: 6, message: messageOf() }, true);
    expect(await client.take(3)).toHaveLength(3);
  });

  it('says nothing of what it has given itself', async () => {
    im.fill(2);
    const client = await enter();
    const go = im.hold('read');
    client.send(sync(2, 0));
    await eventually('the read', () => im.calls.includes('read'));
    im.sessionsOf(1)[0]?.inbox({ seq: 2, message: messageOf() }, true);
    go();
    await client.take(4);
    client.send(ping(3));
    expect(await client.take(1)).toEqual([hex({ seq: 6, command: 14 })]);
  });

  it('waits until what was said before is stored', async () => {
    const client = await enter();
    client.send(frame({ seq: 2, command: 4 }, i64(1), i64(2), i32(0), i32(1), hi), sync(3, 0));
    await eventually('the message', () => im.said.length === 1);
    await pause(20);
    expect(im.calls).not.toContain('read');
    const [one] = im.said;
    im.fill(1);
    if (one !== undefined) im.store(one, 1);
    const seqs = (await client.take(5)).map((found) => Number.parseInt(found.slice(16, 18), 16));
    expect(seqs).toEqual([37, 5, 27, 4, 28]);
  });

  it('does not outrun a client that reads slowly', async () => {
    const narrow = await wireScene({ maxPending: 100_000 });
    narrow.im.fill(3000, { content: Buffer.alloc(8000, 'x') });
    const client = await narrow.enter();
    client.send(sync(2, 0));
    expect(await client.take(3002)).toHaveLength(3002);
    await narrow.close();
  });

  it('of a client that leaves in the middle ends', async () => {
    im.fill(3000, { content: Buffer.alloc(8000, 'x') });
    const client = await enter();
    client.send(sync(2, 0));
    await client.take(10);
    client.destroy();
    await eventually('nothing left', () => rig.sockets.connections === 0);
  });
});

describe('a group sync', () => {
  const group = (seq: number, command: number, value: number): string =>
    hex({ seq, command }, i64(50), i64(value));
  const ask = (seq: number, from: number): Buffer =>
    frame({ seq, command: 30 }, i64(50), i64(from));
  const fillGroup = (count: number): void => {
    for (let left = count; left > 0; left -= 1) {
      const seq = im.groupInbox.length + 1;
      const message = messageOf({ kind: 'group', receiver: 50, clientId: seq });
      im.groupInbox.push({ seq, message });
    }
  };

  it('is answered where there is no such group, and where the user is not in it', async () => {
    const client = await enter();
    client.send(ask(2, 5));
    expect(await client.take(2)).toEqual([group(2, 31, 5), group(3, 32, 5)]);
    im.addGroup(50, { members: [2] });
    client.send(ask(3, 0));
    expect(await client.take(2)).toEqual([group(4, 31, 0), group(5, 32, 0)]);
    client.send(frame({ seq: 4, command: 30 }, i64(0), i64(0)));
    expect(await client.take(2)).toEqual([
      hex({ seq: 6, command: 31 }, i64(0), i64(0)),
      hex({ seq: 7, command: 32 }, i64(0), i64(0)),
    ]);
    // Its own inbox was not taken for that of group 0.
    im.sessionsOf(1)[0]?.inbox({ seq: 1, message: messageOf() }, false);
    expect(await client.take(1)).toEqual([key(8, 29, 1)]);
  });

  it('gives a hundred and tells that there is more', async () => {
    im.addGroup(50);
    fillGroup(150);
    const client = await enter();
    client.send(ask(2, 0), ask(3, 100));
    const found = await client.take(103 + 52);
    expect(found[0]).toBe(group(2, 31, 100));
    expect(found.slice(101, 104)).toEqual([
      group(103, 32, 100),
      group(104, 33, 150),
      group(105, 31, 150),
    ]);
    expect(found.at(-1)).toBe(group(156, 32, 150));
  });

  it('gives nothing from before the user came', async () => {
    fillGroup(3);
    im.addGroup(50, { joinedSeq: 3 });
    const client = await enter();
    client.send(ask(2, 0));
    expect(await client.take(2)).toEqual([group(2, 31, 3), group(3, 32, 3)]);
    fillGroup(1);
    client.send(ask(3, 3));
    expect(await client.take(3)).toHaveLength(3);
  });

  it('lets pushes of that group wait', async () => {
    im.addGroup(50);
    fillGroup(1);
    const client = await enter();
    const go = im.hold('read');
    client.send(ask(2, 0));
    await eventually('the read', () => im.calls.includes('read'));
    im.sessionsOf(1)[0]?.group(50, { seq: 2, message: messageOf({ kind: 'group' }) }, true);
    im.sessionsOf(1)[0]?.inbox({ seq: 2, message: messageOf() }, false);
    expect(await client.take(1)).toEqual([key(2, 29, 2)]);
    go();
    const found = await client.take(4);
    expect([found[0], found[2], found[3]]).toEqual([
      group(3, 31, 1),
      group(5, 32, 1),
      group(6, 33, 2),
    ]);
  });
});

it('passes on what the client has confirmed', async () => {
  im.addGroup(50);
  const client = await enter();
  client.send(
    frame({ seq: 2, command: 34 }, i64(4)),
    frame({ seq: 3, command: 34 }, i64(-1)),
    frame({ seq: 4, command: 34 }, i64(2n ** 60n)),
    frame({ seq: 5, command: 35 }, i64(50), i64(3)),
    frame({ seq: 6, command: 35 }, i64(51), i64(3)),
    frame({ seq: 7, command: 35 }, i64(0), i64(3)),
    frame({ seq: 8, command: 5 }, i32(1), Buffer.from([0])),
    ping(9),
  );
  await client.take(1);
  expect(im.raised).toEqual([
    [0, 4],
    [50, 3],
  ]);
});
