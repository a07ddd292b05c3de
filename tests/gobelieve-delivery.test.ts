import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ClientOptions } from './support/gobelieve-client.ts';
import { command, flag } from './support/gobelieve-frames.ts';
import { GobelieveScene, texts } from './support/gobelieve-scene.ts';

let scene: GobelieveScene;

beforeAll(async () => {
  scene = await GobelieveScene.start();
});
afterEach(() => scene.hangUp());
afterAll(() => scene?.close());

type Edge = Pick<ClientOptions, 'address' | 'version'>;
const edges = (['tcp', 'ws'] as const).flatMap((transport) =>
  ([0, 1, 2] as const).map((version) => [transport, version] as const),
);

describe.each(edges)('over %s in version %i', (transport, version) => {
  const edge = (): Edge => ({ address: scene[transport], version });
  const ok = version === 2 ? 0 : undefined;

  it('from user to user, online and offline', async () => {
    const a = await scene.online(undefined, edge());
    const b = await scene.online(undefined, edge());
    expect(await a.peer(b.uid, '一', 11)).toEqual({ status: ok, key: 1 });
    // The first message of an inbox is never pushed in a way that is taken.
    await b.holds(1);
    expect(await a.peer(b.uid, '二', -12)).toEqual({ status: ok, key: 2 });
    await b.holds(2);
    const [sender, receiver] = [a.uid, b.uid];
    const common = { command: command.peer, sender, receiver, self: false };
    expect(b.inbox.taken).toMatchObject([
      { ...common, text: '一', clientId: 11, key: 1, way: 'sync' },
      { ...common, text: '二', clientId: -12, key: 2, way: 'push' },
    ]);
    const now = Date.now() / 1000;
    const timestamp = b.inbox.taken[1]?.timestamp;
    if (version === 0) expect(timestamp).toBeUndefined();
    else expect(Math.abs((timestamp ?? 0) - now)).toBeLessThan(5);
    await b.disconnect();
    for (const text of texts(3, '不在')) await a.peer(b.uid, text);
    await b.connect();
    await b.holds(5);
    expect(b.texts).toEqual(['一', '二', ...texts(3, '不在')]);
    expect(b.inbox.taken.map(({ key }) => key)).toEqual([1, 2, 3, 4, 5]);
    // The sender never knew where its inbox began: it finds its own words there.
    await a.connect();
    await a.holds(5);
    expect(a.texts).toEqual(b.texts);
    expect(a.inbox.taken.every(({ self, way }) => self && way === 'sync')).toBe(true);
    // From there on the acknowledgement is all that it needs.
    expect(await a.peer(b.uid, '六')).toEqual({ status: ok, key: 6 });
    expect(a.inbox.taken.at(-1)).toMatchObject({ text: '六', way: 'ack', key: 6 });
    await b.holds(6);
  });

  it('into a normal group', async () => {
    const a = await scene.online(undefined, edge());
    const b = await scene.online(undefined, edge());
    const c = await scene.device(undefined, edge());
    const gid = await scene.group([a.uid, b.uid, c.uid]);
    for (const one of [a, b]) await one.holds(1);
    const told = [...texts(3, '群')];
    for (const text of told) {
      expect(await a.group(gid, text, 5)).toMatchObject({ status: ok });
    }
    for (const one of [a, b]) await one.holds(4);
    await c.connect();
    await c.holds(4);
    for (const one of [a, b, c]) {
      expect(one.texts.slice(1)).toEqual(told);
      expect(one.inbox.taken[0]).toMatchObject({ command: command.groupNotice, key: 1 });
      expect(one.inbox.taken[1]).toMatchObject({ sender: a.uid, receiver: gid });
    }
    const said = { command: command.group, sender: a.uid, receiver: gid, clientId: 5 };
    expect(b.inbox.taken[3]).toMatchObject({ ...said, way: 'push', key: 4 });
    expect(a.inbox.taken[3]).toMatchObject({ way: 'ack', key: 4 });
  });

  it('into a super group', async () => {
    const a = await scene.online(undefined, edge());
    const b = await scene.online(undefined, edge());
    const c = await scene.device(undefined, edge());
    const gid = await scene.group([a.uid, b.uid, c.uid], true);
    // That there is something makes a client follow the group.
    for (const one of [a, b]) {
      const line = await one.until('the group', () => one.groups.get(gid));
      await one.holds(1, line);
    }
    const told = [...texts(3, '群')];
    const keys: unknown[] = [];
    for (const text of told) keys.push((await a.group(gid, text)).key);
    expect(keys).toEqual([2, 3, 4]);
    c.follow(gid);
    await c.connect();
    for (const one of [a, b, c]) {
      const line = one.follow(gid);
      await one.holds(4, line);
      expect(line.texts.slice(1)).toEqual(told);
      expect(line.taken.map(({ key }) => key)).toEqual([1, 2, 3, 4]);
      expect(one.texts).toEqual([]);
    }
    expect(a.follow(gid).taken[3]?.way).toBe('ack');
    expect(b.follow(gid).taken[3]).toMatchObject({ way: 'push', sender: a.uid, receiver: gid });
    expect(c.follow(gid).taken[3]).toMatchObject({ way: 'sync', sender: a.uid, receiver: gid });
  });

  it('from the system, and notifications that are not kept', async () => {
    const a = await scene.online(undefined, edge());
    const absent = await scene.device(undefined, edge());
    for (const receiver of [a.uid, absent.uid]) {
      for (const content of texts(2, '系统')) {
        await scene.rest('POST', '/messages/systems', { receiver, content });
      }
      await scene.rest('POST', '/messages/notifications', { receiver, content: '此刻' });
    }
    await a.holds(2);
    await a.until('the notification', () => a.live.length > 0);
    await absent.connect();
    await absent.holds(2);
    await absent.ping();
    for (const one of [a, absent]) {
      expect(one.texts).toEqual(texts(2, '系统'));
      expect(one.inbox.taken.every((each) => each.command === command.system)).toBe(true);
    }
    expect(a.live).toMatchObject([{ command: command.notification, text: '此刻' }]);
    expect(absent.live).toEqual([]);
  });

  it('from user to user at this moment only', async () => {
    const a = await scene.online(undefined, edge());
    const b = await scene.online(undefined, edge());
    a.realtime(b.uid, '在输入');
    a.realtime(scene.uid(), '谁也没听见');
    await b.until('it', () => b.live.length > 0);
    const said = { command: command.realtime, sender: a.uid, receiver: b.uid, text: '在输入' };
    expect(b.live).toMatchObject([said]);
    await b.disconnect();
    a.realtime(b.uid, '错过');
    await a.ping();
    await b.connect();
    await b.ping();
    expect(b.live).toHaveLength(1);
  });

  it('in chat rooms', async () => {
    const [a, b, outside] = [
      await scene.online(undefined, edge()),
      await scene.online(undefined, edge()),
      await scene.online(undefined, edge()),
    ];
    const room = scene.uid();
    for (const one of [a, b]) one.enterRoom(room);
    outside.enterRoom(room + 1_000_000);
    for (const one of [a, b, outside]) await one.ping();
    expect(await a.room('大家好')).toEqual({ status: ok, key: undefined });
    await scene.rest('POST', '/messages/rooms', { sender: 1, receiver: room, content: '系统说' });
    await b.until('both', () => b.live.length === 2);
    await a.until('the second', () => a.live.length === 1);
    expect(b.live).toMatchObject([
      { command: command.room, sender: a.uid, receiver: room, text: '大家好' },
      { command: command.room, sender: 1, receiver: room, text: '系统说' },
    ]);
    // Another room is left for it; a connection that comes again is in the room again.
    b.enterRoom(room + 1_000_000);
    await b.ping();
    await a.connect();
    expect(await b.room('换了')).toMatchObject({ status: ok });
    await outside.until('it', () => outside.live.length > 0);
    expect(await a.room('还在吗')).toMatchObject({ status: ok });
    await b.ping();
    expect(b.live).toHaveLength(2);
    expect(outside.live).toMatchObject([{ text: '换了' }]);
    await scene.rest('POST', '/messages/rooms', { sender: 1, receiver: room, content: '再说' });
    await a.until('it', () => a.live.length === 2);
    a.leaveRoom(room);
    await a.ping();
    await scene.rest('POST', '/messages/rooms', { sender: 1, receiver: room, content: '空' });
    await a.ping();
    expect(a.live).toHaveLength(2);
    for (const one of [a, b, outside]) expect(one.texts).toEqual([]);
  });
});

it('over REST it is told of, not pushed', async () => {
  const a = await scene.online();
  const b = await scene.online();
  for (const content of texts(3)) {
    await scene.rest('POST', '/messages/peers', { sender: a.uid, receiver: b.uid, content });
  }
  for (const one of [a, b]) {
    await one.holds(3);
    expect(one.texts).toEqual(texts(3));
    expect(one.inbox.dropped).toBe(0);
    expect(one.inbox.taken.every(({ way }) => way === 'sync')).toBe(true);
  }
});

it('to oneself', async () => {
  const a = await scene.online();
  await a.peer(a.uid, '一');
  await a.connect();
  await a.holds(1);
  expect(await a.peer(a.uid, '二')).toEqual({ status: 0, key: 2 });
  await a.ping();
  expect(a.inbox.taken.map(({ text, way }) => [text, way])).toEqual([
    ['一', 'sync'],
    ['二', 'ack'],
  ]);
  expect(a.inbox.dropped).toBe(0);
});

it('what asks not to be kept is kept all the same', async () => {
  const a = await scene.online();
  const b = await scene.device();
  const said = { receiver: b.uid, text: '留下' };
  await a.acked(a.utter(command.peer, said, flag.unpersistent | flag.text));
  await b.connect();
  await b.holds(1);
  expect(b.texts).toEqual(['留下']);
});

it('a long text, of any bytes, is handed through', async () => {
  const a = await scene.online();
  const b = await scene.online();
  const long = '长'.repeat(Math.floor((32_767 - 24) / 3));
  const odd = '\u0000\n😀{"text":';
  await a.peer(b.uid, long);
  await a.peer(b.uid, odd);
  await a.peer(b.uid, '');
  await b.holds(3);
  expect(b.texts).toEqual([long, odd, '']);
});

describe('customer service', () => {
  async function desk() {
    const desks = scene.daemon.daemon.core.im.desks;
    const { storeId } = await desks.addDesk({ appid: 7, name: '售后' });
    const seller = await scene.online();
    await desks.putSeller({ storeId, uid: seller.uid, name: '小王' });
    return { storeId, seller };
  }

  it('between a customer and a seller', async () => {
    const { seller } = await desk();
    const customer = await scene.online();
    expect(await customer.customer(7, seller.uid, '在吗')).toEqual({ status: 0, key: 1 });
    await seller.holds(1);
    expect(await seller.customer(7, customer.uid, '在的')).toMatchObject({ status: 0 });
    await customer.holds(2);
    await customer.disconnect();
    await seller.customer(7, customer.uid, '还有事吗');
    await customer.connect();
    await customer.holds(3);
    const [one, other] = [customer.uid, seller.uid];
    const apps = { command: command.customer, senderApp: 7, receiverApp: 7 };
    expect(customer.inbox.taken).toMatchObject([
      { ...apps, sender: one, receiver: other, text: '在吗', self: true },
      { ...apps, sender: other, receiver: one, text: '在的', self: false },
      { ...apps, sender: other, receiver: one, text: '还有事吗', self: false },
    ]);
  });

  it('as clients before 2021 spell it', async () => {
    const { storeId, seller } = await desk();
    const customer = await scene.online();
    const ids: [number, number, number, number] = [7, customer.uid, storeId, seller.uid];
    const asked = customer.utter(command.toDesk, { desk: ids, text: '在吗' });
    expect(await customer.acked(asked)).toEqual({ status: 0, key: 1 });
    await seller.holds(1);
    await seller.acked(seller.utter(command.fromDesk, { desk: ids, text: '在的' }));
    await customer.holds(2);
    expect(seller.inbox.taken[0]).toMatchObject({ command: command.toDesk, desk: ids });
    expect(customer.inbox.taken[1]).toMatchObject({
      command: command.fromDesk,
      desk: ids,
      text: '在的',
    });
  });
});
