import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GobelieveConnection } from './support/gobelieve-connection.ts';
import { command, pack } from './support/gobelieve-frames.ts';
import { appid, GobelieveScene, texts } from './support/gobelieve-scene.ts';

/** Keys that this server never gave: beyond what there is, or from the server before it. */
let scene: GobelieveScene;

beforeAll(async () => {
  scene = await GobelieveScene.start();
});
afterEach(() => scene.hangUp());
afterAll(() => scene?.close());

const beyond = 2 ** 52;

async function say(receiver: number, ...said: string[]): Promise<void> {
  for (const content of said) {
    await scene.rest('POST', '/messages/peers', { sender: 1, receiver, content });
  }
}

async function sayInGroup(receiver: number, ...said: string[]): Promise<void> {
  for (const content of said) {
    await scene.rest('POST', '/messages/groups', { sender: 1, receiver, content });
  }
}

async function answered(raw: GobelieveConnection): Promise<void> {
  const pongs = raw.of(command.pong).length;
  raw.send(command.ping);
  const probe = await scene.device();
  await probe.until('a pong', () => raw.of(command.pong).length > pongs);
}

/** What one asks for and is given: the texts, and the key at the end. */
async function synced(uid: number, key: number, gid?: number): Promise<[string[], number]> {
  const raw = await scene.rawLogin(uid);
  if (gid === undefined) raw.send(command.sync, pack(['i64', key]));
  else raw.send(command.syncGroup, pack(['i64', gid], ['i64', key]));
  await answered(raw);
  const of = gid === undefined ? command.syncEnd : command.syncGroupEnd;
  const end = Number(raw.of(of)[0]?.body.readBigInt64BE(gid === undefined ? 0 : 8));
  const said = raw.of(gid === undefined ? command.peer : command.group);
  return [said.map(({ body }) => body.toString('utf8', 24)), end];
}

async function confirms(uid: number, key: number, gid?: number): Promise<void> {
  const raw = await scene.rawLogin(uid);
  if (gid === undefined) raw.send(command.syncKey, pack(['i64', key]));
  else raw.send(command.groupSyncKey, pack(['i64', gid], ['i64', key]));
  await answered(raw);
}

const offline = (uid: number) => scene.rest('GET', `/messages/offline?uid=${uid}`);

describe.each([false, true])(
  'a key beyond all there is, written before the next comes: %s',
  (written) => {
    const settle = async (): Promise<void> => {
      if (written) await scene.daemon.daemon.core.im.cursors.write();
    };

    it('confirms no more than there is', async () => {
      const uid = scene.uid();
      await confirms(uid, beyond);
      await settle();
      await say(uid, '一');
      expect(await offline(uid)).toEqual({ count: 1, new: 1 });
      await confirms(uid, beyond);
      await settle();
      expect(await offline(uid)).toEqual({ count: 0, new: 0 });
      await say(uid, '二', '三');
      expect(await offline(uid)).toEqual({ count: 2, new: 1 });
      expect(await synced(uid, 0)).toEqual([['二', '三'], 3]);
    });

    it('nor in a super group', async () => {
      const uid = scene.uid();
      const gid = await scene.group([1, uid], true);
      await sayInGroup(gid, '一');
      await confirms(uid, beyond, gid);
      await settle();
      expect(await offline(uid)).toEqual({ count: 0, new: 0 });
      await sayInGroup(gid, '二', '三');
      expect(await offline(uid)).toEqual({ count: 2, new: 1 });
      expect(await synced(uid, 0, gid)).toEqual([['二', '三'], 4]);
    });
  },
);

it('one that lies in the database counts as none, and is gone', async () => {
  const uid = scene.uid();
  const gid = await scene.group([1, uid], true);
  await say(uid, '一', '二');
  await sayInGroup(gid, '三');
  const { db } = scene.daemon.daemon.core;
  await db.transaction(async (tx) => {
    const sql = 'INSERT INTO im_cursors (appid, uid, gid, seq) VALUES (?, ?, ?, ?)';
    for (const of of [0, gid]) await tx.run(sql, [appid, uid, of, beyond]);
  });
  expect(await offline(uid)).toEqual({ count: 4, new: 1 });
  expect(await synced(uid, 0)).toEqual([['一', '二'], 2]);
  expect(await synced(uid, 0, gid)).toEqual([['三'], 2]);
  await confirms(uid, 1);
  await confirms(uid, 1, gid);
  expect(await offline(uid)).toEqual({ count: 2, new: 1 });
  await scene.daemon.restart();
  expect(await offline(uid)).toEqual({ count: 2, new: 1 });
});

describe('an application that moved here from another server', () => {
  const old = 4_000_000;
  const firstKey = 10_000_000;

  it('begins behind the keys that its clients have', async () => {
    const early = scene.uid();
    await say(early, '零');
    await scene.daemon.restart({ apps: [{ appid, secret: 'secret', firstKey }] });
    const uid = scene.uid();
    // Nothing there: the key stays as it is.
    expect(await synced(uid, old)).toEqual([[], old]);
    expect(await synced(uid, 0)).toEqual([[], 0]);
    expect(await synced(uid, beyond)).toEqual([[], firstKey]);
    await confirms(uid, old);
    await say(uid, ...texts(3));
    expect(await synced(uid, old)).toEqual([texts(3), firstKey + 3]);
    expect(await synced(uid, 0)).toEqual([texts(3), firstKey + 3]);
    expect(await offline(uid)).toEqual({ count: 3, new: 1 });
    // Inboxes that there were go on as they were.
    await say(early, '一');
    expect(await synced(early, 1)).toEqual([['一'], 2]);
  });

  it('in super groups too', async () => {
    const uid = scene.uid();
    const gid = await scene.group([1, uid], true);
    await sayInGroup(gid, '一');
    expect(await synced(uid, old, gid)).toEqual([['一'], firstKey + 2]);
    expect(await synced(uid, 0, gid)).toEqual([['一'], firstKey + 2]);
  });

  it('and clients that follow the rules are pushed to', async () => {
    const [a, b] = [await scene.online(), await scene.online()];
    await a.peer(b.uid, '一');
    await b.holds(1);
    await a.peer(b.uid, '二');
    await b.holds(2);
    expect(b.inbox.taken.map(({ key, way }) => [key, way])).toEqual([
      [firstKey + 1, 'sync'],
      [firstKey + 2, 'push'],
    ]);
  });

  it('never lower than before: what was told stays behind', async () => {
    await scene.daemon.restart({ apps: [{ appid, secret: 'secret', firstKey: 5 }] });
    const uid = scene.uid();
    await say(uid, '一');
    expect(await synced(uid, old)).toEqual([['一'], firstKey + 1]);
    const { apps } = scene.daemon.daemon.core.im;
    expect(apps.get(appid)?.firstKey).toBe(firstKey);
    await expect(apps.update(appid, { firstKey: 5 })).rejects.toMatchObject({
      code: 'field_value',
    });
    expect((await apps.update(appid, { firstKey: firstKey + 7 })).firstKey).toBe(firstKey + 7);
  });
});
