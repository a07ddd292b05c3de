import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GobelieveClient } from './support/gobelieve-client.ts';
import { command } from './support/gobelieve-frames.ts';
import { GobelieveScene } from './support/gobelieve-scene.ts';

let scene: GobelieveScene;

beforeAll(async () => {
  scene = await GobelieveScene.start();
});
afterEach(() => scene.hangUp());
afterAll(() => scene?.close());

/** Versions before 2 have no place for a status: there a refusal looks like any other answer. */
const statuses = {
  notMember: 64,
  noGroup: 65,
  muted: 66,
  notYourself: 67,
  gagged: 68,
  notInRoom: 69,
};

describe.each([0, 1, 2] as const)('in version %i', (version) => {
  const answered = (status: keyof typeof statuses) => ({
    status: version === 2 ? statuses[status] : undefined,
    key: undefined,
  });
  const online = (uid?: number): Promise<GobelieveClient> => scene.online(uid, { version });

  it.each([false, true])(
    'a muted member is answered and not heard; super group: %s',
    async (big) => {
      const [a, b] = [await online(), await online()];
      const gid = await scene.group([a.uid, b.uid], big);
      const mute = (on: boolean): Promise<unknown> =>
        scene.rest('PATCH', `/groups/${gid}/members/${a.uid}`, { mute: on });
      await mute(true);
      expect(await a.group(gid, '听不见')).toEqual(answered('muted'));
      await mute(false);
      await a.group(gid, '听得见');
      const line = big ? b.follow(gid) : b.inbox;
      await b.holds(2, line);
      expect(line.texts.slice(1)).toEqual(['听得见']);
    },
  );

  it.each([false, true])('so is who is no member; super group: %s', async (big) => {
    const [a, b] = [await online(), await online()];
    const gid = await scene.group([b.uid], big);
    expect(await a.group(gid, '外人')).toEqual(answered('notMember'));
    const line = big ? b.follow(gid) : b.inbox;
    await b.holds(1, line);
    await b.ping();
    expect(line.taken).toHaveLength(1);
  });

  it('and what goes to no group, or to one that is no more, or to that of another application', async () => {
    const a = await online();
    expect(await a.group(9_999_999, '哪里')).toEqual(answered('noGroup'));
    const gid = await scene.group([a.uid]);
    await scene.rest('DELETE', `/groups/${gid}`);
    expect(await a.group(gid, '散了')).toEqual(answered('noGroup'));
    const { im } = scene.daemon.daemon.core;
    await im.apps.add({ appid: 8 }).catch(() => {});
    const { gid: foreign } = await im.groups.create({
      appid: 8,
      master: 1,
      name: '别家',
      members: [a.uid],
    });
    expect(await a.group(foreign, '别家')).toEqual(answered('noGroup'));
  });

  it('words in the name of others are answered and go nowhere', async () => {
    const [a, b, other] = [await online(), await online(), await online()];
    const gid = await scene.group([a.uid, b.uid, other.uid]);
    for (const one of [a, b, other]) await one.holds(1);
    const room = scene.uid();
    for (const one of [a, b]) one.enterRoom(room);
    const sender = other.uid;
    const said = { sender, text: '冒名' };
    const to: [number, number][] = [
      [command.peer, b.uid],
      [command.group, gid],
      [command.room, room],
    ];
    for (const [number, receiver] of to) {
      const seq = a.utter(number, { ...said, receiver });
      expect(await a.acked(seq)).toEqual(answered('notYourself'));
    }
    const parties = { senderApp: 7, receiverApp: 7, receiver: b.uid };
    const seq = a.utter(command.customer, { ...said, ...parties });
    expect(await a.acked(seq)).toEqual(answered('notYourself'));
    a.utter(command.realtime, { ...said, receiver: b.uid });
    await a.peer(b.uid, '真的');
    await b.holds(2);
    await b.ping();
    for (const one of [b, other]) expect(one.live).toEqual([]);
    expect(b.texts.slice(1)).toEqual(['真的']);
    expect(other.inbox.taken).toHaveLength(1);
  });

  it('a word into a chat room that one is not in, or while one may not speak', async () => {
    const [a, b] = [await online(), await online()];
    const room = scene.uid();
    b.enterRoom(room);
    await b.ping();
    const outside = a.utter(command.room, { receiver: room, text: '门外' });
    expect(await a.acked(outside)).toEqual(answered('notInRoom'));
    a.enterRoom(room);
    await scene.rest('POST', `/users/${a.uid}`, { forbidden: true });
    expect(await a.room('禁言')).toEqual(answered('gagged'));
    await scene.rest('POST', `/users/${a.uid}`, { forbidden: false });
    expect(await a.room('又能说')).toMatchObject({ status: version === 2 ? 0 : undefined });
    await b.until('it', () => b.live.length > 0);
    expect(b.live.map(({ text }) => text)).toEqual(['又能说']);
  });
});

it('customer messages between users whom no desk joins are answered and go nowhere', async () => {
  const a = await scene.online();
  const b = await scene.online();
  const { im } = scene.daemon.daemon.core;
  await im.apps.add({ appid: 9 }).catch(() => {});
  const said = { senderApp: 7, receiverApp: 9, receiver: b.uid, text: '谁' };
  const seq = a.utter(command.customer, said);
  const old = a.utter(command.toDesk, { desk: [7, a.uid, 4711, b.uid], text: '谁' });
  const refused = { status: 71, key: undefined };
  expect([await a.acked(seq), await a.acked(old)]).toEqual([refused, refused]);
  await a.peer(b.uid, '之后');
  await b.holds(1);
  expect(b.texts).toEqual(['之后']);
});

describe('logging in', () => {
  it('with a token that is none is refused; the connection stays, and may try again', async () => {
    const uid = scene.uid();
    const wrong = await scene.device(uid, { token: 'x'.repeat(30) });
    await expect(wrong.connect()).rejects.toThrow('login refused: 1');
    await wrong.ping();
    expect(wrong.isConnected).toBe(true);
  });

  it('with a token that was revoked is refused, and ends the connections there are', async () => {
    const a = await scene.online();
    const { im } = scene.daemon.daemon.core;
    expect(await im.users.revoke({ appid: 7, uid: a.uid })).toBe(true);
    await a.closed;
    await expect(a.connect()).rejects.toThrow('login refused: 1');
    const again = await scene.online(a.uid);
    await again.ping();
  });
});
