import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Driver } from '../bot/automation/driver.ts';
import { ClientPuppet } from '../bot/automation/drivers/wechaty/client-puppet.ts';
import { VirtualClock } from '../bot/clock.ts';
import { Heard } from './support/driver-harness.ts';
import { fault, signal, watch } from './support/driver-rigged.ts';
import { eventually } from './support/eventually.ts';
import { type Farm, servePuppet, startFarm } from './support/puppet-farm.ts';
import type { SimSeen } from './support/sim-puppet.ts';
import { type DriverBench, driverBench, networkTurns } from './support/wechaty-harness.ts';

let clock: VirtualClock;
let bench: DriverBench;
let farm: Farm | undefined;

beforeEach(async () => {
  clock = new VirtualClock();
  bench = await driverBench(clock);
});

afterEach(async () => {
  await bench.close();
  await farm?.kill();
  farm = undefined;
});

describe('server death', () => {
  test('is known at once; calls fail for what it means; error events end no process', async () => {
    const { driver, heard, to } = await onFarm();
    await driver.rooms();
    await farm?.call(0, 'addFault', { kind: 'hang', on: 'text' });
    const stuck = watch(driver.sendText(to, '半路', { ref: '1' }));
    await eventually('its arrival', async () => (await farm?.call(0, 'waits', 'text')) === false);
    await farm?.kill();
    const { reason } = await heard.until('down');
    expect(reason).toMatch(/./);
    expect(await stuck.result).toMatchObject({ error: fault('unknown') });
    await expect(driver.sendText(to, '没有路', { ref: '2' })).rejects.toMatchObject(
      fault('offline'),
    );
    await expect(driver.rooms()).rejects.toMatchObject(fault('offline'));
    expect(heard.of('logout')).toEqual([]);
    expect(heard.of('down')).toHaveLength(1);
  });

  test.each([
    ['3 s', 3_000, 2],
    ['90 s', 90_000, 9],
  ])(
    'of %s: starts fail meanwhile, and afterwards messages are heard again',
    async (_what, ms, tries) => {
      const { driver, heard, place } = await onFarm();
      await farm?.kill();
      await heard.until('down');
      for (let attempt = 0; attempt < tries; attempt += 1) {
        await driver.stop();
        await expect(driver.start(signal())).rejects.toMatchObject(fault('offline'));
        await clock.advance(ms / tries);
      }
      farm = await startFarm({
        puppets: [{ id: 'wxid_farm', loggedIn: true, rooms: 1, ...place }],
      });
      const again = new Heard(driver);
      await driver.start(signal());
      await again.until('login');
      const [room] = await driver.rooms();
      const member = room?.members.find(({ name }) => name === '张三')?.id;
      await farm.call(0, 'say', member, { roomId: room?.id }, '又听见了');
      await eventually('the message', () => again.texts({ self: false }).includes('又听见了'));
      expect([...heard.of('logout'), ...again.of('logout')]).toEqual([]);
      expect(again.of('down')).toEqual([]);
    },
  );
});

describe('frozen server', () => {
  test('is found by the ding; a send is unknown after 15 s and is never repeated', async () => {
    const { driver, heard, to } = await onFarm();
    const freeze = farm?.pid ?? 0;
    process.kill(freeze, 'SIGSTOP');
    const stuck = watch(driver.sendText(to, '冻住', { ref: '1' }));
    await clock.advance(14_000);
    expect(heard.of('down')).toEqual([]);
    await clock.advance(2_000);
    expect(await stuck.result).toMatchObject({ error: fault('unknown') });
    await clock.advance(3_500);
    await heard.until('down');
    await driver.stop();
    await expect(withVirtualLimit(driver)).resolves.toMatchObject({ error: fault('offline') });

    process.kill(freeze, 'SIGCONT');
    const again = new Heard(driver);
    await driver.start(signal());
    await again.until('login');
    await driver.sendText(to, '化开', { ref: '2' });
    const seen = (await farm?.call(0, 'seenIn', to.id)) as SimSeen[];
    const texts = seen.map(({ text }) => text);
    expect(texts.filter((text) => text === '化开')).toHaveLength(1);
    expect(texts.filter((text) => text === '冻住').length).toBeLessThanOrEqual(1);
    expect([...heard.of('logout'), ...again.of('logout')]).toEqual([]);
  });
});

describe('idle reset', () => {
  test('hours of quiet are no reason to restart anything', async () => {
    const served = await servePuppet({ clock, heartbeatMs: 10 ** 9 });
    served.puppet.keepLogin();
    const stops: string[] = [];
    served.puppet.on('stop', () => {
      stops.push('stop');
    });
    const driver = bench.build({ puppetOptions: served.options });
    const heard = new Heard(driver);
    await driver.start(signal());
    await heard.until('login');
    await clock.advance(600_000, networkTurns);
    await driver.ping();
    expect(stops).toEqual([]);
    expect(heard.of('login')).toHaveLength(1);
    expect(heard.of('logout')).toEqual([]);
    expect(heard.of('down')).toEqual([]);
    await driver.stop();
    await served.close();
  });

  test('the watchdog of the library waits an hour, and when it barks nothing is stopped', async () => {
    const served = await servePuppet();
    served.puppet.keepLogin();
    const events: string[] = [];
    served.puppet.on('stop', () => {
      events.push('server stop');
    });
    const { token, endpoint } = served;
    const puppet = new ClientPuppet({ token, endpoint, tls: { disable: true } });
    puppet.on('logout', () => {
      events.push('logout');
    });
    await puppet.start();
    await eventually('login', () => puppet.isLoggedIn);
    expect(puppet.options.timeoutSeconds).toBe(3600);
    const { watchdog } = puppet.__watchdog as unknown as {
      watchdog: { emit(name: string, food: object): void };
    };
    watchdog.emit('reset', { data: 'nothing for an hour' });
    await pause(200);
    expect(puppet.state.active()).toBe(true);
    expect(puppet.isLoggedIn).toBe(true);
    expect(events).toEqual([]);
    puppet.detach();
    await served.close();
  });
});

/** A driver, logged in, on a puppet in another process. */
async function onFarm() {
  farm = await startFarm({ puppets: [{ id: 'wxid_farm', loggedIn: true, rooms: 1 }] });
  const [place] = farm.places;
  if (place === undefined) throw new Error('no place');
  const driver = bench.build({
    puppetOptions: {
      token: place.token,
      endpoint: `127.0.0.1:${place.port}`,
      tls: { disable: true },
    },
  });
  const heard = new Heard(driver);
  await driver.start(signal());
  await heard.until('login');
  const [room] = await driver.rooms();
  return { driver, heard, place, to: { kind: 'room', id: room?.id ?? '' } as const };
}

/** The outcome of a start during which the limit on starts passes. */
async function withVirtualLimit(driver: Driver) {
  const started = watch(driver.start(signal()));
  // When it sets the limit depends on how fast the machine connects.
  await eventually('the limit', async () => {
    await clock.advance(500);
    return started.settled();
  });
  return started.result;
}
