import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BotsRig, settings } from '../../../tests/support/bots-rig.ts';
import { anna, closeBots, message, other, room } from '../../../tests/support/bots-scene.ts';
import { loginOf, scanOf } from '../../../tests/support/scripted-driver.ts';
import { AppError } from '../../errors.ts';

let rig: BotsRig;
beforeEach(async () => {
  rig = await BotsRig.open();
});
afterEach(() => closeBots(rig));

describe('a log-out by WeChat', () => {
  test('is told once with its cause, and the bot logs in again by itself', async () => {
    rig.script('b', { says: [loginOf(anna)] });
    await rig.start('b');
    rig.script('b', { says: [scanOf('code-1')] });
    rig.driver('b').say({ type: 'logout', reason: 'logged in elsewhere' });
    expect(rig.view('b')).toMatchObject({ state: 'offline', reason: 'logged in elsewhere' });
    rig.driver('b').say({ type: 'logout', reason: 'again' });
    await rig.pass(10_000);
    expect(rig.view('b').state).toBe('scan');
    rig.driver('b').say(loginOf(anna));
    await rig.settle();
    expect(rig.tape.of('b')).toEqual(['login', 'logout', 'qrCode', 'login']);
    expect(rig.tape.events[1]).toMatchObject({ reason: 'logged in elsewhere' });
  });

  test('that repeats makes the pauses longer', async () => {
    rig.script('b', { says: [loginOf(anna), { type: 'logout', reason: 'kicked' }] });
    await rig.start('b');
    await rig.pass(3_600_000);
    expect(rig.driver('b').starts).toBeLessThan(30);
    expect(rig.tape.count('logout')).toBe(rig.tape.count('login'));
  });

  test('while the daemon was down is seen by the QR code that comes', async () => {
    rig.script('b', { says: [loginOf(anna)] });
    await rig.start('b');
    rig.script('b', { says: [scanOf('code-1')] });
    await rig.restart();
    expect(rig.tape.of('b')).toEqual(['login', 'logout', 'qrCode']);
  });
});

describe('another account', () => {
  test('is held back until an operator accepts it', async () => {
    rig.script('b', { says: [loginOf(anna)] });
    await rig.start('b');
    rig.script('b', { says: [loginOf(other)], roomList: [room] });
    rig.driver('b').say({ type: 'down', reason: 'reset' });
    await rig.pass(2000);
    expect(rig.view('b')).toMatchObject({
      state: 'wrong-account',
      userAction: 'decide',
      account: other,
      boundAccountId: anna.id,
    });
    expect(rig.bots.get('b')?.session()).toBeUndefined();
    rig.driver('b').say({ type: 'message', message: message() });
    await rig.bots.login('b');
    expect(rig.tape.of('b')).toEqual(['login', 'loginerr', 'loginerr']);
    // Held over resets and restarts, and not told again.
    rig.driver('b').say({ type: 'down', reason: 'reset' });
    await rig.pass(5000);
    await rig.restart();
    expect(rig.view('b').state).toBe('wrong-account');
    expect(rig.tape.of('b')).toEqual(['login', 'loginerr', 'loginerr']);
    await rig.bots.acceptAccount('b');
    await rig.settle();
    expect(rig.view('b')).toMatchObject({ state: 'ready', boundAccountId: other.id });
    expect(rig.bots.get('b')?.session()?.accountId).toBe(other.id);
    expect(rig.tape.of('b').at(-1)).toBe('login');
    await rig.restart();
    expect(rig.view('b').state).toBe('ready');
  });

  test('is logged out when an operator rejects it', async () => {
    rig.script('b', { says: [loginOf(other)] });
    await rig.bots.applyConfig([settings('b', { accountId: anna.id })]);
    await rig.bots.start();
    await rig.settle();
    expect(rig.view('b').state).toBe('wrong-account');
    rig.script('b', { says: [scanOf('code-1')] });
    await rig.bots.rejectAccount('b');
    await rig.pass(1000);
    expect(rig.driver('b').logouts).toBe(1);
    expect(rig.view('b').state).toBe('scan');
    rig.driver('b').say(loginOf(anna));
    await rig.settle();
    expect(rig.view('b').state).toBe('ready');
    expect(rig.tape.of('b')).toEqual(['loginerr', 'qrCode', 'login']);
    await expect(rig.bots.rejectAccount('b')).rejects.toThrow(AppError);
  });

  test('is known by its name where ids hold for one login only', async () => {
    rig.script('b', { says: [loginOf(anna)], stableIds: false, roomList: [room] });
    await rig.start('b');
    rig.script('b', {
      says: [loginOf({ id: '@new', name: 'Anna' })],
      roomList: [{ ...room, id: '@@other' }],
    });
    rig.driver('b').say({ type: 'down', reason: 'reset' });
    await rig.pass(2000);
    expect(rig.view('b')).toMatchObject({ state: 'ready', account: anna });
    expect(rig.bots.get('b')?.rooms.list()).toMatchObject([{ id: '@@other', formerTopics: [] }]);
    rig.script('b', { says: [loginOf({ id: '@third', name: 'Carl' })] });
    rig.driver('b').say({ type: 'down', reason: 'reset' });
    await rig.pass(2000);
    expect(rig.view('b').state).toBe('wrong-account');
  });
});
