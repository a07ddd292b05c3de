import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';

/** Requests that nobody has answered yet. */
const held: ServerResponse[] = [];
const slow: Server = createServer((_request, response) => held.push(response));
let running: TestDaemon;
let admin: AdminClient;
let url: string;

beforeAll(async () => {
  await new Promise<void>((done) => slow.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(slow.address() as AddressInfo).port}/`;
  running = await startDaemon({ fetch: { allow: ['127.0.0.1'] }, reporting: { concurrency: 3 } });
  admin = new AdminClient(() => running.url);
  await admin.login();
});
afterAll(async () => {
  await running.close();
  slow.closeAllConnections();
  await new Promise((done) => slow.close(done));
});

test('many trials at once wait their turn, more than can wait come again', async () => {
  const body = { source: { type: 'http', url } };
  const draft = { settings: { name: 'x', expr: '0 9 * * *', source: body.source } };
  let settled = 0;
  const all = Array.from({ length: 30 }, async (_none, at) => {
    const { status } =
      at % 2 === 0
        ? await admin.call('POST', '/report-tools/source', body)
        : await admin.call('POST', '/report-tools/dry-run', draft);
    settled += 1;
    return status;
  });
  await eventually('those that are too many', () => settled === 30 - 3 - 16);
  let most = 0;
  await eventually('the others', () => {
    most = Math.max(most, held.length);
    for (const one of held.splice(0)) one.end('[{"n":1}]');
    return settled === 30;
  });
  expect(most).toBe(3);
  const statuses = await Promise.all(all);
  expect(statuses.filter((status) => status === 200)).toHaveLength(19);
  expect(statuses.filter((status) => status === 429)).toHaveLength(11);
});
