import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sign } from '../bot/signature.ts';
import { AdminClient } from './support/admin-client.ts';
import { runInProcess } from './support/cli.ts';
import { CommandClient } from './support/command-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';

/** Everything that must not show: in logs, in answers, in clear on disk. */
const secrets = {
  channelKey: 'S3CRET-channel-key',
  oldKey: 'S3CRET-old-key',
  password: 'S3CRET-password',
  puppetToken: 'puppet_S3CRET_token',
};
let running: TestDaemon;
let admin: AdminClient;
let made: string[];

beforeAll(async () => {
  running = await startDaemon({
    admin: { username: 'admin', password: secrets.password },
    log: 'debug',
    channels: [
      {
        chid: 'demo',
        key: secrets.channelKey,
        oldKey: secrets.oldKey,
        callbackUrl: 'http://127.0.0.1:1/cb',
      },
    ],
    bots: [
      { botcode: 'bot01', driver: 'simulator', autoScan: false },
      {
        botcode: 'real',
        driver: 'wechaty',
        puppet: 'wechaty-puppet-service',
        puppetOptions: {
          token: secrets.puppetToken,
          endpoint: '127.0.0.1:1',
          tls: { disable: true },
        },
      },
    ],
  });
  admin = new AdminClient(() => running.url);
  await admin.login(secrets.password);
  made = [admin.token ?? ''];
  await exercise();
}, 60_000);
afterAll(() => running.close());

/** Whatever makes parts talk: commands good and bad, failing receivers, failing puppets, operators. */
async function exercise(): Promise<void> {
  const client = new CommandClient(() => running.url, { key: secrets.channelKey });
  for (const act of ['scan', 'confirm']) {
    const address = `${running.url}/simulator/bot01/${act}`;
    await eventually(async () => (await fetch(address, { method: 'POST' })).ok, act);
  }
  const { rtCode } = await client.call('roomSendText', { roomTopic: '测试群', text: 'x' });
  expect(rtCode).toBe('0');
  await client.call('login', {}, { key: secrets.oldKey });
  await client.call('login', {}, { key: 'wrong' });
  await client.raw({ name: 'login', body: '{', headers: {} });
  await admin.refused(401, 'POST', '/session', { username: 'admin', password: 'wrong' });
  made.push((await admin.ok('POST', '/tokens', { name: 'x' })).body.token);
  made.push((await admin.ok('POST', '/channels', { chid: 'c2' })).body.key);
  made.push((await admin.ok('POST', '/channels/c2/rotate', {})).body.key);
  admin.texts.length = 0;
  for (const path of ['/status', '/bots', '/bots/real', '/channels', '/channels/demo', '/tokens']) {
    await admin.ok('GET', path);
  }
  await eventually(() => running.log().includes('"real"'), 'the puppet talks');
  await eventually(async () => {
    const { items } = (await admin.ok('GET', '/deliveries?chid=demo')).body;
    return items.length > 0;
  }, 'an event');
  const signed = sign('x', secrets.channelKey);
  await fetch(`${running.url}/api/v1/files`, {
    method: 'POST',
    body: 'x',
    headers: { 'x-wxrc-chid': 'demo', 'x-ecaspsplus-signature': signed },
  });
  made.push(signed);
  client.close();
}

function search(text: string): string[] {
  return [...Object.values(secrets), ...made].filter((secret) => text.includes(secret));
}

test('no secret is in the logs, at the most talkative level', () => {
  expect(running.log().length).toBeGreaterThan(500);
  expect(search(running.log())).toEqual([]);
});

test('no secret is in what is answered after it was made', async () => {
  const open: string[] = [];
  for (const path of ['/live', '/ready', '/metrics', '/openapi.json', '/docs']) {
    open.push(await (await fetch(`${running.url}${path}`)).text());
  }
  expect(search(open.join('\n'))).toEqual([]);
  expect(search(admin.texts.join('\n'))).toEqual([]);
  const env = { WXRC_DATA: running.dataDir };
  for (const args of [
    ['status'],
    ['doctor'],
    ['channel', 'list'],
    ['bot', 'list'],
    ['token', 'list'],
  ]) {
    const { out, err } = await runInProcess(args, env);
    expect(search(out + err)).toEqual([]);
  }
});

test('no secret lies in clear in the database', async () => {
  await running.daemon.stop();
  const files = readdirSync(running.dataDir, { recursive: true, encoding: 'utf8' })
    .filter((name) => /wxrc\.db/.test(name))
    .map((name) => readFileSync(join(running.dataDir, name)).toString('latin1'));
  expect(files.length).toBeGreaterThan(0);
  expect(search(files.join('\n'))).toEqual([]);
});
