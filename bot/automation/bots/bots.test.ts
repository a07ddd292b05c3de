import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BotsRig, settings } from '../../../tests/support/bots-rig.ts';
import { anna, closeBots, message } from '../../../tests/support/bots-scene.ts';
import { loginOf } from '../../../tests/support/scripted-driver.ts';

let rig: BotsRig;
beforeEach(async () => {
  rig = await BotsRig.open();
});
afterEach(() => closeBots(rig));

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
