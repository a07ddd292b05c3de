import { afterEach, expect, test } from 'vitest';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon;
afterEach(() => running.close());

test('what waits for a channel that was removed is no backlog any more', async () => {
  running = await startDaemon();
  const { channels, deliveries, bots } = running.daemon.core;
  // Nobody listens there.
  await channels.add({ chid: 'gone', callbackUrl: 'http://127.0.0.1:9/cb' });
  await eventually(() => bots.get('bot01')?.view().qr !== undefined, 'a QR code');
  await bots.login('bot01');
  const chids = async (): Promise<string[]> => (await deliveries.backlog()).map((one) => one.chid);
  await eventually(async () => (await chids()).includes('gone'), 'a backlog');
  await channels.remove('gone');
  expect(await chids()).not.toContain('gone');
});
