import { afterEach, expect, it } from 'vitest';
import { CommandClient } from './support/command-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';
import { planSteps } from './support/plan-steps.ts';
import { StatementLog } from './support/statement-log.ts';
import { WebhookSink } from './support/webhook-sink.ts';

/** Tables that grow with use: no statement that runs with every message may scan one of them. */
const growing = ['sends', 'commands', 'events', 'send_steps', 'delivery_attempts', 'rooms'];

let running: TestDaemon | undefined;
const sink = new WebhookSink();
afterEach(async () => {
  await running?.close();
  await sink.stop();
});

it('scans no growing table on the way from a command to a told outcome', async () => {
  let log: StatementLog | undefined;
  await sink.start();
  running = await startDaemon(
    { channels: [{ chid: 'demo', key: 'secret', callbackUrl: sink.url }] },
    {
      wrapDatabase: (db) => {
        log = new StatementLog(db);
        return log;
      },
    },
  );
  const { url } = running;
  const client = new CommandClient(() => url);
  const simulate = (path: string): Promise<Response> =>
    fetch(`${url}/simulator/bot01/${path}`, { method: 'POST' });
  await eventually(async () => (await simulate('scan')).ok, 'scan');
  await eventually(async () => (await simulate('confirm')).ok, 'confirm');

  // What runs at start may look at everything once.
  await eventually(async () => (await client.call('botStatus'))['state'] === 'ready', 'ready');
  if (log === undefined) throw new Error('no database');
  log.statements.clear();
  log.longReads.clear();
  const sent = await client.call('roomSendText', { roomTopic: '测试群', text: '你好' });
  await client.call('roomSendText', { roomTopic: '没有这个群', text: '你好' });
  const told = (msgid: unknown): boolean =>
    sink.received.some((one) => one.event['msgid'] === msgid);
  await eventually(() => told(sent.msgid), 'told');
  await client.call('msgStatus', { msgid: sent.msgid });
  await client.call('botQueue');
  expect(log.statements.size).toBeGreaterThan(8);

  const steps = await planSteps(log, log.statements.difference(log.longReads));
  const scans = steps.filter(({ detail }) =>
    growing.includes(/^SCAN (\w+)/.exec(detail)?.[1] ?? ''),
  );
  expect(scans).toEqual([]);
});
