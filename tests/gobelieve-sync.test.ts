import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GobelieveClient } from './support/gobelieve-client.ts';
import { command, pack } from './support/gobelieve-frames.ts';
import { GobelieveScene, texts } from './support/gobelieve-scene.ts';

let scene: GobelieveScene;

beforeAll(async () => {
  scene = await GobelieveScene.start();
});
afterEach(() => scene.hangUp());
afterAll(() => scene?.close());

/** All at once; resolves when the last one is acknowledged. */
async function flood(
  from: GobelieveClient,
  number: number,
  receiver: number,
  said: readonly string[],
): Promise<void> {
  const sent = said.map((text) => from.utter(number, { receiver, text }));
  await Promise.all(sent.map((seq) => from.acked(seq)));
}

const keysTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);

describe.each(['tcp', 'ws'] as const)('over %s', (transport) => {
  it('7,000 messages that wait come in order, in three rounds', async () => {
    const a = await scene.online();
    const b = await scene.device(undefined, { address: scene[transport] });
    const said = texts(7000);
    await flood(a, command.peer, b.uid, said);
    await b.connect();
    await b.holds(7000);
    expect(b.texts).toEqual(said);
    expect(b.inbox.taken.map(({ key }) => key)).toEqual(keysTo(7000));
    expect(b.inbox.rounds).toBe(3);
    // Up to date from here on: the next one is pushed.
    await a.peer(b.uid, '还有');
    await b.holds(7001);
    expect(b.inbox.taken.at(-1)?.way).toBe('push');
    expect(b.inbox.rounds).toBe(3);
  });

  it('150 that wait in a super group come in order, none is left out', async () => {
    const a = await scene.online();
    const b = await scene.device(undefined, { address: scene[transport] });
    const gid = await scene.group([a.uid, b.uid], true);
    await flood(a, command.group, gid, texts(150));
    const line = b.follow(gid);
    await b.connect();
    await b.holds(151, line);
    expect(line.texts.slice(1)).toEqual(texts(150));
    expect(line.taken.map(({ key }) => key)).toEqual(keysTo(151));
    expect(line.rounds).toBe(2);
    await a.group(gid, '还有');
    await b.holds(152, line);
    expect(line.taken.at(-1)?.way).toBe('push');
  });

  it('a connection that is lost in the middle of a sync costs nothing', async () => {
    const a = await scene.online();
    const b = await scene.device(undefined, { address: scene[transport] });
    const said = texts(4000);
    await flood(a, command.peer, b.uid, said);
    for (const after of [1, 700, 2999, 3001, 1, 998]) {
      b.loseAfter(after);
      await b.connect().catch(() => {});
      await b.closed;
    }
    expect(b.inbox.rounds).toBe(1);
    await b.connect();
    await b.holds(4000);
    expect(b.texts).toEqual(said);
    expect(b.inbox.taken.map(({ key }) => key)).toEqual(keysTo(4000));
  });

  it('what is said while a sync is under way comes after it, once', async () => {
    const a = await scene.online();
    const b = await scene.device(undefined, { address: scene[transport] });
    const [before, during] = [texts(5000, '先'), texts(2000, '后')];
    await flood(a, command.peer, b.uid, before);
    const connecting = b.connect();
    for (let at = 0; at < during.length; at += 50) {
      await flood(a, command.peer, b.uid, during.slice(at, at + 50));
    }
    await connecting;
    await b.holds(7000);
    expect(b.texts).toEqual([...before, ...during]);
  });

  it('nor is anything twice that is said in a super group while a login is answered', async () => {
    const a = await scene.online();
    const b = await scene.device(undefined, { address: scene[transport] });
    const gid = await scene.group([a.uid, b.uid], true);
    const line = b.follow(gid);
    await b.connect();
    await b.holds(1, line);
    let said = 1;
    for (let round = 0; round < 10; round += 1) {
      await b.disconnect();
      // So that the own inbox takes a while, and the group has to wait.
      await flood(a, command.peer, b.uid, texts(500));
      const connecting = b.connect();
      await flood(a, command.group, gid, texts(100, `${round} `));
      await connecting;
      said += 100;
      await b.until('all', () => line.key === said && !line.isSyncing);
    }
    expect(line.taken.map(({ key }) => key)).toEqual(keysTo(said));
  });
});

describe('two devices of a user', () => {
  it('have each message once, and their own only as words of this device', async () => {
    const a = await scene.online();
    const uid = scene.uid();
    const phone = await scene.device(uid, { deviceId: 'phone' });
    const pad = await scene.device(uid, { deviceId: 'pad', platform: 1 });
    await phone.connect();
    await pad.connect();
    await a.peer(uid, '一');
    for (const one of [phone, pad]) await one.holds(1);
    await phone.peer(a.uid, '二');
    await a.peer(uid, '三');
    await pad.holds(3);
    await pad.disconnect();
    await phone.peer(a.uid, '四');
    await pad.connect();
    await pad.peer(a.uid, '五');
    await phone.holds(5);
    await pad.holds(5);
    const said = ['一', '二', '三', '四', '五'];
    for (const one of [phone, pad]) expect(one.texts).toEqual(said);
    expect(phone.inbox.taken.map(({ way }) => way)).toEqual(['sync', 'ack', 'push', 'ack', 'push']);
    expect(pad.inbox.taken.map(({ way }) => way)).toEqual(['sync', 'push', 'push', 'sync', 'ack']);
    // Said on the other device: not one's own.
    expect(pad.inbox.taken.map(({ self }) => self)).toEqual([false, false, false, false, true]);
  });

  it('the very first message reaches both, though one confirms it first', async () => {
    for (let round = 0; round < 20; round += 1) {
      const a = await scene.online();
      const uid = scene.uid();
      const phone = await scene.online(uid, { deviceId: 'phone' });
      const pad = await scene.online(uid, { deviceId: 'pad' });
      await a.peer(uid, '一');
      for (const one of [phone, pad]) await one.holds(1);
      await scene.hangUp();
    }
  });

  it('a new device begins after what another has confirmed', async () => {
    const a = await scene.online();
    const uid = scene.uid();
    const phone = await scene.online(uid, { deviceId: 'phone' });
    for (const text of texts(3, '旧')) await a.peer(uid, text);
    await phone.holds(3);
    await phone.ping();
    await phone.disconnect();
    for (const text of texts(2, '新')) await a.peer(uid, text);
    const pad = await scene.online(uid, { deviceId: 'pad' });
    await pad.holds(2);
    expect(pad.texts).toEqual(texts(2, '新'));
    await phone.connect();
    await phone.holds(5);
    expect(phone.texts).toEqual([...texts(3, '旧'), ...texts(2, '新')]);
  });
});

describe('two tabs of a browser', () => {
  it('hear each other live, and in a sync as themselves', async () => {
    const a = await scene.online();
    const uid = scene.uid();
    const web = { address: scene.ws, platform: 3, version: 1 } as const;
    const one = await scene.device(uid, { ...web, deviceId: '1' });
    const other = await scene.device(uid, { ...web, deviceId: '2' });
    for (const tab of [one, other]) await tab.connect();
    await a.peer(uid, '开头');
    for (const tab of [one, other]) await tab.holds(1);
    await one.peer(a.uid, '一');
    await other.holds(2);
    expect(other.inbox.taken[1]).toMatchObject({ text: '一', way: 'push', self: false });
    await other.disconnect();
    await one.peer(a.uid, '二');
    await other.connect();
    await other.holds(3);
    // All web sessions are one device.
    expect(other.inbox.taken[2]).toMatchObject({ text: '二', way: 'sync', self: true });
    expect(other.texts).toEqual(one.texts);
  });
});

describe('keys', () => {
  it('a key beyond all there is, is answered with the last', async () => {
    const uid = scene.uid();
    const a = await scene.online();
    await a.peer(uid, '一');
    const raw = await scene.rawLogin(uid);
    raw.send(command.sync, pack(['i64', 2 ** 52]));
    raw.send(command.sync, pack(['i64', 1]));
    raw.send(command.ping);
    await a.until('answers', () => raw.of(command.pong).length > 0);
    const ends = raw.of(command.syncEnd).map(({ body }) => Number(body.readBigInt64BE()));
    expect(ends).toEqual([1, 1]);
    expect(raw.of(command.peer)).toEqual([]);
  });

  it('a confirmed key only ever rises', async () => {
    const uid = scene.uid();
    const a = await scene.online();
    for (const text of texts(5)) await a.peer(uid, text);
    const raw = await scene.rawLogin(uid);
    for (const key of [4, 2, -1, 0]) raw.send(command.syncKey, pack(['i64', key]));
    raw.send(command.sync, pack(['i64', 0]));
    raw.send(command.ping);
    await a.until('answers', () => raw.of(command.pong).length > 0);
    expect(raw.of(command.peer)).toHaveLength(1);
    expect(raw.of(command.syncEnd)[0]?.body.readBigInt64BE()).toBe(5n);
  });

  it('a super group that one is not in, or that is none, is answered too', async () => {
    const a = await scene.online();
    const foreign = await scene.group([scene.uid()], true);
    const raw = await scene.rawLogin(scene.uid());
    for (const gid of [foreign, 9_999_999, -1]) {
      raw.send(command.syncGroup, pack(['i64', gid], ['i64', 3]));
    }
    raw.send(command.ping);
    await a.until('answers', () => raw.of(command.pong).length > 0);
    expect(raw.of(command.syncGroupEnd)).toHaveLength(3);
    expect(raw.of(command.groupNotice)).toEqual([]);
  });
});

it('a stop ends all connections and forgets neither messages nor keys', async () => {
  const uid = scene.uid();
  const a = await scene.online();
  const b = await scene.online(undefined, { address: scene.ws });
  for (const text of texts(5)) await a.peer(uid, text);
  const raw = await scene.rawLogin(uid);
  raw.send(command.syncKey, pack(['i64', 2]));
  raw.send(command.ping);
  await a.until('a pong', () => raw.of(command.pong).length > 0);
  const stopped = scene.daemon.restart();
  expect(await b.closed).toMatch(/^1001 /);
  await Promise.all([a.closed, raw.closed, stopped]);
  const again = await scene.online(uid);
  await again.holds(3);
  expect(again.texts).toEqual(['话3', '话4', '话5']);
});
