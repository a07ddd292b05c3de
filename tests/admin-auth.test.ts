import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminOperations } from '../api/admin/operations.ts';
import { VirtualClock } from '../bot/clock.ts';
import { sign } from '../bot/signature.ts';
import { AdminClient } from './support/admin-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon;
let admin: AdminClient;
const clock = new VirtualClock();

beforeAll(async () => {
  running = await startDaemon({}, { clock });
  admin = new AdminClient(() => running.url);
  await admin.login();
});
afterAll(() => running.close());

/** An address of each operation, with ids of things that are not there. */
const routes = adminOperations.map((one) => ({
  id: one.id,
  open: one.open,
  method: one.method.toUpperCase(),
  path: `/api/v1${one.path.replaceAll(/\{(\w+)\}/g, (_all, name) => (/id$/i.test(name) ? '999' : 'none'))}`,
}));

async function attempt(
  route: (typeof routes)[number],
  headers: Record<string, string>,
  body?: string,
): Promise<Response> {
  return fetch(`${running.url}${route.path}`, {
    method: route.method,
    headers,
    ...(body !== undefined && route.method !== 'GET' && { body }),
  });
}

test('every operation but the log-in is closed to everyone without a live token', async () => {
  const expired = (await admin.ok('POST', '/tokens', { name: 'short', expiresInDays: 0.001 })).body;
  const revoked = (await admin.ok('POST', '/tokens', { name: 'gone' })).body;
  await admin.ok('DELETE', `/tokens/${revoked.id}`);
  await clock.advance(100_000);
  const query = `chid=demo&txtime=${clock.now()}`;
  const outsiders: Record<string, Record<string, string>> = {
    nobody: {},
    'a wrong token': { authorization: 'Bearer wxrc_wrong' },
    'an expired token': { authorization: `Bearer ${expired.token}` },
    'a revoked token': { authorization: `Bearer ${revoked.token}` },
    'a token in another scheme': { authorization: `Basic ${admin.token}` },
    'a channel': { 'x-wxrc-chid': 'demo', 'x-ecaspsplus-signature': sign('{}', 'secret') },
    'a channel by GET': { 'x-wxrc-chid': 'demo', 'x-ecaspsplus-signature': sign(query, 'secret') },
  };
  expect(routes.length).toBeGreaterThan(35);
  for (const [who, headers] of Object.entries(outsiders)) {
    for (const route of routes.filter((one) => !one.open)) {
      const path = who === 'a channel by GET' ? `${route.path}?${query}` : route.path;
      const response = await attempt({ ...route, path }, headers, '{}');
      expect([who, route.id, response.status]).toEqual([who, route.id, 401]);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.json()).toMatchObject({ status: 401, code: 'unauthorized' });
    }
  }
});

test('HEAD tells strangers no more than GET', async () => {
  const response = await fetch(`${running.url}/api/v1/bots`, { method: 'HEAD' });
  expect(response.status).toBe(401);
});

test('logging in: a token for 12 hours, whose end is kept', async () => {
  const { body } = await admin.ok('POST', '/session', {
    username: 'admin',
    password: 'test-password',
  });
  expect(body.expiresAt - clock.now()).toBe(12 * 3_600_000);
  const other = new AdminClient(() => running.url);
  other.token = body.token;
  expect((await other.ok('GET', '/session')).body).toMatchObject({
    ...{ name: 'admin', via: 'session', role: 'admin' },
  });
  await other.ok('DELETE', '/session');
  await other.refused(401, 'GET', '/session');

  await other.login();
  await clock.advance(12 * 3_600_000);
  await other.refused(401, 'GET', '/session');
  await admin.login();
});

test('wrong passwords are refused alike, then slowed down', async () => {
  const stranger = new AdminClient(() => running.url);
  const bad = [
    { username: 'admin', password: 'wrong' },
    { username: 'nobody', password: 'test-password' },
  ];
  const said = new Set<string>();
  for (const body of [...bad, ...bad]) {
    said.add((await stranger.refused(401, 'POST', '/session', body)).text);
  }
  expect(said.size).toBe(1);
  const { headers } = await stranger.refused(429, 'POST', '/session', bad[0]);
  expect(headers.get('retry-after')).toBe('1');
  await clock.advance(1000);
  await stranger.login();
});

test.each([
  ['no body', undefined, 400, 'username'],
  ['no password', { username: 'admin' }, 400, 'password'],
  ['a number', { username: 'admin', password: 5 }, 400, 'password'],
  ['another field', { username: 'admin', password: 'x', totp: '1' }, 400, 'totp'],
  ['no JSON', '{"username"', 400, undefined],
])('a log-in with %s is refused', async (_what, body, status, field) => {
  const stranger = new AdminClient(() => running.url);
  const answer = await stranger.refused(status, 'POST', '/session', body);
  expect(answer.body.field).toBe(field);
});

test.each([
  [{}, 'zh'],
  [{ 'accept-language': '*' }, 'zh'],
  [{ 'accept-language': 'fr-FR,fr;q=0.9' }, 'zh'],
  [{ 'accept-language': 'en-US,en;q=0.9,zh;q=0.8' }, 'en'],
  [{ 'accept-language': 'ZH-cn' }, 'zh'],
  [{ 'accept-language': 'zh', 'x-wxrc-language': 'en' }, 'en'],
])('a refusal to %j is told in %s', async (headers, language) => {
  const response = await fetch(`${running.url}/api/v1/bots`, { headers });
  expect(((await response.json()) as { detail: string }).detail).toMatch(
    language === 'zh' ? /需要登录/ : /needs a session/,
  );
});

test('the command line of this machine has a token by file', async () => {
  const local = new AdminClient(() => running.url);
  local.token = readFileSync(join(running.dataDir, 'cli.token'), 'utf8').trim();
  expect((await local.ok('GET', '/session')).body).toMatchObject({ name: 'cli', via: 'cli' });
  await local.ok('DELETE', '/session');
  await local.ok('GET', '/session');
});

test('tokens are paged, named, and never shown again', async () => {
  for (const name of ['a', 'b', 'c']) await admin.ok('POST', '/tokens', { name });
  const names: string[] = [];
  for (let cursor = '0'; cursor !== ''; ) {
    const { body, text } = await admin.ok('GET', `/tokens?limit=2&cursor=${cursor}`);
    expect(text).not.toContain('wxrc_');
    expect(body.items.length).toBeLessThanOrEqual(2);
    names.push(...body.items.map((one: { name: string }) => one.name));
    cursor = body.next ?? '';
  }
  expect(names.slice(-3)).toEqual(['a', 'b', 'c']);
  await admin.refused(400, 'GET', '/tokens?limit=0');
  await admin.refused(400, 'GET', '/tokens?limit=1000');
  await admin.refused(400, 'GET', '/tokens?cursor=x');
  await admin.refused(400, 'GET', '/tokens?nonsense=1');
  await admin.refused(400, 'POST', '/tokens', {});
  await admin.refused(400, 'POST', '/tokens', { name: '' });
  await admin.refused(400, 'POST', '/tokens', { name: 'x', expiresInDays: -1 });
  await admin.refused(404, 'DELETE', '/tokens/999999');
  await admin.refused(400, 'DELETE', '/tokens/x');
});

test('the password: the config sets it, so it cannot be changed here; a program never may', async () => {
  await admin.refused(409, 'POST', '/password', {});
  await admin.refused(400, 'POST', '/password', { password: 'short' });
  const program = new AdminClient(() => running.url);
  program.token = (await admin.ok('POST', '/tokens', { name: 'program' })).body.token;
  await program.refused(403, 'POST', '/password', {});
});

test('a generated password can be made anew; the sessions before end', async () => {
  const other = await startDaemon({ admin: {} });
  try {
    const client = new AdminClient(() => other.url);
    await client.login(other.daemon.core.operators.generatedPassword ?? '');
    const { password } = (await client.ok('POST', '/password', {})).body;
    await client.refused(401, 'GET', '/session');
    await client.login(password);
    expect((await client.ok('POST', '/password', { password: 'chosen by hand' })).body).toEqual({});
    await client.login('chosen by hand');
    expect(other.log()).not.toContain(password);
  } finally {
    await other.close();
  }
});
