import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { GobelieveClient } from './support/gobelieve-client.ts';
import type { GobelieveConnection } from './support/gobelieve-connection.ts';
import { command, pack } from './support/gobelieve-frames.ts';
import { GobelieveScene } from './support/gobelieve-scene.ts';

/** Questions that cross pushes and confirmations on their way: still each message once. */
let scene: GobelieveScene;
let sender: GobelieveClient;
beforeAll(async () => {
  scene = await GobelieveScene.start();
});
afterEach(() => scene.hangUp());
afterAll(() => scene?.close());

/** All that was sent before is done. */
async function settled(raw: GobelieveConnection): Promise<void> {
  const pongs = raw.of(command.pong).length;
  raw.send(command.ping);
  await sender.until('a pong', () => raw.of(command.pong).length > pongs);
}

/** Logged in, with nothing said since. */
async function entered(uid: number): Promise<GobelieveConnection> {
  const raw = await scene.rawLogin(uid);
  await sender.until('the login', () => raw.of(command.authStatus).length === 1);
  return raw;
}

it('a sync that was on its way when something was said finds it once', async () => {
  sender = await scene.online();
  const uid = scene.uid();
  await sender.peer(uid, '1');
  const raw = await entered(uid);
  await sender.peer(uid, '2');
  raw.send(command.sync, pack(['i64', 1]));
  await settled(raw);
  expect(raw.of(command.peer)).toHaveLength(1);
});

it('after its first word a connection is pushed to', async () => {
  sender = await scene.online();
  const uid = scene.uid();
  const raw = await entered(uid);
  await settled(raw);
  await sender.peer(uid, '1');
  await settled(raw);
  expect(raw.of(command.peer)).toHaveLength(1);
});

it.each([
  { name: 'that had found nothing', first: true },
  { name: 'that had not asked yet', first: false },
])('key 0 of a device $name, when another device was faster', async ({ first }) => {
  sender = await scene.online();
  const uid = scene.uid();
  const pad = await entered(uid);
  if (first) {
    pad.send(command.sync, pack(['i64', 0]));
    await settled(pad);
  }
  const phone = await scene.online(uid, { deviceId: 'phone' });
  await sender.peer(uid, '1');
  await phone.holds(1);
  await phone.ping();
  const before = pad.of(command.peer).length;
  pad.send(command.sync, pack(['i64', 0]));
  await settled(pad);
  expect(pad.of(command.peer).length - before).toBe(1);
});

it('key 0 of a device that a new super group was told to, when another device was faster', async () => {
  sender = await scene.online();
  const uid = scene.uid();
  const pad = await entered(uid);
  pad.send(command.sync, pack(['i64', 0]));
  await settled(pad);
  const phone = await scene.online(uid, { deviceId: 'phone' });
  const gid = await scene.group([sender.uid, uid], true);
  await phone.holds(1, phone.follow(gid));
  await phone.ping();
  const before = pad.of(command.groupNotice).length;
  pad.send(command.syncGroup, pack(['i64', gid], ['i64', 0]));
  await settled(pad);
  expect(pad.of(command.groupNotice).length - before).toBe(1);
});

it('what was said in the instant before somebody joined is not theirs', async () => {
  sender = await scene.online();
  const gid = await scene.group([sender.uid], true);
  const uid = scene.uid();
  await sender.group(gid, 'before');
  await scene.rest('POST', `/groups/${gid}/members`, { members: [uid] });
  const raw = await entered(uid);
  raw.send(command.syncGroup, pack(['i64', gid], ['i64', 0]));
  await settled(raw);
  expect(raw.of(command.group)).toHaveLength(0);
  expect(raw.of(command.groupNotice)).toHaveLength(1);
});
