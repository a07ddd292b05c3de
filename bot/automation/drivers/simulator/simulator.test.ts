import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Heard } from '../../../../tests/support/driver-harness.ts';
import { signal } from '../../../../tests/support/driver-rigged.ts';
import { type SimulatorRig, simulatorRig } from '../../../../tests/support/simulator-rig.ts';

let rig: SimulatorRig;
let rigs: SimulatorRig[] = [];

function open(settings: Parameters<typeof simulatorRig>[0] = {}): SimulatorRig {
  rig = simulatorRig(settings);
  rigs.push(rig);
  return rig;
}

beforeEach(() => {
  rigs = [];
});
afterEach(async () => {
  for (const one of rigs) await one.close();
});

test('a bot that scans itself does so 5 s after its QR code, and after a kick again', async () => {
  const { clock, driver, wechat } = open({ autoScan: true });
  const heard = new Heard(driver);
  await driver.start(signal());
  await clock.advance(4_999);
  expect(heard.of('scan').map(({ status }) => status)).toEqual(['waiting']);
  await clock.advance(1);
  expect(heard.of('scan').map(({ status }) => status)).toEqual(['waiting', 'scanned', 'confirmed']);
  expect(heard.of('login')[0]?.account.name).toBe('模拟微信 bot01');
  expect(heard.of('ready')).toHaveLength(1);
  wechat.kick();
  await clock.advance(60_000);
  expect(heard.of('login')).toHaveLength(1);
  await driver.start(signal());
  await clock.advance(5_000);
  expect(heard.of('login')).toHaveLength(2);
});

test('a hand that scans before the bot does it is not in its way', async () => {
  const { clock, driver, wechat } = open({ autoScan: true });
  const heard = new Heard(driver);
  await driver.start(signal());
  await clock.advance(2_000);
  wechat.scan('手机上的人');
  await clock.advance(3_000);
  expect(heard.of('login').map(({ account }) => account.name)).toEqual(['手机上的人']);
});

test('another account on request: once, with rooms of its own', async () => {
  const { clock, driver, wechat } = open({ autoScan: true });
  const heard = new Heard(driver);
  wechat.addFault({ kind: 'other-account' });
  await driver.start(signal());
  await clock.advance(5_000);
  expect(heard.of('login')[0]?.account.name).toBe('另一个微信 bot01');
  expect((await driver.rooms()).length).toBeGreaterThan(0);
  await driver.logout();
  await driver.stop();
  await driver.start(signal());
  await clock.advance(5_000);
  expect(heard.of('login')[1]?.account.name).toBe('模拟微信 bot01');
});

test('a code that was scanned and not confirmed is replaced in time', async () => {
  const { clock, driver, wechat } = open();
  const heard = new Heard(driver);
  await driver.start(signal());
  await clock.advance(60_000);
  wechat.scan();
  await clock.advance(60_000);
  const codes = heard.of('scan').map(({ code, status }) => `${status} ${code}`);
  expect(codes).toHaveLength(3);
  expect(new Set(heard.of('scan').map(({ code }) => code)).size).toBe(2);
  expect(wechat.view()).toMatchObject({ state: 'waiting' });
});

test('a second client displaces the first', async () => {
  const { driver, second: connect } = open();
  const first = new Heard(driver);
  await driver.start(signal());
  const second = connect();
  await second.start(signal());
  expect(first.of('down')).toHaveLength(1);
  await expect(driver.ping()).rejects.toMatchObject({ fault: 'offline' });
  await driver.stop();
  await second.ping();
});

test('a login goes on when its session cannot be kept', async () => {
  const { driver, sessions, wechat } = open();
  sessions.save = async () => {
    throw new Error('disk full');
  };
  const heard = new Heard(driver);
  await driver.start(signal());
  wechat.scan();
  await wechat.confirm();
  expect(heard.of('login')).toHaveLength(1);
});

test('a kept session that WeChat does not know needs a scan', async () => {
  const { driver, sessions } = open();
  sessions.cards.set('bot01', 'a token of another world');
  const heard = new Heard(driver);
  await driver.start(signal());
  expect(heard.of('scan')).toHaveLength(1);
  expect(heard.of('login')).toEqual([]);
});

/** The same steps for everybody; every event as bytes. */
async function story(one: SimulatorRig): Promise<string> {
  const { clock, driver, wechat } = one;
  let log = '';
  driver.on((event) => {
    log += `${clock.now()} ${JSON.stringify(event)}\n`;
  });
  await driver.start(signal());
  await clock.advance(200_000);
  wechat.scan();
  await wechat.confirm();
  const room = wechat.createRoom('同一个故事', ['张三', '李四']);
  wechat.addFault({ kind: 'delay', on: 'echo', ms: 700, times: 2 });
  wechat.addFault({ kind: 'duplicate' });
  for (let step = 0; step < 20; step += 1) {
    await driver.sendText({ kind: 'room', id: room.id }, `第 ${step} 步`, { ref: `${step}` });
    wechat.say(room, step % 2 === 0 ? '张三' : '李四', `收到 ${step}`, step % 5 === 0);
    await clock.advance(9_000);
  }
  wechat.changeRoom(room, { topic: '改了名的故事' });
  wechat.kick();
  await driver.stop();
  await driver.start(signal());
  await clock.advance(130_000);
  return log;
}

test('the same seed and the same steps make the same events, byte for byte', async () => {
  const [one, two] = [await story(open({ seed: 42 })), await story(open({ seed: 42 }))];
  expect(one.length).toBeGreaterThan(5_000);
  expect(two).toBe(one);
  expect(await story(open({ seed: 43 }))).not.toBe(one);
});

test('a week goes by in a moment', async () => {
  const { clock, driver, wechat } = open({ autoScan: true });
  const heard = new Heard(driver);
  await driver.start(signal());
  await clock.advance(5_000);
  const room = wechat.createRoom('整点报时', ['张三']);
  const hours = 7 * 24;
  for (let hour = 0; hour < hours; hour += 1) {
    await driver.sendText({ kind: 'room', id: room.id }, `${hour} 点`, { ref: `${hour}` });
    wechat.say(room, '张三', `收到 ${hour}`, true);
    await clock.advance(3_600_000);
  }
  expect(heard.of('message')).toHaveLength(2 * hours);
  expect(heard.of('alive')).toHaveLength((hours * 3600) / 15 + 1);
  expect(heard.of('down')).toEqual([]);
  expect(wechat.world.seen(room.id)).toHaveLength(2 * hours);
});

test('what a killed process was told to have left is in the room, exactly once', async () => {
  open();
  const script = new URL('../../../../tests/support/simulator-sender.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, rig.dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === 200) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  const { wechat, driver } = rig.restart();
  const room = wechat.rooms()[0]?.id ?? '';
  const refs = wechat.world.seen(room).map(({ ref }) => ref);
  expect(refs.length).toBeGreaterThanOrEqual(acknowledged.length);
  expect(refs.slice(0, acknowledged.length)).toEqual(acknowledged);
  expect(new Set(refs).size).toBe(refs.length);
  // The session outlived the process too; the sender kept its token here.
  rig.sessions.cards.set('bot01', wechat.world.session()?.token ?? '');
  const heard = new Heard(driver);
  await driver.start(signal());
  expect(heard.of('login')).toHaveLength(1);
  expect(heard.of('scan')).toEqual([]);
});
