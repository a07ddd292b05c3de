import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { knownSayings } from '../bot/known-sayings.ts';
import { parseConfig } from '../config/config.ts';
import { AdminClient } from './support/admin-client.ts';
import { runInProcess } from './support/cli.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

let folder: string;
let running: TestDaemon | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-warnings-'));
});
afterEach(async () => {
  await running?.close();
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const targets = [{ botcode: 'bot01', roomTopic: '运营' }];
const report = { expr: '0 9 * * *', targets };
const faulty = {
  channels: [{ chid: 'crm', key: 'k', bots: ['bot01', 'nosuch'] }],
  bots: [{ botcode: 'bot01', autoScan: false }],
  chatbot: { knowledge: ['none.csv'], bots: ['nochat'], bases: { shop: { suggest: 0.9 } } },
  reports: [
    { ...report, name: 'open', text: '三点 {{ day }} {{ foo' },
    { ...report, name: 'nodb', source: { type: 'postgres', database: 'nodb', sql: 'SELECT 1' } },
    { ...report, name: 'nobot', text: 'x', targets: [{ botcode: 'nobot', roomTopic: 'x' }] },
    {
      ...report,
      name: 'nofile',
      source: { type: 'file', file: 'none.csv' },
      calendar: { file: 'days' },
    },
    {
      ...{ ...report, name: 'nosecret' },
      source: { type: 'http', url: 'http://127.0.0.1:9/', headers: { a: 'Bearer {secret:erp}' } },
    },
  ],
};
/** One of each, in the order of the config. */
const told = [
  /chatbot\.knowledge\[0\]: .*none\.csv cannot be read/,
  /chatbot\.bases\.shop: suggest/,
  /channels\[0\]\.bots: bot nosuch is not in the config/,
  /chatbot\.bots: bot nochat is not in the config/,
  /“open”: text: the template is at fault: .*not closed/,
  /“nodb”: source\.database: “nodb” is not in reporting\.databases/,
  /“nobot”: targets: there is no bot nobot/,
  /“nofile”: source\.file: there is no file none\.csv/,
  /“nofile”: calendar\.file: there is no file days/,
  /“nosecret”: source\.headers: “erp” is not in reporting\.secrets/,
];

test('config check, doctor and the start tell the same of what starts and cannot work', async () => {
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify({ dataDir: './data', http: { port: 0 }, ...faulty }));
  const options = ['--config', file, '--lang', 'en', '--json'];
  const check = await runInProcess(['config', 'check', ...options]);
  expect(check.code).toBe(0);
  const { ok, warnings } = JSON.parse(check.out) as { ok: boolean; warnings: string[] };
  expect(ok).toBe(true);
  expect(warnings).toEqual(told.map((one) => expect.stringMatching(one)));
  const doctor = await runInProcess(['doctor', ...options]);
  const { findings } = JSON.parse(doctor.out) as {
    findings: { check: string; status: string; detail: string }[];
  };
  const warned = findings.filter((one) => one.check === 'config' && one.status === 'warn');
  expect(warned.map(({ detail }) => detail)).toEqual(warnings);
  running = await startDaemon(faulty);
  for (const one of told) expect(running.log()).toMatch(one);
  const zh = await runInProcess(['config', 'check', '--config', file, '--lang', 'zh']);
  expect(zh.out).toContain('配置正确\n! ');
  expect(zh.out).toContain('报表目录中没有文件 none.csv');
});

const warningsOf = (answer: { body: object }): unknown => Object(answer.body).warnings;

test('what is there is not told of', async () => {
  mkdirSync(join(folder, 'data', 'reports'), { recursive: true });
  for (const name of ['none.csv', 'days']) {
    writeFileSync(join(folder, 'data', 'reports', name), '');
    writeFileSync(join(folder, name), '');
  }
  const file = join(folder, 'config.json');
  const good = {
    ...{ dataDir: './data', bots: [{ botcode: 'bot01' }, { botcode: 'nobot' }] },
    channels: [{ chid: 'crm', key: 'k', bots: ['bot01', '*'] }],
    chatbot: { knowledge: ['none.csv'], bots: '*' },
    reports: faulty.reports.filter(({ name }) => ['nobot', 'nofile'].includes(name)),
  };
  writeFileSync(file, JSON.stringify(good));
  const check = await runInProcess(['config', 'check', '--config', file, '--lang', 'en']);
  expect(check).toMatchObject({ code: 0, out: 'the config is good\n' });
});

test('the API refuses a report that could never be made, and warns of one that lacks something', async () => {
  running = await startDaemon({});
  const admin = new AdminClient(() => running?.url ?? '');
  await admin.login();
  const [open, nodb, nobot, nofile] = faulty.reports;
  for (const [settings, field, why] of [
    [open, 'text', /没有闭合/],
    [nodb, 'source.database', /nodb/],
    [
      { ...report, name: 'cond', sendIf: 'count >', text: '{{ 1 | nofilter }}' },
      'text',
      /nofilter/,
    ],
  ] as const) {
    const refused = await admin.refused(400, 'POST', '/schedules', settings);
    expect(refused.body).toMatchObject({ field });
    expect(JSON.stringify(refused.body)).toMatch(why);
  }
  const made = await admin.ok('POST', '/schedules', nobot);
  expect(made.body).toMatchObject({ warnings: ['targets: there is no bot nobot'] });
  expect(knownSayings.in('zh', 'targets: there is no bot nobot')).toBe('targets：没有机器人 nobot');
  expect(warningsOf(await admin.ok('POST', '/schedules', nofile))).toHaveLength(2);
  const change = await admin.refused(400, 'PATCH', '/schedules/nobot', { text: '{% if %}' });
  expect(change.body).toMatchObject({ field: 'text' });
  const sound = await admin.ok('POST', '/schedules', {
    ...report,
    name: 'sound',
    text: '{{ day }}',
  });
  expect(sound.body).toMatchObject({ warnings: [] });
});

test('the config that is shown is the one in force, after a reload, too', async () => {
  let read = {};
  running = await startDaemon({ log: 'info' }, { reload: () => read as never });
  const admin = new AdminClient(() => running?.url ?? '');
  await admin.login();
  const shown = async () =>
    Object(Object(await admin.ok('GET', '/config')).body).config as Record<string, unknown>;
  const before = await shown();
  read = parseConfig({
    ...{ dataDir: running.dataDir, timezone: 'UTC', log: 'warn' },
    admin: { username: 'admin', password: 'test-password' },
    channels: [{ chid: 'demo', key: 'secret', name: 'New name' }],
    bots: [{ botcode: 'bot01', autoScan: false }],
  });
  await admin.ok('POST', '/reload');
  const after = await shown();
  expect(after['log']).toBe('warn');
  expect(after['channels']).toMatchObject([{ name: 'New name' }]);
  // What needs a restart is in force as it was.
  expect(after['timezone']).toBe(before['timezone']);
});
