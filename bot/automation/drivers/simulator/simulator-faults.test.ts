import { afterEach, beforeEach, expect, test } from 'vitest';
import { Heard } from '../../../../tests/support/driver-harness.ts';
import { fault, signal, watch } from '../../../../tests/support/driver-rigged.ts';
import { echoTruths } from '../../../../tests/support/echo-truth.ts';
import { type SimulatorRig, simulatorRig } from '../../../../tests/support/simulator-rig.ts';
import { Faults } from './simulator-faults.ts';

let rig: SimulatorRig;
let heard: Heard;
let room = '';

beforeEach(async () => {
  rig = simulatorRig();
  heard = new Heard(rig.driver);
  await rig.driver.start(signal());
  rig.wechat.scan();
  await rig.wechat.confirm();
  room = rig.wechat.rooms()[0]?.id ?? '';
});

afterEach(() => rig.close());

const send = (text: string, chat = room) =>
  rig.driver.sendText({ kind: 'room', id: chat }, text, { ref: text });

test.each(echoTruths)('truth of a send: $name', async (truth) => {
  for (const order of truth.faults) rig.wechat.addFault(order);
  const began = rig.clock.now();
  let echoedAt: number | undefined;
  let endedAt: number | undefined;
  rig.driver.on((event) => {
    if (event.type === 'message') echoedAt = rig.clock.now() - began;
  });
  const call = watch(send('一句'));
  void call.result.then(() => {
    endedAt = rig.clock.now() - began;
  });
  await rig.clock.advance(0);
  for (let second = 0; second < 40; second += 1) await rig.clock.advance(1_000);
  expect(await call.result).toMatchObject(
    truth.call === 'receipt'
      ? { value: { messageId: rig.wechat.world.seen(room)[0]?.id } }
      : { error: fault(truth.call) },
  );
  expect({
    delivered: rig.wechat.world.seen(room).length === 1,
    endsAfter: endedAt,
    echoAfter: echoedAt,
  }).toEqual({
    delivered: truth.delivered,
    endsAfter: truth.endsAfter,
    echoAfter: truth.echoAfter,
  });
  expect(rig.wechat.faults.list()).toEqual([]);
});

test('an echo that is late for its life is never heard in the next', async () => {
  rig.wechat.addFault({ kind: 'delay', on: 'echo', ms: 5_000 });
  await send('迟');
  await rig.driver.stop();
  await rig.driver.start(signal());
  await rig.clock.advance(20_000);
  expect(heard.of('message')).toEqual([]);
  expect(heard.of('login')).toHaveLength(2);
});

test('duplicate delivery: one message, heard twice', async () => {
  rig.wechat.addFault({ kind: 'duplicate' });
  const world = rig.wechat.world.room(room);
  if (world === undefined) throw new Error('no room');
  rig.wechat.say(world, '张三', '喂', false);
  rig.wechat.say(world, '张三', '在吗', false);
  expect(heard.texts({ self: false })).toEqual(['喂', '喂', '在吗']);
  const ids = heard.of('message').map(({ message }) => message.id);
  expect(ids[0]).toBe(ids[1]);
  expect(rig.wechat.world.seen(room)).toHaveLength(2);
});

test('a fault of one room leaves the others alone, and always means always', async () => {
  const other = rig.wechat.createRoom('别的群', []).id;
  rig.wechat.addFault({ kind: 'rate', chat: room, times: 'always' });
  for (let index = 0; index < 3; index += 1) {
    await expect(send(`${index}`)).rejects.toMatchObject(fault('rate'));
    await send(`${index}`, other);
  }
  rig.wechat.clearFaults();
  await send('好了');
  expect(rig.wechat.world.seen(room).map(({ text }) => text)).toEqual(['好了']);
  expect(rig.wechat.world.seen(other)).toHaveLength(3);
});

test('an error can mean anything a driver may say', async () => {
  for (const kind of ['offline', 'refused', 'rate', 'absent', 'unknown'] as const) {
    rig.wechat.addFault({ kind: 'error', fault: kind });
    await expect(send(kind)).rejects.toMatchObject(fault(kind));
  }
  rig.wechat.addFault({ kind: 'error', on: 'contacts' });
  await expect(rig.driver.contacts()).rejects.toMatchObject(fault('offline'));
});

test('a stream that dies each second of each life', async () => {
  rig.wechat.addFault({ kind: 'stream-death', ms: 1_000, times: 'always' });
  for (let life = 1; life <= 5; life += 1) {
    await rig.clock.advance(999);
    expect(heard.of('down')).toHaveLength(life - 1);
    await rig.clock.advance(1);
    expect(heard.of('down')).toHaveLength(life);
    await expect(rig.driver.ping()).rejects.toMatchObject(fault('offline'));
    await rig.driver.start(signal());
  }
  expect(heard.of('login')).toHaveLength(6);
  expect(heard.of('logout')).toEqual([]);
});

test('what is said while the stream is broken is in the room, and never heard', async () => {
  rig.wechat.addFault({ kind: 'stream-death' });
  await rig.clock.advance(0);
  const world = rig.wechat.world.room(room);
  if (world === undefined) throw new Error('no room');
  rig.wechat.say(world, '张三', '没人听见', true);
  await rig.driver.start(signal());
  await rig.clock.advance(60_000);
  expect(heard.of('message')).toEqual([]);
  expect(rig.wechat.world.seen(room)).toHaveLength(1);
});

test('silence: online but deaf, until it passes or is cleared', async () => {
  const events = (): number => heard.events.length;
  rig.wechat.addFault({ kind: 'silence', ms: 60_000 });
  let before = events();
  await send('没有回声');
  await rig.driver.ping();
  await rig.clock.advance(59_000);
  expect(events()).toBe(before);
  await rig.clock.advance(20_000);
  expect(heard.of('alive').length).toBeGreaterThan(1);
  rig.wechat.addFault({ kind: 'silence' });
  before = events();
  await rig.clock.advance(600_000);
  expect(events()).toBe(before);
  rig.wechat.clearFaults();
  await rig.clock.advance(15_000);
  expect(events()).toBeGreaterThan(before);
});

test('rooms that take long to settle, or never do', async () => {
  for (const [kind, ms] of [
    ['delay', 24_000],
    ['drop', undefined],
  ] as const) {
    await rig.driver.stop();
    const before = heard.of('ready').length;
    rig.wechat.addFault({ kind, on: 'ready', ms });
    await rig.driver.start(signal());
    await rig.clock.advance(23_000);
    expect(heard.of('ready')).toHaveLength(before);
    await rig.clock.advance(2_000);
    expect(heard.of('ready')).toHaveLength(kind === 'delay' ? before + 1 : before);
  }
});

test('a stop that hangs ends within 5 s', async () => {
  rig.wechat.addFault({ kind: 'hang', on: 'stop' });
  const stop = watch(rig.driver.stop());
  await rig.clock.advance(4_000);
  expect(stop.settled()).toBe(false);
  await rig.clock.advance(1_000);
  expect(await stop.result).toHaveProperty('value');
});

test('a call before login uses up no fault', async () => {
  rig.wechat.addFault({ kind: 'lost-answer' });
  rig.wechat.kick();
  await expect(send('早')).rejects.toMatchObject(fault('offline'));
  expect(rig.wechat.faults.list()).toHaveLength(1);
});

test('faults are used in the order in which they were asked for', () => {
  const faults = new Faults();
  faults.add({ kind: 'delay', on: 'any', ms: 5, times: 2 });
  faults.add({ kind: 'error', on: 'text' });
  faults.add({ kind: 'hang', on: 'look-up' });
  const taken = (['text', 'rooms', 'text', 'room', 'stop', 'text', 'echo'] as const).map(
    (point) => faults.take(point)?.kind,
  );
  expect(taken).toEqual(['delay', 'delay', 'error', 'hang', undefined, undefined, undefined]);
  expect(faults.list()).toEqual([]);
});
