import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BotsRig } from '../tests/support/bots-rig.ts';
import { loginOf, scanOf } from '../tests/support/scripted-driver.ts';
import { Terminal } from './terminal.ts';

const anna = { id: 'wxid_anna', name: 'Anna' };
const scanned = { type: 'scan', code: 'code-1', status: 'scanned', expiresAt: undefined } as const;

let rig: BotsRig;
let terminal: Terminal;
beforeEach(async () => {
  rig = await BotsRig.open();
});
afterEach(async () => {
  terminal.stop();
  await rig.close();
});

function watch(options: { isTTY: boolean; language: 'zh' | 'en' }): () => string {
  const out = Object.assign(new PassThrough(), { isTTY: options.isTTY });
  let text = '';
  out.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  const { bots, clock } = rig;
  terminal = new Terminal({ bots, clock, language: options.language, out });
  terminal.start();
  return () => text;
}

test('into a pipe: each code once, each line once, nothing that moves', async () => {
  rig.script('b', { says: [scanOf('code-1')] });
  await rig.start('b');
  const text = watch({ isTTY: false, language: 'en' });
  rig.driver('b').say(scanOf('code-1'));
  await rig.pass(30_000);
  expect(text().match(/scan this QR code/g)).toHaveLength(1);
  expect(text()).toContain('valid for 120 s');
  expect(text()).toContain('█');
  rig.driver('b').say(scanned, scanned);
  rig.driver('b').say(loginOf(anna));
  await rig.settle();
  rig.script('b', { says: [loginOf(anna)] });
  rig.driver('b').say({ type: 'down', reason: 'reset' });
  await rig.pass(5000);
  rig.driver('b').say({ type: 'logout', reason: 'kicked' });
  await rig.settle();
  expect(text().match(/b: scanned, confirm on the phone\n/g)).toHaveLength(1);
  expect(text().match(/b: logged in as Anna\n/g)).toHaveLength(1);
  expect(text()).toContain('b: logged out (kicked)\n');
  expect(text()).not.toContain('\r');
  expect(text()).not.toContain('\u001b');
});

test('in a terminal the time left is counted down in place until the code is used', async () => {
  rig.script('b', { says: [scanOf('code-1')] });
  await rig.start('b');
  const text = watch({ isTTY: true, language: 'zh' });
  await rig.pass(3000);
  expect(text()).toContain('\r\u001b[2Kb：二维码还有 120 秒有效');
  expect(text()).toContain('\r\u001b[2Kb：二维码还有 117 秒有效');
  rig.driver('b').say(scanned);
  expect(text()).toContain('\nb：已扫码，请在手机上确认\n');
  rig.driver('b').say(loginOf(anna));
  await rig.pass(1000);
  const { length } = text();
  await rig.pass(5000);
  expect(text().length).toBe(length);
  expect(text()).toContain('b：已登录，微信号 Anna\n');
});

test('an account named to move the cursor, or to write a line of ours, is one line of text', async () => {
  const text = watch({ isTTY: true, language: 'en' });
  rig.script('b', { says: [loginOf({ id: 'wxid_eve', name: 'E\u001b[2J\u009b1A\u202e\nb: ok' })] });
  await rig.start('b');
  await rig.settle();
  expect(text()).toContain('b: logged in as E\\x1b[2J\\x9b1A\\u202e b: ok\n');
});
