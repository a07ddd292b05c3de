import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';
import { WebhookSink } from './support/webhook-sink.ts';

let running: TestDaemon;
let admin: AdminClient;
const sink = new WebhookSink();

beforeAll(async () => {
  await sink.start();
  running = await startDaemon({
    channels: [
      { chid: 'demo', key: 'secret', callbackUrl: sink.url, events: ['botStatus'] },
      { chid: 'other', key: 'x', callbackUrl: sink.url, events: ['botStatus'] },
    ],
  });
  admin = new AdminClient(() => running.url);
  await admin.login();
  // Each of these tells both channels one botStatus: off, login … without anyone's phone.
  for (const botcode of ['b1', 'b2', 'b3']) {
    await admin.ok('POST', '/bots', { botcode, autoScan: false });
    await eventually(
      async () => (await admin.ok('GET', `/bots/${botcode}`)).body.state === 'scan',
      botcode,
    );
    for (const act of ['scan', 'confirm']) {
      await fetch(`${running.url}/simulator/${botcode}/${act}`, { method: 'POST' });
    }
  }
  await eventually(() => sink.received.length >= 6, 'six logins told');
});
afterAll(async () => {
  await running.close();
  await sink.stop();
});

/** What the three days of the schedule lead to. */
async function die(chid: string): Promise<number[]> {
  const { db } = running.daemon.core;
  await db.transaction((tx) =>
    tx.run("UPDATE events SET state = 'dead', last_error = 'HTTP 500' WHERE chid = ?", [chid]),
  );
  const { items } = (await admin.ok('GET', `/deliveries?state=dead&chid=${chid}`)).body;
  return items.map((one) => one.eventId);
}

test('deliveries are listed newest first, of one channel or of all, page by page', async () => {
  await eventually(async () => {
    const { items } = (await admin.ok('GET', '/deliveries?state=acked')).body;
    return items.length === 6;
  }, 'acked');
  const seen: string[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await admin.ok('GET', `/deliveries?limit=2${cursor}`);
    expect(body.items.length).toBeLessThanOrEqual(2);
    seen.push(...body.items.map((one) => `${one.chid}/${one.eventId}`));
    if (body.next === null) break;
    cursor = `&cursor=${encodeURIComponent(body.next)}`;
  }
  // Both are told of the same thing at the same time, or a moment later.
  expect(seen).toHaveLength(6);
  expect(new Set(seen).size).toBe(6);
  expect(seen.map((one) => Number(one.split('/')[1]))).toEqual([3, 3, 2, 2, 1, 1]);
  const { items } = (await admin.ok('GET', '/deliveries?chid=other&state=acked')).body;
  expect(items.map((one) => one.eventId)).toEqual([3, 2, 1]);
  expect((await admin.ok('GET', '/deliveries?state=due')).body.items).toEqual([]);
});

test('one event is shown with every try', async () => {
  const { body } = await admin.ok('GET', '/channels/demo/events/2');
  expect(body).toMatchObject({ eventId: 2, type: 'botStatus', state: 'acked' });
  expect(body.tries).toEqual([expect.objectContaining({ status: 200, error: null, answer: null })]);
});

test('dead letters go out again: by id, by range, by type, all; with the same ids', async () => {
  const told = () => sink.received.splice(0).map((one) => one.event['eventId']);
  const redrive = async (body: object) => {
    const { count } = (await admin.ok('POST', '/channels/demo/redrive', body)).body;
    await eventually(() => sink.received.length >= count, 'told again');
    return { count, ids: told().sort() };
  };
  expect(await die('demo')).toEqual([3, 2, 1]);
  told();
  expect(await redrive({ eventIds: [2, 999] })).toEqual({ count: 1, ids: [2] });
  expect(await redrive({ from: 3, to: 3 })).toEqual({ count: 1, ids: [3] });
  expect(await redrive({ type: 'sendStatus' })).toEqual({ count: 0, ids: [] });
  expect(await redrive({ type: 'botStatus' })).toEqual({ count: 1, ids: [1] });
  await eventually(async () => {
    const { items } = (await admin.ok('GET', '/deliveries?chid=demo&state=acked')).body;
    return items.length === 3;
  }, 'acked again');
  expect(await redrive({})).toEqual({ count: 0, ids: [] });
  expect(await redrive({ replay: true })).toEqual({ count: 3, ids: [1, 2, 3] });
});

test('the overview counts what waits and what died', async () => {
  await die('other');
  const { channels } = (await admin.ok('GET', '/status')).body;
  expect(channels.find((one) => one.chid === 'other')).toMatchObject({ due: 0, dead: 3 });
});

test('what is discarded is no dead letter any more; by id it still goes out', async () => {
  const [three, two, one] = await die('demo');
  const discard = async (eventIds: unknown[]) =>
    (await admin.ok('POST', '/channels/demo/discard', { eventIds })).body.count;
  expect(await discard([one, three, 999])).toBe(2);
  expect(await discard([one])).toBe(0);
  const { items } = (await admin.ok('GET', '/deliveries?state=dead&chid=demo')).body;
  expect(items.map((event) => event.eventId)).toEqual([two]);
  expect((await admin.ok('GET', `/channels/demo/events/${one}`)).body.state).toBe('discarded');
  const { channels } = (await admin.ok('GET', '/status')).body;
  expect(channels.find((of) => of.chid === 'demo')).toMatchObject({ due: 0, dead: 1 });
  sink.received.length = 0;
  // All dead letters: those that were discarded are none.
  expect((await admin.ok('POST', '/channels/demo/redrive', {})).body.count).toBe(1);
  expect((await admin.ok('POST', '/channels/demo/redrive', { eventIds: [one] })).body.count).toBe(
    1,
  );
  await eventually(() => sink.received.length === 2, 'told again');
  await admin.refused(400, 'POST', '/channels/demo/discard', { eventIds: [] });
  await admin.refused(404, 'POST', '/channels/none/discard', { eventIds: [1] });
});

test('wrong calls are refused with the right status', async () => {
  for (const query of ['state=odd', 'limit=0', 'cursor=zzz', 'chid=']) {
    await admin.refused(400, 'GET', `/deliveries?${query}`);
  }
  await admin.refused(404, 'GET', '/channels/demo/events/999');
  await admin.refused(404, 'GET', '/channels/none/events/1');
  await admin.refused(400, 'GET', '/channels/demo/events/x');
  await admin.refused(404, 'POST', '/channels/none/redrive', {});
  for (const body of [
    { eventIds: [] },
    { eventIds: ['1'] },
    { eventIds: [1], from: 1 },
    { from: 0 },
    { type: 'odd' },
    { all: true },
  ]) {
    await admin.refused(400, 'POST', '/channels/demo/redrive', body);
  }
});

test('what a receiver gets is shown as it is posted, without its signatures', async () => {
  const { items } = (await admin.ok('GET', '/deliveries?chid=demo&limit=1')).body;
  const [newest] = items;
  const { body } = await admin.ok('GET', `/channels/demo/events/${newest?.eventId}`);
  sink.received.length = 0;
  await admin.ok('POST', '/channels/demo/redrive', { eventIds: [newest?.eventId], replay: true });
  await eventually(() => sink.received.length === 1, 'the same once more');
  const [posted] = sink.received;
  expect(body.request).toEqual({
    url: sink.url,
    contentType: posted?.headers['content-type'],
    body: posted?.body,
  });
});

test('a receiver is tried with something that is no event', async () => {
  const events = (await admin.ok('GET', '/deliveries?chid=demo')).body.items.length;
  const { body } = await admin.ok('POST', '/channels/demo/ping');
  expect(body).toMatchObject({ delivered: true, url: sink.url, status: 200, error: null });
  const got = sink.received.at(-1);
  expect(decodeURIComponent(got?.body ?? '')).toMatch(
    /^reqHead=\{\}&reqBody=\{"botcode":"","type":"test","eventId":0,"eventTime":\d+\}$/,
  );
  expect(got?.headers['x-ecaspsplus-signature']).toMatch(/^[0-9a-f]{32}$/);
  expect((await admin.ok('GET', '/deliveries?chid=demo')).body.items).toHaveLength(events);
});

test('a receiver that does not take it says why not; one that is not there is none', async () => {
  await admin.ok('PATCH', '/channels/other', { callbackUrl: `${running.url}/live` });
  const { body } = await admin.ok('POST', '/channels/other/ping');
  expect(body).toMatchObject({ delivered: false, error: expect.stringMatching(/HTTP 4\d\d/) });
  await admin.ok('PATCH', '/channels/other', { callbackUrl: null });
  expect((await admin.call('POST', '/channels/other/ping')).status).toBe(409);
  expect((await admin.call('POST', '/channels/nobody/ping')).status).toBe(404);
});
