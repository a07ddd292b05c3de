import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { listen } from './support/report-rig.ts';

let daemon: TestDaemon;
let admin: AdminClient;
let slow: Awaited<ReturnType<typeof listen>>;

beforeAll(async () => {
  slow = await listen((_request, response) => {
    setTimeout(() => response.end(`[{"text":"${'x'.repeat(4000)}"}]`), 1500);
  });
  // Bounds of pictures that are fetched.
  daemon = await startDaemon({
    fetch: { allow: ['127.0.0.1'], timeoutSeconds: 1, maxBytes: 1024 },
    bots: [],
  });
  admin = new AdminClient(() => daemon.url);
  await admin.login();
});
afterAll(async () => {
  await daemon.close();
  slow.close();
});

const ask = (bounds: object) => ({ source: { type: 'http', url: slow.url, ...bounds } });

test('a source has bounds of its own: neither time nor size are those of pictures', async () => {
  const { body } = await admin.ok('POST', '/report-tools/source', ask({ timeoutSeconds: 30 }));
  expect(body.count).toBe(1);
  const late = await admin.refused(503, 'POST', '/report-tools/source', ask({ timeoutSeconds: 1 }));
  expect(late.body.detail).toContain('1000');
  const large = await admin.refused(503, 'POST', '/report-tools/source', ask({ maxBytes: 1000 }));
  expect(large.body.detail).toContain('1000');
});
