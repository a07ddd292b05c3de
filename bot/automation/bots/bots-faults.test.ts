import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BotsRig } from '../../../tests/support/bots-rig.ts';
import { anna, closeBots, other, room } from '../../../tests/support/bots-scene.ts';
import { loginOf, scanOf } from '../../../tests/support/scripted-driver.ts';

let rig: BotsRig;
beforeEach(async () => {
  rig = await BotsRig.open();
});
afterEach(() => closeBots(rig));

describe('a driver that misbehaves', () => {
  test('start that proves nothing is failed after a minute, told once, tried for ever', async () => {
    rig.script('b');
    await rig.start('b');
    await rig.pass(59_000);
    expect(rig.view('b').state).toBe('starting');
    await rig.pass(1000);
    expect(rig.view('b')).toMatchObject({ state: 'failed', userAction: 'contact-provider' });
    await rig.pass(3_600_000);
    expect(rig.driver('b').starts).toBeGreaterThan(9);
    expect(rig.tape.of('b')).toEqual(['loginerr']);
    rig.script('b', { says: [loginOf(anna)] });
    await rig.pass(400_000);
    expect(rig.view('b').state).toBe('ready');
    expect(rig.tape.of('b')).toEqual(['loginerr', 'login']);
  });

  test('a start that hangs is given up after a minute, with its driver', async () => {
    rig.script('b', { start: 'hang' });
    await rig.start('b');
    await rig.pass(60_000);
    expect(rig.view('b').state).toBe('failed');
    rig.script('b', { start: 'good', says: [loginOf(anna)] });
    await rig.pass(10_000);
    expect(rig.view('b').state).toBe('ready');
    const built = rig.drivers.get('b') ?? [];
    expect(built.length).toBe(2);
    expect(built[0]?.listeners).toBe(0);
    built[0]?.say(scanOf('late'));
    expect(rig.view('b').state).toBe('ready');
  });

  test('refused by the provider is failed at once, a login command tries at once', async () => {
    rig.script('b', { start: 'refuse' });
    await rig.start('b');
    expect(rig.view('b')).toMatchObject({ state: 'failed', reason: 'the token is not valid' });
    rig.script('b', { start: 'good', says: [loginOf(anna)] });
    await rig.bots.login('b');
    await rig.pass(1);
    expect(rig.view('b').state).toBe('ready');
    expect(rig.tape.of('b')).toEqual(['loginerr', 'login']);
  });

  test('a short outage is bridged silently, a long one ends in loginerr, never in logout', async () => {
    rig.script('b', { says: [loginOf(anna)] });
    await rig.start('b');
    rig.script('b', { start: 'reject' });
    rig.driver('b').say({ type: 'down', reason: 'server gone' });
    expect(rig.view('b').state).toBe('suspect');
    expect(rig.bots.get('b')?.session()).toBeUndefined();
    await rig.pass(90_000);
    expect(rig.view('b').state).toBe('suspect');
    rig.script('b', { start: 'good' });
    await rig.pass(31_000);
    expect(rig.view('b').state).toBe('ready');
    expect(rig.tape.of('b')).toEqual(['login']);

    rig.script('b', { start: 'reject' });
    rig.driver('b').say({ type: 'down', reason: 'server gone' });
    await rig.pass(181_000);
    expect(rig.view('b').state).toBe('offline');
    await rig.pass(65_000);
    expect(rig.view('b').state).toBe('failed');
    rig.script('b', { start: 'good' });
    await rig.pass(300_000);
    expect(rig.view('b').state).toBe('ready');
    expect(rig.tape.of('b')).toEqual(['login', 'loginerr', 'login']);
  });

  test('a stream that falls silent is suspect after 60 s and replaced after 90 s', async () => {
    rig.script('b', { says: [loginOf(anna)] });
    await rig.start('b');
    rig.script('b', { heart: false });
    await rig.pass(61_000);
    expect(rig.view('b').state).toBe('suspect');
    expect(rig.driver('b').pings).toBeGreaterThan(0);
    await rig.pass(30_000);
    expect(rig.driver('b').starts).toBe(2);
    expect(rig.view('b').state).toBe('ready');
    expect(rig.tape.of('b')).toEqual(['login']);
  });

  test('a quiet stream is probed, and a probe that fails holds sends until one answers', async () => {
    rig.script('b', { says: [loginOf(anna)] });
    await rig.start('b');
    rig.script('b', { heart: false, ping: 'hang' });
    await rig.pass(26_000);
    expect(rig.view('b').state).toBe('suspect');
    rig.script('b', { ping: 'good' });
    await rig.pass(8000);
    expect(rig.view('b').state).toBe('ready');
    expect(rig.driver('b').starts).toBe(1);
  });

  test('a storm of downs is slowed down to one life in 15 to 30 s', async () => {
    rig.script('b', { says: [loginOf(anna), { type: 'down', reason: 'crash' }] });
    await rig.start('b');
    await rig.pass(120_000);
    const before = rig.driver('b').starts;
    await rig.pass(600_000);
    expect(rig.driver('b').starts - before).toBeLessThanOrEqual(40);
    expect(rig.driver('b').starts - before).toBeGreaterThanOrEqual(20);
    expect(rig.tape.of('b')).toEqual(['login']);
  });

  test('poison next to a good one: the good one notices nothing', async () => {
    const poison = ['start', 'stop', 'ping', 'rooms', 'logout'] as const;
    rig.script('good', { says: [loginOf(anna)], roomList: [room] });
    for (const [index, conduct] of (['throw', 'hang', 'reject'] as const).entries()) {
      rig.script(`bad${index}`, Object.fromEntries(poison.map((one) => [one, conduct])));
    }
    rig.script('ugly', {
      says: [
        // Not of the type: what a broken library may say.
        { type: 'login', account: undefined } as never,
        { type: 'message', message: undefined } as never,
        { type: 'no such event' } as never,
        loginOf(other),
      ],
      roomList: [undefined as never],
    });
    await rig.start('bad0', 'bad1', 'bad2', 'good', 'ugly');
    rig.bots.on(() => {
      throw new Error('a listener that throws');
    });
    await rig.pass(180_000);
    expect(rig.view('good').state).toBe('ready');
    expect(rig.tape.of('good')).toEqual(['login']);
    for (const bad of ['bad0', 'bad1', 'bad2']) {
      expect(rig.view(bad).state).toBe('failed');
      expect(rig.tape.of(bad)).toEqual(['loginerr']);
      await rig.bots.logout(bad);
      await rig.bots.release(bad);
    }
    expect(rig.view('ugly').state).toBe('syncing');
    await rig.pass(60_000);
    expect(rig.view('bad1').state).toBe('off');
    expect(rig.view('good').state).toBe('ready');
  });
});

test('1,000 resets, restarts and short outages tell no log-out', { timeout: 60_000 }, async () => {
  rig.script('b', { says: [loginOf(anna)] });
  await rig.start('b');
  for (let count = 0; count < 1000; count++) {
    if (count % 100 === 99) {
      await rig.restart();
    } else if (count % 3 === 0) {
      rig.driver('b').say({ type: 'down', reason: 'reset' });
    } else {
      rig.script('b', { start: 'reject' });
      rig.driver('b').say({ type: 'down', reason: 'server restarts' });
      await rig.pass(2000);
      rig.script('b', { start: 'good' });
    }
    await rig.pass(31_000);
    expect(rig.view('b').state).toBe('ready');
  }
  expect(rig.tape.count('logout')).toBe(0);
  expect(rig.tape.count('loginerr')).toBe(0);
  // One for each run of the daemon.
  expect(rig.tape.count('login')).toBe(11);
  expect(rig.driver('b').listeners).toBe(1);
});
