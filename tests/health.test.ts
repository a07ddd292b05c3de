import { afterEach, expect, test } from 'vitest';
import { Health, readySchema } from '../api/health.ts';
import { type Database, DatabaseFatal } from '../store/database.ts';
import { AdminClient } from './support/admin-client.ts';
import { CommandClient } from './support/command-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

/** A database of which a test decides whether it can be written. */
function breakable(db: Database, broken: () => 'no' | 'fatal' | 'hangs'): Database {
  return {
    read: (sql, params) => db.read(sql, params),
    readLong: (sql, params) => db.readLong(sql, params),
    transaction: (work, options) => {
      if (broken() === 'fatal') return Promise.reject(new DatabaseFatal('EIO /secret/path'));
      if (broken() === 'hangs') return new Promise(() => {});
      return db.transaction(work, options);
    },
    insert: (row, unless, onDurable) => {
      if (broken() === 'fatal') return Promise.reject(new DatabaseFatal('EIO /secret/path'));
      if (broken() === 'hangs') return new Promise(() => {});
      return db.insert(row, unless, onDurable);
    },
    backup: (file) => db.backup(file),
    close: () => db.close(),
  };
}

test('live and ready, whatever the bots do', async () => {
  running = await startDaemon();
  const live = await fetch(`${running.url}/live`);
  expect([live.status, await live.json()]).toEqual([
    200,
    { status: 'live', version: expect.any(String), uptimeSeconds: expect.any(Number) },
  ]);
  const response = await fetch(`${running.url}/ready`);
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const report = readySchema.parse(await response.json());
  expect(report).toMatchObject({
    status: 'ready',
    reasons: [],
    warnings: ['bots: 1 of 1 cannot send'],
    parts: { database: { ok: true }, bots: { ok: false, total: 1 } },
  });
  expect(JSON.stringify(report)).not.toContain('bot01');
  expect((await fetch(`${running.url}/ready`, { method: 'HEAD' })).status).toBe(200);
});

test.each(['fatal', 'hangs'] as const)(
  'a database that cannot be written (%s) makes it unready, and says so without inner words',
  async (way) => {
    let broken: 'no' | 'fatal' | 'hangs' = 'no';
    running = await startDaemon({}, { wrapDatabase: (db) => breakable(db, () => broken) });
    const { url } = running;
    broken = way;
    const response = await fetch(`${url}/ready`);
    expect(response.status).toBe(503);
    const report = readySchema.parse(await response.json());
    expect(report).toMatchObject({
      status: 'not-ready',
      reasons: [expect.stringMatching(/^database: /)],
    });
    expect(JSON.stringify(report)).not.toContain('secret');
    broken = 'no';
    await eventually(async () => (await fetch(`${url}/ready`)).status === 200, 'ready again');
  },
);

test('stopping makes it unready', async () => {
  running = await startDaemon();
  const { db, bots } = running.daemon.core;
  const health = new Health({
    databaseFault: () => undefined,
    db,
    bots,
    probe: async () => {},
    stopping: AbortSignal.abort(),
  });
  expect(await health.ready()).toMatchObject({
    status: 'not-ready',
    reasons: ['process: stopping'],
  });
});

test('metrics: valid text, the numbers of what happened, bounded labels', async () => {
  running = await startDaemon();
  const { url } = running;
  const client = new CommandClient(() => url);
  const admin = new AdminClient(() => url);
  await admin.login();
  for (const act of ['scan', 'confirm']) {
    const address = `${url}/simulator/bot01/${act}`;
    await eventually(async () => (await fetch(address, { method: 'POST' })).ok, act);
  }
  await eventually(async () => (await client.call('botStatus'))['state'] === 'ready');
  const { msgid } = await client.call('roomSendText', { roomTopic: '测试群', text: 'x' });
  for (let i = 0; i < 50; i += 1) await client.call(`nonsense${i}`);
  await client.call('login', {}, { key: 'wrong' });
  await admin.ok('POST', '/bots/bot01/release');
  await client.call('roomSendText', { roomTopic: '测试群', text: 'waits' });

  const metrics = await eventually(async () => {
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const read = readMetrics(await response.text());
    return read.get('wxrc_sends_settled_total{state="sent"}') === 1 ? read : undefined;
  }, 'the settled send');
  const number = (name: string) => metrics.get(name);
  expect(number('wxrc_commands_total{command="roomSendText",rtCode="0"}')).toBe(2);
  expect(number('wxrc_commands_total{command="unknown",rtCode="20"}')).toBe(50);
  expect(number('wxrc_commands_total{command="login",rtCode="13"}')).toBe(1);
  expect(number('wxrc_sends_accepted_total')).toBe(Number(msgid) + 1);
  expect(number('wxrc_sends_queued{botcode="bot01"}')).toBe(1);
  expect(number('wxrc_bot_state{botcode="bot01",state="off"}')).toBe(1);
  expect(number('wxrc_bot_state{botcode="bot01",state="ready"}')).toBe(0);
  expect(number('wxrc_deliveries_dead{chid="demo"}')).toBe(0);
  expect(number('wxrc_database_bytes{file="main"}')).toBeGreaterThan(1000);
  for (const name of ['wxrc_command_seconds', 'wxrc_database_sync_seconds']) {
    const count = number(`${name}_count`) ?? 0;
    expect(count).toBeGreaterThan(3);
    expect(number(`${name}_bucket{le="+Inf"}`)).toBe(count);
  }
  expect(
    [...metrics.keys()].filter((name) => name.startsWith('nodejs_eventloop_lag')).length,
  ).toBeGreaterThan(0);
  expect([...metrics.keys()].some((name) => name.includes('nonsense'))).toBe(false);
  client.close();
});

test('asked by many at once, metrics are read once', async () => {
  let reads = 0;
  running = await startDaemon(
    {},
    {
      wrapDatabase: (db) => ({
        ...breakable(db, () => 'no'),
        readLong: (sql, params) => {
          reads += 1;
          return db.readLong(sql, params);
        },
      }),
    },
  );
  const { url } = running;
  await (await fetch(`${url}/metrics`)).text();
  const once = reads;
  reads = 0;
  await Promise.all(Array.from({ length: 20 }, async () => (await fetch(`${url}/metrics`)).text()));
  expect(reads).toBeLessThan(once * 10);
});

/** Parses the text form strictly: every line is a comment or `name{labels} number`. */
function readMetrics(text: string): Map<string, number> {
  const metrics = new Map<string, number>();
  const typed = new Set<string>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('# HELP ')) continue;
    const type = /^# TYPE (\w+) (counter|gauge|histogram|summary)$/.exec(line);
    if (type?.[1] !== undefined) {
      expect(typed.has(type[1])).toBe(false);
      typed.add(type[1]);
      continue;
    }
    const sample =
      /^([a-zA-Z_]\w*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*",?)*\})? (-?[\d.e+-]+|NaN|[+-]Inf)$/.exec(
        line,
      );
    if (sample === null) throw new Error(`not a metric: ${line}`);
    const [, name = '', labels = '', value] = sample;
    const family = name.replace(/_(bucket|sum|count)$/, '');
    expect(typed.has(name) || typed.has(family)).toBe(true);
    expect(metrics.has(name + labels)).toBe(false);
    metrics.set(name + labels, Number(value));
  }
  return metrics;
}
