import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import {
  botStatus,
  type EventRig,
  type EventRigOptions,
  qrCode,
  sendStatus,
  startEventRig,
} from './support/event-rig.ts';
import { eventually } from './support/eventually.ts';
import { type Reply, WebhookSink } from './support/webhook-sink.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

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

/** Channel `demo` at the sink, unless told otherwise. */
async function start(options: Partial<EventRigOptions> = {}): Promise<void> {
  clock = new VirtualClock();
  rig = await startEventRig(clock, sink.url, options);
}
async function state(eventId: number): Promise<string | undefined> {
  return (await rig.states())[eventId - 1]?.split(' ')[1];
}
const fails = (...botcodes: string[]) => {
  return (request: { event: Record<string, unknown> }): Reply =>
    botcodes.includes(String(request.event['botcode'])) ? { status: 503 } : {};
};

describe('delivered means', () => {
  const success = '{"result":"success"}';
  const long = JSON.stringify({ result: 'success', filler: 'x'.repeat(70_000) });
  it.each<[string, Reply, 'body' | 'status', boolean, string | undefined]>([
    ['2xx and success', { body: success }, 'body', true, undefined],
    ['201 and success', { status: 201, body: success }, 'body', true, undefined],
    ['2xx and another answer', { body: '{"result":"fail"}' }, 'body', false, 'success'],
    ['2xx and no answer', { status: 204, body: '' }, 'body', false, 'success'],
    ['500 and success', { status: 500, body: success }, 'body', false, 'HTTP 500'],
    ['an endless answer', { body: long }, 'body', false, 'longer than 65536'],
    ['a closed connection', { close: true }, 'body', false, 'hang up'],
    ['2xx, by status', { body: 'whatever' }, 'status', true, undefined],
    ['204, by status', { status: 204, body: '' }, 'status', true, undefined],
    ['an endless answer, by status', { body: long }, 'status', true, undefined],
    ['404, by status', { status: 404 }, 'status', false, 'HTTP 404'],
    ['a redirect', { status: 302, headers: { location: '/other' } }, 'status', false, 'HTTP 302'],
  ])('%s', async (_what, reply, callbackAck, delivered, error) => {
    sink.reply = () => reply;
    await start({ channels: [{ chid: 'demo', callbackUrl: sink.url, callbackAck }] });
    await rig.record(sendStatus(1));
    await rig.deliveries.quiet();
    expect(await state(1)).toBe(delivered ? 'acked' : 'due');
    expect(sink.received).toHaveLength(1);
    const [attempt] = await rig.deliveries.attempts('demo', 1);
    if (error === undefined) expect(attempt?.error).toBeUndefined();
    else expect(attempt?.error).toContain(error);
  });

  it.each<['body' | 'status', string]>([
    ['body', 'due'],
    ['status', 'acked'],
  ])('an answer that trickles in past the time limit, by %s: %s', async (callbackAck, expected) => {
    sink.reply = () => ({ dripMs: 60_000 });
    const answered = new Promise((resolve) =>
      subscribe('http.client.response.finish', (message) => {
        const { request } = message as { request: ClientRequest };
        if (request.path === new URL(sink.url).pathname) resolve(request);
      }),
    );
    await start({ channels: [{ chid: 'demo', callbackUrl: sink.url, callbackAck }] });
    await rig.record(sendStatus(1));
    await eventually('the request', () => sink.received.length === 1);
    // The head of the answer has to be there before time passes.
    await answered;
    await clock.advance(15 * second, () => rig.deliveries.quiet());
    expect(await state(1)).toBe(expected);
  });

  it('nothing, when no one listens', async () => {
    await start();
    await sink.stop();
    await rig.record(sendStatus(1));
    await rig.deliveries.quiet();
    const [attempt] = await rig.deliveries.attempts('demo', 1);
    expect(attempt).toMatchObject({ status: undefined, error: expect.stringContaining('REFUSED') });
  });
});

describe('order', () => {
  it('is kept for each bot: one that fails holds back its own events only', async () => {
    let failures = 2;
    sink.reply = ({ event }) => {
      if (event['botcode'] !== 'bot01' || failures === 0) return {};
      failures -= 1;
      return { status: 500 };
    };
    await start();
    await rig.record(sendStatus(1), sendStatus(2), sendStatus(3, 'bot02'), sendStatus(4));
    await rig.deliveries.quiet();
    expect([sink.ids('bot01'), sink.ids('bot02')]).toEqual([[1], [3]]);
    await rig.record(sendStatus(5, 'bot02'), sendStatus(6));
    await rig.pass(5 * second);
    expect([sink.ids('bot01'), sink.ids('bot02')]).toEqual([
      [1, 1],
      [3, 5],
    ]);
    await rig.pass(15 * second);
    expect(sink.ids('bot01')).toEqual([1, 1, 1, 2, 4, 6]);
    expect((await rig.deliveries.attempts('demo', 1)).map((one) => one.status)).toEqual([
      500, 500, 200,
    ]);
  });

  it('is kept through a backlog of many pages', async () => {
    await start();
    const bots = ['bot01', 'bot02', 'bot03'];
    const list = Array.from({ length: 600 }, (_, at) => sendStatus(at, bots[at % 3]));
    await Promise.all([rig.record(...list.slice(0, 300)), rig.record(...list.slice(300))]);
    await rig.deliveries.quiet();
    expect(sink.received).toHaveLength(600);
    for (const bot of bots) {
      const ids = sink.ids(bot) as number[];
      expect(ids).toHaveLength(200);
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
    }
    expect(await rig.deliveries.backlog()).toEqual([]);
  });
});

describe('a receiver that hangs', () => {
  it('holds up no other, and is asked by a bounded number of lanes at a time', async () => {
    const hanging = new WebhookSink();
    await hanging.start();
    hanging.reply = () => ({ hang: true });
    await start({
      channels: [
        { chid: 'hangs', callbackUrl: hanging.url },
        { chid: 'demo', callbackUrl: sink.url },
      ],
    });
    const bots = Array.from({ length: 20 }, (_, at) => `bot${at}`);
    await rig.record(...bots.map((bot, at) => sendStatus(at, bot, 'hangs')));
    await eventually('a full house', () => hanging.received.length === 16);
    await rig.record(...Array.from({ length: 100 }, (_, at) => sendStatus(at, bots[at % 20])));
    await eventually('the other receiver', () => sink.received.length === 100);
    expect(hanging.received).toHaveLength(16);
    await clock.advance(15 * second, () => Promise.resolve());
    await eventually('the next ones', () => hanging.received.length === 20);
    const [attempt] = await rig.deliveries.attempts('hangs', 1);
    expect(attempt).toMatchObject({ status: undefined, tookMs: 15_000 });
    expect(attempt?.error).toContain('15000 ms');
    await hanging.stop();
  });
});

describe('a wish for later', () => {
  it.each([
    ['in seconds', () => '600'],
    ['as a date', () => new Date(clock.now() + 600 * second).toUTCString()],
  ])('is honoured %s, whatever else succeeds', async (_what, header) => {
    let busy = true;
    sink.reply = ({ event }) =>
      busy && event['botcode'] === 'bot01'
        ? { status: 503, headers: { 'retry-after': header() } }
        : {};
    await start();
    await rig.record(sendStatus(1));
    await rig.pass(599 * second);
    busy = false;
    await rig.record(sendStatus(2, 'bot02'));
    await rig.deliveries.quiet();
    expect(sink.ids()).toEqual([1, 2]);
    await rig.pass(second);
    expect(sink.ids()).toEqual([1, 2, 1]);
  });

  it('does not outlast the schedule', async () => {
    sink.reply = () => ({ status: 429, headers: { 'retry-after': '99999999' } });
    await start();
    await rig.record(sendStatus(1));
    await rig.pass(72 * hour);
    expect(await state(1)).toBe('due');
    await rig.pass(2 * hour);
    expect(await state(1)).toBe('dead');
    expect(sink.received).toHaveLength(2);
  });
});

describe('410', () => {
  it('pauses the channel, with a warning, until an operator resumes it', async () => {
    sink.reply = () => ({ status: 410 });
    await start();
    await rig.record(sendStatus(1), sendStatus(2));
    await rig.deliveries.quiet();
    expect(rig.channels.get('demo')?.pausedReason).toContain('410');
    expect(rig.lines.some((line) => line.includes('410') && line.includes('"level":40'))).toBe(
      true,
    );
    sink.reply = () => ({});
    await rig.record(sendStatus(3));
    await rig.pass(24 * hour);
    expect(sink.received).toHaveLength(1);
    expect(await state(1)).toBe('due');
    await rig.channels.resume('demo');
    await rig.deliveries.quiet();
    expect(sink.ids()).toEqual([1, 1, 2, 3]);
  });
});

describe('a receiver that is back', () => {
  it('gets everything at once with the first success', async () => {
    sink.reply = fails('bot01', 'bot02', 'bot03');
    await start();
    for (const bot of ['bot01', 'bot02', 'bot03'])
      await rig.record(sendStatus(1, bot), sendStatus(2, bot));
    await rig.pass(10 * hour);
    sink.reply = () => ({});
    sink.received.length = 0;
    await rig.record(sendStatus(9, 'bot04'));
    await rig.deliveries.quiet();
    expect(sink.ids().toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('is not asked again and again about the one event it cannot take', async () => {
    sink.reply = fails('bot01');
    await start();
    await rig.record(sendStatus(1));
    for (let at = 0; at < 100; at += 1) {
      await rig.record(sendStatus(at, 'bot02'));
      await rig.pass(10 * second);
    }
    expect(sink.ids('bot02')).toHaveLength(100);
    // 1000 s of its own schedule: 0 5 20 50 110 230 530.
    expect(sink.ids('bot01')).toHaveLength(7);
  });

  it('is asked at its new address at once', async () => {
    const next = new WebhookSink();
    await next.start();
    sink.reply = () => ({ status: 500 });
    await start();
    await rig.record(sendStatus(1));
    await rig.pass(hour);
    await rig.channels.update('demo', { callbackUrl: next.url });
    await rig.deliveries.quiet();
    expect(next.ids()).toEqual([1]);
    await next.stop();
  });

  it('gets a new QR code at once, and the one before never', async () => {
    sink.reply = () => ({ status: 500 });
    await start();
    await rig.record(qrCode('old'), botStatus('loginerr'));
    await rig.pass(10 * hour);
    sink.received.length = 0;
    sink.reply = () => ({});
    await rig.record(qrCode('new'));
    await rig.deliveries.quiet();
    expect(sink.received.map(({ event }) => event['qrcodeImageUrl'] ?? event['botStatus'])).toEqual(
      ['loginerr', 'http://wxrc.test/qr/new.png'],
    );
    expect(await state(1)).toBe('superseded');
  });
});

describe('connections', () => {
  it('that the receiver closed while they were idle cost no try', async () => {
    sink.reply = ({ index }) => ({ close: index === 1 });
    await start();
    await rig.record(sendStatus(1));
    await rig.deliveries.quiet();
    await rig.record(sendStatus(2));
    await rig.deliveries.quiet();
    expect(sink.ids()).toEqual([1, 2, 2]);
    expect(await rig.deliveries.attempts('demo', 2)).toEqual([
      expect.objectContaining({ status: 200, error: undefined }),
    ]);
  });
});
