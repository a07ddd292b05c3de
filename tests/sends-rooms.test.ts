import { afterEach, describe, expect, test } from 'vitest';
import { DriverError } from '../bot/automation/driver.ts';
import { sendStatusOf } from '../bot/automation/sends/send-status.ts';
import { AppError } from '../bot/errors.ts';
import { SendRig, type SendRigOptions } from './support/send-rig.ts';

let rig: SendRig;
const open = async (options: SendRigOptions = {}): Promise<SendRig> => {
  rig = await SendRig.open(options);
  return rig;
};
afterEach(async () => {
  expect(rig.log).not.toMatch(/"level":(50|60)/);
  await rig.close();
});
const texts = (): string[] => rig.bot.seen.map((one) => one.text);

describe('rooms', () => {
  test('a room is addressed by id, or by a former topic', async () => {
    await open();
    const room = rig.bot.directory.get('hall@chatroom');
    room?.formerTopics.push('old hall');
    await rig.send({ target: { kind: 'room', id: 'hall@chatroom' } });
    await rig.text('b', 'old hall');
    await rig.settle();
    expect(rig.bot.seen.map((one) => one.to.id)).toEqual(['hall@chatroom', 'hall@chatroom']);
    // A former topic is proven to be nobody else's first.
    expect(rig.bot.proofs).toEqual(['old hall']);
  });

  test('nothing named is refused as missing', async () => {
    await open();
    await expect(rig.text('x', '')).rejects.toMatchObject({ code: 'field_missing' });
    await expect(rig.send({ target: { kind: 'room', id: '' } })).rejects.toMatchObject({
      code: 'field_missing',
    });
  });

  test('a topic that two rooms bear is refused with their ids', async () => {
    await open();
    rig.bot.room('hall', [], 'other@chatroom');
    const refusal = await rig.text('x').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({ code: 'field_value' });
    for (const id of ['hall@chatroom', 'other@chatroom']) {
      expect((refusal as AppError).text.zh).toContain(id);
      expect((refusal as AppError).text.en).toContain(id);
    }
    expect(await rig.send({ target: { kind: 'room', id: 'other@chatroom' } })).toBe(1);
  });

  test('a room that a finished sync does not have is absent at once', async () => {
    await open();
    const prepared = await rig.sends.prepare(rig.draft({ target: { kind: 'room', topic: 'no' } }));
    const accepted = await rig.db.transaction((tx) => rig.sends.accept(tx, prepared));
    expect(accepted).toMatchObject({ state: 'absent', reason: expect.stringContaining('no such') });
    expect(rig.told(accepted.msgid)).toMatchObject([{ sendStatus: '2' }]);
    expect(await rig.steps(accepted.msgid)).toEqual(['accepted', 'absent']);
    expect(rig.bot.seen).toEqual([]);
  });

  test('a room that no sync could disprove waits, and goes when it turns up', async () => {
    await open();
    rig.bot.sync = 'not-ready';
    const first = await rig.text('1', 'new');
    const second = await rig.text('2', 'new');
    await rig.pass(600_000);
    expect(rig.bot.seen).toEqual([]);
    expect((await rig.view(first)).state).toBe('queued');
    expect(rig.sends.queue('bot01').waiting).toMatchObject([
      { reason: { en: expect.stringContaining('not found yet') }, count: 2 },
    ]);
    rig.bot.room('new');
    rig.bot.roomsChanged();
    const third = await rig.text('3', 'new');
    await rig.settle();
    expect(texts()).toEqual(['1', '2', '3']);
    expect((await rig.view(second)).state).toBe('sent');
    expect((await rig.view(third)).state).toBe('sent');
  });

  test('what was accepted while offline is proven absent later, each send once', async () => {
    await open();
    rig.bot.setReady(false);
    const msgids = [await rig.text('1', 'no'), await rig.text('2', 'no')];
    rig.bot.setReady(true);
    await rig.pass(1000);
    for (const msgid of msgids) {
      expect(await rig.view(msgid)).toMatchObject({ state: 'absent' });
      expect(rig.told(msgid)).toMatchObject([{ sendStatus: '2' }]);
    }
    expect(rig.bot.seen).toEqual([]);
    expect(rig.sends.queue('bot01').length).toBe(0);
  });

  test('a topic that turns out to be borne twice fails with the ids', async () => {
    await open();
    rig.bot.setReady(false);
    rig.bot.directory.clear();
    const msgid = await rig.text('1', 'twin');
    rig.bot.room('twin', [], 'a@chatroom');
    rig.bot.room('twin', [], 'b@chatroom');
    rig.bot.setReady(true);
    await rig.pass(1000);
    expect(await rig.view(msgid)).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/a@chatroom.*b@chatroom/),
    });
    expect(rig.told(msgid)).toMatchObject([{ sendStatus: '-1' }]);
  });

  test('a topic finds its room again when a login gave the rooms new ids', async () => {
    await open();
    rig.bot.setReady(false);
    const msgid = await rig.text('1');
    rig.bot.directory.clear();
    rig.bot.room('hall', [], 'hall-2@chatroom');
    rig.bot.setReady(true);
    await rig.pass(1000);
    expect(rig.bot.seen).toMatchObject([{ to: { id: 'hall-2@chatroom' } }]);
    expect((await rig.view(msgid)).state).toBe('sent');
  });

  test('a sync that takes too long does not hold up accepting', async () => {
    await open();
    rig.bot.sync = 'never';
    const accepting = rig.text('1', 'new');
    await rig.pass(1500);
    expect((await rig.view(await accepting)).state).toBe('queued');
  });

  test('"no such room" of WeChat is believed when a sync agrees, and a failure when not', async () => {
    await open();
    rig.bot.answer = () => Promise.reject(new DriverError('absent', 'no room'));
    const known = await rig.text('1');
    await rig.settle();
    // The room is there: what was said of it may pass, so it is tried again.
    expect(await rig.view(known)).toMatchObject({ state: 'queued' });
    await rig.pass(120_000);
    expect(await rig.view(known)).toMatchObject({ state: 'failed' });
    expect(rig.told(known)).toMatchObject([{ sendStatus: '-1' }]);
    rig.bot.answer = (call) => {
      rig.bot.directory.delete(call.to.id);
      return Promise.reject(new DriverError('absent', 'no room'));
    };
    const gone = await rig.text('2');
    await rig.settle();
    expect(await rig.view(gone)).toMatchObject({ state: 'absent' });
    expect(rig.told(gone)).toMatchObject([{ sendStatus: '2' }]);
  });
});

describe('mentions', () => {
  const mention = async (mentions: string[], text = 'look'): Promise<string> => {
    const msgid = await rig.send({ content: { kind: 'text', text, mentions } });
    await rig.settle();
    return sendStatusOf(await rig.view(msgid));
  };

  test('members are mentioned by name or id, visibly and for real', async () => {
    await open();
    expect(await mention(['Ann', 'id-Bob'])).toBe('1');
    expect(rig.bot.seen).toMatchObject([
      { text: '@Ann @Bob look', mentionIds: ['id-Ann', 'id-Bob'] },
    ]);
  });

  test('where the driver cannot, the visible prefix is all', async () => {
    await open();
    rig.bot.can = { ...rig.bot.can, realMention: false };
    expect(await mention(['Ann'])).toBe('1');
    expect(rig.bot.seen).toMatchObject([{ text: '@Ann look', mentionIds: [] }]);
  });

  test('known, but not in the room: 3, and the text is sent without', async () => {
    await open();
    rig.bot.people = [{ id: 'id-Carl', name: 'Carl' }];
    expect(await mention(['Carl', 'Ann'])).toBe('3');
    expect(rig.bot.seen).toMatchObject([{ text: '@Ann look', mentionIds: ['id-Ann'] }]);
    expect(rig.told(1)).toMatchObject([{ sendStatus: '3' }]);
  });

  test('known to nobody: 4, and the text is sent without', async () => {
    await open();
    rig.bot.people = [{ id: 'id-Carl', name: 'Carl' }];
    expect(await mention(['Carl', 'Ghost'])).toBe('4');
    expect(texts()).toEqual(['look']);
  });

  test('contacts that cannot be read: nobody is declared nobody', async () => {
    await open();
    rig.bot.people = undefined;
    expect(await mention(['Ghost'])).toBe('3');
  });

  test('only the first part of a long text addresses people', async () => {
    await open();
    const text = `${'a'.repeat(1999)}\n${'b'.repeat(100)}`;
    expect(await mention(['Ghost', 'Ann'], text)).toBe('4');
    expect(texts()).toEqual([`@Ann ${'a'.repeat(1999)}`, 'b'.repeat(100)]);
  });
});

describe('long texts', () => {
  const long = ['a', 'b', 'c'].map((letter) => letter.repeat(1500)).join('\n');

  test('leave in parts, as one send', async () => {
    await open();
    const msgid = await rig.text(long);
    const after = await rig.text('after');
    await rig.settle(30);
    expect(texts()).toEqual([...long.split('\n'), 'after']);
    expect(rig.bot.seen.map((one) => one.ref)).toEqual(['1/1', '1/2', '1/3', '2']);
    expect(await rig.view(msgid)).toMatchObject({ state: 'sent', attempts: 3 });
    expect(rig.told(msgid)).toHaveLength(1);
    expect(rig.told(after)).toHaveLength(1);
  });

  test('a restart between parts goes on with the next one', async () => {
    await open({ pacing: { perMinute: 0, perRoomPerMinute: 1, jitterMs: [0, 0] } });
    const msgid = await rig.text(long);
    await rig.settle();
    expect(rig.bot.seen).toHaveLength(1);
    await rig.restart();
    await rig.pass(300_000);
    expect(texts()).toEqual(long.split('\n'));
    expect((await rig.view(msgid)).state).toBe('sent');
  });

  test('cancelling in the middle says how much had left', async () => {
    await open({ pacing: { perMinute: 0, perRoomPerMinute: 1, jitterMs: [0, 0] } });
    const msgid = await rig.text(long);
    await rig.settle();
    expect(await rig.sends.cancel(msgid)).toBe('cancelled');
    expect(await rig.view(msgid)).toMatchObject({ reason: 'cancelled (1 of 3 parts had left)' });
  });

  test('a text nobody wants to read is refused', async () => {
    await open();
    await expect(rig.text('x'.repeat(100_001))).rejects.toMatchObject({ code: 'field_value' });
    await expect(rig.text('x'.repeat(1_000_000))).rejects.toMatchObject({ code: 'field_value' });
    await expect(rig.text('  ')).rejects.toMatchObject({ code: 'field_value' });
  });
});
