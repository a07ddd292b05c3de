import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { farDaily } from './support/far-daily.ts';
import { callTool, connectMcp } from './support/mcp.ts';

type Json = Record<string, unknown>;

/** Someone else's server, which writes down with what it was asked. */
class Elsewhere {
  readonly asked: { path: string; key: string | undefined }[] = [];
  readonly #server: Server = createServer((request: IncomingMessage, response) => {
    const key = request.headers.authorization;
    this.asked.push({ path: request.url ?? '', key });
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end('[{"shop":"上海","n":3}]');
  });

  async start(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

const erp = new Elsewhere();
const evil = new Elsewhere();
let erpUrl: string;
let evilUrl: string;
let daemon: TestDaemon;
let admin: AdminClient;
const tokens: Record<string, string> = {};

/** As somebody of this role. */
async function as(role: string, method: string, path: string, body?: unknown) {
  const response = await fetch(`${daemon.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens[role]}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: (text === '' ? {} : JSON.parse(text)) as Json };
}

beforeAll(async () => {
  erpUrl = await erp.start();
  evilUrl = await evil.start();
  daemon = await startDaemon({
    fetch: { allow: ['127.0.0.1'] },
    channels: [{ chid: 'crm', key: 'k', callbackUrl: `${erpUrl}/cb?token=HIDE-cb&x=1` }],
    reports: [
      {
        ...{
          name: 'of-config',
          expr: farDaily(),
          targets: [{ botcode: 'bot01', roomTopic: 'A' }],
        },
        source: {
          ...{ type: 'http', url: `${erpUrl}/c?token=HIDE-url`, method: 'POST' },
          ...{ headers: { 'x-key': 'HIDE-head' }, body: 'user=a&password=HIDE-body' },
        },
      },
    ],
  });
  admin = new AdminClient(() => daemon.url);
  await admin.login();
  for (const role of ['viewer', 'operator', 'admin']) {
    tokens[role] = (await admin.ok('POST', '/tokens', { name: `of-${role}`, role })).body.token;
  }
}, 20_000);
afterAll(async () => {
  await daemon.close();
  await erp.stop();
  await evil.stop();
});

const source = (): Json => ({
  ...{ type: 'http', url: `${erpUrl}/rows?token=HIDE-url&day={{ day }}` },
  headers: { Authorization: 'Bearer HIDE-head' },
});
const report = (): Json => ({
  ...{ name: 'shops', expr: farDaily(), source: source() },
  targets: [{ botcode: 'bot01', roomTopic: '运营' }],
});

describe('what was typed into the source of a report', () => {
  test('is shown to nobody: list, one, answers to changes, config, assistants, audit', async () => {
    const added = await as('operator', 'POST', '/schedules', report());
    expect(added.status).toBe(201);
    expect(added.text).not.toContain('HIDE');
    for (const role of ['viewer', 'operator', 'admin']) {
      for (const path of ['/schedules', '/schedules/shops', '/schedules/of-config']) {
        const told = await as(role, 'GET', path);
        expect(told.status).toBe(200);
        expect(told.text).toContain('***');
        expect(told.text).not.toContain('HIDE');
      }
    }
    const pauses = [
      await as('operator', 'POST', '/schedules/shops/pause', {}),
      await as('operator', 'POST', '/schedules/shops/resume'),
      await as('operator', 'PATCH', '/schedules/shops', { title: 'x' }),
    ];
    for (const one of pauses) expect(one.text).not.toContain('HIDE');
    for (const path of ['/config', '/audit']) {
      const told = await as('admin', 'GET', path);
      expect([path, told.status, told.text.includes('HIDE')]).toEqual([path, 200, false]);
    }
    const assistant = await connectMcp(daemon.url, tokens['viewer'] ?? '');
    const listed = JSON.stringify(await callTool(assistant, 'schedule_list'));
    expect(listed).toContain('shops');
    expect(listed).not.toContain('HIDE');
    await assistant.close();
  });

  test('stays when it comes back masked, and is what the source is asked with', async () => {
    const { settings } = (await as('operator', 'GET', '/schedules/shops')).body as {
      settings: { source: Json };
    };
    expect(settings.source).toMatchObject({
      url: `${erpUrl}/rows?token=***&day={{ day }}`,
      headers: { Authorization: 'Bearer ***' },
    });
    const changed = {
      ...settings.source,
      url: String(settings.source['url']).replace('rows', 'b'),
    };
    const kept = await as('operator', 'PATCH', '/schedules/shops', { source: changed });
    expect([kept.status, kept.text.includes('HIDE')]).toEqual([200, false]);
    const tries = [
      await as('operator', 'POST', '/schedules/shops/dry-run', {}),
      await as('operator', 'POST', '/report-tools/source', { source: changed, of: 'shops' }),
      await as('operator', 'POST', '/report-tools/dry-run', {
        settings: { name: 'shops', expr: '0 9 * * *', source: changed },
      }),
    ];
    expect(tries.map(({ status }) => status)).toEqual([200, 200, 200]);
    // Events come to another of its addresses.
    const asked = erp.asked.filter(({ path }) => !path.startsWith('/cb'));
    expect(asked).toHaveLength(3);
    for (const { path, key } of asked) {
      expect(path).toMatch(/^\/b\?token=HIDE-url&day=\d{4}/);
      expect(key).toBe('Bearer HIDE-head');
    }
  });

  test('is not told to a host of somebody who may change the address', async () => {
    const moved = { ...source(), url: `${evilUrl}/rows`, headers: { Authorization: 'Bearer ***' } };
    const tries = [
      await as('operator', 'PATCH', '/schedules/shops', { source: moved }),
      await as('operator', 'POST', '/report-tools/source', { source: moved, of: 'shops' }),
      await as('operator', 'POST', '/report-tools/dry-run', {
        settings: { name: 'shops', expr: '0 9 * * *', source: moved },
      }),
      await as('operator', 'POST', '/schedules', { ...report(), name: 'other', source: moved }),
      await as('operator', 'POST', '/report-tools/source', { source: moved }),
    ];
    for (const one of tries) {
      expect(one.status).toBe(400);
      expect(one.body).toMatchObject({ field: 'source' });
    }
    expect(evil.asked).toEqual([]);
  });
});

test('the address that a rule of the chatbot asks is shown without its secrets, and keeps them', async () => {
  const reply = { type: 'webhook', url: `${erpUrl}/answer?token=HIDE-rule` };
  const added = await as('operator', 'POST', '/chatbot/rules', {
    ...{ name: 'price', pattern: '价格', reply },
  });
  expect(added.status).toBe(201);
  const path = `/chatbot/rules/${added.body['id']}`;
  const shown = { type: 'webhook', url: `${erpUrl}/answer?token=***` };
  expect(added.body).toMatchObject({ reply: shown });
  const tried = await as('operator', 'POST', '/chatbot/rules/test', { text: '价格' });
  expect(tried.body).toMatchObject({ hit: { reply: shown } });
  for (const role of ['viewer', 'admin']) {
    expect((await as(role, 'GET', path)).body).toMatchObject({ reply: shown });
    expect((await as(role, 'GET', '/chatbot/rules')).text).not.toContain('HIDE');
  }
  const changed = await as('operator', 'PATCH', path, { priority: 5, reply: shown });
  expect(changed.body).toMatchObject({ priority: 5, reply: shown });
  const asked = erp.asked.length;
  await as('operator', 'POST', '/chatbot/ask', { question: '价格' });
  expect(erp.asked.slice(asked).map((one) => one.path)).toContain('/answer?token=HIDE-rule');
  const moved = { reply: { type: 'webhook', url: `${evilUrl}/answer?token=***` } };
  expect((await as('operator', 'PATCH', path, moved)).body).toMatchObject({
    ...{ status: 400, field: 'reply.url' },
  });
});

describe('the address of a receiver', () => {
  test('is shown without its secrets, and keeps them when it comes back', async () => {
    for (const role of ['viewer', 'operator', 'admin']) {
      const told = await as(role, 'GET', '/channels/crm');
      expect(told.body).toMatchObject({ callbackUrl: `${erpUrl}/cb?token=***&x=1` });
    }
    const before = erp.asked.length;
    const { body } = await as('operator', 'POST', '/channels/crm/ping');
    expect(JSON.stringify(body)).not.toContain('HIDE');
    const callbackUrl = `${erpUrl}/cb2?token=***&x=1`;
    const changed = await as('admin', 'PATCH', '/channels/crm', { callbackUrl, name: 'CRM' });
    expect(changed.body).toMatchObject({ callbackUrl, name: 'CRM' });
    await as('operator', 'POST', '/channels/crm/ping');
    // Events of the bot come there as well.
    const paths = new Set(erp.asked.slice(before).map(({ path }) => path));
    expect([...paths]).toEqual(['/cb?token=HIDE-cb&x=1', '/cb2?token=HIDE-cb&x=1']);
    const moved = { callbackUrl: `${evilUrl}/cb?token=***` };
    expect((await as('admin', 'PATCH', '/channels/crm', moved)).body).toMatchObject({
      ...{ status: 400, field: 'callbackUrl' },
    });
    const add = { chid: 'new', callbackUrl: `${erpUrl}/cb?token=***` };
    expect((await as('admin', 'POST', '/channels', add)).status).toBe(400);
  });
});
