import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../bot/automation/drivers/wechaty/free-port.ts';
import { VirtualClock } from '../bot/clock.ts';
import { Heard } from './support/driver-harness.ts';
import { fault, signal, watch } from './support/driver-rigged.ts';
import { eventually } from './support/eventually.ts';
import { type ServedPuppet, servePuppet } from './support/puppet-farm.ts';
import { startProxy } from './support/tcp-proxy.ts';
import { type DriverBench, driverBench, networkTurns } from './support/wechaty-harness.ts';

const wrongToken = 'insecure_not-the-token';
let clock: VirtualClock;
let bench: DriverBench;
let served: ServedPuppet;

beforeEach(async () => {
  clock = new VirtualClock();
  bench = await driverBench(clock, 'debug');
  served = await servePuppet({ clock });
  served.puppet.keepLogin();
});

afterEach(async () => {
  await bench.close();
  await served.close();
});

describe('lying start: a start that does not connect rejects and says why', () => {
  test.each([
    [
      'no server',
      async () => ({ endpoint: `127.0.0.1:${await freePort()}` }),
      'offline',
      /ECONNREFUSED/,
    ],
    ['wrong token', { token: wrongToken }, 'refused', /\[redacted\]/],
    ['TLS asked of a server without', { tls: { disable: false } }, 'offline', /./],
    ['unknown host', { endpoint: 'no-such-host.invalid:1' }, 'offline', /no-such-host\.invalid/],
  ] as const)('%s', async (_what, change, name, message) => {
    const changed = typeof change === 'function' ? await change() : change;
    const driver = bench.build({ puppetOptions: { ...served.options, ...changed } });
    const heard = new Heard(driver);
    const started = await watch(driver.start(signal())).result;
    expect(started).toMatchObject({
      error: { ...fault(name), message: expect.stringMatching(message) },
    });
    expectNoToken(JSON.stringify(started, errorText));
    expect(heard.of('logout')).toEqual([]);
    await expect(driver.ping()).rejects.toMatchObject(fault('offline'));
  });

  test('no TLS asked of a server with', async () => {
    const secure = await servePuppet({ clock }, { tls: true });
    const puppetOptions = { ...secure.options, tls: { disable: true } };
    const driver = bench.build({ puppetOptions });
    await expect(driver.start(signal())).rejects.toMatchObject(fault('offline'));
    await secure.close();
  });

  test('a server that accepts and never says a word: 20 s', async () => {
    const { server, port } = await silentServer();
    const puppetOptions = { ...served.options, endpoint: `127.0.0.1:${port}` };
    const driver = bench.build({ puppetOptions });
    const started = watch(driver.start(signal()));
    await once(server, 'connection');
    await clock.advance(19_000);
    expect(started.settled()).toBe(false);
    await clock.advance(1_000);
    expect(await started.result).toMatchObject({ error: fault('offline') });
    server.close();
  });

  test('a start that failed works once the server is there', async () => {
    await served.down();
    const driver = bench.build({ puppetOptions: served.options });
    await expect(driver.start(signal())).rejects.toMatchObject(fault('offline'));
    await served.up();
    const heard = new Heard(driver);
    await driver.start(signal());
    await heard.until('login');
  });

  test('faulty options are named', async () => {
    const puppetOptions = { token: served.token, endpoint: 'no-port', tls: { caCert: '/a/path' } };
    await expect(bench.build({ puppetOptions }).start(signal())).rejects.toMatchObject({
      ...fault('refused'),
      message: expect.stringMatching(/puppetOptions\.endpoint: .*puppetOptions\.tls\.caCert: /),
    });
  });
});

describe('two clients: a server has one place on its event stream', () => {
  test('the second is refused, and the first goes on undisturbed', async () => {
    const first = bench.build({ puppetOptions: served.options });
    const heard = new Heard(first);
    await first.start(signal());
    await heard.until('login');
    const room = served.puppet.addRoom('一个位子', ['张三']);

    const elsewhere = await driverBench(clock);
    const second = elsewhere.build({ puppetOptions: served.options });
    await expect(second.start(signal())).rejects.toMatchObject({
      ...fault('refused'),
      message: expect.stringContaining('another client'),
    });
    await second.stop();
    await elsewhere.close();

    const to = { kind: 'room', id: room.id } as const;
    await first.sendText(to, '还在', { ref: '1' });
    served.puppet.say(room.members[0]?.id ?? '', { roomId: room.id }, '听得到');
    await eventually('the message', () => heard.texts({ self: false }).includes('听得到'));
    // Longer than the library takes to clean up after a failed start: by stopping the server.
    await pause(5500);
    await first.sendText(to, '还在吗', { ref: '2' });
    expect(heard.of('logout')).toEqual([]);
    expect(heard.of('down')).toEqual([]);
  });

  test('one token for two bots of a daemon is refused by name, until the first leaves', async () => {
    const first = bench.build({ botcode: 'bot01', puppetOptions: served.options });
    const second = bench.build({ botcode: 'bot02', puppetOptions: served.options });
    await first.start(signal());
    await expect(second.start(signal())).rejects.toMatchObject({
      ...fault('refused'),
      message: expect.stringContaining('bot01'),
    });
    await first.stop();
    await second.start(signal());
    await second.ping();
  });

  test('takeOver takes the place', async () => {
    const elsewhere = await driverBench(clock);
    const first = elsewhere.build({ puppetOptions: served.options });
    const heard = new Heard(first);
    await first.start(signal());
    const second = bench.build({ puppetOptions: { ...served.options, takeOver: true } });
    const later = new Heard(second);
    await second.start(signal());
    await later.until('login');
    await heard.until('down');
    expect(heard.of('logout')).toEqual([]);
    await elsewhere.close();
  });
});

describe('wedged slot: the server still holds the place of a life whose end never got through', () => {
  test.each([
    ['the same process', false],
    ['after a power cut', true],
  ])('%s frees it and is logged in, without a scan or a logout', async (_what, otherProcess) => {
    const proxy = await startProxy(served.port);
    const puppetOptions = { ...served.options, endpoint: `127.0.0.1:${proxy.port}` };
    const driver = bench.build({ puppetOptions });
    const heard = new Heard(driver);
    await driver.start(signal());
    await heard.until('login');
    proxy.freeze();
    await clock.advance(15_000, networkTurns);
    expect(heard.of('down')).toEqual([]);
    await clock.advance(4_000, networkTurns);
    await heard.until('down');
    await driver.stop();

    const next = otherProcess ? (await rebooted()).build({ puppetOptions }) : driver;
    const again = new Heard(next);
    await next.start(signal());
    await again.until('login');
    expect([...heard.of('logout'), ...again.of('logout')]).toEqual([]);
    expect([...heard.of('scan'), ...again.of('scan')]).toEqual([]);
    const room = served.puppet.addRoom('楔住', ['张三']);
    served.puppet.say(room.members[0]?.id ?? '', { roomId: room.id }, '又通了');
    await eventually('the message', () => again.texts({ self: false }).includes('又通了'));
    await next.stop();
    await proxy.close();
  });
});

/** Another factory on the same data folder. */
async function rebooted(): Promise<DriverBench> {
  const { dataDir } = bench;
  const next = await driverBench(clock, 'silent', dataDir);
  return next;
}

function expectNoToken(text: string): void {
  for (const token of [served.token, wrongToken]) {
    expect(text).not.toContain(token);
    expect(bench.log.join('\n')).not.toContain(token);
  }
}

function errorText(_key: string, value: unknown): unknown {
  return value instanceof Error ? `${value.message} ${value.stack} ${value.cause}` : value;
}

async function silentServer(): Promise<{ server: Server; port: number }> {
  const port = await freePort();
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.unref();
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { server, port };
}
