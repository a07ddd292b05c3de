import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RealClock } from '../bot/clock.ts';
import { Heard } from './support/driver-harness.ts';
import { signal } from './support/driver-rigged.ts';
import { type ServedPuppet, servePuppet } from './support/puppet-farm.ts';
import { type DriverBench, driverBench } from './support/wechaty-harness.ts';

const formerHome = process.env['HOME'];
let home: string;
let bench: DriverBench;
let served: ServedPuppet;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'wxrc-home-'));
  process.env['HOME'] = home;
});

afterAll(async () => {
  process.env['HOME'] = formerHome;
  await rm(home, { recursive: true, force: true });
});

beforeEach(async () => {
  bench = await driverBench(new RealClock());
  served = await servePuppet();
  served.puppet.keepLogin();
});

afterEach(async () => {
  await bench.close();
  await served.close();
});

describe('lock crash: the library would keep payloads on disk, under a lock that ends the process', () => {
  test('40 lives with logins and logouts of one account: no store, no leak, no false logout', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    const driver = bench.build({ puppetOptions: served.options });
    const heard = new Heard(driver);
    let logins = 0;
    for (let life = 1; life <= 40; life += 1) {
      await driver.start(signal());
      logins += 1;
      await heard.until('login', logins);
      // What opens and closes the library's store: a login right after a logout.
      if (life % 4 === 0) {
        await served.puppet.kick();
        served.puppet.enter();
        await heard.until('logout', life / 4);
        logins += 1;
        await heard.until('login', logins);
      }
      await driver.stop();
    }
    process.off('warning', onWarning);
    expect(await readdir(home)).toEqual([]);
    expect(heard.of('logout')).toHaveLength(10);
    expect(warnings.filter(({ name }) => /MaxListeners/.test(name))).toEqual([]);
  });
});

describe('stale topic: names are asked for, not remembered', () => {
  test('a silent rename is seen by the next look-ups of a running bot', async () => {
    const room = served.puppet.addRoom('旧名', ['张三']);
    const driver = bench.build({ puppetOptions: served.options });
    const heard = new Heard(driver);
    await driver.start(signal());
    await heard.until('login');
    expect((await driver.rooms()).map(({ topic }) => topic)).toEqual(['旧名']);
    served.puppet.renameSilently(room.id, '新名');
    expect((await driver.rooms()).map(({ topic }) => topic)).toEqual(['新名']);
    served.puppet.renameSilently(room.id, '更新名');
    expect((await driver.room(room.id)).topic).toBe('更新名');
    // Making the server forget comes back as an event, which is no news.
    expect(heard.of('room')).toEqual([]);
  });

  test('another server with the same token is not answered for by the former one', async () => {
    served.puppet.addRoom('上一台', ['张三']);
    const driver = bench.build({ puppetOptions: served.options });
    const former = new Heard(driver);
    await driver.start(signal());
    await former.until('login');
    expect((await driver.rooms()).map(({ topic }) => topic)).toEqual(['上一台']);
    await driver.stop();
    await served.close();
    const { port, token } = served;
    served = await servePuppet({ account: served.puppet.account }, { port, token });
    served.puppet.keepLogin();
    served.puppet.addRoom('这一台', ['张三']);
    const heard = new Heard(driver);
    await driver.start(signal());
    await heard.until('login');
    expect((await driver.rooms()).map(({ topic }) => topic)).toEqual(['这一台']);
    expect(await readdir(home)).toEqual([]);
  });
});
