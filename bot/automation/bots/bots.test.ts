import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BotsRig, settings } from '../../../tests/support/bots-rig.ts';
import { loginOf, scanOf } from '../../../tests/support/scripted-driver.ts';
import { AppError } from '../../errors.ts';
import type { IncomingMessage } from '../driver.ts';

const anna = { id: 'wxid_anna', name: 'Anna' };
const other = { id: 'wxid_other', name: 'Other' };
const room = { id: 'r1@chatroom', topic: 'Team', members: [] };

let rig: BotsRig;
beforeEach(async () => {
  rig = await BotsRig.open();
});
afterEach(async () => {
  expect(rig.illegal).toEqual([]);
  expect(rig.log).not.toContain('no such change of state');
  expect(rig.log).not.toContain('does not settle');
  await rig.close();
});

function message(changes: Partial<IncomingMessage> = {}): IncomingMessage {
  return {
    id: 'm1',
    kind: 'text',
    text: 'hello',
    fromId: 'wxid_bob',
    fromName: 'Bob',
    roomId: undefined,
    toId: anna.id,
    mentionsSelf: false,
    self: false,
    at: 0,
    ...changes,
  };
}

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
    await rig.pass(59_000);
    expect(rig.view('b').state).toBe('confirm');
    await rig.pass(1000);
    expect(rig.view('b')).toMatchObject({ state: 'scan', qr: { status: 'waiting' } });
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

describe('messages', () => {
  test('delivered twice are told once; own words and the keyword are not told', async () => {
    rig.script('b', { says: [loginOf(anna)] });
    await rig.start('b');
    rig
      .driver('b')
      .say(
        { type: 'message', message: message() },
        { type: 'message', message: message() },
        { type: 'message', message: message({ id: 'm2', self: true, text: 'mine' }) },
        { type: 'message', message: message({ id: 'm3', text: 'help' }) },
        { type: 'message', message: message({ id: 'm4', text: 'second' }) },
      );
    await rig.settle();
    expect(rig.tape.of('b')).toEqual(['login', 'userMsg:hello', 'userMsg:second']);
    const heard = rig.notices.flatMap(([, one]) => (one.type === 'message' ? one.message.id : []));
    expect(heard).toEqual(['m1', 'm2', 'm3', 'm4']);
    expect(rig.view('b').ages.canSend).toBe(0);
  });
});

describe('the list of bots', () => {
  test('starts 50 bots a few at a time, and a hanging one holds its place for 3 s only', async () => {
    const botcodes = Array.from({ length: 50 }, (_, index) => `b${String(index).padStart(2, '0')}`);
    for (const botcode of botcodes) {
      rig.script(botcode, { says: [loginOf({ id: `wxid_${botcode}`, name: botcode })] });
    }
    for (const botcode of botcodes.slice(0, 12)) rig.script(botcode, { start: 'hang' });
    await rig.start(...botcodes);
    const starting = (): number =>
      botcodes.filter((one) => (rig.drivers.get(one) ?? []).some((driver) => driver.starts > 0))
        .length;
    expect(starting()).toBe(1);
    await rig.pass(2000);
    expect(starting()).toBe(10);
    await rig.pass(6000);
    for (const botcode of botcodes.slice(12)) expect(rig.view(botcode).state).toBe('ready');
    expect(rig.tape.count('login')).toBe(38);
  });

  test('follows the config file, keeps what operators added', async () => {
    rig.script('a', { says: [loginOf(anna)] });
    await rig.start('a', 'b');
    await rig.bots.add({ botcode: 'c' });
    await expect(rig.bots.add({ botcode: 'c' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(rig.bots.add({ botcode: 'x y' })).rejects.toMatchObject({ code: 'field_value' });
    await expect(rig.bots.add({ botcode: 'w', driver: 'wechaty' })).rejects.toMatchObject({
      field: 'puppet',
    });
    await rig.bots.applyConfig([settings('b', { name: 'Bee' })]);
    expect(rig.bots.list().map((bot) => bot.botcode)).toEqual(['b', 'c']);
    expect(rig.view('b').name).toBe('Bee');
    expect(rig.tape.of('a')).toEqual(['login', 'off']);
    expect(rig.driver('a')).toMatchObject({ live: false, logouts: 0 });
    await rig.bots.remove('c');
    await rig.restart();
    expect(rig.bots.list().map((bot) => bot.botcode)).toEqual(['b']);
  });

  test('a change that concerns the driver gives the bot a new one, another does not', async () => {
    rig.script('b', { says: [loginOf(anna)] });
    await rig.start('b');
    await rig.bots.update('b', { name: 'Bee' });
    expect(rig.drivers.get('b')?.length).toBe(1);
    await rig.bots.update('b', { seed: 7 });
    await rig.pass(1000);
    expect(rig.drivers.get('b')?.length).toBe(2);
    expect(rig.drivers.get('b')?.[0]).toMatchObject({ live: false, listeners: 0 });
    expect(rig.view('b').state).toBe('ready');
    expect(rig.tape.of('b')).toEqual(['login']);
  });
});
