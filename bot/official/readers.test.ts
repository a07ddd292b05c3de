import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OfficialRig } from '../../tests/support/official-rig.ts';
import type { User } from '../im/message.ts';
import type { Reader, Readers, Taking } from './readers.ts';

let rig: OfficialRig;
let readers: Readers;
let user: User;
beforeEach(async () => {
  rig = await OfficialRig.open();
  readers = rig.official.readers;
  user = await rig.im.names.get('u');
});
afterEach(() => rig.close());

function takingOf(reader: Reader, silent = false): Taking {
  return { reader, silent, taken: 0, settled: 0, waiting: false };
}

/** Where somebody would begin who comes now, to a new process. */
async function cursorAfterRestart(device = ''): Promise<number> {
  await rig.restart();
  readers = rig.official.readers;
  const reader = await readers.open(user, device);
  const { cursor } = reader;
  readers.close(reader);
  return cursor;
}

describe('who takes frames without a word', () => {
  it('has got them when a first confirmation would have come', async () => {
    const reader = await readers.open(user, '');
    const taking = takingOf(reader);
    readers.took(taking, 5);
    await rig.clock.advance(1900);
    readers.took(taking, 7);
    expect(reader.cursor).toBe(0);
    await rig.clock.advance(2200);
    expect(reader.cursor).toBe(7);
    // Nothing is left that would wake up anybody.
    await rig.clock.advance(10_000);
    expect(rig.clock.next()).toBeUndefined();
    expect(await cursorAfterRestart()).toBe(7);
  });

  it('has got them when it leaves', async () => {
    const reader = await readers.open(user, '');
    const taking = takingOf(reader);
    readers.took(taking, 5);
    readers.left(taking);
    readers.close(reader);
    expect((await readers.open(user, '')).cursor).toBe(5);
  });

  it('until it confirms something: then only that counts', async () => {
    const reader = await readers.open(user, '');
    const [one, other] = [takingOf(reader), takingOf(reader)];
    readers.took(one, 5);
    readers.took(other, 6);
    readers.acked(reader, 2);
    await rig.clock.advance(10_000);
    readers.left(one);
    readers.left(other);
    expect(reader.cursor).toBe(2);
    // But who says that it never will.
    const silent = takingOf(reader, true);
    readers.took(silent, 4);
    readers.left(silent);
    expect(reader.cursor).toBe(4);
  });
});

describe('a reader', () => {
  it('is one for all its connections, and forgotten after the last one', async () => {
    const [one, other] = await Promise.all([readers.open(user, ''), readers.open(user, '')]);
    expect(one).toBe(other);
    readers.close(one);
    readers.acked(other, 9);
    expect(await readers.open(user, '')).toBe(one);
    readers.close(one);
    readers.close(one);
    const again = await readers.open(user, '');
    expect(again).not.toBe(one);
    expect(again).toMatchObject({ cursor: 9, acks: true });
  });

  it('only ever goes forward', async () => {
    const reader = await readers.open(user, '');
    readers.acked(reader, 9);
    readers.acked(reader, 3);
    expect(reader.cursor).toBe(9);
    expect(await cursorAfterRestart()).toBe(9);
  });

  it('that confirmed long ago is not waited for any more', async () => {
    readers.acked(await readers.open(user, ''), 3);
    await rig.restart();
    readers = rig.official.readers;
    expect((await readers.open(user, '')).acks).toBe(true);
    await rig.clock.advance(8 * 86_400_000);
    await rig.restart();
    expect((await rig.official.readers.open(user, '')).acks).toBe(false);
  });
});

describe('devices', () => {
  it('keep their cursors apart, each under a number of its own', async () => {
    const plain = await readers.open(user, '');
    readers.acked(plain, 4);
    const [phone, desk] = await Promise.all([
      readers.open(user, 'phone'),
      readers.open(user, 'desk'),
    ]);
    expect([phone.cursor, desk.cursor]).toEqual([4, 4]);
    expect(new Set([plain.number, phone.number, desk.number]).size).toBe(3);
    readers.acked(phone, 8);
    readers.acked(plain, 6);
    expect(await cursorAfterRestart('phone')).toBe(8);
    expect(await cursorAfterRestart('desk')).toBe(4);
    expect(await cursorAfterRestart()).toBe(6);
  });

  it('of one user are fifty; the one away for longest makes room, and begins anew', async () => {
    for (let at = 0; at < 50; at += 1) {
      const reader = await readers.open(user, `d${at}`);
      readers.acked(reader, 10 + at);
      readers.close(reader);
      await rig.clock.advance(60_000);
    }
    const stays = await readers.open(user, 'd0');
    readers.close(await readers.open(user, 'one more'));
    expect(await rig.count('official_readers')).toBe(51);
    readers.close(stays);
    readers.close(await readers.open(user, 'two more'));
    expect(await rig.count('official_readers')).toBe(50);
    expect(await cursorAfterRestart('d1')).toBe(0);
    expect(await cursorAfterRestart('d49')).toBe(59);
  });
});

it('a reader that cannot be read is tried anew with the next connection', async () => {
  const { read } = rig.db;
  rig.db.read = () => Promise.reject(new Error('the disk says no'));
  await expect(readers.open(user, '')).rejects.toThrow('the disk says no');
  rig.db.read = read;
  expect((await readers.open(user, '')).cursor).toBe(0);
});
