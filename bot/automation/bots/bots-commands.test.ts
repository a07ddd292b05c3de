import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BotsRig, settings } from '../../../tests/support/bots-rig.ts';
import { anna, closeBots } from '../../../tests/support/bots-scene.ts';
import { loginOf, scanOf } from '../../../tests/support/scripted-driver.ts';

let rig: BotsRig;
beforeEach(async () => {
  rig = await BotsRig.open();
});
afterEach(() => closeBots(rig));

describe('commands', () => {
  test('login: what is so already is told again', async () => {
    rig.script('b', { says: [scanOf('code-1')] });
    await rig.start('b');
    await rig.bots.login('b');
    expect(rig.tape.of('b')).toEqual(['qrCode', 'qrCode']);
    rig.driver('b').say(loginOf(anna));
    await rig.settle();
    await rig.bots.login('b');
    expect(rig.tape.of('b')).toEqual(['qrCode', 'qrCode', 'login', 'login']);
    rig.script('b', { says: [loginOf(anna)] });
    rig.driver('b').say({ type: 'down', reason: 'reset' });
    await rig.bots.login('b');
    await rig.pass(2000);
    expect(rig.tape.of('b').slice(4)).toEqual(['login']);
  });

  test('logout ends the session and stays out, over a restart, until the next login', async () => {
    rig.script('b', { says: [loginOf(anna)] });
    await rig.start('b');
    await rig.bots.sessions.save('b', 'card');
    await rig.bots.logout('b');
    expect(rig.view('b')).toMatchObject({ state: 'offline', userAction: 'none' });
    await rig.settle();
    expect(rig.driver('b')).toMatchObject({ logouts: 1, live: false });
    expect(await rig.bots.sessions.load('b')).toBeUndefined();
    await rig.restart();
    await rig.pass(600_000);
    expect(rig.view('b').state).toBe('offline');
    expect(rig.tape.of('b')).toEqual(['login', 'logout']);
    await rig.bots.login('b');
    await rig.settle();
    expect(rig.view('b').state).toBe('ready');
    expect(rig.tape.of('b')).toEqual(['login', 'logout', 'login']);
  });

  test('logout that the other side does not answer is bounded; a login waits for it', async () => {
    rig.script('b', { says: [loginOf(anna)], logout: 'hang' });
    await rig.start('b');
    await rig.bots.logout('b');
    await rig.bots.login('b');
    expect(rig.view('b').state).toBe('starting');
    await rig.pass(19_000);
    expect(rig.driver('b').starts).toBe(1);
    await rig.pass(2000);
    expect(rig.view('b').state).toBe('ready');
    expect(rig.tape.of('b')).toEqual(['login', 'logout', 'login']);
  });

  test('release turns off, tells off once, and stays off over a restart', async () => {
    rig.script('b', { says: [loginOf(anna)] });
    await rig.start('b');
    await rig.bots.release('b');
    expect(rig.view('b').state).toBe('off');
    await rig.bots.release('b');
    await rig.restart();
    await rig.pass(600_000);
    expect(rig.view('b').state).toBe('off');
    expect(rig.tape.of('b')).toEqual(['login', 'off']);
    await rig.bots.login('b');
    await rig.settle();
    expect(rig.tape.of('b')).toEqual(['login', 'off', 'login']);
  });

  test('a bot that does not start by itself waits for a login', async () => {
    rig.script('b', { says: [loginOf(anna)] });
    await rig.bots.applyConfig([settings('b', { autoStart: false })]);
    await rig.bots.start();
    await rig.pass(60_000);
    expect(rig.view('b').state).toBe('off');
    expect(rig.tape.of('b')).toEqual([]);
    await rig.bots.login('b');
    await rig.settle();
    await rig.restart();
    expect(rig.view('b').state).toBe('ready');
  });

  test('of an unknown bot are refused', async () => {
    await expect(rig.bots.login('nobody')).rejects.toMatchObject({ code: 'unknown_bot' });
    await expect(rig.bots.remove('nobody')).rejects.toMatchObject({ code: 'unknown_bot' });
  });
});
