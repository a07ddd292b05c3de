import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { certificateSource } from '../bot/alarms/sources/certificate-source.ts';
import { clockSource } from '../bot/alarms/sources/clock-source.ts';
import type { AlarmSource, Trouble } from '../bot/alarms/trouble.ts';
import { alarmsSchema } from '../config/alarm-schema.ts';
import { AdminClient } from './support/admin-client.ts';
import { selfSigned } from './support/certificate.ts';
import { eventually, startDaemon } from './support/daemon.ts';
import { WebhookSink } from './support/webhook-sink.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

async function listening(server: Server | TlsServer): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => new Promise<void>((done) => void server.close(() => done())));
  return (server.address() as AddressInfo).port;
}

/** A TLS listener whose certificate ends in so long, and that can be given another one. */
async function tls(endsIn: number): Promise<{ port: number; renew: (endsIn: number) => void }> {
  const made = (ms: number) => selfSigned('wxrc.test', Date.now() - 30 * day, Date.now() + ms);
  const server = createTlsServer(made(endsIn), (socket) => socket.on('error', () => {}).resume());
  const port = await listening(server);
  return { port, renew: (ms) => server.setSecureContext(made(ms)) };
}

/** Somebody whose clock is that much ahead of ours, and how often he was asked. */
async function clockOf(aheadMs: number | undefined) {
  const state = { aheadMs, asked: 0, up: true };
  const handle: RequestListener = (request, response) => {
    state.asked += 1;
    if (!state.up) request.socket.destroy();
    response.sendDate = false;
    if (state.aheadMs !== undefined) {
      response.setHeader('date', new Date(Date.now() + state.aheadMs).toUTCString());
    }
    response.setHeader('connection', 'close');
    response.end();
  };
  const port = await listening(createServer(handle));
  return Object.assign(state, { url: `http://127.0.0.1:${port}/` });
}

const settings = (given: object = {}) => {
  const parsed = alarmsSchema.parse(given);
  return () => parsed;
};
const ask = async (source: AlarmSource, now = Date.now()): Promise<readonly Trouble[]> =>
  await source.troubles(now);

describe('the certificate of the public address', () => {
  const watch = (port: number, given = {}, host = '127.0.0.1') =>
    certificateSource(`https://${host}:${port}`, settings(given));

  test.each([
    [60 * day, undefined, ''],
    // Half a unit more than is told: certificates know whole seconds, and asking takes time.
    [13 * day + 90 * minute, 1, 'ends in 13 d 1 h'],
    [2 * day + 90 * minute, 2, 'ends in 2 d 1 h'],
    [5 * hour + 90_000, 2, 'ends in 5 h 1 min'],
    [-hour, 3, 'has ended'],
  ])('that ends in %i ms is at stage %s', async (endsIn, stage, text) => {
    const { port } = await tls(endsIn);
    const found = await ask(watch(port));
    if (stage === undefined) expect(found).toEqual([]);
    else {
      expect(found).toMatchObject([{ kind: 'certificate', subject: '127.0.0.1', stage }]);
      expect(found[0]?.text.en).toContain(text);
    }
  });

  test('is none after it was renewed, and by a name as by a number', async () => {
    const { port, renew } = await tls(2 * day);
    const source = watch(port, {}, 'localhost');
    expect(await ask(source)).toMatchObject([{ subject: 'localhost' }]);
    renew(90 * day);
    expect(await ask(source)).toEqual([]);
  });

  test('counts with the days of the config; plain addresses and the rule switched off have none', async () => {
    const { port } = await tls(40 * day);
    expect(await ask(watch(port, { certificateDays: 45 }))).toHaveLength(1);
    const off = { certificateDays: 45, rules: { certificate: { enabled: false } } };
    expect(await ask(watch(port, off))).toEqual([]);
    expect(await ask(certificateSource(`http://127.0.0.1:${port}`, settings()))).toEqual([]);
    expect(await ask(certificateSource(undefined, settings()))).toEqual([]);
  });

  test('says nothing where nobody answers, or something that is no TLS: what was known stands', async () => {
    const { url } = await clockOf(0);
    await expect(ask(watch(Number(new URL(url).port)))).rejects.toThrow();
    const { port } = await tls(day);
    await closing.pop()?.();
    await expect(ask(watch(port))).rejects.toThrow('ECONNREFUSED');
  });
});

describe('the clock', () => {
  const watch = (timeUrl: string, given = {}) =>
    clockSource({ settings: settings({ timeUrl, ...given }), stepped: () => undefined });

  test.each([
    [0, undefined],
    [100_000, undefined],
    [-100_000, undefined],
    // Whole seconds are told, so it may be one more or less.
    [5 * minute, /is (5 min|4 min 59 s|5 min 1 s) off/],
    [-3 * hour, /is (3 h|2 h 59 min) off/],
  ])('of which another is %i ms ahead', async (ahead, text) => {
    const other = await clockOf(ahead);
    const found = await ask(watch(other.url));
    if (text === undefined) expect(found).toEqual([]);
    else {
      expect(found).toMatchObject([{ key: 'clock:wrong', kind: 'clock' }]);
      expect(found[0]?.text.en).toMatch(text);
    }
  });

  test('is asked for hourly; each minute while it is wrong, until it is right', async () => {
    const other = await clockOf(0);
    const source = watch(other.url);
    const began = Date.now();
    const at = (ms: number) => ask(source, began + ms);
    expect(await at(0)).toEqual([]);
    expect(await at(59 * minute)).toEqual([]);
    expect(other.asked).toBe(1);
    // The clock of the daemon counts: the other one did not move with it.
    expect(await at(hour)).toHaveLength(1);
    expect(await at(hour + 30_000)).toHaveLength(1);
    expect(other.asked).toBe(2);
    other.up = false;
    expect(await at(hour + minute)).toHaveLength(1);
    other.up = true;
    other.aheadMs = hour + 2 * minute;
    expect(await at(hour + 2 * minute)).toEqual([]);
    expect(other.asked).toBe(4);
  });

  test('of somebody who tells none, or does not answer, says nothing', async () => {
    const silent = await clockOf(undefined);
    expect(await ask(watch(silent.url))).toEqual([]);
    const gone = await clockOf(hour);
    gone.up = false;
    expect(await ask(watch(gone.url))).toEqual([]);
    const off = await clockOf(hour);
    expect(await ask(watch(off.url, { rules: { clock: { enabled: false } } }))).toEqual([]);
    expect(off.asked).toBe(0);
  });
});

test('both are told by the robot of a DingTalk group; the one that refuses is passed over', async () => {
  const [first, second] = [new WebhookSink(), new WebhookSink()];
  for (const one of [first, second]) {
    await one.start();
    closing.push(() => one.stop());
  }
  first.reply = () => ({ body: '{"errcode":310000,"errmsg":"keywords not in content"}' });
  second.reply = () => ({ body: '{"errcode":0,"errmsg":"ok"}' });
  const { port } = await tls(2 * day + 90 * minute);
  const other = await clockOf(-20 * minute);
  const lane = { kind: 'webhook', format: 'dingtalk' };
  const running = await startDaemon({
    bots: [],
    publicUrl: `https://127.0.0.1:${port}`,
    alarms: {
      lanes: [
        { ...lane, name: 'one', url: `${first.url}?access_token=HIDE1` },
        { ...lane, name: 'two', url: `${second.url}?access_token=HIDE2` },
      ],
      timeUrl: other.url,
      clearSeconds: 0,
    },
  });
  closing.push(() => running.close());
  const told = await eventually(() => second.received[0], 'the alarms', 20_000);
  expect(told.path).toContain('access_token=HIDE2');
  const body = JSON.parse(told.body) as { text: { content: string } };
  expect(body).toEqual({ msgtype: 'text', text: { content: expect.any(String) } });
  expect(told.headers['content-type']).toBe('application/json; charset=utf-8');
  // Ours only: robots of groups know nothing of them.
  expect(told.headers).not.toHaveProperty('webhook-id');
  expect(body.text.content).toMatch(/【告警】127\.0\.0\.1 的证书将在 2 天 1 小时后到期/);
  expect(body.text.content).toMatch(
    /【告警】系统时钟与 127\.0\.0\.1:\d+ 相差 (20 分钟|19 分钟 59 秒)/,
  );
  expect(first.received[0]?.body).toBe(told.body);
  const admin = new AdminClient(() => running.url);
  await admin.login();
  const lanes = await admin.ok('GET', '/alarms/lanes');
  expect(lanes.body.items).toMatchObject([
    { name: 'one', lastError: '310000: keywords not in content' },
    { name: 'two', lastError: null },
  ]);
  for (const path of ['/alarms/lanes', '/alarms', '/config']) {
    expect((await admin.ok('GET', path)).text).not.toContain('HIDE');
  }
  expect(running.log()).not.toContain('HIDE');
});
