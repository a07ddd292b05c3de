import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { runInProcess } from './support/cli.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';
import { farDaily } from './support/far-daily.ts';

type Json = Record<string, unknown>;

let daemon: TestDaemon;
let admin: AdminClient;
let room: string;

/** None of them fires by itself while the tests run. */
const expr = farDaily();
const target = { botcode: 'bot01', roomTopic: '运营' };
const call = async (method: string, path: string, body?: unknown): Promise<Json> =>
  (await admin.ok(method, path, body)).body as unknown as Json;

async function simulator<T>(path: string, body?: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const init = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
  return (await (await fetch(`${daemon.url}/simulator/bot01${path}`, init)).json()) as T;
}

const said = async (): Promise<{ kind: string; text?: string }[]> =>
  (await simulator<{ messages: { kind: string; text?: string }[] }>(`/rooms/${room}/messages`))
    .messages;

const ended = (name: string, slot: unknown): Promise<Json> =>
  eventually(async () => {
    const run = await call('GET', `/schedules/${name}/runs/${slot}`);
    return ['waiting', 'running', 'sending'].includes(String(run['state'])) ? undefined : run;
  }, `${name} ended`);

beforeAll(async () => {
  daemon = await startDaemon({
    timezone: 'Asia/Shanghai',
    reports: [{ name: 'of-config', expr, text: '早', targets: [target] }],
  });
  admin = new AdminClient(() => daemon.url);
  await admin.login();
  await eventually(async () => (await simulator<{ qr?: object }>('')).qr, 'a QR code');
  await simulator('/scan', {});
  await simulator('/confirm', {});
  room = (await simulator<{ id: string }>('/rooms', { topic: '运营', members: ['张三'] })).id;
  await eventually(async () => {
    const { items } = (await call('GET', '/bots/bot01/rooms')) as { items: { topic: string }[] };
    return items.some((one) => one.topic === '运营');
  }, 'the room is known');
  const folder = join(daemon.dataDir, 'reports');
  mkdirSync(folder, { recursive: true });
  const db = new Sqlite(join(folder, 'shop.db'));
  db.exec(
    `CREATE TABLE orders (shop TEXT, n INTEGER); INSERT INTO orders VALUES ('上海', 12345), ('北京', 8)`,
  );
  db.close();
  writeFileSync(join(folder, 'shops.csv'), 'shop,n\n上海,3\n');
}, 30_000);
afterAll(() => daemon.close());

const report = {
  name: 'shops',
  expr,
  source: { type: 'sqlite', file: 'shop.db', sql: 'SELECT shop, n FROM orders ORDER BY n DESC' },
  columns: [
    { key: 'shop', label: '门店' },
    { key: 'n', label: '订单', kind: 'number' },
  ],
  title: '门店 {{ day }}',
  mentions: ['张三'],
  targets: [target],
};

test('a report from adding it to its message in the room', async () => {
  const added = await call('POST', '/schedules', report);
  expect(added).toMatchObject({
    name: 'shops',
    source: 'admin',
    zone: 'Asia/Shanghai',
    last: null,
  });
  await admin.refused(409, 'POST', '/schedules', report);
  const trial = await call('POST', '/schedules/shops/dry-run', {});
  expect(trial).toMatchObject({ send: true, count: 2, pictures: [] });
  expect(String(trial['text'])).toMatch(
    /^门店 \d{4}-\d\d-\d\d\n\n门店 {4}订单\n上海 {2}12,345\n北京 {7}8$/,
  );
  expect(await said()).toEqual([]);
  const { slot } = await call('POST', '/schedules/shops/run');
  const run = await ended('shops', slot);
  expect(run).toMatchObject({
    state: 'sent',
    cause: 'operator',
    rows: 2,
    output: 'text',
    reason: null,
  });
  const messages = await said();
  expect(messages.map((one) => one.text)).toEqual([expect.stringContaining('@张三')]);
  expect(await call('GET', '/runs?limit=1')).toMatchObject({
    items: [{ schedule: 'shops' }],
    next: null,
  });
  expect(await call('GET', '/schedules/shops/runs')).toMatchObject({ items: [{ slot }] });
  expect(await call('GET', '/schedules/shops')).toMatchObject({ last: { slot, state: 'sent' } });
});

test('as a picture, and as a chart; a condition that does not hold sends nothing', async () => {
  const before = (await said()).length;
  const changes = { output: 'both', chart: { type: 'bar', x: 'shop', y: ['n'] }, mentions: null };
  await call('PATCH', '/schedules/shops', changes);
  const trial = (await call('POST', '/schedules/shops/dry-run', {})) as {
    pictures: { url: string }[];
  };
  expect(trial).toMatchObject({ pictureFault: null });
  expect(trial.pictures[0]?.url).toMatch(/^data:image\/png;base64,iVBOR/);
  const { slot } = await call('POST', '/schedules/shops/run');
  expect(await ended('shops', slot)).toMatchObject({ state: 'sent', output: 'both' });
  expect((await said()).slice(before).map((one) => one.kind)).toEqual(['image']);
  await call('PATCH', '/schedules/shops', { sendIf: 'count > 5' });
  const quiet = await call('POST', '/schedules/shops/run');
  expect(await ended('shops', quiet['slot'])).toMatchObject({ state: 'nothing', targets: [] });
  expect(await said()).toHaveLength(before + 1);
});

test('what is wrong is said, with its field', async () => {
  for (const [changes, field] of [
    [{ expr: 'every day' }, 'expr'],
    [{ zone: 'Mars/Base' }, 'zone'],
    [{ kind: 'interval', expr: '5s' }, 'expr'],
    [{ output: 'chart', chart: null }, 'chart'],
    [{ start: 'tomorrow' }, 'start'],
    [{ targets: [{ botcode: 'bot01' }] }, 'targets[0].roomTopic'],
    [{ source: { type: 'http', url: 'x', headers: { 'a b': '' } } }, 'source.headers.a b'],
  ] as const) {
    const { body } = await admin.refused(400, 'PATCH', '/schedules/shops', changes);
    expect(body.field).toBe(field);
  }
  await admin.refused(409, 'PATCH', '/schedules/of-config', { text: 'x' });
  await admin.refused(404, 'POST', '/schedules/nothing/run');
  const { body } = await admin.refused(400, 'POST', '/report-tools/dry-run', {
    settings: { expr: '0 9 * * *', text: '{{ count | nofilter }}' },
  });
  expect(body.detail).toContain('text');
});

test('the next slots in a zone, of a draft as of a report', async () => {
  // Slots are those to come: a day that will not be over for long.
  const draft = { expr: '30 1 * * *', zone: 'America/New_York', start: '2099-10-31', count: 3 };
  const { items } = (await call('POST', '/report-tools/next', draft)) as {
    items: { local: string }[];
  };
  expect(items.map((one) => one.local)).toEqual([
    ...['2099-10-31T01:30:00-04:00', '2099-11-01T01:30:00-04:00', '2099-11-02T01:30:00-05:00'],
  ]);
  const next = (await call('GET', '/schedules/of-config/next')) as {
    items: unknown[];
    zone: string;
  };
  expect([next.items.length, next.zone]).toEqual([10, 'Asia/Shanghai']);
});

test('a source is tried; files outside of its folders do not exist', async () => {
  const source = { type: 'file', file: 'shops.csv' };
  expect(await call('POST', '/report-tools/source', { source })).toMatchObject({
    ...{ columns: ['shop', 'n'], rows: [{ shop: '上海', n: 3 }], count: 1, truncated: false },
  });
  for (const file of ['../wxrc.db', '/etc/passwd', '../secret.key']) {
    const tried = { source: { type: 'file', file } };
    const { body } = await admin.refused(503, 'POST', '/report-tools/source', tried);
    expect(body.detail).toContain(file);
  }
});

test('examples are on with one call', async () => {
  const { items } = (await call('GET', '/report-examples')) as {
    items: { name: string; enabled: boolean }[];
  };
  expect(items.map((one) => [one.name, one.enabled])).toEqual([
    ['daily-traffic', false],
    ['unanswered-questions', false],
    ['queue-health', false],
  ]);
  for (const { name } of items) {
    // By itself one of them would fire with every hour that strikes.
    await call('POST', `/report-examples/${name}/enable`, { targets: [target], expr });
    const trial = await call('POST', `/schedules/${name}/dry-run`, {});
    expect(trial).toMatchObject({ pictureFault: null });
  }
  const trial = await call('POST', '/schedules/queue-health/dry-run', {});
  expect(String(trial['text'])).toMatch(/发送队列 \d\d:\d\d\n\n机器人 +状态[\s\S]*bot01 +在线/);
});

test('a send for later: once, at its time; or cancelled', async () => {
  const before = (await said()).length;
  const path = '/scheduled-sends';
  const at = Date.now() + 2000;
  const later = at + 60_000;
  const send = await call('POST', path, { ...target, text: '稍后', at });
  const other = await call('POST', path, { ...target, text: '不发', at: later });
  expect(send).toMatchObject({ state: 'waiting', msgid: null, madeBy: 'admin' });
  expect(await call('POST', `${path}/${other['id']}/cancel`)).toMatchObject({
    state: 'cancelled',
  });
  const sent = await eventually(async () => {
    const now = await call('GET', `${path}/${send['id']}`);
    return now['sendState'] === 'sent' ? now : undefined;
  }, 'it is sent');
  expect(sent).toMatchObject({ state: 'queued', msgid: expect.any(Number) });
  expect((await said()).slice(before).map((one) => one.text)).toEqual(['稍后']);
  await admin.refused(409, 'POST', `${path}/${send['id']}/cancel`);
  await admin.refused(400, 'POST', path, { ...target, text: 'x', at: 5 });
  await admin.refused(404, 'POST', path, { ...target, botcode: 'no', text: 'x', at: later });
  expect(await call('GET', path)).toMatchObject({
    items: [{ id: other['id'] }, { id: send['id'] }],
  });
});

test('paused, resumed, removed; the history stays', async () => {
  expect(await call('POST', '/schedules/shops/pause', { reason: '盘点' })).toMatchObject({
    ...{ paused: true, pausedReason: '盘点', nextAt: null },
  });
  expect(await call('POST', '/schedules/shops/resume')).toMatchObject({ paused: false });
  const to = Date.now();
  const from = to - 3 * 86_400_000;
  const made = (await call('POST', '/schedules/shops/backfill', { from, to })) as {
    slots: number[];
  };
  expect(made.slots).toHaveLength(3);
  for (const slot of made.slots) await ended('shops', slot);
  expect(await call('POST', '/schedules/shops/backfill', { from, to })).toMatchObject({
    slots: [],
    known: 3,
  });
  await admin.ok('DELETE', '/schedules/shops');
  await admin.refused(404, 'GET', '/schedules/shops');
  const { items } = (await call('GET', '/schedules/shops/runs')) as { items: unknown[] };
  expect(items.length).toBeGreaterThan(3);
});

test('on the command line', async () => {
  const run = (...args: string[]) =>
    runInProcess([...args, '--data', daemon.dataDir, '--lang', 'en']);
  const file = join(daemon.dataDir, 'report.json');
  writeFileSync(
    file,
    JSON.stringify({ name: 'cli', expr, text: 'from the line', targets: [target] }),
  );
  expect(await run('report', 'add', file)).toMatchObject({
    code: 0,
    out: expect.stringContaining('report cli is kept'),
  });
  expect(await run('report', 'add', file, '--replace')).toMatchObject({ code: 0 });
  expect((await run('report', 'run', 'cli', '--wait')).out).toMatch(/cli .* sent +operator/);
  expect((await run('report', 'list')).out).toMatch(/cli +cron 0 \d+ \* \* \* +active/);
  expect((await run('report', 'next', 'cli', '--count', '2')).out.split('\n')).toHaveLength(3);
  expect((await run('report', 'dry-run', 'cli')).out).toContain('from the line');
  expect((await run('report', 'pause', 'cli')).out).toContain('paused');
  expect((await run('report', 'resume', 'cli')).out).toContain('active');
  expect((await run('report', 'runs', 'cli')).out).toContain('sent');
  // Times as the clocks of the configured zone show them, wherever the command line runs.
  const there = new Date(Date.now() + 8 * 3_600_000 - 2 * 86_400_000).toISOString().slice(0, 10);
  const hour = /\d+/.exec(expr.slice(2))?.[0].padStart(2, '0');
  const window = ['--from', `${there}T${hour}:00`, '--to', `${there}T${hour}:01`];
  expect((await run('report', 'backfill', 'cli', ...window)).out).toContain(
    `${there} ${hour}:00:00`,
  );
  expect(await run('report', 'backfill', 'cli', '--from', 'soon', '--to', '5')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--from: “soon” is no time'),
  });
  expect((await run('report', 'remove', 'cli', '--yes')).out).toContain('removed');
  const added = await run(
    'later',
    'add',
    'hi',
    '--bot',
    'bot01',
    '--room',
    '运营',
    '--at',
    new Date(Date.now() + 86_400_000).toISOString(),
  );
  expect(added.err).toBe('');
});

test('metrics tell of runs, lag and what was missed', async () => {
  const text = await (await fetch(`${daemon.url}/metrics`)).text();
  expect(text).toMatch(/wxrc_report_runs_total\{state="sent"\} \d+/);
  for (const line of [
    ...['wxrc_report_lag_seconds_count', 'wxrc_report_slots_skipped_total{reason="missed"} 0'],
    ...['wxrc_report_schedules{state="active"} 4', 'wxrc_scheduled_sends_waiting'],
  ]) {
    expect(text).toContain(line);
  }
});
