import { afterAll, beforeAll, expect, test } from 'vitest';
import { BrowserClient } from './support/browser-client.ts';
import { runInProcess } from './support/cli.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon;
let local: Record<string, string>;

beforeAll(async () => {
  running = await startDaemon();
  local = { WXRC_DATA: running.dataDir, LANG: 'en_US.UTF-8' };
});
afterAll(() => running.close());

async function json(...args: string[]) {
  const { code, out, err } = await runInProcess([...args, '--json'], local);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out);
}

test('people: add, list, role, disable, enable, password, log-out, remove', async () => {
  const added = await json('user', 'add', 'Anna', '--role', 'operator');
  expect(added).toMatchObject({ user: { username: 'Anna', role: 'operator' } });
  const browser = new BrowserClient(() => running.url);
  expect((await browser.login(added.password, 'anna')).status).toBe(201);
  const shown = (await runInProcess(['user', 'list'], local)).out;
  expect(shown).toMatch(/1\s+admin\s+admin\s+ok\s+off/);
  expect(shown).toMatch(/\d+\s+Anna\s+operator\s+ok\s+off\s+\d{4}-/);
  expect(await json('user', 'role', 'anna', 'viewer')).toMatchObject({ role: 'viewer' });
  expect((await browser.call('POST', '/bots/bot01/login')).status).toBe(403);
  await json('user', 'disable', 'anna');
  expect((await browser.call('GET', '/session')).status).toBe(401);
  expect((await runInProcess(['user', 'list'], local)).out).toMatch(/Anna\s+viewer\s+disabled/);
  await json('user', 'enable', 'anna');
  const { password } = await json('user', 'password', 'anna', '--yes');
  expect((await browser.login(password, 'anna')).status).toBe(201);
  await json('user', 'log-out', 'anna');
  expect((await browser.call('GET', '/session')).status).toBe(401);
  await json('user', 'unlock', 'anna');
  await json('user', 'totp-off', 'anna');
  await json('user', 'remove', 'anna', '--yes');
  expect((await browser.login(password, 'anna')).status).toBe(401);
});

test.each([
  [['user', 'add', 'x', '--role', 'king'], 2, /viewer, operator, admin/],
  [['user', 'role', 'nobody', 'viewer'], 1, /no user nobody/],
  [['user', 'remove', 'admin'], 2, /--yes/],
  [['user', 'remove', 'admin', '--yes'], 1, /first operator/],
  [['user', 'add', 'ADMIN'], 1, /taken/],
  [['user', 'password', 'admin', '--yes'], 1, /config/],
  [['token', 'add', 'x', '--role', 'king'], 2, /viewer, operator, admin/],
  [['audit', '--days', 'x'], 2, /--days/],
])('%j is refused', async (args, code, said) => {
  const result = await runInProcess(args, local);
  expect([result.code, result.out]).toEqual([code, '']);
  expect(result.err).toMatch(said);
});

test('the token of a program has the role that was said', async () => {
  const { token } = await json('token', 'add', 'watcher', '--role', 'viewer');
  const far = { WXRC_URL: running.url, WXRC_TOKEN: token, LANG: 'en_US.UTF-8' };
  expect((await runInProcess(['bot', 'list'], far)).code).toBe(0);
  const refused = await runInProcess(['bot', 'login', 'bot01'], far);
  expect(refused.code).toBe(77);
  expect(refused.err).toMatch(/needs the role operator: yours is viewer|operator/);
  expect((await runInProcess(['token', 'list'], local)).out).toMatch(
    /api\s+watcher\s+viewer\s+cli/,
  );
});

test('the audit: what was done, narrowed', async () => {
  const shown = (await runInProcess(['audit', '--operation', 'addOperator'], local)).out;
  expect(shown).toMatch(/TIME\s+USER\s+ROLE\s+VIA\s+FROM\s+OPERATION\s+TARGET\s+FIELDS\s+STATUS/);
  expect(shown).toMatch(
    /cli\s+admin\s+cli\s+127\.0\.0\.1\s+addOperator\s+\d+\s+username=\w+ role=operator\s+201/,
  );
  const failed = (await json('audit', '--failed', '--user', 'watcher', '--days', '1')).items;
  expect(failed).toEqual([
    expect.objectContaining({ operation: 'loginBot', target: 'bot01', status: 403 }),
  ]);
  expect((await json('audit', '--limit', '2')).items).toHaveLength(2);
});
