import { afterEach, beforeEach, expect, test } from 'vitest';
import { Simulators } from '../bot/automation/drivers/simulator/simulator.ts';
import { createLogger } from '../config/logger.ts';
import { BotsRig, settings } from './support/bots-rig.ts';

// Supervised bots over the simulated WeChat: its driver, its scans, kicks and faults.

let rig: BotsRig;
let simulators: Simulators;
beforeEach(async () => {
  rig = await BotsRig.open({
    simulator: (bot, tools) => simulators.factory(bot, tools),
  });
  simulators = new Simulators({ clock: rig.clock, logger: createLogger('silent') });
});
afterEach(async () => {
  expect(rig.illegal).toEqual([]);
  await rig.close();
});

function wechat(botcode: string) {
  const found = simulators.get(botcode);
  if (found === undefined) throw new Error('no simulated WeChat');
  return found;
}

test('a bot scans itself after 5 s, and its session outlives the daemon', async () => {
  await rig.start('bot01');
  expect(rig.view('bot01').state).toBe('scan');
  await rig.pass(15_000);
  expect(rig.view('bot01').state).toBe('ready');
  expect(rig.bots.get('bot01')?.rooms.list().length).toBe(2);
  expect((await rig.bots.get('bot01')?.contacts())?.length).toBeGreaterThan(0);
  expect(rig.tape.of('bot01')).toEqual(['qrCode', 'login']);
  await rig.restart();
  await rig.pass(1000);
  expect(rig.view('bot01').state).toBe('ready');
  expect(rig.tape.of('bot01')).toEqual(['qrCode', 'login', 'login']);
});

test('a kick is told once and asks for a new scan; codes renew while nobody scans', async () => {
  await rig.bots.applyConfig([settings('bot01', { autoScan: false })]);
  await rig.bots.start();
  await rig.pass(1000);
  const names = new Set([rig.view('bot01').qr?.name]);
  for (let minute = 0; minute < 10; minute++) {
    await rig.pass(60_000);
    names.add(rig.view('bot01').qr?.name);
  }
  names.delete(undefined);
  expect(names.size).toBeGreaterThanOrEqual(4);
  expect(rig.tape.of('bot01')).toEqual([...names].map(() => 'qrCode'));
  wechat('bot01').scan();
  expect(rig.view('bot01').state).toBe('confirm');
  await wechat('bot01').confirm();
  await rig.pass(1000);
  expect(rig.view('bot01').state).toBe('ready');
  wechat('bot01').kick('logged in on another device');
  expect(rig.view('bot01').state).toBe('offline');
  await rig.pass(20_000);
  expect(rig.view('bot01').state).toBe('scan');
  expect(rig.tape.of('bot01').slice(names.size)).toEqual(['login', 'logout', 'qrCode']);
});

test('stream deaths, silence and hanging look-ups tell no log-out', async () => {
  await rig.start('bot01');
  await rig.pass(15_000);
  const world = wechat('bot01');
  world.addFault({ kind: 'stream-death', times: 50 });
  await rig.pass(1_800_000);
  world.clearFaults();
  world.addFault({ kind: 'silence' });
  await rig.pass(100_000);
  world.addFault({ kind: 'hang', on: 'look-up', times: 3 });
  world.addFault({ kind: 'stream-death' });
  await rig.pass(300_000);
  expect(rig.view('bot01').state).toBe('ready');
  expect(rig.tape.of('bot01')).toEqual(['qrCode', 'login']);
});

test('another account that scans is held back; rejected, it is logged out', async () => {
  await rig.start('bot01');
  await rig.pass(15_000);
  const bound = rig.view('bot01').boundAccountId;
  wechat('bot01').addFault({ kind: 'other-account' });
  await rig.bots.logout('bot01');
  await rig.settle();
  await rig.bots.login('bot01');
  await rig.pass(15_000);
  expect(rig.view('bot01')).toMatchObject({ state: 'wrong-account', boundAccountId: bound });
  await rig.bots.rejectAccount('bot01');
  await rig.pass(15_000);
  expect(rig.view('bot01')).toMatchObject({ state: 'ready', account: { id: bound } });
  expect(rig.tape.of('bot01')).toEqual([
    'qrCode',
    'login',
    'logout',
    'qrCode',
    'loginerr',
    'qrCode',
    'login',
  ]);
});

test('rooms made, renamed and left in WeChat are known at once', async () => {
  await rig.start('bot01');
  await rig.pass(15_000);
  const rooms = rig.bots.get('bot01')?.rooms;
  const room = wechat('bot01').createRoom('Fresh', ['Ann']);
  await rig.settle();
  expect(rooms?.lookUp({ topic: 'Fresh' })).toMatchObject({ found: 'room', room: { id: room.id } });
  wechat('bot01').changeRoom(room, { topic: 'Stale' });
  await rig.settle();
  expect(rooms?.lookUp({ topic: 'Fresh' })).toMatchObject({ found: 'renamed' });
  const asked = rooms?.prove({ topic: 'Nowhere' }, 1500);
  await rig.pass(1500);
  expect(await asked).toMatchObject({ found: 'absent' });
});
