import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Driver } from '../bot/automation/driver.ts';
import { RealClock } from '../bot/clock.ts';
import { Heard } from './support/driver-harness.ts';
import { signal } from './support/driver-rigged.ts';
import { type ServedPuppet, servePuppet } from './support/puppet-farm.ts';
import { type DriverBench, driverBench } from './support/wechaty-harness.ts';

let bench: DriverBench;
let served: ServedPuppet;
let driver: Driver;
let heard: Heard;

beforeEach(async () => {
  bench = await driverBench(new RealClock());
  served = await servePuppet();
  served.puppet.keepLogin();
  driver = bench.build({ puppetOptions: served.options });
  heard = new Heard(driver);
  await driver.start(signal());
  await heard.until('login');
});

afterEach(async () => {
  await bench.close();
  await served.close();
});

describe('false logout: only WeChat ends a session', () => {
  test('a reset of the puppet behind the server is a down, and the next life logs in', async () => {
    await served.puppet.reset();
    await heard.until('down');
    await driver.stop();
    await driver.start(signal());
    await heard.until('login', 2);
    expect(heard.of('logout')).toEqual([]);
  });

  test('25 stops and starts: 25 more logins, no logout, and the account stays logged in', async () => {
    const logouts: unknown[] = [];
    served.puppet.on('logout', (payload) => {
      logouts.push(payload);
    });
    for (let life = 2; life <= 26; life += 1) {
      await driver.stop();
      await driver.start(signal());
      await heard.until('login', life);
    }
    expect(heard.of('logout')).toEqual([]);
    expect(heard.of('down')).toEqual([]);
    expect(logouts).toEqual([]);
  });

  test('a kick is told with its reason, and the library does not answer it by logging out', async () => {
    const calls: string[] = [];
    const logout = served.puppet.logout.bind(served.puppet);
    served.puppet.logout = async (reason?: string) => {
      calls.push(reason ?? 'without a reason');
      await logout(reason);
    };
    await served.puppet.kick('在别处登录');
    expect(await heard.until('logout')).toEqual({ type: 'logout', reason: '在别处登录' });
    // The phone lets it in again at once: an answer of ours would end that session, too.
    served.puppet.enter();
    await heard.until('login', 2);
    await pause(300);
    expect(calls).toEqual([]);
    expect(served.puppet.isLoggedIn).toBe(true);
    expect(heard.of('logout')).toHaveLength(1);
  });

  test('another account on the same stream is told as a login of that account', async () => {
    const other = served.puppet.addContact('别的号');
    served.puppet.emit('login', { contactId: other });
    const { account } = await heard.until('login', 2);
    expect(account).toEqual({ id: other, name: '别的号' });
  });

  test('a login the server repeats is told once', async () => {
    served.puppet.emit('login', { contactId: served.puppet.account.id });
    await pause(200);
    expect(heard.of('login')).toHaveLength(1);
  });
});
