import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { VirtualClock } from '../../bot/clock.ts';
import { AppError } from '../../bot/errors.ts';
import { parseConfig } from '../../config/config.ts';
import { createLogger } from '../../config/logger.ts';
import {
  type Access,
  type AccessRequest,
  createAccess,
  grantedOf,
  protocolOf,
  requireAccess,
} from './access.ts';
import { problems } from './problem.ts';

const joe = 'token-of-joe-0123456789';
const all = 'token-of-the-server-0123';
const lines: string[] = [];
const logger = createLogger('debug', { write: (line: string) => lines.push(line) });
let clock: VirtualClock;

beforeEach(() => {
  clock = new VirtualClock();
  lines.length = 0;
});

function accessOf(access: unknown): Access {
  return createAccess({ access: parseConfig({ access }).access, clock, logger });
}
const tokens = [all, { token: joe, userId: 'Joe' }];

function request(
  headers: AccessRequest['headers'] = {},
  url = '/',
  remoteAddress = '192.0.2.1',
): AccessRequest {
  return { headers, url, socket: { remoteAddress } };
}
function refusalOf(work: () => unknown): AppError | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  return undefined;
}
const anybody = { userId: undefined, agent: true };

test('without tokens everybody may come in, or nobody', () => {
  expect(accessOf({}).require(request())).toEqual(anybody);
  expect(accessOf({}).require(request({ authorization: 'Bearer whatever' }))).toEqual(anybody);
  const closed = accessOf({ open: false });
  const refusal = refusalOf(() => closed.require(request({ authorization: 'Bearer whatever' })));
  expect(refusal?.code).toBe('unauthorized');
  expect(refusal?.text.en).toContain('access.open is false');
});

describe.each([{ tokens }, { open: true, tokens }, { open: false, tokens }])('with %j', (given) => {
  test.each<[string, AccessRequest, string | undefined]>([
    ['a header', request({ authorization: `Bearer ${all}` }), undefined],
    ['a header of other letters', request({ authorization: `bearer  ${all} ` }), undefined],
    ['the query', request({}, `/x?a=1&access_token=${all}&b=2`), undefined],
    ['the query, escaped', request({}, `/x?access_token=${all.replace('-', '%2D')}`), undefined],
    ["a user's own", request({ authorization: `Bearer ${joe}` }), 'Joe'],
    [
      'a subprotocol',
      request({ upgrade: 'websocket', 'sec-websocket-protocol': `echo, bearer.${joe}` }),
      'Joe',
    ],
    // What proxies put in front is no token.
    [
      'beside a login of a proxy',
      request({ authorization: 'Basic eA==' }, `/?access_token=${joe}`),
      'Joe',
    ],
  ])('a token comes in %s', (_where, req, userId) => {
    expect(accessOf(given).require(req)).toEqual({ userId, agent: userId === undefined });
    expect(accessOf(given).require({ req })).toMatchObject({ userId });
  });

  test.each<[string, AccessRequest]>([
    ['none', request()],
    ['an empty one', request({ authorization: 'Bearer ' }, '/?access_token=')],
    ['a wrong one', request({ authorization: 'Bearer wrong' })],
    ['the beginning of one', request({ authorization: `Bearer ${all.slice(0, -1)}` })],
    ['more than one', request({ authorization: `Bearer ${all}${joe}` })],
    ['another case', request({ authorization: `Bearer ${all.toUpperCase()}` })],
    ['in the path', request({}, `/access_token=${all}`)],
    ['in another field', request({}, `/?xaccess_token=${all}`)],
    ['as a login', request({ authorization: `Basic ${all}` })],
    ['a subprotocol of a call', request({ 'sec-websocket-protocol': `bearer.${all}` })],
    ['a very long one', request({ authorization: `Bearer ${'x'.repeat(5000)}` })],
  ])('who has no token stays outside: %s', (_what, req) => {
    expect(refusalOf(() => accessOf(given).require(req))?.code).toBe('unauthorized');
  });
});

test('a token of a user claims no other', () => {
  const access = accessOf({ tokens });
  const granted = access.require(request({ authorization: `Bearer ${joe}` }));
  access.assertIs(granted, 'Joe');
  access.assertIs(granted, 'Bowen', 'Joe');
  expect(refusalOf(() => access.assertIs(granted, 'Bowen'))?.code).toBe('forbidden');
  expect(refusalOf(() => access.assertIs(granted, 'joe'))?.code).toBe('forbidden');
  expect(refusalOf(() => access.assertIs(granted))?.code).toBe('forbidden');
  access.assertIs(access.require(request({ authorization: `Bearer ${all}` })), 'Bowen');
});

describe('wrong tokens', () => {
  const from = (access: Access, token: string, address?: string) =>
    refusalOf(() => access.require(request({ authorization: `Bearer ${token}` }, '/', address)));

  test('cost more and more time, whatever comes next', async () => {
    const access = accessOf({ tokens });
    for (let i = 0; i < 3; i += 1) expect(from(access, 'wrong')?.code).toBe('unauthorized');
    expect(from(access, 'wrong')?.code).toBe('unauthorized');
    expect(from(access, 'wrong')).toMatchObject({ code: 'rate_limited', retryAfter: 1 });
    expect(from(access, all)?.code).toBe('rate_limited');
    await clock.advance(1000);
    expect(from(access, 'wrong')?.code).toBe('unauthorized');
    expect(from(access, all)).toMatchObject({ code: 'rate_limited', retryAfter: 2 });
    await clock.advance(2000);
    expect(from(access, all)).toBeUndefined();
  });

  test('cost nothing elsewhere, nor those who came in from there before', () => {
    const access = accessOf({ tokens });
    expect(from(access, joe)).toBeUndefined();
    for (let i = 0; i < 10; i += 1) from(access, 'wrong');
    expect(from(access, 'wrong')?.code).toBe('rate_limited');
    expect(from(access, joe)).toBeUndefined();
    expect(from(access, all)?.code).toBe('rate_limited');
    expect(from(access, all, '192.0.2.2')).toBeUndefined();
  });

  test('are told to the log without themselves', () => {
    const access = accessOf({ tokens });
    from(access, 'this-is-wrong');
    refusalOf(() => access.require(request({}, '/x?access_token=this-is-wrong')));
    logger.error({ err: new Error(`GET /x?access_token=${all}&a=1 failed`) }, 'x');
    logger.info({ access_token: all, inner: { accessToken: joe } }, 'x');
    expect(lines).toHaveLength(4);
    expect(lines.join('')).toContain('192.0.2.1');
    for (const secret of ['this-is-wrong', all, joe]) expect(lines.join('')).not.toContain(secret);
  });

  test('that could be guessed are warned of', () => {
    accessOf({ tokens: ['short'] });
    expect(lines.join('')).toContain('short enough to be guessed');
    expect(lines.join('')).not.toContain('"short"');
  });
});

describe('over HTTP', () => {
  let server: Server;
  let port: number;
  let sockets: WebSocketServer;
  beforeEach(async () => {
    const access = accessOf({ tokens });
    const app = new Koa();
    app.use(problems({ logger, language: 'en' }));
    app.use(requireAccess(access));
    app.use((ctx) => {
      ctx.body = { userId: grantedOf(ctx).userId ?? null };
    });
    server = createServer(app.callback()).listen(0, '127.0.0.1');
    sockets = new WebSocketServer({ noServer: true, handleProtocols: protocolOf });
    server.on('upgrade', (req, socket, head) => {
      if (refusalOf(() => access.require(req)) !== undefined) socket.destroy();
      else sockets.handleUpgrade(req, socket, head, (opened) => opened.send('in'));
    });
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  test('calls', async () => {
    const get = async (query: string, headers = {}) => {
      const response = await fetch(`http://127.0.0.1:${port}/${query}`, { headers });
      const challenge = response.headers.get('www-authenticate');
      return [response.status, challenge, await response.json()] as const;
    };
    expect(await get('', { authorization: `Bearer ${joe}` })).toEqual([
      200,
      null,
      { userId: 'Joe' },
    ]);
    expect(await get(`?access_token=${all}`)).toEqual([200, null, { userId: null }]);
    expect(await get('')).toMatchObject([401, 'Bearer', { code: 'unauthorized' }]);
  });

  test.each([
    [['echo', `bearer.${joe}`], 'echo'],
    [[`bearer.${joe}`, 'echo'], 'echo'],
    [[`bearer.${joe}`], `bearer.${joe}`],
  ])('a socket that offers %s', async (offered, taken) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, offered);
    const [word] = await once(socket, 'message');
    expect([String(word), socket.protocol]).toEqual(['in', taken]);
    socket.close();
  });

  test('a socket without a token', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, ['echo', 'bearer.wrong']);
    const [error] = await once(socket, 'error');
    expect(String(error)).toMatch(/hang up|ECONNRESET|401/);
  });
});
