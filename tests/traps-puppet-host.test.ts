import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Driver } from '../bot/automation/driver.ts';
import { endStrayHosts } from '../bot/automation/drivers/wechaty/wechaty.ts';
import { RealClock } from '../bot/clock.ts';
import { Heard } from './support/driver-harness.ts';
import { FileSessions, startDriverProcess } from './support/driver-process.ts';
import { fault, signal } from './support/driver-rigged.ts';
import { eventually } from './support/eventually.ts';
import { type DriverBench, driverBench } from './support/wechaty-harness.ts';

const cardPuppet = fileURLToPath(new URL('./support/card-puppet.ts', import.meta.url));

// Several processes are started one after the other, on whatever machine this is.
vi.setConfig({ testTimeout: 60_000 });

let bench: DriverBench;
const pids = new Set<number>();

beforeEach(async () => {
  bench = await driverBench(new RealClock(), 'debug');
});

afterEach(async () => {
  for (const pid of pids) end(pid);
  pids.clear();
  // Also the one of a test that failed before it looked.
  await endStrayHosts(bench.dataDir, new Set());
  await bench.close();
});

describe('a local puppet lives in a host process of its own', () => {
  test('it serves, tells no secret, outlives stop, and is found again without a scan', async () => {
    const driver = hosted({ scanMs: 1000, apiToken: 'puppet_local_0123456789' });
    const heard = await loggedIn(driver);
    expect(heard.of('scan')).not.toEqual([]);
    const [room] = await driver.rooms();
    expect(room?.topic).toBe('宿主群');
    const to = { kind: 'room', id: room?.id ?? '' } as const;
    expect(await driver.sendText(to, '你好', { ref: '1' })).toEqual({
      messageId: expect.stringMatching(/./),
    });
    await eventually('card', () => existsSync(hostFile('card')));
    expectNoSecrets();

    const pid = hostPid();
    await driver.stop();
    expect(isAlive(pid)).toBe(true);
    const again = hosted({ scanMs: 1000, apiToken: 'puppet_local_0123456789' });
    expect((await loggedIn(again)).of('scan')).toEqual([]);
    expect(hostPid()).toBe(pid);
    expect(journal().filter((line) => /start|scan|login|stop/.test(line))).toEqual([
      `start ${pid}`,
      'scan',
      'login',
    ]);
    expectNoSecrets();
  });

  test('it survives SIGKILL of the daemon, and the next daemon finds the bot logged in', async () => {
    const events: { type: string }[] = [];
    const bot = { botcode: 'bot01', driver: 'wechaty', ...hostedSettings() };
    const daemon = startDriverProcess({ dataDir: bench.dataDir, bot }, (event) =>
      events.push(event),
    );
    await eventually('login', () => events.some(({ type }) => type === 'login'), 25_000);
    await eventually('card', () => journal().includes('card saved'));
    const pid = hostPid();
    daemon.kill('SIGKILL');
    await new Promise((resolve) => daemon.once('exit', resolve));
    expect(isAlive(pid)).toBe(true);
    const { dataDir } = bench;
    const sessions = new FileSessions(dataDir);
    const next = await driverBench(new RealClock(), 'info', dataDir, sessions);
    const driver = next.build(hostedSettings());
    const heard = await loggedIn(driver);
    expect(heard.of('scan')).toEqual([]);
    expect(hostPid()).toBe(pid);
    // Whether or not the first daemon came to it: the card is in the store now.
    await eventually('the card in our store', () => sessions.load('bot01'));
    await driver.stop();
  });
});

describe('the memory card', () => {
  test('logs the next host in when one was killed; only a log-out forgets it', async () => {
    const driver = hosted();
    const heard = await loggedIn(driver);
    await eventually('card', () => journal().includes('card saved'));
    const pid = hostPid();
    process.kill(pid, 'SIGKILL');
    await heard.until('down');
    await driver.stop();
    const second = await loggedIn(driver);
    expect(second.of('scan')).toEqual([]);
    expect(hostPid()).not.toBe(pid);
    expect(bench.sessions.cards.get('bot01')).toContain('secret-of-wxid_card');

    // Forgotten while the driver was stopped: the host must not bring the session back.
    await driver.stop();
    bench.sessions.cards.delete('bot01');
    const forgotten = hostPid();
    const third = await loggedIn(driver);
    expect(isAlive(forgotten)).toBe(false);
    await eventually('the new card', () => bench.sessions.cards.get('bot01'));
    expect(journal().filter((line) => line === 'scan')).toHaveLength(2);

    const secondPid = hostPid();
    await driver.logout();
    expect(third.of('logout')).toEqual([]);
    expect(third.of('down')).toEqual([]);
    expect(isAlive(secondPid)).toBe(false);
    expect(existsSync(hostFile('card'))).toBe(false);
    expect(bench.sessions.cards.size).toBe(0);
    expect(journal()).not.toContain('stop');

    const before = journal().length;
    await loggedIn(driver);
    expect(journal().slice(before)).toContain('scan');
  });

  test('comes from our store when the disk has none', async () => {
    bench.sessions.cards.set('bot01', JSON.stringify({ 'CARD-PUPPET': { cookie: 'kept' } }));
    await loggedIn(hosted());
    expect(journal()).not.toContain('scan');
  });
});

describe('a host that cannot be used', () => {
  test('a puppet that cannot start ends its host, keeps its card, and the start says why', async () => {
    bench.sessions.cards.set('bot01', JSON.stringify({ 'CARD-PUPPET': { cookie: 'kept' } }));
    const driver = hosted({ failStart: 'the service has run out' });
    await expect(driver.start(signal())).rejects.toMatchObject({
      ...fault('refused'),
      message: 'the service has run out',
    });
    const [first = ''] = journal();
    expect(isAlive(Number(first.split(' ')[1]))).toBe(false);
    expect(existsSync(hostFile('json'))).toBe(false);
    expect(journal()).not.toContain('stop');
    expect(bench.sessions.cards.get('bot01')).toContain('kept');
  });

  test('a puppet that is not installed is refused by name', async () => {
    const driver = bench.build({ puppet: 'wechaty-puppet-nobody-wrote' });
    await expect(driver.start(signal())).rejects.toMatchObject({
      ...fault('refused'),
      message: expect.stringContaining('wechaty-puppet-nobody-wrote'),
    });
  });

  test('frozen, or a pid that is another process by now, or other settings: a new host', async () => {
    const driver = hosted();
    await loggedIn(driver);
    await eventually('card', () => journal().includes('card saved'));
    await driver.stop();
    const frozen = hostPid();
    process.kill(frozen, 'SIGSTOP');
    const heard = await loggedIn(driver);
    expect(heard.of('scan')).toEqual([]);
    expect(hostPid()).not.toBe(frozen);
    expect(isAlive(frozen)).toBe(false);

    await driver.stop();
    const record = JSON.parse(readFileSync(hostFile('json'), 'utf8'));
    end(hostPid());
    // As after a reboot: the number is another's now, here our own.
    writeFileSync(hostFile('json'), JSON.stringify({ ...record, pid: process.pid }));
    await loggedIn(driver);
    const third = hostPid();
    expect([frozen, record.pid, process.pid]).not.toContain(third);

    await driver.stop();
    await loggedIn(hosted({ scanMs: 50 }));
    const fourth = hostPid();
    expect(fourth).not.toBe(third);
    expect(isAlive(third)).toBe(false);
    expect(journal().filter((line) => line === 'scan')).toHaveLength(1);

    await endStrayHosts(bench.dataDir, new Set(['bot01']));
    expect(isAlive(fourth)).toBe(true);
    await endStrayHosts(bench.dataDir, new Set(['bot02']));
    expect(isAlive(fourth)).toBe(false);
  });
});

function expectNoSecrets(): void {
  for (const text of [
    readFileSync(hostFile('json'), 'utf8'),
    readFileSync(hostFile('card'), 'latin1'),
    readFileSync(hostFile('log'), 'utf8'),
    readFileSync(`/proc/${hostPid()}/cmdline`, 'utf8'),
    readFileSync(`/proc/${hostPid()}/environ`, 'utf8'),
    bench.log.join('\n'),
  ]) {
    expect(text).not.toContain('secret-of-wxid_card');
    expect(text).not.toContain('puppet_local_0123456789');
    expect(text).not.toMatch(/insecure_[\da-f]{48}/);
  }
  for (const ending of ['json', 'card'] as const) {
    expect(statSync(hostFile(ending)).mode & 0o777).toBe(0o600);
  }
}

function hostedSettings(extra: Record<string, unknown> = {}) {
  return {
    puppet: cardPuppet,
    puppetOptions: {
      account: { id: 'wxid_card', name: '卡机器人' },
      journal: join(bench.dataDir, 'journal'),
      room: '宿主群',
      ...extra,
    },
  };
}

function hosted(extra: Record<string, unknown> = {}): Driver {
  return bench.build(hostedSettings(extra));
}

async function loggedIn(driver: Driver, withinMs = 15_000): Promise<Heard> {
  const heard = new Heard(driver);
  await driver.start(signal());
  pids.add(hostPid());
  await eventually('login', () => heard.of('login')[0], withinMs);
  return heard;
}

function hostFile(ending: 'json' | 'card' | 'log'): string {
  return join(bench.dataDir, 'hosts', `bot01.${ending}`);
}

function hostPid(): number {
  const { pid } = JSON.parse(readFileSync(hostFile('json'), 'utf8'));
  pids.add(pid);
  return pid;
}

function journal(): string[] {
  const file = join(bench.dataDir, 'journal');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

function end(pid: number): void {
  if (pid === process.pid) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
