import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Driver } from '../bot/automation/driver.ts';
import { RealClock } from '../bot/clock.ts';
import { Heard } from './support/driver-harness.ts';
import { fault, signal } from './support/driver-rigged.ts';
import { eventually } from './support/eventually.ts';
import { type ServedPuppet, servePuppet } from './support/puppet-farm.ts';
import { type DriverBench, driverBench } from './support/wechaty-harness.ts';

let bench: DriverBench;
let served: ServedPuppet;
let driver: Driver;
let heard: Heard;

beforeEach(async () => {
  bench = await driverBench(new RealClock());
  served = await servePuppet();
  served.puppet.keepLogin();
  driver = bench.build({ puppetOptions: served.options });
  heard = new Heard(driver);
  await driver.start(signal());
  await heard.until('login');
});

afterEach(async () => {
  await bench.close();
  await served.close();
});

describe('nothing found and could not look: the library mixes them up', () => {
  test('500 rooms are 500 rooms', async () => {
    for (let index = 0; index < 500; index += 1) served.puppet.addRoom(`群 ${index}`, ['张三']);
    const rooms = await driver.rooms();
    expect(new Set(rooms.map(({ topic }) => topic)).size).toBe(500);
    expect(rooms.every(({ members }) => members.some(({ name }) => name === '张三'))).toBe(true);
  });

  test('one room that cannot be read fails the whole list', async () => {
    served.puppet.addRoom('好的', ['张三']);
    const broken = served.puppet.addRoom('坏的', ['张三']);
    const read = served.puppet.roomRawPayload.bind(served.puppet);
    served.puppet.roomRawPayload = async (id) => {
      if (id === broken.id) throw new Error('socket hang up');
      return read(id);
    };
    await expect(driver.rooms()).rejects.toMatchObject(fault('offline'));
    served.puppet.roomRawPayload = read;
    expect(await driver.rooms()).toHaveLength(2);
  });

  test('a room that went away while the list was read is left out', async () => {
    served.puppet.addRoom('还在', ['张三']);
    const gone = served.puppet.addRoom('走了', ['张三']);
    const read = served.puppet.roomRawPayload.bind(served.puppet);
    served.puppet.roomRawPayload = async (id) => {
      if (id === gone.id) throw new Error(`no payload found for id ${id}`);
      return read(id);
    };
    expect((await driver.rooms()).map(({ topic }) => topic)).toEqual(['还在']);
  });

  test('without a server, look-ups reject instead of finding nothing', async () => {
    served.puppet.addRoom('看不见', ['张三']);
    await served.down();
    await heard.until('down');
    await expect(driver.rooms()).rejects.toMatchObject(fault('offline'));
    await expect(driver.room('x@chatroom')).rejects.toMatchObject(fault('offline'));
    await expect(driver.contacts()).rejects.toMatchObject(fault('offline'));
  });
});

describe('what a message costs', () => {
  test('in a room of 400, the first message is two calls, the next of its sender one', async () => {
    const names = Array.from({ length: 400 }, (_, index) => `成员 ${index}`);
    const room = served.puppet.addRoom('大群', names);
    const calls = countCalls();
    served.puppet.say(room.members[7]?.id ?? '', { roomId: room.id }, '一');
    const { message } = await heard.until('message');
    expect(message.fromName).toBe('成员 7');
    expect(calls).toEqual({ message: 1, contact: 0, room: 0, member: 1 });
    served.puppet.say(room.members[7]?.id ?? '', { roomId: room.id }, '二');
    await heard.until('message', 2);
    expect(calls).toEqual({ message: 2, contact: 0, room: 0, member: 1 });
  });

  test('100 strangers at once: every message in order, few of their names asked for', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `成员 ${index}`);
    const room = served.puppet.addRoom('热闹', names);
    const calls = countCalls();
    for (const [index, { id }] of room.members.entries()) {
      served.puppet.say(id, { roomId: room.id }, `第 ${index}`);
    }
    await eventually('all messages', () => heard.of('message').length === 100);
    expect(heard.texts({ self: false })).toEqual(names.map((_, index) => `第 ${index}`));
    expect(calls.message).toBe(100);
    expect(calls.member).toBeLessThanOrEqual(9);
  });
});

/** What really gets to the puppet. */
function countCalls() {
  const calls = { message: 0, contact: 0, room: 0, member: 0 };
  const { puppet } = served;
  const message = puppet.messageRawPayload.bind(puppet);
  const contact = puppet.contactRawPayload.bind(puppet);
  const room = puppet.roomRawPayload.bind(puppet);
  const member = puppet.roomMemberPayload.bind(puppet);
  puppet.messageRawPayload = (id) => {
    calls.message += 1;
    return message(id);
  };
  puppet.contactRawPayload = (id) => {
    // The mock asks itself for the contact behind a member.
    if (calls.member === 0) calls.contact += 1;
    return contact(id);
  };
  puppet.roomRawPayload = (id) => {
    calls.room += 1;
    return room(id);
  };
  puppet.roomMemberPayload = (roomId, id) => {
    calls.member += 1;
    return member(roomId, id);
  };
  return calls;
}
