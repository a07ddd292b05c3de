import { get } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';

let running: TestDaemon;
let admin: AdminClient;

beforeAll(async () => {
  running = await startDaemon();
  admin = new AdminClient(() => running.url);
  await admin.login();
});
afterAll(() => running.close());

/** An answer that does not end by itself. */
function open(path: string, token: string | undefined) {
  const request = get(`${running.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  request.on('error', () => {});
  const status = new Promise<number>((resolve) => {
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
  });
  return { status, end: () => request.destroy() };
}

test('of one caller 50 streams are open at once; others have theirs; who ends one may open one', async () => {
  const { body } = await admin.ok('POST', '/tokens', { name: 'viewer', role: 'viewer' });
  const stream = '/api/v1/events/stream?chid=demo';
  const streams = Array.from({ length: 49 }, () => open(stream, body.token));
  const poll = open('/api/v1/events?chid=demo&wait=30&after=1000000', body.token);
  for (const one of streams) expect(await one.status).toBe(200);
  await eventually('a refusal', async () => {
    const more = open(stream, body.token);
    const status = await more.status;
    more.end();
    return status === 429;
  });
  const other = open(stream, admin.token);
  expect(await other.status).toBe(200);
  streams[0]?.end();
  await eventually('a place', async () => {
    const more = open(stream, body.token);
    const status = await more.status;
    more.end();
    return status === 200;
  });
  for (const one of [...streams, poll, other]) one.end();
});
