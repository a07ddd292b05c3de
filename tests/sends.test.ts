import { afterEach, describe, expect, test } from 'vitest';
import { DriverError } from '../bot/automation/driver.ts';
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
      { step: 'acknowledged', detail: `message id m-${msgid}` },
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

  test('a filter that fits little looks on by itself', async () => {
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
    const page = await rig.sends.list({ chid: 'rare' }, { limit: 10 });
    expect([page.sends.length, page.next]).toEqual([1, undefined]);
  });

  test('a request number finds its sends', async () => {
    await open();
    const prepared = await rig.sends.prepare(rig.draft());
    const claim = { day: '20260101', digest: 'd', spell: () => 'a' };
    const { msgid } = await rig.db.transaction((tx) => rig.sends.accept(tx, prepared, claim));
    expect(await rig.sends.status({ chid: 'demo', txcode: 't1' })).toMatchObject([{ msgid }]);
    expect(await rig.sends.status({ chid: 'demo', txcode: 'other' })).toEqual([]);
    expect(await rig.sends.status({ msgid: 77 })).toEqual([]);
  });
});
