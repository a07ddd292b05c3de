import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WxrcClient } from '../scripts/client/index.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

let daemon: TestDaemon;
let wxrc: WxrcClient;
let viewer: string;

beforeAll(async () => {
  daemon = await startDaemon({ mcp: { perMinute: 400 } });
  wxrc = new WxrcClient({ url: daemon.url });
  await wxrc.admin.login('admin', 'test-password');
  const body = { name: 'viewer', role: 'viewer' } as const;
  viewer = (await wxrc.admin.call('createToken', { body })).token;
});
afterAll(() => daemon?.close());

/** A POST as it is, whatever fetch would not send. */
function post(
  body: string | Buffer,
  headers: Record<string, string> = {},
  method = 'POST',
): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(daemon.url);
    const outgoing = request(
      {
        ...{ host: '127.0.0.1', port, path: '/mcp', method, agent: false },
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${viewer}`,
          ...headers,
        },
      },
      async (response) => {
        let text = '';
        for await (const chunk of response) text += String(chunk);
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const ping = (id: unknown = 1) => JSON.stringify({ jsonrpc: '2.0', id, method: 'ping' });

describe('over HTTP', () => {
  it.each([
    ['not JSON', '{', -32700, 400],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), -32700, 400],
    ['nested without end', `${'['.repeat(5000)}${']'.repeat(5000)}`, -32700, 400],
    ['an empty batch', '[]', -32600, 400],
    ['too large a batch', `[${Array(21).fill(ping()).join()}]`, -32600, 400],
    ['a number', '1', -32600, 400],
    ['null', 'null', -32600, 400],
    ['another version of JSON-RPC', '{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600, 400],
    ['no method', '{"jsonrpc":"2.0","id":1}', -32600, 400],
    ['an id that is null', ping(null), -32600, 400],
    ['an id that is an object', ping({}), -32600, 400],
    ['params that are a list', '{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', -32600, 400],
    ['an unknown method', '{"jsonrpc":"2.0","id":1,"method":"resources/list"}', -32601, 200],
    ['a call without a name', '{"jsonrpc":"2.0","id":1,"method":"tools/call"}', -32602, 200],
    [
      'a tool from the prototype',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"__proto__"}}',
      -32602,
      200,
    ],
    ['initialize without a version', '{"jsonrpc":"2.0","id":1,"method":"initialize"}', -32602, 200],
  ])('%s is told as JSON-RPC tells it', async (_name, body, code, status) => {
    const answer = await post(body);
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([status, code]);
    expect(answer.text).not.toMatch(/\.ts|stack|node_modules/);
  });

  it('batches are answered in order where the version knows them', async () => {
    const note = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });
    const batch = `[${ping(1)},${note},1,${ping('b')},{"jsonrpc":"2.0","id":9,"result":{}}]`;
    const { status, text } = await post(batch);
    expect(status).toBe(200);
    expect(JSON.parse(text).map((one: { id: unknown }) => one.id)).toEqual([1, null, 'b']);
    const now = await post(batch, { 'mcp-protocol-version': '2025-06-18' });
    expect([now.status, JSON.parse(now.text).error.code]).toEqual([400, -32600]);
    expect(await post(`[${note}]`)).toMatchObject({ status: 202, text: '' });
    expect(await post(note)).toMatchObject({ status: 202, text: '' });
  });

  it.each([
    ['2025-11-25', '2025-11-25'],
    ['2025-06-18', '2025-06-18'],
    ['2024-11-05', '2024-11-05'],
    ['1999-01-01', '2025-11-25'],
  ])('a client that speaks %s is offered %s', async (wish, offer) => {
    const params = { protocolVersion: wish, capabilities: {}, clientInfo: {} };
    const { text } = await post(
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
    );
    expect(JSON.parse(text).result.protocolVersion).toBe(offer);
  });

  it('an unknown version in the header is refused', async () => {
    expect((await post(ping(), { 'mcp-protocol-version': '1999-01-01' })).status).toBe(400);
  });

  it('needs a token in the header: a cookie, or none, or a dead one is none', async () => {
    for (const authorization of ['', 'Bearer x', 'Basic eDp5', `bearer${viewer}`]) {
      const { status, headers } = await post(ping(), { authorization });
      expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer']);
    }
    const login = await fetch(`${daemon.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: daemon.url },
      body: JSON.stringify({ username: 'admin', password: 'test-password', cookie: true }),
    });
    const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(cookie).toContain('wxrc_session=');
    expect((await post(ping(), { authorization: '', cookie })).status).toBe(401);
    const session = cookie.replace('wxrc_session=', '');
    expect((await post(ping(), { authorization: `Bearer ${session}` })).status).toBe(401);
  });

  it('a token that is revoked, or a config that says no, ends it at once', async () => {
    const body = { name: 'brief', role: 'viewer' } as const;
    const { token, id } = await wxrc.admin.call('createToken', { body });
    const authorization = `Bearer ${token}`;
    expect((await post(ping(), { authorization })).status).toBe(200);
    await wxrc.admin.call('revokeToken', { params: { id } });
    expect((await post(ping(), { authorization })).status).toBe(401);
    const off = await startDaemon({ mcp: { enabled: false } });
    try {
      const answer = await fetch(`${off.url}/mcp`, { method: 'POST', body: ping() });
      expect(answer.status).toBe(404);
    } finally {
      await off.close();
    }
  });

  it('pages of other sites and rebound names are refused, token or not', async () => {
    const port = new URL(daemon.url).port;
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `http://evil.example:${port}`, host: `evil.example:${port}` },
      { host: `evil.example:${port}` },
      { host: `127.0.0.1.evil.example:${port}` },
      { origin: `${daemon.url}.evil.example` },
    ]) {
      expect([headers, (await post(ping(), headers)).status]).toEqual([headers, 403]);
    }
    expect((await post(ping(), { origin: daemon.url })).status).toBe(200);
    expect((await post(ping(), { host: `localhost:${port}` })).status).toBe(200);
    expect((await post(ping(), { host: `[::1]:${port}` })).status).toBe(200);
  });

  it('other methods, types and sizes are refused', async () => {
    expect((await post('', {}, 'GET')).status).toBe(405);
    expect((await post('', {}, 'DELETE')).status).toBe(405);
    expect((await post(ping(), { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post(`"${'x'.repeat(1_100_000)}"`)).status).toBe(413);
  });

  it('a flood is sent away with Retry-After; others are served', async () => {
    const { token } = await wxrc.admin.call('createToken', {
      body: { name: 'flood', role: 'viewer' },
    });
    const authorization = `Bearer ${token}`;
    const batch = `[${Array(20).fill(ping()).join()}]`;
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => post(batch, { authorization })),
    );
    const statuses = answers.map((one) => one.status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(statuses.filter((one) => one === 200).length).toBeLessThanOrEqual(20);
    const sentAway = answers.find((one) => one.status === 429);
    expect(Number(sentAway?.headers['retry-after'])).toBeGreaterThan(0);
    expect((await post(ping())).status).toBe(200);
  });
});
