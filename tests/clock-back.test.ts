import { afterEach, expect, test } from 'vitest';
import { CommandClient } from './support/command-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';
import { SetClock } from './support/set-clock.ts';
import { WebhookSink } from './support/webhook-sink.ts';

const day = 86_400_000;
let running: TestDaemon | undefined;
let sink: WebhookSink | undefined;
afterEach(async () => {
  await running?.close();
  await sink?.stop();
  running = undefined;
  sink = undefined;
});

async function ready(url: string): Promise<void> {
  for (const act of ['scan', 'confirm']) {
    const address = `${url}/simulator/bot01/${act}`;
    await eventually(async () => (await fetch(address, { method: 'POST' })).ok, act);
  }
}

test('set back by a day while it runs: commands, messages and events go on', async () => {
  const clock = new SetClock();
  sink = new WebhookSink();
  let takes = false;
  sink.reply = () => (takes ? {} : { status: 500 });
  await sink.start();
  running = await startDaemon(
    {
      channels: [{ chid: 'demo', key: 'secret', callbackUrl: sink.url }],
      pacing: { perMinute: 600, perRoomPerMinute: 300, jitterMs: [0, 0] },
    },
    { clock },
  );
  const { url } = running;
  const head = () => ({ head: { txtime: String(clock.now()) } });
  const client = new CommandClient(() => url);
  await ready(url);
  await eventually(async () => (await client.call('botStatus', {}, head()))['state'] === 'ready');
  const said = { roomTopic: '测试群' };
  const before = await client.call('roomSendText', { ...said, text: 'before' }, head());
  const isSent = async (msgid: unknown): Promise<boolean> =>
    (await client.call('msgStatus', { msgid }, head())).sendStatus === '1';
  await eventually(() => isSent(before.msgid), 'before');
  // Events wait for their next try, which is planned by the clock as it is.
  await eventually(() => (sink?.received.length ?? 0) > 2, 'tries');
  takes = true;
  clock.offset = -day;
  await running.daemon.core.clockWatch.look();
  const byMs = running.daemon.core.clockWatch.stepped?.byMs ?? 0;
  expect(Math.abs(byMs + day)).toBeLessThan(5000);
  const after = await client.call('roomSendText', { ...said, text: 'after' }, head());
  expect(after.rtCode).toBe('0');
  await eventually(() => isSent(after.msgid), 'after');
  const told = (): unknown[] =>
    (sink?.received ?? [])
      .filter((one) => one.event['type'] === 'sendStatus')
      .map((one) => one.event['msgid']);
  await eventually(
    () => told().includes(before.msgid) && told().includes(after.msgid),
    'told',
    25_000,
  );
  expect((await fetch(`${url}/ready`)).status).toBe(200);
  client.close();
});

test('set back by a day while it was stopped: what waited is tried again at once', async () => {
  const clock = new SetClock();
  sink = new WebhookSink();
  let takes = false;
  sink.reply = () => (takes ? {} : { status: 500 });
  await sink.start();
  const channels = [{ chid: 'demo', key: 'secret', callbackUrl: sink.url }];
  running = await startDaemon({ channels }, { clock });
  await ready(running.url);
  const logins = (): unknown[] =>
    (sink?.received ?? [])
      .filter((one) => one.event['botStatus'] === 'login')
      .map((one) => one.event['eventId']);
  // Codes are of no use later, so nobody is sent old ones.
  const seen = await eventually(async () => {
    const all = await running?.daemon.core.deliveries.list({ chid: 'demo', limit: 50 });
    return all?.find((one) => one.event.type === 'botStatus')?.eventId;
  }, 'the login');
  clock.offset = -day;
  takes = true;
  await running.restart();
  await eventually(() => logins().includes(seen), 'the event of before', 20_000);
});
