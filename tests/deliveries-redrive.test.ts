import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import type { Database } from '../store/database.ts';
import {
  botStatus,
  createEventRig,
  type EventRig,
  type EventRigOptions,
  qrCode,
  sendStatus,
  startEventRig,
} from './support/event-rig.ts';
import { eventually } from './support/eventually.ts';
import { type Received, WebhookSink } from './support/webhook-sink.ts';

const hour = 3_600_000;
let sink: WebhookSink;
let rig: EventRig;
let clock: VirtualClock;

beforeEach(async () => {
  sink = new WebhookSink();
  await sink.start();
});
afterEach(async () => {
  await rig.close();
  await sink.stop();
});

async function start(options: Partial<EventRigOptions> = {}): Promise<void> {
  clock = new VirtualClock();
  rig = await startEventRig(clock, sink.url, options);
}
const sameness = ({ body, headers }: Received) => [
  body,
  headers['webhook-id'],
  headers['x-ecaspsplus-signature'],
];

describe('an event whose schedule ran out', () => {
  it('is a dead letter, and the events behind it go on', async () => {
    sink.reply = ({ event }) => ({ status: event['eventId'] === 1 ? 500 : 200 });
    await start();
    await rig.record(sendStatus(1), sendStatus(2), sendStatus(3));
    await rig.pass(73 * hour);
    expect(await rig.states()).toEqual(['1 due', '2 due', '3 due']);
    await rig.pass(hour);
    expect(await rig.states()).toEqual(['1 dead', '2 acked', '3 acked']);
    expect(sink.ids().slice(-3)).toEqual([1, 2, 3]);
    expect(rig.lines.some((line) => line.includes('dead letter'))).toBe(true);
    const [dead] = await rig.deliveries.list({ chid: 'demo', state: 'dead', limit: 10 });
    expect(dead).toMatchObject({ eventId: 1, lastError: 'HTTP 500', doneAt: expect.any(Number) });
    expect(await rig.deliveries.backlog()).toMatchObject([{ chid: 'demo', due: 0, dead: 1 }]);
  });

  it('keeps its first and its last few tries', async () => {
    sink.reply = ({ index }) => ({ status: 500, body: `no ${index}` });
    await start();
    await rig.record(sendStatus(1));
    await rig.pass(74 * hour);
    const total = sink.received.length;
    expect(total).toBeGreaterThan(70);
    const kept = (await rig.deliveries.attempts('demo', 1)).map((one) => one.answer);
    expect(kept).toEqual(
      [0, 1, 2, ...[7, 6, 5, 4, 3, 2, 1].map((n) => total - n)].map((n) => `no ${n}`),
    );
  });
});

describe('sending again', () => {
  it('by id: the same bytes under the same ids, on a schedule of its own', async () => {
    await start();
    await rig.record(sendStatus(1), sendStatus(2));
    await rig.deliveries.quiet();
    await rig.pass(100 * hour);
    sink.reply = ({ index }) => ({ status: index === 2 ? 500 : 200 });
    expect(await rig.deliveries.redrive({ chid: 'demo', eventIds: [1, 7] })).toBe(1);
    await rig.pass(5000);
    expect(sink.ids()).toEqual([1, 2, 1, 1]);
    const [first, , again] = sink.received.map(sameness);
    expect(again).toEqual(first);
    expect(sink.received[2]?.headers['webhook-timestamp']).not.toBe(
      sink.received[0]?.headers['webhook-timestamp'],
    );
    expect(await rig.states()).toEqual(['1 acked', '2 acked']);
    expect(await rig.deliveries.attempts('demo', 1)).toHaveLength(3);
  });

  it('by range and type: dead letters only', async () => {
    sink.reply = () => ({ status: 500 });
    await start();
    await rig.record(sendStatus(1), sendStatus(2), botStatus('logout'), sendStatus(4));
    await rig.pass(75 * hour);
    await rig.record(sendStatus(5));
    await rig.deliveries.quiet();
    expect((await rig.states()).filter((one) => one.endsWith('dead'))).toHaveLength(4);
    sink.reply = () => ({});
    sink.received.length = 0;
    expect(await rig.deliveries.redrive({ chid: 'demo', from: 2, type: 'sendStatus' })).toBe(2);
    await rig.deliveries.quiet();
    // The one that waited for its next try goes with them: the receiver is back.
    expect(sink.ids()).toEqual([2, 4, 5]);
    expect(await rig.deliveries.redrive({ chid: 'demo', to: 1 })).toBe(1);
    await rig.deliveries.quiet();
    expect(await rig.states()).toEqual(['1 acked', '2 acked', '3 dead', '4 acked', '5 acked']);
  });

  it('as a replay: all but QR codes that were taken before', async () => {
    await start({ channels: [{ chid: 'demo' }] });
    await rig.record(botStatus('logout'));
    await rig.channels.update('demo', { callbackUrl: sink.url });
    await rig.record(qrCode('q'), sendStatus(3));
    await rig.deliveries.quiet();
    expect(sink.ids()).toEqual([2, 3]);
    expect(await rig.deliveries.redrive({ chid: 'demo', replay: true })).toBe(2);
    await rig.deliveries.quiet();
    expect(sink.ids()).toEqual([2, 3, 1, 3]);
    expect(await rig.deliveries.redrive({ chid: 'demo', eventIds: [2] })).toBe(0);
  });

  it('goes through any number of them', async () => {
    await start({ channels: [{ chid: 'demo' }] });
    for (let round = 0; round < 5; round += 1) {
      await rig.record(...Array.from({ length: 500 }, (_, at) => sendStatus(at)));
    }
    expect(await rig.deliveries.redrive({ chid: 'demo', from: 100, replay: true })).toBe(2401);
    expect(await rig.deliveries.backlog()).toMatchObject([{ due: 2401, dead: 0 }]);
  });
});

describe('listing', () => {
  it('shows the newest first, pages, and narrows', async () => {
    sink.reply = ({ event }) => ({ status: event['botcode'] === 'bot02' ? 500 : 200 });
    await start({ channels: [{ chid: 'demo', callbackUrl: sink.url }, { chid: 'pull' }] });
    await rig.record(sendStatus(1), sendStatus(2, 'bot02'), sendStatus(3));
    await rig.pass(1000);
    await rig.record(botStatus('login'));
    await rig.deliveries.quiet();
    const list = async (filter: Parameters<typeof rig.deliveries.list>[0]) =>
      (await rig.deliveries.list(filter)).map((one) => `${one.chid} ${one.eventId}`);
    const behind = (chid: string, eventId: number) => ({ chid, eventId, at: clock.now() });
    expect(await list({ chid: 'demo', limit: 2 })).toEqual(['demo 4', 'demo 3']);
    expect(await list({ before: behind('demo', 4), limit: 1 })).toEqual(['pull 1']);
    expect(await list({ chid: 'demo', before: behind('demo', 3), limit: 2 })).toEqual([
      'demo 2',
      'demo 1',
    ]);
    expect(await list({ state: 'due', limit: 9 })).toEqual(['demo 2']);
    expect(await list({ limit: 9 })).toEqual(['demo 4', 'pull 1', 'demo 3', 'demo 2', 'demo 1']);
    expect(await list({ before: behind('pull', 1), limit: 1 })).toEqual(['demo 3']);
  });
});

describe('when things break', () => {
  it('a stop leaves what is under way due, and the next start posts it again', async () => {
    sink.reply = ({ index }) => ({ hang: index === 0 });
    await start();
    await rig.record(sendStatus(1));
    await eventually('the request', () => sink.received.length === 1);
    await rig.deliveries.stop();
    expect(await rig.states()).toEqual(['1 due']);
    await rig.record(sendStatus(2));
    const next = await createEventRig({ clock, folder: rig.folder, channels: [] });
    await next.deliveries.start();
    await next.deliveries.quiet();
    await next.close();
    expect(sink.ids()).toEqual([1, 1, 2]);
  });

  it('a start waits out the pauses of before', async () => {
    sink.reply = () => ({ status: 500 });
    await start();
    await rig.record(sendStatus(1));
    await rig.pass(10 * hour);
    await rig.deliveries.stop();
    const before = sink.received.length;
    const next = await createEventRig({ clock, folder: rig.folder, channels: [] });
    await next.deliveries.start();
    await next.deliveries.quiet();
    expect(sink.received).toHaveLength(before);
    await next.pass(hour);
    expect(sink.received).toHaveLength(before + 1);
    await next.close();
  });

  it('an outcome that could not be written is posted again', async () => {
    let broken = false;
    await start({
      wrap: (db): Database => ({
        read: (sql, params) => db.read(sql, params),
        readLong: (sql, params) => db.readLong(sql, params),
        transaction: (work, options) =>
          broken ? Promise.reject(new Error('disk full')) : db.transaction(work, options),
        insert: (row, unless, onDurable) => db.insert(row, unless, onDurable),
        backup: (file) => db.backup(file),
        close: () => db.close(),
      }),
    });
    sink.reply = () => {
      broken = true;
      return {};
    };
    await rig.record(sendStatus(1));
    await rig.deliveries.quiet();
    expect(await rig.states()).toEqual(['1 due']);
    broken = false;
    sink.reply = () => ({});
    await rig.pass(5000);
    expect(sink.ids()).toEqual([1, 1]);
    expect(await rig.states()).toEqual(['1 acked']);
  });
});
