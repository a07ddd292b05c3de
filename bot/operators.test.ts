import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../config/logger.ts';
import { openVault } from '../config/secrets.ts';
import { AdminTokenStore } from '../store/admin-tokens.ts';
import { migrate } from '../store/migrator.ts';
import { SettingStore } from '../store/settings.ts';
import { SqliteDatabase } from '../store/sqlite.ts';
import { VirtualClock } from './clock.ts';
import { Operators } from './operators.ts';

let dataDir: string;
let db: SqliteDatabase;
let clock: VirtualClock;
let lines: string[];
const hour = 3_600_000;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'wxrc-operators-'));
  db = new SqliteDatabase({ file: join(dataDir, 'wxrc.db') });
  clock = new VirtualClock();
  lines = [];
  await migrate(db, { now: 0 });
});
afterEach(async () => {
  await db.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function operators(password?: string): Promise<Operators> {
  const made = new Operators({
    tokens: new AdminTokenStore(db),
    settings: new SettingStore(db),
    vault: openVault(dataDir),
    admin: { username: 'admin', ...(password !== undefined && { password }) },
    dataDir,
    clock,
    logger: createLogger('debug', { write: (line: string) => lines.push(line) }),
  });
  await made.start();
  return made;
}

function cliToken(): string {
  return readFileSync(join(dataDir, 'cli.token'), 'utf8').trim();
}

test('the first start makes a password, tells it then only, and keeps it over restarts', async () => {
  const first = await operators();
  const password = first.generatedPassword;
  expect(password).toMatch(/^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/);
  const second = await operators();
  expect(second.generatedPassword).toBeUndefined();
  await expect(second.session('admin', password ?? '', '::1')).resolves.toMatchObject({
    expiresAt: clock.now() + 12 * hour,
  });
  expect(JSON.stringify(await db.read('SELECT * FROM settings'))).not.toContain(password);
});

test('the password of the config file counts alone, and a change of it ends sessions', async () => {
  const made = await operators();
  const generated = made.generatedPassword ?? '';
  const { token: old } = await made.session('admin', generated, '::1');

  const configured = await operators('from the file');
  expect(await configured.identify(old)).toBeUndefined();
  await expect(configured.session('admin', generated, '::1')).rejects.toMatchObject({
    code: 'unauthorized',
  });
  const { token } = await configured.session('admin', 'from the file', '::1');
  await expect(configured.setPassword('another')).rejects.toMatchObject({ code: 'conflict' });

  expect(await (await operators('from the file')).identify(token)).toBeDefined();
  await configured.applyConfig({ username: 'root', password: 'changed' });
  expect(await configured.identify(token)).toBeUndefined();
  await expect(configured.session('root', 'changed', '::1')).resolves.toBeDefined();
});

test('a session ends after 12 hours, and when the password changes', async () => {
  const made = await operators();
  const password = made.generatedPassword ?? '';
  const { token } = await made.session('admin', password, '::1');
  expect(await made.identify(token)).toMatchObject({ name: 'admin', via: 'session' });
  await clock.advance(12 * hour - 1);
  expect(await made.identify(token)).toBeDefined();
  await clock.advance(1);
  expect(await made.identify(token)).toBeUndefined();

  const { token: next } = await made.session('admin', password, '::1');
  const changed = await made.setPassword();
  expect(await made.identify(next)).toBeUndefined();
  await expect(made.session('admin', password, '::1')).rejects.toMatchObject({
    code: 'unauthorized',
  });
  await expect(made.session('admin', changed, '::1')).resolves.toBeDefined();
});

test('wrong passwords are slowed down by address, with a growing delay', async () => {
  const made = await operators('right');
  const attempt = (password: string, address: string) =>
    made.session('admin', password, address).then(
      () => 'ok',
      (error: { code: string; retryAfter?: number }) => `${error.code} ${error.retryAfter ?? ''}`,
    );
  for (let i = 0; i < 3; i += 1) expect(await attempt('wrong', '10.0.0.1')).toBe('unauthorized ');
  expect(await attempt('wrong', '10.0.0.1')).toBe('unauthorized ');
  expect(await attempt('right', '10.0.0.1')).toBe('rate_limited 1');
  expect(await attempt('right', '::ffff:10.0.0.1')).toBe('rate_limited 1');
  await clock.advance(1000);
  expect(await attempt('wrong', '10.0.0.1')).toBe('unauthorized ');
  expect(await attempt('right', '10.0.0.1')).toBe('rate_limited 2');
  expect(await attempt('right', '10.0.0.2')).toBe('ok');
  await clock.advance(2000);
  expect(await attempt('right', '10.0.0.1')).toBe('ok');
  expect(await attempt('wrong', '10.0.0.1')).toBe('unauthorized ');
});

test('attempts side by side from one address get no more tries than one after another', async () => {
  const made = await operators('right');
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, () => made.session('admin', 'wrong', '2001:db8::1')),
  );
  const refused = results.filter(
    (one) => one.status === 'rejected' && one.reason.code === 'rate_limited',
  );
  expect(refused).toHaveLength(4);
  // The same /64 is the same host.
  await expect(made.session('admin', 'right', '2001:db8:0:0:5::9')).rejects.toMatchObject({
    code: 'rate_limited',
  });
});

test('tokens are listed without themselves, kept as hashes, revoked, and end in time', async () => {
  const made = await operators('right');
  const { token, view } = await made.createToken('ci', undefined);
  const { token: short } = await made.createToken('short', clock.now() + 1000);
  expect(await made.identify(token)).toMatchObject({ name: 'ci', via: 'api', tokenId: view.id });
  expect((await made.listTokens({ after: 0, limit: 10 })).map((one) => one.name)).toEqual([
    'ci',
    'short',
  ]);
  const table = JSON.stringify(await db.read('SELECT * FROM admin_tokens'));
  expect(table).not.toContain(token);
  await clock.advance(1000);
  expect(await made.identify(short)).toBeUndefined();
  expect(await made.revokeToken(view.id)).toBe(true);
  expect(await made.revokeToken(view.id)).toBe(false);
  expect(await made.identify(token)).toBeUndefined();
  expect(lines.join('')).not.toContain(token);
});

test('the command line has a token of its own while the daemon runs', async () => {
  const made = await operators('right');
  expect(statSync(join(dataDir, 'cli.token')).mode & 0o777).toBe(0o600);
  const token = cliToken();
  expect(await made.identify(token)).toMatchObject({ name: 'cli', via: 'cli', role: 'admin' });
  await made.stop();
  await made.stop();
  expect(await made.identify(token)).toBeUndefined();
  const next = await operators('right');
  expect(cliToken()).not.toBe(token);
  expect(await next.identify(cliToken())).toBeDefined();
  expect(await next.identify('')).toBeUndefined();
  expect(await next.identify('x'.repeat(5000))).toBeUndefined();
});
