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
const texts = (): string[] => rig.bot.seen.map((one) => one.text);

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
