import { mkdtempSync, rmSync } from 'node:fs';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Channels } from '../../bot/channels.ts';
import { VirtualClock } from '../../bot/clock.ts';
import { Operators } from '../../bot/operators.ts';
import { sign } from '../../bot/signature.ts';
import { createLogger } from '../../config/logger.ts';
import { openVault } from '../../config/secrets.ts';
import { AdminTokenStore } from '../../store/admin-tokens.ts';
import { ChannelStore } from '../../store/channels.ts';
import { migrate } from '../../store/migrator.ts';
import { SettingStore } from '../../store/settings.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { TxtimeReader } from '../commands/txtime.ts';
import {
  type Authenticate,
  type AuthenticateBody,
  createAuthenticator,
  createBodyAuthenticator,
} from './caller.ts';
import { OperatorAuth } from './operator-auth.ts';

let dataDir: string;
let db: SqliteDatabase;
let authenticate: Authenticate;
let authenticateBody: AuthenticateBody;
let token: string;
const clock = new VirtualClock();
const windowMs = 600_000;
const demo = { kind: 'channel', chid: 'demo' };

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'wxrc-caller-'));
  db = new SqliteDatabase({ file: join(dataDir, 'wxrc.db') });
  await migrate(db, { now: 0 });
  const logger = createLogger('silent');
  const store = new ChannelStore(db, openVault(dataDir));
  const channels = new Channels({ store, vault: openVault(dataDir), clock, logger });
  await channels.start();
  await channels.add({ chid: 'demo', key: '密钥' });
  await channels.add({ chid: 'far', key: 'far-key', addresses: ['192.0.2.0/24'] });
  const operators = new Operators({
    tokens: new AdminTokenStore(db),
    settings: new SettingStore(db),
    vault: openVault(dataDir),
    admin: { username: 'admin', password: 'x' },
    dataDir,
    clock,
    logger,
  });
  await operators.start();
  token = (await operators.createToken('ci', undefined)).token;
  authenticate = createAuthenticator({
    auth: new OperatorAuth({ operators, publicUrl: () => 'http://127.0.0.1' }),
    channels,
    clock,
    timezone: 'Asia/Shanghai',
    txtimeWindowMs: windowMs,
  });
  authenticateBody = createBodyAuthenticator(channels);
});
afterAll(async () => {
  await db.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function call(
  method: string,
  url: string,
  headers: Record<string, string>,
  body?: Buffer,
  address = '127.0.0.1',
) {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: address });
  const req = new IncomingMessage(socket);
  Object.assign(req, { method, url, headers });
  if (body === undefined) return authenticate({ req });
  const proof = authenticateBody({ req });
  for (const byte of body) proof?.update(Buffer.of(byte));
  return Promise.resolve(proof?.caller());
}

const signature = 'x-ecaspsplus-signature';

test('a bearer token is an operator; a wrong one is nobody, whatever else is signed', async () => {
  const authorization = `Bearer ${token}`;
  expect(await call('GET', '/x', { authorization })).toMatchObject({
    ...{ kind: 'admin', operator: { name: 'ci', role: 'operator', via: 'api' } },
  });
  const query = `chid=demo&txtime=${clock.now()}`;
  expect(
    await call('GET', `/x?${query}`, {
      authorization: 'Bearer wxrc_nothing',
      [signature]: sign(query, '密钥'),
    }),
  ).toBeUndefined();
  expect(await call('GET', '/x', { authorization: `Basic ${token}` })).toBeUndefined();
  expect(await call('GET', '/x', {})).toBeUndefined();
});

test('a signed body is a channel', async () => {
  const body = Buffer.from('{"a": 1}');
  const headers = { 'x-wxrc-chid': 'demo', [signature]: sign(body, '密钥') };
  expect(await call('POST', '/x', headers, body)).toEqual(demo);
  expect(
    await call('POST', '/x?chid=demo', { [signature]: headers[signature] ?? '' }, body),
  ).toEqual(demo);
  expect(
    await call(
      'POST',
      '/x',
      {
        'x-wxrc-chid': 'demo',
        [signature]: sign(body, '密钥', 'HMAC-SHA256').toUpperCase(),
        'x-ecaspsplus-signaturetype': 'HMAC-SHA256',
      },
      body,
    ),
  ).toEqual(demo);
  expect(await call('POST', '/x', headers, Buffer.from('{"a":1}'))).toBeUndefined();
  expect(await call('POST', '/x', { ...headers, 'x-wxrc-chid': 'far' }, body)).toBeUndefined();
  expect(await call('POST', '/x', { ...headers, 'x-wxrc-chid': 'none' }, body)).toBeUndefined();
  expect(await call('POST', '/x', headers)).toBeUndefined();
  expect(
    await call('POST', '/x', { ...headers, 'x-ecaspsplus-signaturetype': 'SHA1' }, body),
  ).toBeUndefined();
});

test('a signed query is a channel while its txtime is fresh', async () => {
  const get = (query: string) =>
    call('GET', `/x?${query}`, { 'x-wxrc-chid': 'demo', [signature]: sign(query, '密钥') });
  const now = clock.now();
  expect(await get(`after=5&txtime=${now}`)).toEqual(demo);
  expect(await get(`txtime=${new TxtimeReader('Asia/Shanghai').write(now)}`)).toEqual(demo);
  expect(await get(`txtime=${now - windowMs}`)).toEqual(demo);
  expect(await get(`txtime=${now - windowMs - 1}`)).toBeUndefined();
  expect(await get(`txtime=${now + windowMs + 1}`)).toBeUndefined();
  expect(await get('after=5')).toBeUndefined();
  expect(await get('txtime=yesterday')).toBeUndefined();
  const signed = sign(`txtime=${now}`, '密钥');
  expect(
    await call('GET', `/x?txtime=${now}&after=0`, { 'x-wxrc-chid': 'demo', [signature]: signed }),
  ).toBeUndefined();
});

test('the address list of a channel is kept', async () => {
  const body = Buffer.from('x');
  const headers = { 'x-wxrc-chid': 'far', [signature]: sign(body, 'far-key') };
  expect(await call('POST', '/x', headers, body)).toBeUndefined();
  expect(await call('POST', '/x', headers, body, '192.0.2.7')).toEqual({
    kind: 'channel',
    chid: 'far',
  });
});
