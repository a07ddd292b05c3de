import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { command, pack } from './support/gobelieve-frames.ts';
import { appid, GobelieveScene, texts } from './support/gobelieve-scene.ts';

/** Super groups, to somebody who was away when something was said there. */
let scene: GobelieveScene;

beforeAll(async () => {
  scene = await GobelieveScene.start();
});
afterEach(() => scene.hangUp());
afterAll(() => scene?.close());

async function sayInGroup(gid: number, ...said: string[]): Promise<void> {
  for (const content of said) {
    await scene.rest('POST', '/messages/groups', { sender: 1, receiver: gid, content });
  }
}

/** What SYNC_GROUP_NOTIFY says on a connection that asks for its inbox twice. */
async function notified(uid: number): Promise<[gid: number, seq: number][]> {
  const raw = await scene.rawLogin(uid);
  for (const key of [0, 0]) raw.send(command.sync, pack(['i64', key]));
  raw.send(command.ping);
  const probe = await scene.device();
  await probe.until('a pong', () => raw.of(command.pong).length > 0);
  const numbers = raw.frames.map((frame) => frame.command);
  // Behind the end of the first sync.
  const first = numbers.indexOf(command.syncGroupNotify);
  if (first >= 0) expect(numbers.indexOf(command.syncEnd)).toBeLessThan(first);
  return raw
    .of(command.syncGroupNotify)
    .map(({ body }) => [Number(body.readBigInt64BE()), Number(body.readBigInt64BE(8))]);
}

describe.each(['tcp', 'ws'] as const)('over %s', (transport) => {
  it('a member that was never there learns of the group, and has everything once', async () => {
    const b = await scene.device(undefined, { address: scene[transport] });
    const gid = await scene.group([1, b.uid], true);
    await sayInGroup(gid, ...texts(150));
    await b.connect();
    await b.until('the group', () => b.groups.has(gid));
    const line = b.follow(gid);
    await b.holds(151, line);
    expect(line.texts.slice(1)).toEqual(texts(150));
    await b.disconnect();
    await sayInGroup(gid, '还有');
    await b.connect();
    await b.holds(152, line);
    expect(line.taken.map(({ key }) => key)).toEqual(texts(152).map((_, at) => at + 1));
  });
});

it('is told of groups in which something waits, and of no others', async () => {
  const uid = scene.uid();
  const read = await scene.group([1, uid], true);
  const left = await scene.group([1, uid], true);
  const over = await scene.group([1, uid], true);
  const normal = await scene.group([1, uid]);
  const waits = await scene.group([1, uid], true);
  for (const gid of [read, left, over, normal, waits]) await sayInGroup(gid, '一', '二');
  const joined = await scene.group([1], true);
  await sayInGroup(joined, '一');
  await scene.rest('POST', `/groups/${joined}/members`, { members: [uid] });
  const { cursors } = scene.daemon.daemon.core.im;
  const me = { appid, uid };
  cursors.raiseGroup(me, read, 3);
  cursors.raiseGroup(me, waits, 1);
  // The notice of the own joining is the last there.
  cursors.raiseGroup(me, joined, 3);
  await scene.rest('DELETE', `/groups/${left}/members/${uid}`);
  await scene.rest('DELETE', `/groups/${over}`);
  for (const written of [false, true]) {
    if (written) await cursors.write();
    expect(await notified(uid)).toEqual([[waits, 3]]);
  }
  await sayInGroup(joined, '三');
  expect(await notified(uid)).toEqual([
    [waits, 3],
    [joined, 4],
  ]);
  expect(await notified(scene.uid())).toEqual([]);
});

it('what waits in super groups is counted, and new where it is not quiet', async () => {
  const uid = scene.uid();
  const offline = () => scene.rest('GET', `/messages/offline?uid=${uid}`);
  const gid = await scene.group([1, uid], true);
  expect(await offline()).toEqual({ count: 1, new: 1 });
  await sayInGroup(gid, '一', '二');
  expect(await offline()).toEqual({ count: 3, new: 1 });
  await scene.rest('PATCH', `/groups/${gid}/members/${uid}`, { do_not_disturb: true });
  expect(await offline()).toEqual({ count: 3, new: 0 });
  const other = await scene.group([1, uid], true);
  expect(await offline()).toEqual({ count: 4, new: 1 });
  const { cursors } = scene.daemon.daemon.core.im;
  cursors.raiseGroup({ appid, uid }, other, 1);
  expect(await offline()).toEqual({ count: 3, new: 0 });
  // One's own words are not new.
  await scene.rest('POST', '/messages/groups', { sender: uid, receiver: other, content: '我' });
  expect(await offline()).toEqual({ count: 4, new: 0 });
  cursors.raiseGroup({ appid, uid }, gid, 3);
  expect(await offline()).toEqual({ count: 1, new: 0 });
});

it('what was said in super groups since one came is history, in its order', async () => {
  const uid = scene.uid();
  const token = await scene.token(uid);
  const history = async (): Promise<[number, number | undefined, string][]> => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${scene.daemon.url}/messages`, { headers });
    const { data } = (await response.json()) as {
      data: { command: number; id: number; super?: number; content: string }[];
    };
    return data.map((one) => [one.id, one.super, one.content]);
  };
  const gid = await scene.group([1], true);
  await sayInGroup(gid, '之前');
  await scene.rest('POST', `/groups/${gid}/members`, { members: [uid] });
  const say = (content: string) =>
    scene.rest('POST', '/messages/peers', { sender: 1, receiver: uid, content });
  await say('一');
  await sayInGroup(gid, '二', '三');
  await say('四');
  await sayInGroup(gid, '五');
  expect(await history()).toEqual([
    [1, undefined, '一'],
    [4, 1, '二'],
    [5, 1, '三'],
    [2, undefined, '四'],
    [6, 1, '五'],
  ]);
  await Promise.all(texts(1100).map((text) => sayInGroup(gid, text)));
  const all = await history();
  expect(all).toHaveLength(1024);
  expect(all.every(([, isSuper]) => isSuper === 1)).toBe(true);
  expect(all.at(-1)?.[0]).toBe(1106);
  await say('六');
  expect((await history()).at(-1)).toEqual([3, undefined, '六']);
});
