import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import { BrowserClient } from './support/browser-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon;
let browser: BrowserClient;
let clock: VirtualClock;

beforeEach(async () => {
  clock = new VirtualClock();
  running = await startDaemon({}, { clock });
  browser = new BrowserClient(() => running.url);
});
afterEach(() => running.close());

/** An attempt from an address of this machine: 127.0.x.y. */
async function attempt(
  number: number,
  password: string,
  username = 'admin',
): Promise<{ status: number; wait: number }> {
  const { status, headers } = await browser.call('POST', '/session', {
    from: `127.0.${Math.floor(number / 250) + 1}.${(number % 250) + 1}`,
    body: { username, password, cookie: true },
  });
  return { status, wait: Number(headers['retry-after'] ?? 0) };
}

describe('guessing passwords', () => {
  test('from one address is slowed down, more each time, the right one too', async () => {
    const seen: number[] = [];
    for (let tries = 0; tries < 8; tries += 1) {
      const { status, wait } = await attempt(1, tries === 7 ? 'test-password' : 'wrong');
      seen.push(status);
      if (tries === 5) expect(wait).toBe(1);
    }
    expect(seen).toEqual([401, 401, 401, 401, 429, 429, 429, 429]);
    expect((await attempt(2, 'test-password')).status).toBe(201);
    await clock.advance(1000);
    expect((await attempt(1, 'wrong')).status).toBe(401);
    expect(await attempt(1, 'test-password')).toMatchObject({ status: 429, wait: 2 });
  });

  test('from many addresses is slowed down by the name', async () => {
    const seen = new Map<number, number>();
    for (let number = 0; number < 60; number += 1) {
      const { status } = await attempt(number, `wrong ${number}`);
      seen.set(status, (seen.get(status) ?? 0) + 1);
    }
    // Ten are free, one more starts the wait.
    expect(Object.fromEntries(seen)).toEqual({ 401: 11, 429: 49 });
    // In whatever case it is written.
    expect((await attempt(500, 'test-password', 'ADMIN')).status).toBe(429);
    // Five hours of patience, another address each five minutes: about four tries an hour.
    let looked = 0;
    for (let number = 0; number < 60; number += 1) {
      await clock.advance(5 * 60_000);
      if ((await attempt(1000 + number, 'wrong')).status === 401) looked += 1;
    }
    expect(looked).toBeLessThan(5 * 4 + 10);
  });

  test('locks out nobody who came in from there before, and an admin can undo it', async () => {
    expect((await attempt(7, 'test-password')).status).toBe(201);
    const admin = new BrowserClient(() => running.url);
    await admin.login();
    for (let number = 100; number < 140; number += 1) await attempt(number, 'wrong');
    expect((await attempt(141, 'test-password')).status).toBe(429);
    const { status } = await attempt(7, 'test-password');
    expect(status).toBe(201);
    for (let number = 200; number < 240; number += 1) await attempt(number, 'wrong');
    expect((await admin.call('GET', '/users/1')).body.lockedUntil).toBeGreaterThan(clock.now());
    expect((await attempt(142, 'test-password')).status).toBe(429);
    expect((await admin.call('POST', '/users/1/unlock')).body.lockedUntil).toBeNull();
    expect((await attempt(142, 'test-password')).status).toBe(201);
  });

  test('is not forgiven by coming in with an own account in between', async () => {
    await browser.login();
    const added = await browser.call('POST', '/users', { body: { username: 'eve' } });
    // From where the admin came in before, and from elsewhere.
    expect((await attempt(9, 'test-password')).status).toBe(201);
    for (const from of [9, 10]) {
      let looked = 0;
      for (let tries = 0; tries < 36; tries += 1) {
        if (tries % 2 === 1) await attempt(from, added.body.password, 'eve');
        else if ((await attempt(from, `wrong ${tries}`)).status === 401) looked += 1;
      }
      expect(looked).toBeLessThanOrEqual(11);
    }
  });

  test('tells nobody which names there are', async () => {
    const answers = new Set<string>();
    for (const [number, username] of ['admin', 'nobody', 'root', 'ghost'].entries()) {
      const body = { username, password: 'wrong', cookie: true };
      const from = `127.0.9.${number + 1}`;
      const { status, text } = await browser.call('POST', '/session', { from, body });
      answers.add(`${status} ${text}`);
    }
    expect(answers.size).toBe(1);
    // Names that nobody has are shut in the same way.
    const seen: number[] = [];
    for (let number = 300; number < 315; number += 1) {
      seen.push((await attempt(number, 'wrong', 'ghost')).status);
    }
    expect(seen.filter((status) => status === 429).length).toBeGreaterThan(2);
  });

  test('by many at once gets no more tries than one after another', async () => {
    const all = await Promise.all(
      Array.from({ length: 60 }, (_, number) => attempt(number, 'wrong')),
    );
    expect(all.filter((one) => one.status === 401).length).toBeLessThanOrEqual(11);
  });
});

describe('behind a proxy', () => {
  test('of ours the address is what the proxy says; nobody else is believed', async () => {
    const knock = (from: string, forwarded: string) =>
      browser.call('POST', '/session', {
        from,
        headers: { 'x-forwarded-for': forwarded },
        body: { username: 'admin', password: 'wrong', cookie: true },
      });
    // Without the config a header changes nothing.
    const seen: number[] = [];
    for (let number = 0; number < 6; number += 1) {
      seen.push((await knock('127.0.0.1', `203.0.113.${number}`)).status);
    }
    expect(seen).toEqual([401, 401, 401, 401, 429, 429]);
    await running.close();
    running = await startDaemon({ http: { proxies: ['127.0.0.1'] } }, { clock });
    const guesses = async (from: string, forwarded: (number: number) => string) => {
      const all: number[] = [];
      for (let number = 0; number < 5; number += 1) {
        all.push((await knock(from, forwarded(number))).status);
      }
      return all;
    };
    // One guesser behind the proxy, who writes addresses of others before his own.
    expect(await guesses('127.0.0.1', (at) => `198.51.100.${at}, 203.0.113.9`)).toEqual([
      ...[401, 401, 401, 401, 429],
    ]);
    expect(await guesses('127.0.5.5', (at) => `203.0.113.${at}`)).toEqual([
      ...[401, 401, 401, 401, 429],
    ]);
    // Somebody else behind the proxy is not shut out.
    const home = await browser.call('POST', '/session', {
      headers: { 'x-forwarded-for': '203.0.113.77' },
      body: { username: 'admin', password: 'test-password', cookie: true },
    });
    expect(home.status).toBe(201);
    browser.take(home);
    const [row] = (await browser.call('GET', '/audit')).body.items;
    expect(row).toMatchObject({ operation: 'openSession', address: '203.0.113.77' });
  });
});

describe('a session that was left open', () => {
  test('does not change the password without knowing it', async () => {
    await browser.login();
    const added = await browser.call('POST', '/users', { body: { username: 'bob' } });
    const { password } = added.body;
    const bob = new BrowserClient(() => running.url);
    await bob.login(password, 'bob');
    const other = new BrowserClient(() => running.url);
    await other.login(password, 'bob');
    const change = (current: string) =>
      bob.call('POST', '/profile/password', { body: { current, password: 'a new password' } });
    const seen: number[] = [];
    for (let tries = 0; tries < 6; tries += 1) seen.push((await change('a guess')).status);
    expect(seen).toEqual([400, 400, 400, 400, 429, 429]);
    await clock.advance(60_000);
    expect((await change(password)).status).toBe(204);
    // The own session stays, others end.
    expect((await bob.call('GET', '/session')).status).toBe(200);
    expect((await other.call('GET', '/session')).status).toBe(401);
    expect((await other.login(password, 'bob')).status).toBe(401);
    expect((await other.login('a new password', 'bob')).status).toBe(201);
  });

  test('changes the password while others guess at the name, and counts guesses by itself', async () => {
    await browser.login();
    const other = new BrowserClient(() => running.url);
    await other.login();
    const change = (client: BrowserClient, current: string) =>
      client.call('POST', '/profile/password', {
        body: { current, password: 'a new password' },
      });
    for (let number = 0; number < 40; number += 1) await attempt(number, 'wrong');
    // From a session that was stolen: it slows down itself, and nobody else.
    const stolen: number[] = [];
    for (let tries = 0; tries < 6; tries += 1) stolen.push((await change(other, 'wrong')).status);
    expect(stolen).toEqual([400, 400, 400, 400, 429, 429]);
    expect((await change(browser, 'test-password')).status).toBe(409);
    const offer = { body: { current: 'test-password' } };
    expect((await browser.call('POST', '/profile/totp', offer)).status).toBe(200);
    // What is right here forgives nothing at the door.
    expect((await attempt(141, 'test-password')).status).toBe(429);
  });

  test('is no way round that for an admin either', async () => {
    await browser.login();
    const body = { password: 'another password' };
    expect((await browser.call('POST', '/password', { body })).status).toBe(409);
    expect((await browser.call('POST', '/users/1/password', { body })).status).toBe(409);
    expect((await browser.call('DELETE', '/users/1/totp')).status).toBe(409);
  });

  test('is seen from elsewhere, and can be ended there', async () => {
    await browser.login();
    const other = new BrowserClient(() => running.url);
    await other.login();
    const list = (await other.call('GET', '/profile')).body.sessions;
    expect(list).toHaveLength(2);
    const [mine, far] = list;
    expect([mine.current, far.current, far.address]).toEqual([true, false, '127.0.0.1']);
    expect((await other.call('DELETE', `/profile/sessions/${far.id}`)).status).toBe(204);
    expect((await browser.call('GET', '/session')).status).toBe(401);
    expect((await other.call('DELETE', '/profile/sessions/99999')).status).toBe(404);
  });
});
