import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterEach, expect, test } from 'vitest';
import { sign } from '../bot/signature.ts';
import { AdminClient } from './support/admin-client.ts';
import { runInProcess } from './support/cli.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';
import { type Received, WebhookSink } from './support/webhook-sink.ts';

let running: TestDaemon | undefined;
const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  await running?.close();
  running = undefined;
  for (const close of closing.splice(0)) await close();
});

interface Mail {
  from: string;
  to: string[];
  text: string;
}

async function mailServer(mails: Mail[]): Promise<number> {
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'ops' && password === 'pw' ? done(null, { user: 'ops' }) : done(new Error('no')),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map((one) => one.address),
          text: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  closing.push(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return (server.server.address() as AddressInfo).port;
}

async function sink(): Promise<WebhookSink> {
  const made = new WebhookSink();
  await made.start();
  closing.push(() => made.stop());
  return made;
}

const bots = [
  { botcode: 'bot01', driver: 'simulator', autoScan: false },
  { botcode: 'bot02', driver: 'simulator', autoScan: false },
];
const rules = { bot: { afterSeconds: 0 }, botNeedsYou: { afterSeconds: 0 } };

async function login(url: string, botcode: string): Promise<void> {
  for (const act of ['scan', 'confirm']) {
    const address = `${url}/simulator/${botcode}/${act}`;
    await eventually(async () => (await fetch(address, { method: 'POST' })).ok, act);
  }
}

async function read<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}

function bodyOf(one: Received | undefined): Record<string, unknown> {
  return JSON.parse(one?.body ?? '{}') as Record<string, unknown>;
}

test('a bot that waits for its scan is told of, signed, and so is its end', async () => {
  const hook = await sink();
  const key = 'alarm-key';
  running = await startDaemon({
    bots,
    alarms: {
      lanes: [{ kind: 'webhook', name: 'ops', url: hook.url, key }],
      ...{ rules, clearSeconds: 0, bots: ['bot01'] },
    },
  });
  const { url } = running;
  const first = await eventually(() => hook.received[0], 'the alarm', 20_000);
  const body = bodyOf(first);
  expect(body).toMatchObject({
    type: 'alarm',
    id: expect.any(String),
    text: expect.stringContaining('机器人 bot01 等待扫码登录'),
    url: `${url}/#/alarms`,
    alarms: [{ what: 'raised', kind: 'bot', subject: 'bot01', key: 'bot:bot01' }],
  });
  const { headers } = first;
  expect(headers['x-ecaspsplus-signature']).toBe(sign(first.body, key));
  const [id, timestamp] = [headers['webhook-id'], headers['webhook-timestamp']];
  const digest = createHmac('sha256', key).update(`${id}.${timestamp}.${first.body}`);
  expect(headers['webhook-signature']).toBe(`v1,${digest.digest('base64')}`);

  const admin = new AdminClient(() => url);
  await admin.login();
  const open = (await admin.ok('GET', '/alarms?state=open')).body.items;
  expect(open).toMatchObject([{ kind: 'bot', subject: 'bot01', state: 'raised', told: true }]);
  await admin.ok('POST', `/alarms/${open[0]?.id}/ack`, { note: 'on it' });
  await login(url, 'bot01');
  const over = await eventually(() => hook.received[1], 'the end', 20_000);
  expect(bodyOf(over)).toMatchObject({ alarms: [{ what: 'over', subject: 'bot01' }] });
  const one = await eventually(async () => {
    const seen = JSON.parse((await admin.ok('GET', `/alarms/${open[0]?.id}`)).text);
    return seen.messages.at(-1)?.state === 'sent' && seen;
  }, 'settled');
  expect(one).toMatchObject({ state: 'over', ackedBy: 'admin', note: 'on it' });
  expect(one.messages.map((message: { what: string; state: string }) => message)).toMatchObject([
    { what: 'raised', state: 'sent', lane: 'ops', tries: [{ error: null }] },
    { what: 'over', state: 'sent', lane: 'ops' },
  ]);
  await running.restart();
  expect(hook.received).toHaveLength(2);
});

test('by another bot’s room; by mail when that bot is away itself', async () => {
  const mails: Mail[] = [];
  const port = await mailServer(mails);
  running = await startDaemon({
    bots,
    alarms: {
      lanes: [
        { kind: 'room', name: 'room', bot: 'bot02', roomTopic: '测试群', withinSeconds: 20 },
        {
          ...{ kind: 'email', name: 'mail', host: '127.0.0.1', port, tls: 'never' },
          ...{ username: 'ops', password: 'pw', from: 'wxrc@example.com', to: ['ops@example.com'] },
          language: 'en',
        },
      ],
      ...{ rules, clearSeconds: 0, bots: ['bot01'] },
    },
  });
  const { url } = running;
  const mail = await eventually(() => mails[0], 'the mail', 20_000);
  expect(mail).toMatchObject({ from: 'wxrc@example.com', to: ['ops@example.com'] });
  expect(mail.text).toMatch(/^Subject: wxrc \[ALARM\] bot bot01 waits for its QR code/m);
  expect(mail.text).toMatch(/^Message-ID: <alarm\.\w+@example\.com>/m);

  await login(url, 'bot02');
  await eventually(() => running?.daemon.core.bots.get('bot02')?.session(), 'bot02');
  await login(url, 'bot01');
  const said = await eventually(
    async () => {
      const rooms = await read<{ rooms?: { id: string; topic: string }[] }>(
        `${url}/simulator/bot02/rooms`,
      );
      const room = rooms.rooms?.find((one) => one.topic === '测试群');
      const seen = await read<{ messages: { text?: string }[] }>(
        `${url}/simulator/bot02/rooms/${room?.id}/messages`,
      );
      return seen.messages.find((one) => one.text?.includes('【已恢复】'));
    },
    'the room',
    20_000,
  );
  expect(said.text).toContain('bot01');
  expect(mails).toHaveLength(1);
});

test('group robots get their own form, and what they refuse goes to the next lane', async () => {
  const [wecom, feishu] = [await sink(), await sink()];
  wecom.reply = () => ({ body: '{"errcode":93000,"errmsg":"invalid webhook url"}' });
  feishu.reply = () => ({ body: '{"code":0,"msg":"success"}' });
  running = await startDaemon({
    bots,
    alarms: {
      lanes: [
        { kind: 'webhook', name: 'wecom', url: `${wecom.url}?key=hidden`, format: 'wecom' },
        { kind: 'webhook', name: 'feishu', url: feishu.url, format: 'feishu' },
      ],
      ...{ rules, bots: ['bot01'] },
    },
  });
  const { url, dataDir } = running;
  const one = await eventually(() => feishu.received[0], 'the alarm', 20_000);
  expect(bodyOf(one)).toEqual({
    msg_type: 'text',
    content: { text: expect.stringContaining('bot01') },
  });
  expect(bodyOf(wecom.received[0])).toEqual({
    msgtype: 'text',
    text: { content: expect.stringContaining('bot01') },
  });
  const admin = new AdminClient(() => url);
  await admin.login();
  const lanes = await admin.ok('GET', '/alarms/lanes');
  expect(lanes.text).not.toContain('hidden');
  expect(lanes.body.items).toMatchObject([
    { name: 'wecom', lastError: '93000: invalid webhook url', lastOkAt: null },
    { name: 'feishu', lastError: null, toldLastHour: 1 },
  ]);
  const env = { WXRC_DATA: dataDir, LANG: 'en_US.UTF-8' };
  const good = await runInProcess(['alarm', 'test', 'feishu'], env);
  expect([good.code, good.out]).toEqual([0, expect.stringMatching(/^OK /)]);
  expect((await runInProcess(['alarm', 'test', 'wecom'], env)).code).toBe(1);
  const list = await runInProcess(['alarm', 'list'], env);
  expect(list.out).toContain('bot01');
  const quiet = ['alarm', 'silence', '--minutes', '5', '--subject', 'bot01', '--note', 'work'];
  expect((await runInProcess(quiet, env)).code).toBe(0);
  expect((await runInProcess(['alarm', 'silences'], env)).out).toContain('work');
  expect((await runInProcess(['alarm', 'list'], env)).out).toMatch(/silenced/);
  await admin.refused(404, 'POST', '/alarms/lanes/none/test');
  await admin.refused(404, 'GET', '/alarms/0123456789ab');
});

test('a paused receiver, and a backup that fails', async () => {
  const hook = await sink();
  running = await startDaemon({
    bots: [],
    channels: [{ chid: 'demo', key: 'secret', callbackUrl: 'http://127.0.0.1:9/' }],
    alarms: { lanes: [{ kind: 'webhook', name: 'ops', url: hook.url }], clearSeconds: 0 },
    // A file, where a folder would have to be.
    backup: { folder: join(import.meta.filename, 'backups') },
  });
  const { url } = running;
  const admin = new AdminClient(() => url);
  await admin.login();
  await admin.ok('POST', '/channels/demo/pause', { reason: 'trial' });
  await admin.refused(500, 'POST', '/backups');
  const lines = (): string[] =>
    hook.received.flatMap((one) =>
      (bodyOf(one)['alarms'] as { what: string; key: string }[]).map(
        ({ what, key }) => `${what} ${key}`,
      ),
    );
  await eventually(() => lines().length === 2, 'both', 20_000);
  expect(lines().sort()).toEqual(['raised backup', 'raised receiver:demo']);
  await admin.ok('POST', '/channels/demo/resume');
  await eventually(() => lines().length === 3, 'the end', 20_000);
});
