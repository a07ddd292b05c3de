import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { adminOperations } from '../api/admin/operations.ts';
import { VirtualClock } from '../bot/clock.ts';
import { BrowserClient } from './support/browser-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon;
let browser: BrowserClient;
const clock = new VirtualClock();

beforeAll(async () => {
  running = await startDaemon({}, { clock });
  browser = new BrowserClient(() => running.url);
  await browser.login();
});
afterAll(() => running.close());

const level = { body: { level: 'debug' } };

describe('a session of a browser', () => {
  test('is a cookie that no page can read, and never a token', async () => {
    const fresh = new BrowserClient(() => running.url);
    const answer = await fresh.login();
    expect(answer.status).toBe(201);
    const [set = ''] = [answer.headers['set-cookie'] ?? ''].flat();
    expect(set).toMatch(
      /^wxrc_session=wxrc_[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
    );
    expect(answer.body).toEqual({
      user: expect.objectContaining({ id: 1, username: 'admin', role: 'admin', builtIn: true }),
      csrf: expect.stringMatching(/^[\w-]{43}$/),
      expiresAt: clock.now() + 12 * 3_600_000,
    });
    expect(answer.text).not.toContain(fresh.cookie);
    const who = await fresh.call('GET', '/session');
    expect(who.body).toMatchObject({ via: 'session', role: 'admin', csrf: fresh.csrf });
    // Stolen from one place, it is no use in the other.
    const asBearer = { cookie: undefined, authorization: `Bearer ${fresh.cookie}` };
    expect((await fresh.call('GET', '/session', { headers: asBearer })).status).toBe(401);
  });

  test('goes out on TLS only where the page came by TLS', async () => {
    const headers = { origin: 'https://wxrc.example.com', host: 'wxrc.example.com' };
    const body = { username: 'admin', password: 'test-password', cookie: true };
    const fresh = new BrowserClient(() => running.url);
    const answer = await fresh.call('POST', '/session', { headers, body });
    expect(String(answer.headers['set-cookie'])).toMatch(/; Secure$/);
  });

  test('ends with the log-out, and the cookie is taken back', async () => {
    const fresh = new BrowserClient(() => running.url);
    await fresh.login();
    const answer = await fresh.call('DELETE', '/session');
    expect(answer.status).toBe(204);
    expect(String(answer.headers['set-cookie'])).toMatch(/^wxrc_session=; Path=\/; Max-Age=0;/);
    expect((await fresh.call('GET', '/session')).status).toBe(401);
  });

  test('ends after its time', async () => {
    const other = new BrowserClient(() => running.url);
    await other.login();
    await clock.advance(12 * 3_600_000);
    expect((await other.call('GET', '/session')).status).toBe(401);
    expect((await other.call('PUT', '/log-level', level)).status).toBe(401);
    await browser.login();
  });
});

describe('what a page of another site sends with the cookie', () => {
  const attacks: Record<string, Record<string, string | undefined>> = {
    'without the header': { 'x-wxrc-csrf': undefined },
    'with an empty header': { 'x-wxrc-csrf': '' },
    'with a wrong header': { 'x-wxrc-csrf': 'x'.repeat(43) },
    'with the right header from another origin': { origin: 'https://evil.example' },
    'from another port of the same host': { origin: 'http://127.0.0.1:1' },
    'from nowhere (a sandboxed frame)': { origin: 'null' },
    'that the browser calls cross-site': { 'sec-fetch-site': 'cross-site', origin: undefined },
    'that the browser calls same-site': { 'sec-fetch-site': 'same-site' },
    'by a link that was typed': { 'sec-fetch-site': 'none' },
  };

  test.each(Object.entries(attacks))('%s is refused', async (_how, headers) => {
    const before = (await browser.call('GET', '/log-level')).body.level;
    const wish = before === 'info' ? 'debug' : 'info';
    const answer = await browser.call('PUT', '/log-level', { headers, body: { level: wish } });
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    expect((await browser.call('GET', '/log-level')).body.level).toBe(before);
    expect((await browser.call('PUT', '/log-level', { body: { level: before } })).status).toBe(200);
  });

  test('changes nothing at any operation', async () => {
    const changing = adminOperations.filter((one) => one.method !== 'get' && !one.open);
    expect(changing.length).toBeGreaterThan(40);
    for (const one of changing) {
      const path = one.path.replaceAll(/\{(\w+)\}/g, '1');
      const headers = { 'x-wxrc-csrf': undefined };
      const body = one.method === 'delete' ? undefined : {};
      const answer = await browser.call(one.method.toUpperCase(), path, { headers, body });
      expect([one.id, answer.status]).toEqual([one.id, 403]);
    }
  });

  test('cannot be read either, where the browser says from where it comes', async () => {
    const headers = { 'sec-fetch-site': 'same-site' };
    expect((await browser.call('GET', '/bots', { headers })).status).toBe(403);
    const typed = { 'sec-fetch-site': 'none' };
    expect((await browser.call('GET', '/bots', { headers: typed })).status).toBe(200);
  });

  test('uploads no file', async () => {
    const call = (headers: Record<string, string | undefined>) =>
      browser.call('POST', '//api/v1/files', { body: 'text', headers });
    expect((await call({ 'x-wxrc-csrf': undefined })).status).toBe(403);
    expect((await call({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await call({})).status).not.toBe(403);
    expect((await call({ cookie: 'wxrc_session=wxrc_forged' })).status).toBe(401);
  });

  test('logs nobody in with an account of theirs', async () => {
    const body = { username: 'admin', password: 'test-password', cookie: true };
    const headers = { origin: 'https://evil.example' };
    const fresh = new BrowserClient(() => running.url);
    const answer = await fresh.call('POST', '/session', { headers, body });
    expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined]);
  });
});

test('a socket by cookie opens for our own pages only, and ends with its session', async () => {
  const fresh = new BrowserClient(() => running.url);
  await fresh.login();
  const open = (origin: string | undefined, cookie = fresh.cookie) =>
    new Promise<WebSocket | number>((resolve) => {
      const socket = new WebSocket(`${running.url.replace('http', 'ws')}/api/v1/live`, {
        headers: {
          ...(cookie !== undefined && { cookie: `wxrc_session=${cookie}` }),
          ...(origin !== undefined && { origin }),
        },
      });
      socket.on('open', () => resolve(socket));
      socket.on('unexpected-response', (_request, response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      socket.on('error', () => {});
    });
  expect(await open('https://evil.example')).toBe(403);
  expect(await open('null')).toBe(403);
  expect(await open(undefined)).toBe(403);
  expect(await open(running.url, 'wxrc_forged')).toBe(401);
  const socket = await open(running.url);
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
  const closed = once(socket, 'close');
  await fresh.call('DELETE', '/session');
  expect((await closed)[0]).toBe(4401);
  // One that ends by its time is seen at the next ping.
  await fresh.login();
  const late = await open(running.url, fresh.cookie);
  if (typeof late === 'number') throw new Error(`refused with ${late}`);
  const over = once(late, 'close');
  await running.daemon.core.db.transaction((tx) =>
    tx.run('UPDATE admin_tokens SET expires_at = 1'),
  );
  await clock.advance(16_000);
  expect((await over)[0]).toBe(4401);
  await browser.login();
});

test('a cookie that was forged, cut, doubled or made for another session is nobody', async () => {
  const other = new BrowserClient(() => running.url);
  await other.login();
  const own = browser.cookie ?? '';
  const forged: Record<string, string | undefined> = {
    nothing: 'wxrc_session=',
    guessed: `wxrc_session=wxrc_${'A'.repeat(43)}`,
    cut: `wxrc_session=${own.slice(0, -1)}`,
    longer: `wxrc_session=${own}x`,
    'of another case': `wxrc_session=${own.toUpperCase()}`,
    'under another name': `wxrc_Session=${own}`,
    quoted: `wxrc_session="${own}"`,
    'two, one of them planted': `wxrc_session=${own}; wxrc_session=${other.cookie}`,
    huge: `wxrc_session=${'A'.repeat(5000)}`,
    'the hash in the database': `wxrc_session=${'0'.repeat(64)}`,
  };
  for (const [how, cookie] of Object.entries(forged)) {
    const answer = await browser.call('GET', '/bots', { headers: { cookie } });
    expect([how, answer.status]).toEqual([how, 401]);
  }
  // The header belongs to its session.
  const mixed = { 'x-wxrc-csrf': other.csrf };
  expect((await browser.call('PUT', '/log-level', { ...level, headers: mixed })).status).toBe(403);
  // A token of a program is no cookie.
  const { token } = (await browser.call('POST', '/tokens', { body: { name: 'p' } })).body;
  const asCookie = { cookie: `wxrc_session=${token}` };
  expect((await browser.call('GET', '/bots', { headers: asCookie })).status).toBe(401);
});

test('a session that was planted before the log-in is not the one after it', async () => {
  const attacker = new BrowserClient(() => running.url);
  await attacker.login();
  const planted = attacker.cookie;
  const victim = new BrowserClient(() => running.url);
  victim.cookie = planted;
  await victim.login();
  expect(victim.cookie).not.toBe(planted);
  expect((await victim.call('GET', '/session')).status).toBe(200);
  // What the browser held before is over.
  expect((await attacker.call('GET', '/session')).status).toBe(401);
});
