import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { botStates } from '../bot/automation/bots/bot-state.ts';
import { AdminClient } from './support/admin-client.ts';
import { CommandClient } from './support/command-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';

const deploy = join(import.meta.dirname, '..', 'deploy');
let running: TestDaemon;
/** Labels of every metric that a daemon at work tells. */
const told = new Map<string, Set<string>>();
/** Values of a label of a metric. */
const values = new Map<string, Set<string>>();

beforeAll(async () => {
  running = await startDaemon({
    channels: [{ chid: 'demo', key: 'secret', callbackUrl: 'http://127.0.0.1:9/' }],
  });
  const { url } = running;
  const client = new CommandClient(() => url);
  await client.call('roomSendText', { roomTopic: '测试群', text: 'waits' });
  const admin = new AdminClient(() => url);
  await admin.login();
  await admin.ok('POST', '/backups');
  // A report that fails: nobody listens there.
  await admin.ok('POST', '/schedules', {
    ...{ name: 'sales', expr: '0 9 * * *', source: { type: 'http', url: 'http://127.0.0.1:9/' } },
    targets: [{ botcode: 'bot01', roomTopic: '测试群' }],
  });
  await admin.ok('POST', '/schedules/sales/run');
  const asked = { sessionId: 's', content: 'x', timestamp: '2026/01/01 00:00:00' };
  await fetch(`${url}/mpweixin/chatbot/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  });
  // While the message still waits, and when it has gone.
  await readMetrics(url);
  for (const act of ['scan', 'confirm']) {
    const address = `${url}/simulator/bot01/${act}`;
    await eventually(async () => (await fetch(address, { method: 'POST' })).ok, act);
  }
  await eventually(async () => {
    await readMetrics(url);
    return [
      ...['wxrc_delivery_posts_total', 'wxrc_sends_settled_total', 'wxrc_chatbot_answers_total'],
      ...['wxrc_report_failures', 'wxrc_report_runs_total'],
    ].every((one) => told.has(one));
  }, 'every metric at work');
  client.close();
});
afterAll(() => running.close());

async function readMetrics(url: string): Promise<void> {
  const text = await (await fetch(`${url}/metrics`)).text();
  for (const line of text.split('\n')) {
    const [, name = '', labels = ''] = /^([a-zA-Z_]\w*)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name === '') continue;
    const names = told.get(name) ?? new Set();
    for (const [, label = '', value = ''] of labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
      names.add(label);
      const key = `${name} ${label}`;
      values.set(key, (values.get(key) ?? new Set()).add(value));
    }
    told.set(name, names);
  }
}

/** Selectors of a query: name and label matchers. Labels that Prometheus adds itself are left out. */
function selectors(expr: string): { name: string; labels: [string, string, string][] }[] {
  return [...expr.matchAll(/\b(wxrc_\w+|nodejs_\w+|process_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, name = '', inner = '']) => ({
      name,
      labels: [...inner.matchAll(/(\w+)(=~|=|!=|!~)"([^"]*)"/g)].map(
        ([, label = '', sign = '', value = '']) => [label, sign, value],
      ),
    }),
  );
}

/** Names that are grouped by. */
function groups(expr: string): string[] {
  return [...expr.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(',').map((one) => one.trim()),
  );
}

const added = new Set(['instance', 'job', 'le']);
/** Labels whose every value a daemon tells from the start. */
const fixed = new Set([
  ...['wxrc_backup_ok kind', 'wxrc_backup_age_seconds kind', 'wxrc_alarms_open kind'],
  ...['wxrc_report_schedules state', 'wxrc_report_slots_skipped_total reason'],
]);

function check(where: string, expr: string): void {
  const found = selectors(expr);
  for (const { name, labels } of found) {
    expect([where, name, told.has(name)]).toEqual([where, name, true]);
    for (const [label, sign, value] of labels) {
      if (added.has(label)) continue;
      expect([where, name, label, told.get(name)?.has(label)]).toEqual([where, name, label, true]);
      if (label === 'state' && name === 'wxrc_bot_state') {
        for (const one of sign === '=' ? [value] : value.split('|')) {
          expect(botStates).toContain(one);
        }
      } else if (fixed.has(`${name} ${label}`))
        for (const one of value.split('|')) {
          expect([...(values.get(`${name} ${label}`) ?? []), 'drill']).toContain(one);
        }
    }
  }
  const known = new Set(found.flatMap(({ name }) => [...(told.get(name) ?? [])]));
  for (const label of groups(expr)) {
    if (!added.has(label)) expect([where, label, known.has(label)]).toEqual([where, label, true]);
  }
}

test('every alert rule speaks of metrics and labels that are there', () => {
  const text = readFileSync(join(deploy, 'prometheus-alerts.yaml'), 'utf8');
  const rules = text.split('- alert: ').slice(1);
  expect(rules.length).toBeGreaterThan(15);
  for (const rule of rules) {
    const [, name = '', expr = ''] = /^(\w+)\n\s+expr: (.+)\n/.exec(rule) ?? [];
    if (!expr.startsWith('up{')) expect(selectors(expr).length).toBeGreaterThan(0);
    check(name, expr);
    // What the words of a rule name has to be left of its labels.
    const grouped = / by \(/.test(expr);
    const left = grouped ? groups(expr) : [...(told.get(selectors(expr)[0]?.name ?? '') ?? [])];
    for (const [, label = ''] of rule.matchAll(/\$labels\.(\w+)/g)) {
      expect([name, label, [...added, ...left].includes(label)]).toEqual([name, label, true]);
    }
  }
});

test('rules and panels tell of reports, sends for later, alarms and backups', () => {
  const files = ['prometheus-alerts.yaml', 'grafana-dashboard.json'];
  const [rules = '', panels = ''] = files.map((one) => readFileSync(join(deploy, one), 'utf8'));
  for (const name of ['report_failures', 'report_slots_skipped_total', 'report_lag_seconds']) {
    expect(rules).toContain(`wxrc_${name}`);
    expect(panels).toContain(`wxrc_${name}`);
  }
  for (const name of [
    'scheduled_sends_waiting',
    'alarms_open',
    'backup_ok',
    'backup_age_seconds',
  ]) {
    expect(panels).toContain(`wxrc_${name}`);
  }
});

test('a bot that was logged out on purpose is not one that is down', async () => {
  const rules = readFileSync(join(deploy, 'prometheus-alerts.yaml'), 'utf8');
  const [, expr = ''] = /- alert: WxrcBotDown\n\s+expr: (.+)\n/.exec(rules) ?? [];
  expect(expr).toBe(
    'wxrc_bot_state{state="ready"} == 0 and on (instance, botcode) wxrc_bot_wanted == 1',
  );
  const wanted = async () => {
    const text = await (await fetch(`${running.url}/metrics`)).text();
    return /^wxrc_bot_wanted\{botcode="bot01"\} (\d)$/m.exec(text)?.[1];
  };
  expect(await wanted()).toBe('1');
  const admin = new AdminClient(() => running.url);
  await admin.login();
  await admin.ok('POST', '/bots/bot01/logout');
  await eventually(async () => (await wanted()) === '0', 'the bot is out');
});

test('every panel of the dashboard speaks of metrics and labels that are there', () => {
  const dashboard = JSON.parse(readFileSync(join(deploy, 'grafana-dashboard.json'), 'utf8')) as {
    panels: { id: number; title: string; targets: { expr: string; legendFormat: string }[] }[];
  };
  expect(dashboard.panels.length).toBeGreaterThan(15);
  expect(new Set(dashboard.panels.map((one) => one.id)).size).toBe(dashboard.panels.length);
  for (const { title, targets } of dashboard.panels) {
    for (const { expr, legendFormat } of targets) {
      expect(selectors(expr).length).toBeGreaterThan(0);
      check(title, expr);
      const known = selectors(expr).flatMap(({ name }) => [...(told.get(name) ?? [])]);
      for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
        expect([...added, ...known]).toContain(label);
      }
    }
  }
});
