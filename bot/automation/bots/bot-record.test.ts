import { afterEach, beforeEach, expect, test } from 'vitest';
import { BotsRig } from '../../../tests/support/bots-rig.ts';
import { loginOf, scanOf } from '../../../tests/support/scripted-driver.ts';

const anna = { id: 'wxid_anna', name: 'Anna' };
let rig: BotsRig;
beforeEach(async () => {
  rig = await BotsRig.open();
});
afterEach(() => rig.close());

test('what could not be written is written later, unless it was overtaken', async () => {
  rig.script('b', { says: [scanOf('code-1')] });
  await rig.start('b');
  rig.tape.broken = true;
  rig.driver('b').say(scanOf('code-2'));
  await rig.pass(1);
  rig.driver('b').say(loginOf(anna));
  await rig.pass(10_000);
  expect(rig.tape.of('b')).toEqual(['qrCode']);
  expect((await rig.row('b'))?.told).toBeUndefined();
  rig.tape.broken = false;
  await rig.pass(30_000);
  // The second code is used: only the login is told.
  expect(rig.tape.of('b')).toEqual(['qrCode', 'login']);
  expect(await rig.row('b')).toMatchObject({ told: 'login', accountId: anna.id });
});

test('a command whose wish cannot be written is refused and changes nothing', async () => {
  rig.script('b', { says: [loginOf(anna)] });
  await rig.start('b');
  rig.tape.broken = true;
  await expect(rig.bots.release('b')).rejects.toThrow('disk full');
  await expect(rig.bots.login('b')).rejects.toThrow('disk full');
  expect(rig.view('b').state).toBe('ready');
  rig.tape.broken = false;
  await rig.bots.release('b');
  expect(rig.tape.of('b')).toEqual(['login', 'off']);
  expect((await rig.row('b'))?.desired).toBe('off');
});
