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

describe('the way of a send', () => {
  test('it is accepted, handed over, settled and told of', async () => {
    await open();
    const msgid = await rig.text('hello');
    await rig.settle();
    expect(rig.bot.seen).toMatchObject([
      { ref: String(msgid), to: { kind: 'room', id: 'hall@chatroom' }, text: 'hello' },
    ]);
    expect(await rig.view(msgid)).toMatchObject({
      state: 'sent',
      attempts: 1,
      roomId: 'hall@chatroom',
      messageId: `m-${msgid}`,
      settledAt: rig.clock.now(),
    });
    expect(rig.told(msgid)).toMatchObject([{ chid: 'demo', txcode: 't1', sendStatus: '1' }]);
    expect(await rig.steps(msgid)).toEqual(['accepted', 'handed', 'acknowledged', 'sent']);
    expect(rig.bot.sentNoted).toBe(1);
    expect(rig.sends.queue('bot01')).toMatchObject({ length: 0, onTheWay: 0, unknown: 0 });
  });

  test('it waits while the bot is away, and says why', async () => {
    await open();
    rig.bot.setReady(false, { zh: '等待扫码', en: 'waiting for a scan' });
    const msgid = await rig.text('hello');
    await rig.pass(60_000);
    expect(rig.bot.seen).toEqual([]);
    expect(rig.sends.queue('bot01')).toMatchObject({
      length: 1,
      held: { en: 'waiting for a scan' },
      etaMs: undefined,
    });
    expect(await rig.sends.position(msgid)).toMatchObject({ position: 1, etaMs: undefined });
    rig.bot.setReady(true);
    await rig.settle();
    expect(await rig.sends.trace(msgid)).toMatchObject([
      { step: 'accepted' },
      { step: 'waiting', detail: 'waiting for a scan' },
      { step: 'moving' },
      { step: 'handed' },
      { step: 'acknowledged', detail: `id m-${msgid}` },
      { step: 'sent' },
    ]);
  });

  test('a bot that comes back without a word is noticed all the same', async () => {
    await open();
    rig.bot.ready = false;
    const msgid = await rig.text('hello');
    await rig.settle();
    rig.bot.ready = true;
    await rig.pass(30_000);
    expect((await rig.view(msgid)).state).toBe('sent');
  });

  test.each(['refused', 'unsupported'] as const)('a driver that says %s ends it', async (fault) => {
    await open();
    rig.bot.answer = () => Promise.reject(new DriverError(fault, 'no'));
    const msgid = await rig.text('hello');
    await rig.settle();
    expect(await rig.view(msgid)).toMatchObject({ state: 'failed', attempts: 1 });
    expect(rig.told(msgid)).toMatchObject([{ sendStatus: '-1', reason: expect.any(String) }]);
    await rig.pass(3_600_000);
    expect(rig.bot.seen).toHaveLength(1);
  });

  test('a driver that says offline gets it again, after growing pauses', async () => {
    await open();
    let left = 3;
    rig.bot.answer = () => {
      left -= 1;
      return left >= 0 ? Promise.reject(new DriverError('offline', 'gone')) : undefined;
    };
    const msgid = await rig.text('hello');
    await rig.pass(10_000);
    expect(rig.bot.seen.map((one) => one.at - (rig.bot.seen[0]?.at ?? 0))).toEqual([
      0, 1000, 3000, 8000,
    ]);
    expect(await rig.view(msgid)).toMatchObject({ state: 'sent', attempts: 4 });
    expect(rig.told(msgid)).toHaveLength(1);
  });

  test('a driver that says offline gets it at once when it has come back', async () => {
    await open();
    rig.bot.answer = () => Promise.reject(new DriverError('offline', 'gone'));
    const msgid = await rig.text('hello');
    await rig.settle();
    rig.bot.answer = () => undefined;
    rig.bot.setReady(false);
    rig.bot.setReady(true);
    await rig.settle();
    expect(await rig.view(msgid)).toMatchObject({ state: 'sent', attempts: 2 });
  });

  test('what would be handed to a life that ended meanwhile goes to the next one', async () => {
    let rigged = false;
    await open({
      wrap: (db) =>
        new Proxy(db, {
          get: (target, name) => {
            if (name !== 'transaction' || !rigged) return Reflect.get(target, name).bind?.(target);
            return async (...args: Parameters<typeof db.transaction>) => {
              const result = await target.transaction(...args);
              rigged = false;
              rig.bot.setReady(false);
              rig.bot.setReady(true);
              return result;
            };
          },
        }),
    });
    rig.bot.setReady(false);
    const msgid = await rig.text('hello');
    await rig.settle();
    rigged = true;
    rig.bot.setReady(true);
    await rig.pass(2000);
    expect(rig.bot.seen).toHaveLength(1);
    expect(await rig.steps(msgid)).toContain('offline');
    expect(await rig.view(msgid)).toMatchObject({ state: 'sent', attempts: 2 });
  });

  test('a bot of which nobody knows is refused', async () => {
    await open();
    await expect(rig.send({ botcode: 'bot99' })).rejects.toMatchObject({ code: 'unknown_bot' });
  });

  test('what a bot cannot send is refused when it is accepted', async () => {
    await open();
    rig.bot.can = { ...rig.bot.can, image: false, miniProgram: false };
    const image = { kind: 'image', source: { url: 'https://example.com/a.png' } } as const;
    await expect(rig.send({ content: image })).rejects.toMatchObject({ code: 'unsupported' });
    expect(rig.sends.queue('bot01').length).toBe(0);
  });

  test('an answer of our own goes where the message came from, and no channel hears of it', async () => {
    await open();
    const message = { id: 'x', fromId: 'id-Ann', roomId: 'hall@chatroom' };
    const msgid = await rig.sends.answer('bot01', message as never, 'I am');
    const private_ = await rig.sends.answer(
      'bot01',
      { ...message, roomId: undefined } as never,
      'I',
    );
    await rig.settle();
    expect(rig.bot.seen).toMatchObject([
      { to: { kind: 'room', id: 'hall@chatroom' }, text: 'I am' },
      { to: { kind: 'contact', id: 'id-Ann' }, text: 'I' },
    ]);
    expect((await rig.view(msgid)).chid).toBe('');
    expect((await rig.view(private_)).state).toBe('sent');
  });
});

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
    expect(await rig.view(known)).toMatchObject({ state: 'failed' });
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

describe('contacts', () => {
  test('are addressed by id, name or alias', async () => {
    await open();
    rig.bot.people = [
      { id: 'c1', name: 'Carl' },
      { id: 'c2', name: 'Dora', alias: 'boss' },
    ];
    await rig.send({ target: { kind: 'contact', id: 'c9' } });
    await rig.send({ target: { kind: 'contact', name: 'Carl' } });
    await rig.send({ target: { kind: 'contact', name: 'boss' } });
    await rig.settle();
    expect(rig.bot.seen.map((one) => one.to)).toEqual([
      { kind: 'contact', id: 'c9' },
      { kind: 'contact', id: 'c1' },
      { kind: 'contact', id: 'c2' },
    ]);
  });

  test('nobody of that name: absent, once the contacts were read anew', async () => {
    await open();
    const msgid = await rig.send({ target: { kind: 'contact', name: 'Nobody' } });
    await rig.pass(120_000);
    expect((await rig.view(msgid)).state).toBe('queued');
    await rig.pass(240_000);
    expect(await rig.view(msgid)).toMatchObject({ state: 'absent', reason: 'no such contact' });
  });

  test('a name that two people bear fails with their ids', async () => {
    await open();
    rig.bot.people = [
      { id: 'c1', name: 'Carl' },
      { id: 'c2', name: 'Carl' },
    ];
    const msgid = await rig.send({ target: { kind: 'contact', name: 'Carl' } });
    await rig.settle();
    expect(await rig.view(msgid)).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/c1.*c2/),
    });
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

describe('the end that nobody wanted', () => {
  test('what is queued can be cancelled, once', async () => {
    await open();
    rig.bot.setReady(false);
    const [first, second] = [await rig.text('1'), await rig.text('2')];
    expect(await rig.sends.cancel(first)).toBe('cancelled');
    expect(await rig.sends.cancel(first)).toBe('already-final');
    expect(rig.sends.queue('bot01').length).toBe(1);
    rig.bot.setReady(true);
    await rig.settle();
    expect(texts()).toEqual(['2']);
    expect(rig.told(first)).toMatchObject([{ sendStatus: '-1', reason: 'cancelled' }]);
    expect(await rig.sends.cancel(second)).toBe('already-final');
    await expect(rig.sends.cancel(99)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('what is on its way, or may be, cannot', async () => {
    await open();
    let take = (): void => {};
    rig.bot.answer = () =>
      new Promise((_resolve, reject) => {
        take = () => reject(new DriverError('unknown', 'time-out'));
      });
    const msgid = await rig.text('1');
    await rig.settle();
    expect(await rig.sends.cancel(msgid)).toBe('too-late');
    take();
    await rig.settle();
    expect((await rig.view(msgid)).state).toBe('unknown');
    expect(await rig.sends.cancel(msgid)).toBe('too-late');
  });

  test('what could not leave in time expires, wherever it stands', async () => {
    await open();
    rig.bot.setReady(false);
    const expiresAt = rig.clock.now() + 10_000;
    const stays = await rig.text('1');
    const behind = await rig.text('2', 'hall', { expiresAt });
    const elsewhere = await rig.text('3', 'unknown room', { expiresAt: expiresAt + 5000 });
    await rig.pass(9999);
    expect((await rig.view(behind)).state).toBe('queued');
    await rig.pass(1001);
    expect(await rig.view(behind)).toMatchObject({ state: 'expired' });
    expect(rig.told(behind)).toMatchObject([{ sendStatus: '-1' }]);
    await rig.pass(5000);
    expect((await rig.view(elsewhere)).state).toBe('expired');
    expect(rig.sends.queue('bot01').length).toBe(1);
    rig.bot.setReady(true);
    await rig.settle();
    expect(texts()).toEqual(['1']);
    expect((await rig.view(stays)).state).toBe('sent');
  });

  test('what expired while the daemon was down is told when it is up', async () => {
    await open();
    rig.bot.setReady(false);
    const msgid = await rig.text('1', 'hall', { expiresAt: rig.clock.now() + 1000 });
    await rig.stop();
    await rig.clock.advance(5000);
    await rig.crash();
    await rig.pass(10);
    expect(rig.told(msgid)).toMatchObject([{ sendStatus: '-1' }]);
  });

  test('every one of a long queue expires, few of which share a time', async () => {
    await open();
    rig.bot.setReady(false);
    const now = rig.clock.now();
    await rig.db.transaction(async (tx) => {
      for (let i = 0; i < 1200; i += 1) {
        const draft = rig.draft({ expiresAt: now + 1000 + (i % 7) * 500 });
        await rig.sends.accept(tx, await rig.sends.prepare(draft));
      }
    });
    for (let i = 0; i < 8; i += 1) await rig.pass(1000);
    await rig.until('all expired', () => rig.tape.events.length === 1200);
    expect(rig.sends.queue('bot01').length).toBe(0);
  });
});

describe('another account', () => {
  test('100 queued: none leaves until an operator decides', async () => {
    await open();
    rig.bot.setReady(false);
    for (let i = 0; i < 100; i += 1) await rig.text(`${i}`, i % 2 === 0 ? 'hall' : 'attic');
    rig.bot.room('attic');
    rig.bot.account = 'wx-other';
    rig.bot.bound = 'wx-other';
    rig.bot.setReady(true);
    await rig.pass(600_000);
    expect(rig.bot.seen).toEqual([]);
    expect(await rig.sends.heldForOtherAccount('bot01')).toBe(100);
    expect(rig.sends.queue('bot01').waiting).toMatchObject([
      { reason: { en: expect.stringContaining('wx-account') }, count: 100 },
    ]);
    expect(await rig.sends.adoptHeld('bot01')).toBe(100);
    await rig.until('all left', () => rig.bot.seen.length === 100);
    expect(await rig.sends.heldForOtherAccount('bot01')).toBe(0);
  });

  test('the operator can cancel them, and what is accepted since goes', async () => {
    await open();
    rig.bot.setReady(false);
    const old = await rig.text('old');
    rig.bot.account = 'wx-other';
    rig.bot.bound = 'wx-other';
    rig.bot.setReady(true);
    await rig.text('new');
    await rig.settle();
    expect(rig.bot.seen).toEqual([]);
    expect(await rig.sends.cancelHeld('bot01')).toBe(1);
    await rig.settle();
    expect(texts()).toEqual(['new']);
    expect((await rig.view(old)).state).toBe('cancelled');
  });

  test('the right account comes back: they leave', async () => {
    await open();
    rig.bot.setReady(false);
    await rig.text('old');
    rig.bot.account = 'wx-other';
    rig.bot.setReady(true);
    await rig.settle();
    expect(rig.bot.seen).toEqual([]);
    rig.bot.setReady(false);
    rig.bot.account = 'wx-account';
    rig.bot.setReady(true);
    await rig.settle();
    expect(texts()).toEqual(['old']);
  });
});

describe('questions', () => {
  test('sends are listed newest first, page by page', async () => {
    await open();
    for (let i = 0; i < 5; i += 1) await rig.text(`${i}`, 'hall', { chid: i === 1 ? 'b' : 'a' });
    await rig.settle(30);
    const first = await rig.sends.list({}, { limit: 2 });
    expect(first.sends.map((one) => one.msgid)).toEqual([5, 4]);
    const rest = await rig.sends.list({}, { before: first.next, limit: 10 });
    expect(rest.sends.map((one) => one.msgid)).toEqual([3, 2, 1]);
    expect(rest.next).toBeUndefined();
    const own = await rig.sends.list({ chid: 'b', state: 'sent', botcode: 'bot01' }, { limit: 9 });
    expect(own.sends.map((one) => one.msgid)).toEqual([2]);
  });

  test('a filter that fits little pages through bounded stretches', async () => {
    await open();
    rig.bot.setReady(false);
    await rig.text('first', 'hall', { chid: 'rare' });
    await rig.db.transaction(async (tx) => {
      for (let i = 0; i < 12_000; i += 1) {
        await tx.run(
          `INSERT INTO sends (botcode, chid, txcode, kind, lane, payload, state, accepted_at,
             run_at, expires_at, settled_at)
           VALUES ('bot01', 'often', '', 'text', 'room:x', '{}', 'sent', 0, 0, 0, 0)`,
        );
      }
    });
    let next: number | undefined;
    const sizes: number[] = [];
    do {
      const page = await rig.sends.list({ chid: 'rare' }, { before: next, limit: 10 });
      sizes.push(page.sends.length);
      next = page.next;
    } while (next !== undefined);
    expect(sizes).toEqual([0, 0, 1]);
  });

  test('a request number finds its sends', async () => {
    await open();
    const msgid = await rig.text('x');
    await rig.db.transaction((tx) =>
      tx.run(
        `INSERT INTO commands (chid, txcode, day, digest, answer, msgid, at)
         VALUES ('demo', 't1', '20260101', '', '', ?, 0)`,
        [msgid],
      ),
    );
    expect(await rig.sends.status({ chid: 'demo', txcode: 't1' })).toMatchObject([{ msgid }]);
    expect(await rig.sends.status({ chid: 'demo', txcode: 'other' })).toEqual([]);
    expect(await rig.sends.status({ msgid: 77 })).toEqual([]);
  });
});
