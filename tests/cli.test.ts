import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runInProcess, spawnCli } from './support/cli.ts';
import { CommandClient } from './support/command-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';
import { WebhookSink } from './support/webhook-sink.ts';

let running: TestDaemon;
let local: Record<string, string>;
let folder: string;
const sink = new WebhookSink();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-cli-'));
  await sink.start();
  running = await startDaemon({
    channels: [{ chid: 'demo', key: 'secret', callbackUrl: sink.url, events: ['sendStatus'] }],
  });
  local = { WXRC_DATA: running.dataDir, LANG: 'en_US.UTF-8' };
});
afterAll(async () => {
  await running.close();
  await sink.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs with --json and reads the result. */
async function json(...args: string[]) {
  const { code, out, err } = await runInProcess([...args, '--json'], local);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as Record<string, unknown>;
}

async function fails(code: number, said: RegExp, ...args: string[]): Promise<void> {
  const result = await runInProcess(args, local);
  expect([result.code, result.out]).toEqual([code, '']);
  expect(result.err).toMatch(said);
}

async function logIn(botcode = 'bot01'): Promise<void> {
  if ((await json('bot', 'status', botcode))['state'] === 'ready') return;
  for (const act of ['scan', 'confirm']) {
    const address = `${running.url}/simulator/${botcode}/${act}`;
    await eventually(async () => (await fetch(address, { method: 'POST' })).ok, act);
  }
  await eventually(async () => (await json('bot', 'status', botcode))['state'] === 'ready');
}

test('a process of its own finds the daemon by its data directory', async () => {
  const { code, out, err } = await spawnCli(['bot', 'list'], local);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^BOTCODE\s+DRIVER\s+STATE/);
  expect(out).toMatch(/\nbot01\s+simulator\s+scan/);
});

test('npm run -s wxrc -- … is the same', async () => {
  const child = spawn('npm', ['run', '-s', 'wxrc', '--', 'log', '--json'], {
    cwd: join(import.meta.dirname, '..'),
    env: { ...process.env, ...local },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let out = '';
  for await (const chunk of child.stdout) out += String(chunk);
  expect(out).toBe('{"level":"debug"}\n');
});

test('bots: status, login, logout, release, add, remove', async () => {
  const shown = await runInProcess(['bot', 'status', 'bot01', '--qr'], local);
  expect(shown.out).toContain('▄▄▄▄▄▄▄');
  await logIn();
  expect((await runInProcess(['bot', 'status', 'bot01'], local)).out).toContain(
    'bot01  simulator  ready',
  );
  const added = await json('bot', 'add', 'cli-bot', '--name', '柜台', '--no-start');
  expect(added).toMatchObject({ botcode: 'cli-bot', state: 'off' });
  await json('bot', 'login', 'cli-bot');
  await logIn('cli-bot');
  await json('bot', 'logout', 'cli-bot');
  expect(await json('bot', 'release', 'cli-bot')).toMatchObject({ botcode: 'cli-bot' });
  await fails(2, /--yes/, 'bot', 'remove', 'cli-bot');
  await json('bot', 'remove', 'cli-bot', '--yes');
  await fails(1, /there is no bot cli-bot|没有机器人/, 'bot', 'status', 'cli-bot');
});

test('channels: add, list, rotate, pause, resume, remove', async () => {
  const { key } = await json('channel', 'add', 'shop', '--bot', 'bot01', '--user-msg', 'all');
  const { items } = await json('channel', 'list');
  expect(items).toContainEqual(
    expect.objectContaining({ chid: 'shop', bots: ['bot01'], userMsg: 'all' }),
  );
  const rotated = await json('channel', 'rotate', 'shop', '--overlap', '0');
  expect(rotated['key']).not.toBe(key);
  expect(await json('channel', 'pause', 'shop', '--reason', 'moving')).toMatchObject({
    pausedReason: 'moving',
  });
  expect(await json('channel', 'resume', 'shop')).toMatchObject({ pausedReason: null });
  await fails(2, /usage: wxrc channel add CHID/, 'channel', 'add');
  await fails(2, /--overlap/, 'channel', 'rotate', 'shop', '--overlap', 'long');
  await json('channel', 'remove', 'shop', '--yes');
});

test('send text, image and card; trace and cancel', async () => {
  await logIn();
  const where = ['--bot', 'bot01', '--room', '测试群', '--wait'];
  const text = await json('send', 'text', '你好 from the shell', ...where, '--at', '张三');
  expect(text).toMatchObject({ state: 'sent', sendStatus: '1' });
  const trace = await runInProcess(['trace', String(text['msgid'])], local);
  expect(trace.out).toMatch(/accepted[\s\S]*handed[\s\S]*acknowledged[\s\S]*sent/);

  const picture = join(folder, 'pixel.png');
  writeFileSync(
    picture,
    Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    ),
  );
  expect(await json('send', 'image', picture, ...where)).toMatchObject({ state: 'sent' });

  const card = join(folder, 'card.json');
  writeFileSync(
    card,
    JSON.stringify({
      appid: 'wx1',
      username: 'gh_1',
      title: '标题',
      pagePath: 'pages/index',
      thumbUrl: 'https://example.com/x',
      thumbKey: 'obtained before',
    }),
  );
  expect(await json('send', 'card', '--card', card, ...where)).toMatchObject({ state: 'sent' });

  const absent = await runInProcess(
    ['send', 'text', 'x', '--bot', 'bot01', '--room', '没有这个群', '--wait', '--json'],
    local,
  );
  expect([absent.code, JSON.parse(absent.out).state]).toEqual([1, 'absent']);
  await fails(2, /--bot is missing/, 'send', 'text', 'x', '--room', '测试群');
  await fails(1, /roomId/, 'send', 'text', 'x', '--bot', 'bot01');
  await fails(2, /cannot be read/, 'send', 'image', join(folder, 'none.png'), ...where);
  await fails(2, /--card is missing/, 'send', 'card', ...where);
  await fails(1, /is settled already|已结束/, 'send', 'cancel', String(text['msgid']));
  await fails(2, /give a MSGID or --txcode/, 'trace');
});

const signing = ['sign', 'roomSendText', '--chid', 'demo', '--bot', 'bot01', '--room', '测试群'];
const ways = [[], ['--get'], ['--type', 'hmac-sha256'], ['--key', 'secret']];

test('what sign prints is accepted: by POST and GET, with both signature types', async () => {
  for (const [n, extra] of ways.entries()) {
    const txcode = `signed-${n}`;
    const signed = await json(...signing, '--text', `it's "${n}"`, '--txcode', txcode, ...extra);
    const { url, body, signature, type } = signed as Record<string, string>;
    const response = await fetch(url ?? '', {
      headers: {
        'X-Ecaspsplus-Signature': signature ?? '',
        'X-Ecaspsplus-SignatureType': type ?? '',
        'content-type': 'application/json',
      },
      ...(!extra.includes('--get') && { method: 'POST', body: body ?? '' }),
    });
    expect(await response.text()).toContain('"rtCode":"0"');
    expect(await json('trace', '--txcode', txcode, '--chid', 'demo')).toMatchObject({
      sends: [{ send: { content: { text: `it's "${n}"` } } }],
    });
  }
});

const curl = spawnSync('curl', ['--version']).status === 0;

test.skipIf(!curl)('the curl that sign prints works as it stands', async () => {
  for (const extra of ways) {
    const { curl: command } = await json(...signing, '--text', `it's "curl"`, ...extra);
    expect(await runShell(String(command))).toContain('"rtCode":"0"');
  }
  const wrong = await json(...signing, '--text', 'x', '--key', 'wrong');
  expect(await runShell(String(wrong['curl']))).toContain('"rtCode":"13"');
});

test('events are followed from where one was', async () => {
  await logIn();
  const client = new CommandClient(() => running.url);
  const { msgid } = await client.call('roomSendText', { roomTopic: '测试群', text: 'tail me' });
  client.close();
  const { code, out } = await spawnCli(
    ['events', 'tail', '--chid', 'demo', '--after', '0', '--count', '1', '--json'],
    local,
  );
  expect(code).toBe(0);
  const [line = ''] = out.split('\n');
  expect(JSON.parse(line)).toMatchObject({ eventId: 1, type: 'sendStatus' });
  expect(msgid).toBeGreaterThan(0);
  await fails(1, /no channel none|没有渠道/, 'events', 'tail', '--chid', 'none');
  await fails(2, /--chid is missing/, 'events', 'tail');
});

test('dead letters are listed and sent again', async () => {
  await logIn();
  const client = new CommandClient(() => running.url);
  await client.call('roomSendText', { roomTopic: '测试群', text: 'dies' });
  client.close();
  const { db } = running.daemon.core;
  // The send has ended and its receiver knows: nothing more comes by itself.
  await eventually(async () => {
    const open = await db.read("SELECT msgid FROM sends WHERE state IN ('queued', 'sending')");
    const due = await db.read("SELECT event_id FROM events WHERE state = 'due'");
    return open.length === 0 && due.length === 0;
  }, 'all told');
  await db.transaction((tx) => tx.run("UPDATE events SET state = 'dead', last_error = 'HTTP 500'"));
  const { items } = (await json('dead', 'list')) as { items: { eventId: number }[] };
  expect(items.length).toBeGreaterThan(0);
  expect((await json('dead', 'list', '--limit', '1'))['items']).toHaveLength(1);
  const one = String(items[0]?.eventId);
  const told = sink.received.length;
  expect(await json('dead', 'redrive', '--chid', 'demo', '--id', one)).toEqual({ count: 1 });
  await fails(2, /say which/, 'dead', 'redrive', '--chid', 'demo');
  expect(await json('dead', 'redrive', '--chid', 'demo', '--all')).toEqual({
    count: items.length - 1,
  });
  await eventually(() => sink.received.length === told + items.length, 'told again');
});

test('tokens: another machine needs one', async () => {
  const { token, id } = await json('token', 'add', 'laptop', '--days', '2');
  const remote = { WXRC_URL: running.url, WXRC_DATA: join(folder, 'elsewhere') };
  const denied = await runInProcess(['bot', 'list', '--lang', 'en'], remote);
  expect([denied.code, denied.out]).toEqual([77, '']);
  const granted = await runInProcess(['bot', 'list', '--json'], {
    ...remote,
    WXRC_TOKEN: String(token),
  });
  expect(granted.code).toBe(0);
  // The local token is not shown to an address that is not our daemon's.
  const elsewhere = await runInProcess(['bot', 'list', '--url', sink.url], local);
  expect(elsewhere.code).not.toBe(0);
  expect(JSON.stringify(sink.received.map((one) => one.headers))).not.toContain('wxrc_');
  await json('token', 'revoke', String(id));
  expect(((await json('token', 'list'))['items'] as object[]).length).toBe(0);
});

test('status, log level, reload, doctor', async () => {
  expect(await json('status')).toMatchObject({ ready: { status: 'ready' } });
  expect(await json('log')).toEqual({ level: 'debug' });
  await json('reload');
  const { findings } = (await json('doctor', '--time-url', running.url)) as {
    findings: { check: string; status: string; detail: string }[];
  };
  const named = new Set(findings.map((one) => one.check));
  for (const check of [
    'node',
    'config',
    'data',
    'disk',
    'sync',
    'store',
    'port',
    'daemon',
    'token',
    'clock',
    'fonts',
  ]) {
    expect([...named]).toContain(check);
  }
  expect(findings.filter((one) => one.check === 'clock')).toHaveLength(2);
});

test('the local token is in a file that only its owner reads', () => {
  expect(readFileSync(join(running.dataDir, 'cli.token'), 'utf8')).toMatch(/^wxrc_[\w-]{43}\n$/);
});

/** The daemon answers from this process, so it must not be blocked meanwhile. */
async function runShell(command: string): Promise<string> {
  const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  for await (const chunk of child.stdout) out += String(chunk);
  return out;
}
