import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { runInProcess } from './support/cli.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';
import { farDaily } from './support/far-daily.ts';

let erp: Server;
let erpUrl: string;
const asked: string[] = [];
let folder: string;
let running: TestDaemon;
let admin: AdminClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-typed-'));
  erp = createServer((request: IncomingMessage, response) => {
    asked.push(`${request.url} ${request.headers['x-erp']}`);
    request.resume();
    response.setHeader('content-type', 'application/json');
    // What is refused is kept, with the answer.
    response.statusCode = request.url?.startsWith('/echo') ? 400 : 200;
    response.end(JSON.stringify([{ n: 3, text: 'from the erp' }]));
  });
  await new Promise<void>((done) => erp.listen(0, '127.0.0.1', done));
  erpUrl = `127.0.0.1:${(erp.address() as AddressInfo).port}`;
  running = await startDaemon({
    fetch: { allow: ['127.0.0.1'] },
    channels: [{ chid: 'file', key: 'k', callbackUrl: `http://${erpUrl}/cb?token=TYPED-of-file` }],
    rules: [
      {
        ...{ name: 'file', kind: 'exact', pattern: 'file' },
        reply: { type: 'webhook', url: `http://${erpUrl}/ask?token=TYPED-rule-of-file` },
      },
    ],
    reports: [report('file', 'TYPED-report-of-file')],
    ...{ reporting, access: { tokens: ['TYPED-access'] } },
    chatbot: { llm: { baseUrl: `http://${erpUrl}/echo`, apiKey: 'TYPED-model', model: 'm' } },
    alarms: {
      lanes: [
        {
          kind: 'webhook',
          name: 'hook',
          url: `http://${erpUrl}/echo?token=TYPED-l`,
          key: 'TYPED-k',
        },
        {
          ...{ kind: 'email', name: 'mail', host: '127.0.0.1', port: 1, tls: 'never' },
          ...{ username: 'me', password: 'TYPED-mail', from: 'a@b.example', to: ['c@b.example'] },
        },
      ],
    },
  });
  admin = new AdminClient(() => running.url);
  await admin.login();
  await typeAll();
}, 30_000);
afterAll(async () => {
  await running.close();
  erp.closeAllConnections();
  await new Promise((done) => erp.close(done));
  rmSync(folder, { recursive: true, force: true });
});

/** What reports may ask with what only the config holds. */
const reporting = {
  secrets: { erp: { value: 'TYPED-secret', hosts: ['127.0.0.1'] } },
  databases: { shop: { url: 'postgres://me:TYPED-pg@127.0.0.1:1/shop' } },
};

function report(name: string, secret: string) {
  return {
    ...{ name, expr: farDaily(), targets: [{ botcode: 'bot01', roomTopic: '运营' }] },
    source: {
      ...{ type: 'http', method: 'POST', url: `http://${erpUrl}/rows?token=${secret}-url` },
      headers: { 'x-erp': `${secret}-head` },
      body: { password: `${secret}-body` },
    },
  };
}

/** Wherever somebody may type a secret, something recognisable; changed and removed as well. */
async function typeAll(): Promise<void> {
  for (const name of ['typed', 'gone']) {
    await admin.ok('POST', '/schedules', report(name, `TYPED-${name}`));
    const callbackUrl = `http://${erpUrl}/echo/TYPED0abcdefghijklm1?token=TYPED-cb-${name}`;
    await admin.ok('POST', '/channels', { chid: name, key: `TYPED-key-${name}`, callbackUrl });
  }
  await admin.ok('PATCH', '/schedules/typed', { source: report('typed', 'TYPED-new').source });
  await admin.ok('POST', '/schedules/typed/dry-run', {});
  await admin.ok('POST', '/schedules/typed/run', {});
  await eventually(async () => {
    const { items } = (await admin.ok('GET', '/schedules/typed/runs')).body;
    return items.some(({ state }) => state !== 'waiting' && state !== 'running');
  }, 'a run that ended');
  const wrong = { ...report('broken', 'TYPED-broken'), output: 'text' };
  wrong.source.url = 'http://me:TYPED-pass@127.0.0.1:1/rows?key=TYPED-key';
  await admin.ok('POST', '/schedules', wrong);
  await admin.ok('POST', '/schedules/broken/run', {});
  await eventually(async () => {
    const { items } = (await admin.ok('GET', '/schedules/broken/runs')).body;
    return items.some(({ state }) => state === 'failed');
  }, 'a run that failed');
  const shop = { type: 'postgres', database: 'shop', sql: 'SELECT 1' };
  await admin.ok('POST', '/schedules', { ...report('shop', ''), source: shop });
  await admin.refused(503, 'POST', '/schedules/shop/dry-run', {});
  await admin.ok('POST', '/schedules/shop/run', {});
  for (const lane of ['hook', 'mail']) await admin.call('POST', `/alarms/lanes/${lane}/test`, {});
  await admin.ok('POST', '/chatbot/model/test', {});
  const reply = { type: 'webhook', url: `http://${erpUrl}/ask?token=TYPED-rule` };
  const rule = (await admin.ok('POST', '/chatbot/rules', { name: 'r', pattern: '价格', reply }))
    .body;
  const url = `http://${erpUrl}/ask?token=TYPED-rule-2`;
  await admin.ok('PATCH', `/chatbot/rules/${rule.id}`, { reply: { type: 'webhook', url } });
  await admin.ok('POST', '/chatbot/ask', { question: '价格' });
  await admin.ok('POST', '/channels/typed/ping', {});
  await eventually(() => asked.some((one) => one.startsWith('/echo')), 'a delivery');
  const callbackUrl = `http://${erpUrl}/cb?token=TYPED-cb-2`;
  await admin.ok('PATCH', '/channels/typed', { callbackUrl });
  await admin.ok('POST', '/bots', {
    ...{ botcode: 'real', driver: 'wechaty', puppet: 'wechaty-puppet-service', autoStart: false },
    puppetOptions: { token: 'TYPED-puppet' },
  });
  await admin.ok('POST', '/im/apps', { appid: 7, secret: 'TYPED-app' });
  await admin.ok('POST', '/users', { username: 'vera', role: 'viewer', password: 'TYPED-passw' });
  await admin.ok('DELETE', '/schedules/gone');
  await admin.ok('DELETE', '/channels/gone');
}

/** What is readable of what was typed, in which files. */
function clearIn(at: string, names: RegExp): string[] {
  const found = readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((name) =>
    names.test(name),
  );
  expect(found.length).toBeGreaterThan(0);
  return found.flatMap((name) => {
    const bytes = readFileSync(join(at, name)).toString('latin1');
    return [...new Set(bytes.match(/TYPED[\w-]+/g))].map((secret) => `${name}: ${secret}`);
  });
}

describe('what somebody typed as a secret', () => {
  test('is in no file of the database in clear', () => {
    expect(clearIn(running.dataDir, /^wxrc\.db/)).toEqual([]);
  });

  test('is in no line of the log', () => {
    expect(running.log().match(/TYPED[\w-]+/g) ?? []).toEqual([]);
  });

  test('is in no backup in clear, and works where that is restored', async () => {
    const made = await admin.ok('POST', '/backups', {});
    expect(clearIn(join(running.dataDir, 'backups'), /\.backup$/)).toEqual([]);
    const other = join(folder, 'restored');
    mkdirSync(other);
    const path = join(running.dataDir, 'backups', made.body.file);
    const env = { WXRC_DATA: other, LANG: 'en_US.UTF-8' };
    expect((await runInProcess(['restore', path, '--yes'], env)).code).toBe(0);
    const moved = await startDaemon({ fetch: { allow: ['127.0.0.1'] } }, { dataDir: other });
    try {
      const there = new AdminClient(() => moved.url);
      await there.login();
      asked.length = 0;
      await there.ok('POST', '/schedules/typed/dry-run', {});
      await there.ok('POST', '/channels/typed/ping', {});
      await there.ok('POST', '/chatbot/ask', { question: '价格' });
      expect(asked.join('\n')).toMatch(/\/rows\?token=TYPED-new-url TYPED-new-head$/m);
      expect(asked.join('\n')).toMatch(/\/cb\?token=TYPED-cb-2 /);
      expect(asked.join('\n')).toMatch(/\/ask\?token=TYPED-rule-2 /);
      expect(clearIn(other, /^wxrc\.db/)).toEqual([]);
    } finally {
      await moved.close();
    }
  });

  test('is there after a restart, as it was, and what the config says counts as unchanged', async () => {
    const revisions = () =>
      running.daemon.core.db.read('SELECT name, revision FROM schedules ORDER BY name');
    const before = await revisions();
    await running.restart();
    expect(await revisions()).toEqual(before);
    await admin.login();
    expect((await admin.ok('GET', '/channels/typed')).body).toMatchObject({
      callbackUrl: `http://${erpUrl}/cb?token=***`,
    });
    asked.length = 0;
    for (const name of ['typed', 'file']) await admin.ok('POST', `/schedules/${name}/dry-run`, {});
    // Events come as well.
    const rows = asked.filter((one) => one.startsWith('/rows'));
    expect(rows.map((one) => one.split(' ')[1])).toEqual([
      'TYPED-new-head',
      'TYPED-report-of-file-head',
    ]);
    expect(clearIn(running.dataDir, /^wxrc\.db/)).toEqual([]);
  });

  test('is in no file when all is closed', async () => {
    await running.daemon.stop();
    expect(clearIn(running.dataDir, /^wxrc\.db/)).toEqual([]);
    await running.restart();
  });
});
