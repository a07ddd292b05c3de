import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEventsRouter } from '../api/events/routes.ts';
import { pullAnswer } from '../api/events/schema.ts';
import type { Caller } from '../api/middleware/caller.ts';
import { problems } from '../api/middleware/problem.ts';
import { VirtualClock } from '../bot/clock.ts';
import {
  botStatus,
  createEventRig,
  type EventRig,
  qrCode,
  sendStatus,
  userMsg,
} from './support/event-rig.ts';
import { eventually } from './support/eventually.ts';
import { operatorNamed } from './support/operator-named.ts';
import { SseReader } from './support/sse-reader.ts';
import { WebhookSink } from './support/webhook-sink.ts';

let rig: EventRig;
let clock: VirtualClock;
let sink: WebhookSink;
let server: Server;
let base: string;
let stop: AbortController;
const readers: SseReader[] = [];

/** Callers name themselves: `admin`, or `channel <chid>`. */
function callerOf(header: string | undefined): Caller | undefined {
  if (header === 'admin') return { kind: 'admin', operator: operatorNamed('anna') };
  const chid = /^channel (.+)$/.exec(header ?? '')?.[1];
  return chid === undefined ? undefined : { kind: 'channel', chid };
}

beforeEach(async () => {
  sink = new WebhookSink();
  await sink.start();
  clock = new VirtualClock();
  rig = await createEventRig({
    clock,
    channels: [{ chid: 'demo', callbackUrl: sink.url, userMsg: 'all' }, { chid: 'other' }],
  });
  stop = new AbortController();
  const app = new Koa();
  app.on('error', () => {});
  app.use(problems({ logger: rig.logger, language: 'en' }));
  app.use(
    createEventsRouter({
      events: rig.events,
      authenticate: async ({ req }) => callerOf(req.headers.authorization),
      signals: rig.signals,
      clock,
      encodeBody: rig.encodeBody,
      stop: stop.signal,
    }).routes(),
  );
  server = createServer(app.callback()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  await rig.close();
  await sink.stop();
});

async function get(path: string, caller = 'channel demo') {
  const response = await fetch(`${base}/api/v1/events${path}`, {
    headers: { authorization: caller },
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}
async function pull(query: string) {
  const { status, json } = await get(query);
  expect(status).toBe(200);
  const { events, lastId } = pullAnswer.parse(json);
  return { ids: events.map((one) => one.eventId), lastId, events };
}
async function stream(query: string, headers: Record<string, string> = {}): Promise<SseReader> {
  const reader = await SseReader.open(`${base}/api/v1/events/stream${query}`, {
    authorization: 'channel demo',
    ...headers,
  });
  readers.push(reader);
  return reader;
}

describe('who may read', () => {
  it.each([
    ['?chid=demo', 'nobody', 401, 'unauthorized'],
    ['?chid=other', 'channel demo', 403, 'forbidden'],
    ['', 'admin', 400, 'field_missing'],
    ['?chid=nobody', 'admin', 404, 'not_found'],
    ['?after=x', 'channel demo', 400, 'field_value'],
    ['?after=-1', 'channel demo', 400, 'field_value'],
    ['?limit=0', 'channel demo', 400, 'field_value'],
    ['?limit=1001', 'channel demo', 400, 'field_value'],
    ['?types=sendStatus,foo', 'channel demo', 400, 'field_value'],
    ['?wait=61', 'channel demo', 400, 'field_value'],
    ['/stream', 'nobody', 401, 'unauthorized'],
    ['/stream?chid=other', 'channel demo', 403, 'forbidden'],
    ['/stream?after=1.5', 'channel demo', 400, 'field_value'],
  ])('GET events%s as %s: %i', async (path, caller, status, code) => {
    expect(await get(path, caller)).toMatchObject({ status, json: { status, code } });
  });

  it('an operator any stream it names, a channel its own', async () => {
    await rig.record(sendStatus(1), sendStatus(2, 'bot01', 'other'), sendStatus(3));
    const read = async (path: string, caller: string) => {
      const { events } = pullAnswer.parse((await get(path, caller)).json);
      return events.map((one) => one['msgid']);
    };
    expect(await read('?chid=other', 'admin')).toEqual([2]);
    expect(await read('?chid=demo', 'admin')).toEqual([1, 3]);
    expect(await read('', 'channel demo')).toEqual([1, 3]);
    expect(await read('?chid=demo&txtime=20260101000000', 'channel demo')).toEqual([1, 3]);
  });
});

describe('pull', () => {
  it('pages, narrows by type and tells where to go on', async () => {
    await rig.record(sendStatus(1), botStatus('login'), userMsg('hi'), sendStatus(4));
    expect(await pull('?limit=3')).toMatchObject({ ids: [1, 2, 3], lastId: 3 });
    expect(await pull('?after=3')).toMatchObject({ ids: [4], lastId: 4 });
    expect(await pull('?after=4')).toMatchObject({ ids: [], lastId: 4 });
    expect(await pull('?types=botStatus,userMsg')).toMatchObject({ ids: [2, 3], lastId: 4 });
    const { events } = await pull('?after=2&limit=1');
    expect(events[0]).toMatchObject({
      eventId: 3,
      eventTime: clock.now(),
      botcode: 'bot01',
      type: 'userMsg',
      msgData: { text: 'hi', fromId: 'wxid_anna', roomId: '1@chatroom' },
    });
  });

  it('waits for an event as long as it is asked to', async () => {
    const waiting = pull('?wait=30&types=sendStatus');
    await eventually('the timer', () => clock.next() !== undefined);
    await rig.record(botStatus('login'));
    await rig.record(sendStatus(2));
    expect(await waiting).toMatchObject({ ids: [2], lastId: 2 });

    const vain = pull('?after=2&wait=30');
    await eventually('the timer', () => clock.next() !== undefined);
    await clock.advance(30_000);
    expect(await vain).toMatchObject({ ids: [], lastId: 2 });
  });

  it('does not wait when there is something, and not past the end of the daemon', async () => {
    await rig.record(sendStatus(1));
    expect(await pull('?wait=30')).toMatchObject({ ids: [1] });
    const waiting = pull('?after=1&wait=30');
    await eventually('the timer', () => clock.next() !== undefined);
    stop.abort();
    expect(await waiting).toMatchObject({ ids: [] });
  });
});

describe('the stream', () => {
  it('tells what comes from now on, as it comes', async () => {
    await rig.record(sendStatus(1));
    const reader = await stream('');
    await eventually('the first id', () => reader.lastId === '1');
    await rig.record(sendStatus(2), botStatus('login'));
    await reader.until(2);
    expect(reader.events.map((one) => [one.id, one.data['type']])).toEqual([
      ['2', 'sendStatus'],
      ['3', 'botStatus'],
    ]);
    expect(reader.headers['content-type']).toContain('text/event-stream');
  });

  it('goes on behind an id; the header of a reader that comes back wins', async () => {
    await rig.record(...[1, 2, 3, 4, 5].map((msgid) => sendStatus(msgid)));
    const first = await stream('?after=1');
    await first.until(4);
    const second = await stream('?after=1', { 'last-event-id': '3' });
    await second.until(2);
    expect(second.events.map((one) => one.id)).toEqual(['4', '5']);
  });

  it('narrows by type', async () => {
    const reader = await stream('?after=0&types=botStatus');
    await rig.record(sendStatus(1), botStatus('login'), sendStatus(3), botStatus('logout'));
    await reader.until(2);
    expect(reader.events.map((one) => one.id)).toEqual(['2', '4']);
  });

  it('says that it is alive every 15 s', async () => {
    const reader = await stream('');
    await eventually('the timer', () => clock.next() !== undefined);
    await clock.advance(15_000);
    await eventually('a comment', () => reader.comments > 0);
    expect(reader.events).toEqual([]);
  });

  it('ends with a reason when the daemon stops', async () => {
    await rig.record(sendStatus(1));
    const reader = await stream('?after=0');
    await reader.until(1);
    stop.abort();
    await reader.ended;
    expect(reader.closing).toEqual({ reason: 'the daemon stops', resumeAfter: 1 });
  });

  it('leaves nothing behind when the reader goes', async () => {
    const reader = await stream('');
    await eventually('the timer', () => clock.next() !== undefined);
    reader.close();
    await eventually('no timer', () => clock.next() === undefined);
  });

  it('closes a reader that takes nothing, which then goes on where it was', async () => {
    const text = 'x'.repeat(60_000);
    const count = 400;
    for (let at = 0; at < count; at += 50) {
      await rig.record(...Array.from({ length: 50 }, (_, n) => userMsg(`${at + n} ${text}`)));
    }
    const before = process.memoryUsage().rss;
    const readOn = await lazyReader(`${base}/api/v1/events/stream?after=0`);
    // Full: it waits for the reader, and with a time limit.
    await eventually('the time limit', () => clock.next() !== undefined);
    expect(process.memoryUsage().rss - before).toBeLessThan(count * 60_000 * 2);
    await clock.advance(30_000);
    const { ids, closing } = await readOn();
    expect(closing).toMatchObject({ reason: 'the reader fell behind' });
    expect(closing?.['resumeAfter']).toBe(ids.at(-1));
    expect(ids.length).toBeLessThan(count);
    const second = await stream('', { 'last-event-id': String(ids.at(-1)) });
    await second.until(count - ids.length);
    const all = [...ids, ...second.events.map((one) => Number(one.id))];
    expect(all).toEqual(Array.from({ length: count }, (_, at) => at + 1));
  });
});

describe('all three readers', () => {
  it('see the same sequence', async () => {
    await rig.deliveries.start();
    const live = await stream('?after=0');
    for (let at = 0; at < 40; at += 1) {
      await rig.record(sendStatus(at), userMsg(`m${at}`), qrCode(`q${at}`));
      await rig.deliveries.quiet();
    }
    await live.until(120);
    const firstHalf = await stream('?after=0');
    await firstHalf.until(1);
    firstHalf.close();
    const resumed = await stream('', { 'last-event-id': firstHalf.lastId });
    await resumed.until(120 - firstHalf.events.length);

    const pulled: Record<string, unknown>[] = [];
    for (let after = 0; pulled.length < 120; ) {
      const page = await pull(`?after=${after}&limit=7`);
      pulled.push(...page.events);
      after = page.lastId;
    }
    const posted = sink.received.map((one) => one.event);
    expect(pulled).toEqual(posted);
    expect(live.events.map((one) => one.data)).toEqual(posted);
    expect([...firstHalf.events, ...resumed.events].map((one) => one.data)).toEqual(posted);
  });
});

/** Connects and reads the head, and nothing more before it is told to. */
async function lazyReader(url: string) {
  const call = request(url, { headers: { authorization: 'channel demo' } });
  call.end();
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  return async (): Promise<{ ids: number[]; closing: Record<string, unknown> | undefined }> => {
    let text = '';
    for await (const chunk of response) text += String(chunk);
    const ids = [...text.matchAll(/^id: (\d+)\ndata/gm)].map((match) => Number(match[1]));
    const closing = /^event: close\ndata: (.*)$/m.exec(text)?.[1];
    return { ids, closing: closing === undefined ? undefined : JSON.parse(closing) };
  };
}
