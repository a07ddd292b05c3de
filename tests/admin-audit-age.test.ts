import { afterAll, beforeAll, expect, test } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import { AuditStore } from '../store/audit.ts';
import { AdminClient } from './support/admin-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon;
const clock = new VirtualClock();
const day = 86_400_000;

beforeAll(async () => {
  running = await startDaemon({ retention: { auditDays: 30 } }, { clock });
  const admin = new AdminClient(() => running.url);
  await admin.login();
  await admin.ok('PATCH', '/channels/demo', { name: 'Demo' });
});
afterAll(() => running.close());

test('rows go when they are older than retention.auditDays', async () => {
  const { core } = running.daemon;
  const store = new AuditStore(core.db);
  const [sample] = await store.list({}, { before: 1e9, limit: 1 });
  if (sample === undefined) throw new Error('there is a row');
  await core.db.transaction(async (tx) => {
    for (const days of [29, 31, 400]) {
      await store.add(tx, { ...sample, name: 'aged', at: clock.now() - days * day });
    }
  });
  const before = (await store.list({}, { before: 1e9, limit: 500 })).length;
  await core.retention.run();
  expect(await store.list({}, { before: 1e9, limit: 500 })).toHaveLength(before - 2);
  expect(await store.list({ name: 'aged' }, { before: 1e9, limit: 5 })).toEqual([
    expect.objectContaining({ at: clock.now() - 29 * day }),
  ]);
});

test('looking into it scans no table for a user, an operation, a target or an age', async () => {
  const store = new AuditStore(running.daemon.core.db);
  const plans = await Promise.all(
    ['name = ?', 'operation = ?', 'target = ?'].map((column) =>
      store.db.read<{ detail: string }>(
        `EXPLAIN QUERY PLAN SELECT id FROM audit WHERE id < ? AND ${column} ORDER BY id DESC LIMIT ?`,
        [1, 'x', 1],
      ),
    ),
  );
  plans.push(
    await store.db.read<{ detail: string }>(
      'EXPLAIN QUERY PLAN SELECT id FROM audit WHERE at < ? ORDER BY at LIMIT ?',
      [1, 1],
    ),
  );
  for (const plan of plans) {
    const said = plan.map((line) => line.detail).join('\n');
    expect(said).toMatch(/USING (COVERING )?INDEX audit_/);
    expect(said).not.toMatch(/SCAN|TEMP B-TREE/);
  }
});
