import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Operation } from '../api/admin/operation.ts';
import { adminOperations } from '../api/admin/operations.ts';
import { VirtualClock } from '../bot/clock.ts';
import { type Role, roles } from '../bot/operators.ts';
import { AdminClient } from './support/admin-client.ts';
import { BrowserClient } from './support/browser-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon;
let admin: AdminClient;
const clock = new VirtualClock();
const passwords: Record<string, string> = {};
const browsers = {} as Record<Role, BrowserClient>;
const tokens = {} as Record<Role, string>;

beforeAll(async () => {
  running = await startDaemon({}, { clock });
  admin = new AdminClient(() => running.url);
  await admin.login();
  for (const role of roles) {
    const { body } = await admin.ok('POST', '/users', { username: `the-${role}`, role });
    passwords[role] = body.password;
    browsers[role] = new BrowserClient(() => running.url);
    await browsers[role].login(body.password, `the-${role}`);
    tokens[role] = (await admin.ok('POST', '/tokens', { name: `of-${role}`, role })).body.token;
  }
});
afterAll(() => running.close());

const closed = adminOperations.filter((one) => !one.open);

/** What these change is the own session and profile. */
const own = new Set([
  ...['closeSession', 'changeProfile', 'changeOwnPassword', 'offerTotp', 'confirmTotp'],
  ...['removeOwnTotp', 'renewRecoveryCodes', 'endOwnSession', 'endOtherSessions'],
]);

/** Calls an operation about things that are not there, with a body that says nothing. */
async function attempt(one: Operation, token: string): Promise<number> {
  const path = one.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    /id$/i.test(name) ? '999' : 'none',
  );
  const bodied = one.method !== 'get' && one.method !== 'delete';
  const response = await fetch(`${running.url}/api/v1${path}`, {
    method: one.method.toUpperCase(),
    headers: {
      authorization: `Bearer ${token}`,
      ...(bodied && { 'content-type': 'application/json' }),
    },
    // Not one of ours, so that nothing is done where it is let through.
    ...(bodied && { body: '{"no such field":1}' }),
  });
  await response.arrayBuffer();
  return response.status;
}

describe('every operation, by every role', () => {
  test('lets a viewer change nothing', async () => {
    const changing = closed.filter((one) => one.method !== 'get' && !own.has(one.id));
    expect(changing.length).toBeGreaterThan(60);
    for (const one of changing) {
      expect([one.id, one.role]).not.toEqual([one.id, 'viewer']);
      expect([one.id, await attempt(one, tokens.viewer)]).toEqual([one.id, 403]);
    }
  });

  test('is refused below its role, and only there', async () => {
    for (const role of roles) {
      for (const one of closed) {
        // These would run.
        if (['reload', 'closeSession', 'createBackup', 'endOtherSessions'].includes(one.id))
          continue;
        const status = await attempt(one, tokens[role]);
        const enough = roles.indexOf(role) >= roles.indexOf(one.role);
        const refused = status === 403 && !own.has(one.id) && one.id !== 'getProfile';
        expect([one.id, role, refused]).toEqual([one.id, role, !enough]);
      }
    }
  });

  test('shows no secret to others than admins', () => {
    const told: string[] = [];
    const telling = /[Ss]hown here and never again|signature key\. Shown/;
    for (const one of closed.filter((any) => !own.has(any.id) && any.answer !== undefined)) {
      const said = JSON.stringify(one.answer?.toJSONSchema({ unrepresentable: 'any' }));
      if (telling.test(said)) told.push(`${one.id} ${one.role}`);
    }
    expect(told.length).toBeGreaterThan(5);
    expect(told.filter((one) => !one.endsWith(' admin'))).toEqual([]);
    const admins = closed.filter((one) => one.role === 'admin').map((one) => one.id);
    expect(admins).toEqual(
      expect.arrayContaining([
        ...['listTokens', 'createToken', 'listAudit', 'rotateKey', 'showImAppKey', 'grantImToken'],
        ...['reload', 'setLogLevel', 'addOperator', 'changePassword', 'createBackup', 'addBot'],
      ]),
    );
  });

  test('is the same by the cookie of a browser', async () => {
    const calls: [string, string, unknown, Role][] = [
      ['GET', '/bots', undefined, 'viewer'],
      ['POST', '/bots/bot01/login', undefined, 'operator'],
      ['PUT', '/log-level', { level: 'debug' }, 'admin'],
      ['GET', '/audit', undefined, 'admin'],
      ['GET', '/users', undefined, 'admin'],
    ];
    for (const role of roles) {
      for (const [method, path, body, needed] of calls) {
        const { status } = await browsers[role].call(method, path, { body });
        const enough = roles.indexOf(role) >= roles.indexOf(needed);
        expect([role, method, path, status === 403]).toEqual([role, method, path, !enough]);
      }
    }
  });
});

test('files are uploaded by operators, not by viewers', async () => {
  const upload = (token: string) =>
    fetch(`${running.url}/api/v1/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' },
      body: 'hello',
    });
  expect((await upload(tokens.viewer)).status).toBe(403);
  expect((await upload(tokens.operator)).status).not.toBe(403);
});

test('another role counts at once, for sessions that are open', async () => {
  const { body } = await admin.ok('POST', '/users', { username: 'falls', role: 'admin' });
  const fallen = new BrowserClient(() => running.url);
  await fallen.login(body.password, 'falls');
  expect((await fallen.call('GET', '/audit')).status).toBe(200);
  const { id } = (await fallen.call('GET', '/session')).body.user;
  await admin.ok('PATCH', `/users/${id}`, { role: 'viewer' });
  expect((await fallen.call('GET', '/audit')).status).toBe(403);
  await admin.ok('PATCH', `/users/${id}`, { disabled: true });
  expect((await fallen.call('GET', '/session')).status).toBe(401);
  expect((await fallen.login(body.password, 'falls')).status).toBe(401);
  await admin.ok('PATCH', `/users/${id}`, { disabled: false });
  expect((await fallen.call('GET', '/session')).status).toBe(401);
  expect((await fallen.login(body.password, 'falls')).status).toBe(201);
  await admin.ok('DELETE', `/users/${id}`);
  expect((await fallen.call('GET', '/session')).status).toBe(401);
  expect((await fallen.login(body.password, 'falls')).status).toBe(401);
});

test('the last admin cannot be removed, whoever tries', async () => {
  const other = browsers.admin;
  const mine = (await other.call('GET', '/session')).body.user.id;
  for (const [method, path, body] of [
    ['DELETE', '/users/1', undefined],
    ['PATCH', '/users/1', { disabled: true }],
    ['PATCH', '/users/1', { role: 'viewer' }],
    ['DELETE', `/users/${mine}`, undefined],
    ['PATCH', `/users/${mine}`, { role: 'operator' }],
  ] as const) {
    expect([path, (await other.call(method, path, { body })).status]).toEqual([path, 409]);
  }
  await admin.refused(409, 'DELETE', '/users/1');
  await admin.refused(409, 'PATCH', '/users/1', { role: 'operator' });
  expect((await admin.ok('GET', '/session')).body).toMatchObject({ role: 'admin' });
});
