import { afterEach, expect, test } from 'vitest';
import { Health, readySchema } from '../api/health.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

test('readiness says that pictures can be drawn, without drawing one', async () => {
  running = await startDaemon();
  const report = readySchema.parse(await (await fetch(`${running.url}/ready`)).json());
  expect(report.parts.pictures).toEqual({ ok: true });
  expect(running.daemon.core.pictures.threadId).toBeUndefined();
});

test('without a Chinese font it is ready all the same, and warns', async () => {
  running = await startDaemon();
  const { core } = running.daemon;
  const health = new Health({
    databaseFault: () => undefined,
    db: core.db,
    probe: (tx) => core.settings.write(tx, 'probe', 'x'),
    bots: core.bots,
    stopping: new AbortController().signal,
    pictureFaults: () => ['no Chinese font', 'no emoji font'],
  });
  expect(await health.ready()).toMatchObject({
    status: 'ready',
    warnings: expect.arrayContaining(['pictures: no Chinese font; no emoji font']),
  });
});
