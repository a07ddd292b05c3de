import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { CommandClient } from './support/command-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';

interface Minutes {
  from: number;
  stepMs: number;
  sent: number[];
  failed: number[];
}

let running: TestDaemon;
let admin: AdminClient;

beforeAll(async () => {
  running = await startDaemon();
  admin = new AdminClient(() => running.url);
  await admin.login();
});
afterAll(() => running.close());

test('it says what needs an eye', async () => {
  await eventually('a code', () => running.daemon.core.bots.get('bot01')?.view().qr);
  const { body } = await admin.ok('GET', '/overview');
  expect(body).toMatchObject({
    bots: {
      total: 1,
      states: { scan: 1 },
      waiting: [{ botcode: 'bot01', name: 'bot01', userAction: 'scan' }],
    },
    sends: { queued: 0, oldestAt: null, onTheWay: 0, unknown: 0, troubled: 0 },
    deliveries: { due: 0, oldestAt: null, dead: 0, paused: [] },
    conversations: { waiting: 0 },
    // Nobody would be told of an alarm.
    alarms: { lanes: 0 },
    ready: true,
    // The bot that cannot send is told of above.
    warnings: [],
  });
});

const sum = (list: number[]): number => list.reduce((all, one) => all + one, 0);

async function minutes(query = ''): Promise<Minutes> {
  const { body } = await admin.ok('GET', `/overview/minutes${query}`);
  return body as unknown as Minutes;
}

test('sends that end are counted in their minute, also those of a life before', async () => {
  const { core } = running.daemon;
  for (const step of ['scan', 'confirm']) {
    await fetch(`${running.url}/simulator/bot01/${step}`, { method: 'POST' });
  }
  await eventually('the bot', () => core.bots.get('bot01')?.view().state === 'ready');
  const room = await eventually('a room', () => core.bots.get('bot01')?.rooms.list()[0]);
  const client = new CommandClient(() => running.url);
  for (let index = 0; index < 5; index += 1) {
    await client.call('roomSendText', { text: `${index}`, roomId: room.id });
  }
  await client.call('roomSendText', { text: 'x', roomId: 'nowhere' });
  const queued = await admin.ok('GET', '/bots/bot01/queue');
  expect(queued.status).toBe(200);
  // What was settled less than two seconds ago may still be on its way to the disk.
  const seen = await eventually(
    'all are counted',
    async () => {
      const now = await minutes();
      return sum(now.sent) === 5 ? now : undefined;
    },
    12_000,
  );
  expect(seen.sent).toHaveLength(60);
  expect(seen.stepMs).toBe(60_000);
  expect(sum(seen.sent.slice(-3))).toBe(5);
  const troubled = await eventually('what did not leave', async () => {
    const { body } = await admin.ok('GET', '/overview');
    return Number((body as unknown as { sends: { troubled: number } }).sends.troubled);
  });
  expect(troubled).toBe(1);

  await running.restart();
  await admin.login();
  const day = await eventually('counted anew', async () => {
    const now = await minutes('?minutes=1440&step=5');
    return sum(now.sent) === 5 ? now : undefined;
  });
  expect(day.sent).toHaveLength(288);
  expect(day.stepMs).toBe(300_000);
});

test('what a bot went through is told, newest first', async () => {
  const { body } = await admin.ok('GET', '/bots/bot01/history');
  const states = body.items.map(({ state }) => state);
  expect(states).toContain('ready');
  expect(body.items.map((one) => (one as unknown as { at: number }).at)).toEqual(
    body.items.map((one) => (one as unknown as { at: number }).at).sort((a, b) => b - a),
  );
  await admin.refused(404, 'GET', '/bots/nobody/history');
});
