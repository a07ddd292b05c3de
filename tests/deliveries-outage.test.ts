import { afterEach, beforeEach, expect, it } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import {
  botStatus,
  createEventRig,
  type EventRig,
  qrCode,
  sendStatus,
  userMsg,
} from './support/event-rig.ts';
import { WebhookSink } from './support/webhook-sink.ts';

const minute = 60_000;
const hour = 60 * minute;
const bots = ['bot01', 'bot02', 'bot03', 'bot04', 'bot05'];
let sink: WebhookSink;
let rig: EventRig;
let clock: VirtualClock;

beforeEach(async () => {
  sink = new WebhookSink();
  await sink.start();
  clock = new VirtualClock();
  rig = await createEventRig({ clock, channels: [{ chid: 'demo', callbackUrl: sink.url }] });
  await rig.deliveries.start();
});
afterEach(async () => {
  await rig.close();
  await sink.stop();
});

/** A day in the life of five bots: codes that nobody scans, a login, messages, sends. */
async function live(hours: number): Promise<void> {
  for (let tick = 0; tick < hours * 6; tick += 1) {
    for (const [at, bot] of bots.entries()) {
      await rig.record(sendStatus(tick, bot));
      if (tick % 3 === at % 3) await rig.record(qrCode(`${bot}-${tick}`, bot));
      if (tick % 7 === at) await rig.record(userMsg(`hi ${tick}`, { botcode: bot }));
      if (tick % 150 === 149 - at) await rig.record(botStatus('login', bot));
    }
    await rig.pass(10 * minute);
  }
}

it('after three days away everything arrives once, in order per bot, without old QR codes', async () => {
  const port = Number(new URL(sink.url).port);
  await sink.stop();
  await live(72);
  expect(sink.received).toHaveLength(0);
  await sink.start(port);
  // At most one hourly pause, then the first success wakes every lane.
  await rig.pass(67 * minute);

  const kept = await rig.events.read('demo', { after: 0, limit: 100_000 });
  expect(kept.length).toBeGreaterThan(2000);
  expect(kept.every((one) => one.state === 'acked')).toBe(true);
  expect(sink.received).toHaveLength(kept.length);
  for (const bot of bots) {
    const expected = kept.filter((one) => one.botcode === bot).map((one) => one.eventId);
    expect(sink.ids(bot)).toEqual(expected);
    const codes = sink.received.filter(
      ({ event }) => event['botcode'] === bot && event['type'] === 'qrCode',
    );
    expect(codes.length).toBeLessThanOrEqual(1);
  }
  expect((await rig.states()).some((one) => one.endsWith('superseded'))).toBe(true);
  expect(await rig.deliveries.backlog()).toEqual([]);
});

it('a day of stumbling: every event is taken once, in order per bot', async () => {
  let calls = 0;
  sink.reply = () => {
    calls += 1;
    if (calls % 7 === 0) return { status: 502 };
    return calls % 11 === 0 ? { body: '{"result":"busy"}' } : {};
  };
  await live(8);
  sink.reply = () => ({});
  await rig.pass(2 * hour);
  const kept = await rig.events.read('demo', { after: 0, limit: 100_000 });
  expect(kept.every((one) => one.state === 'acked')).toBe(true);
  for (const bot of bots) {
    const ids = sink.ids(bot) as number[];
    const once = ids.filter((id, at) => id !== ids[at + 1]);
    expect(once).toEqual([...once].sort((a, b) => a - b));
    for (const one of kept) if (one.botcode === bot) expect(once).toContain(one.eventId);
  }
});
