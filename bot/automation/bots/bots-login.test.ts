import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { QrStore } from '../../../store/qr-codes.ts';
import { BotsRig } from '../../../tests/support/bots-rig.ts';
import { anna, closeBots, room } from '../../../tests/support/bots-scene.ts';
import { loginOf, scanOf } from '../../../tests/support/scripted-driver.ts';

let rig: BotsRig;
beforeEach(async () => {
  rig = await BotsRig.open();
});
afterEach(() => closeBots(rig));

describe('a login', () => {
  test('goes from start over the QR code to ready, and is told once', async () => {
    rig.script('b', { says: [scanOf('code-1')], roomList: [room] });
    await rig.start('b');
    expect(rig.view('b')).toMatchObject({ state: 'scan', userAction: 'scan' });
    const qr = rig.view('b').qr;
    expect(qr?.text).toBe('code-1');
    rig.driver('b').say({ type: 'scan', code: 'code-1', status: 'scanned', expiresAt: undefined });
    expect(rig.view('b')).toMatchObject({ state: 'confirm', userAction: 'confirm' });
    rig.driver('b').say(loginOf(anna));
    expect(rig.view('b').state).toBe('syncing');
    expect(rig.bots.get('b')?.session()).toBeUndefined();
    expect(rig.bots.get('b')?.waitReason()?.en).toContain('rooms');
    await rig.settle();
    expect(rig.view('b')).toMatchObject({ state: 'ready', account: anna, boundAccountId: anna.id });
    expect(rig.bots.get('b')?.session()).toMatchObject({ accountId: anna.id, generation: 1 });
    expect(rig.bots.get('b')?.waitReason()).toBeUndefined();
    expect(rig.tape.of('b')).toEqual(['qrCode', 'login']);
    expect(await rig.bots.qr(qr?.name ?? '')).toBeUndefined();
  });

  test('that is not confirmed within a minute shows the code again', async () => {
    rig.script('b', { says: [scanOf('code-1', rig.clock.now() + 200_000)] });
    await rig.start('b');
    rig.driver('b').say({ type: 'scan', code: 'code-1', status: 'scanned', expiresAt: undefined });
    const confirmBy = rig.clock.now() + 60_000;
    await rig.pass(59_000);
    expect(rig.view('b')).toMatchObject({ state: 'confirm', qr: { confirmBy } });
    await rig.pass(1000);
    expect(rig.view('b')).toMatchObject({ state: 'scan', qr: { status: 'waiting' } });
    expect(rig.view('b').qr).not.toHaveProperty('confirmBy');
    expect(rig.tape.of('b')).toEqual(['qrCode']);
  });

  test('syncs until it succeeds, and never says absent meanwhile', async () => {
    rig.script('b', { says: [loginOf(anna)], rooms: 'reject', roomList: [room] });
    await rig.start('b');
    await rig.pass(30_000);
    expect(rig.view('b').state).toBe('syncing');
    const rooms = rig.bots.get('b')?.rooms;
    const asked = rooms?.prove({ topic: 'Team' }, 1500);
    await rig.pass(1500);
    expect(await asked).toEqual({ found: 'not-ready' });
    rig.script('b', { rooms: 'good' });
    await rig.pass(10_000);
    expect(rig.view('b').state).toBe('ready');
    expect(rooms?.lookUp({ topic: 'Team' })).toMatchObject({ found: 'room' });
  });

  test('whose room list hangs is given a new life after five minutes', async () => {
    rig.script('b', { says: [loginOf(anna)], rooms: 'hang' });
    await rig.start('b');
    await rig.pass(299_000);
    expect(rig.driver('b').starts).toBe(1);
    await rig.pass(2000);
    expect(rig.driver('b').starts).toBe(2);
    expect(rig.tape.of('b')).toEqual(['login']);
  });

  test('of a kept session after a daemon restart is told anew, a reset is not', async () => {
    rig.script('b', { says: [loginOf(anna)] });
    await rig.start('b');
    rig.driver('b').say({ type: 'down', reason: 'stream reset' });
    await rig.pass(5000);
    expect(rig.view('b').state).toBe('ready');
    expect(rig.tape.of('b')).toEqual(['login']);
    await rig.restart();
    expect(rig.view('b').state).toBe('ready');
    expect(rig.tape.of('b')).toEqual(['login', 'login']);
  });
});

describe('QR codes', () => {
  test('an older one dies when a newer comes, the same one does not count twice', async () => {
    rig.script('b', { says: [scanOf('code-1')] });
    await rig.start('b');
    const first = rig.view('b').qr?.name ?? '';
    expect(first).toMatch(/^[\w-]{32}$/);
    expect((await rig.bots.qr(first))?.text).toBe('code-1');
    rig.driver('b').say(scanOf('code-1'), scanOf('code-2'));
    await rig.settle();
    const second = rig.view('b').qr?.name ?? '';
    expect(await rig.bots.qr(first)).toBeUndefined();
    expect((await rig.bots.qr(second))?.text).toBe('code-2');
    expect(rig.tape.of('b')).toEqual(['qrCode', 'qrCode']);
    expect(rig.tape.events.at(-1)).toMatchObject({ qrName: second });
    await rig.pass(120_000);
    expect(await rig.bots.qr(second)).toBeUndefined();
  });

  test('one that is shown is found, written or not', async () => {
    rig.script('b', { says: [scanOf('code-1')] });
    await rig.start('b');
    rig.driver('b').say(scanOf('code-2'));
    // Nothing was awaited: it cannot have been written.
    const shown = rig.view('b').qr;
    expect(shown?.text).toBe('code-2');
    expect((await rig.bots.qr(shown?.name ?? ''))?.text).toBe('code-2');
  });

  test.each<[string, () => unknown]>([
    ['used', () => rig.driver('b').say(loginOf(anna))],
    ['superseded', () => rig.driver('b').say(scanOf('code-2'))],
    [
      'expired',
      () =>
        rig.driver('b').say({
          ...{ type: 'scan', code: 'code-1', status: 'expired', expiresAt: undefined },
        }),
    ],
  ])('one that is %s is not found, though its row is still there', async (_how, end) => {
    rig.script('b', { says: [scanOf('code-1')] });
    await rig.start('b');
    const name = rig.view('b').qr?.name ?? '';
    end();
    // Nothing was awaited: its row cannot have been dropped.
    expect(await rig.bots.qr(name)).toBeUndefined();
  });

  test('one of a bot that is being removed is not found', async () => {
    rig.script('b', { says: [scanOf('code-1')], stop: 'hang', logout: 'hang' });
    await rig.start('b');
    const name = rig.view('b').qr?.name ?? '';
    const removed = rig.bots.remove('b');
    await rig.settle();
    expect(await rig.bots.qr(name)).toBeUndefined();
    // WeChat does not answer: its row stays for as long as the bot waits.
    expect(await new QrStore(rig.db).find(name, rig.clock.now())).toBeDefined();
    await rig.pass(60_000);
    await removed;
    expect(await rig.bots.qr(name)).toBeUndefined();
  });

  test('one that is over and not renewed by its driver is renewed by a new life', async () => {
    rig.script('b', { says: [scanOf('code-1', rig.clock.now() + 30_000)] });
    await rig.start('b');
    rig.script('b', { says: [scanOf('code-2')] });
    await rig.pass(39_000);
    expect(rig.view('b')).toMatchObject({ state: 'scan', qr: undefined });
    await rig.pass(2000);
    expect(rig.view('b')).toMatchObject({ state: 'scan', qr: { text: 'code-2' } });
    expect(rig.driver('b').starts).toBe(2);
  });

  test('news of a used code after the login change nothing', async () => {
    rig.script('b', { says: [scanOf('code-1'), loginOf(anna)] });
    await rig.start('b');
    rig
      .driver('b')
      .say(scanOf('code-1'), { type: 'scan', code: 'x', status: 'expired', expiresAt: undefined });
    await rig.settle();
    expect(rig.view('b').state).toBe('ready');
    expect(rig.tape.of('b')).toEqual(['qrCode', 'login']);
  });

  test('a new code while logged in means that the session ended', async () => {
    rig.script('b', { says: [loginOf(anna)] });
    await rig.start('b');
    rig.driver('b').say(scanOf('code-1'));
    await rig.settle();
    expect(rig.tape.of('b')).toEqual(['login', 'logout', 'qrCode']);
    expect(rig.view('b').state).toBe('scan');
  });
});
