import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../scripts/wechat-sandbox/sandbox.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { ImbotClient } from './support/imbot-client.ts';
import { OfficialClient } from './support/official-client.ts';
import { pixel } from './support/pictures.ts';

// Addresses that strangers name, so that the daemon asks where they cannot: behind the firewall, on
// this machine, in the cloud's own network.

const account = { appid: 'wxmini', secret: 'mini-secret', token: 'MMMMM' };
let sandbox: Sandbox;
let running: TestDaemon;
/** What must not be asked. */
let inner: Server;
let innerPort: number;
/** Allowed, and leads on. */
let outer: Server;
let outerUrl: string;
const asked: string[] = [];

beforeAll(async () => {
  inner = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'content-type': 'image/png' }).end(pixel);
  });
  // All of 127.0.0.0/8 and, where there is one, ::1.
  inner.listen(0);
  await once(inner, 'listening');
  innerPort = (inner.address() as AddressInfo).port;
  outer = createServer((request, response) => {
    const to = decodeURIComponent(request.url?.slice(2) ?? '');
    if (to === '') response.end(pixel);
    else response.writeHead(302, { location: to }).end();
  });
  outer.listen(0, '127.0.0.77');
  await once(outer, 'listening');
  outerUrl = `http://127.0.0.77:${(outer.address() as AddressInfo).port}/`;
  sandbox = await startSandbox({ accounts: [account] });
  running = await startDaemon({
    bots: [],
    fetch: { allow: ['127.0.0.77'] },
    imbot: { noticeAllow: ['127.0.0.77'], noticeWaitSeconds: 0 },
    wechat: [{ ...account, apiBase: sandbox.url }],
  });
  sandbox.setPush(`${running.url}/im_component/wx_official_account/push/{appid}`);
});
afterAll(async () => {
  await running.close();
  await sandbox.close();
  inner.close();
  outer.close();
});

const innerAddresses = (): string[] => [
  `http://127.0.0.1:${innerPort}/secret`,
  `http://localhost:${innerPort}/secret`,
  `http://LOCALHOST.:${innerPort}/secret`,
  `http://x.localhost:${innerPort}/secret`,
  `http://127.1:${innerPort}/secret`,
  `http://2130706433:${innerPort}/secret`,
  `http://0x7f000001:${innerPort}/secret`,
  `http://0177.0.0.1:${innerPort}/secret`,
  `http://0.0.0.0:${innerPort}/secret`,
  `http://[::1]:${innerPort}/secret`,
  `http://[::ffff:127.0.0.1]:${innerPort}/secret`,
  `http://[::ffff:7f00:1]:${innerPort}/secret`,
  `http://127.0.0.77@127.0.0.1:${innerPort}/secret`,
  `http://127.0.0.1:${innerPort}#@127.0.0.77/`,
  `http://127.0.0.1:${innerPort}\\@127.0.0.77/secret`,
  `http://①②⑦.⓪.⓪.①:${innerPort}/secret`,
  `http:127.0.0.1:${innerPort}/secret`,
  `//127.0.0.1:${innerPort}/secret`,
];
const odd = [
  'http://169.254.169.254/latest/meta-data/',
  'http://[fd00:ec2::254]/latest/meta-data/',
  'http://10.0.0.1/',
  'file:///etc/passwd',
  'ftp://127.0.0.77/x',
  'gopher://127.0.0.77/x',
  'data:text/html,x',
  'javascript:alert(1)',
  '../../secret.key',
  '/etc/passwd',
  'image/../../secret.key',
];
const redirects = (): string[] =>
  [`http://127.0.0.1:${innerPort}/secret`, 'file:///etc/passwd', `//127.0.0.1:${innerPort}/`].map(
    (to) => `${outerUrl}?${encodeURIComponent(to)}`,
  );

test("a picture that an agent sends to WeChat's user is fetched from the outside only", async () => {
  const agent = await OfficialClient.open(running.url, 'userid=kim');
  await sandbox.say('oAnna', { text: '在吗' }, { appid: account.appid });
  await agent.gets(1);
  const answer = (media_path: string): void => {
    const data = { msg_type: 'image', contact_id: 'oAnna', msg: { media_path } };
    agent.ws.send(JSON.stringify({ data }));
  };
  const attacks = [...innerAddresses(), ...odd, ...redirects()];
  for (const address of attacks) answer(address);
  answer(outerUrl);
  await eventually('the good one', () => sandbox.messages('oAnna').length > 0, 15_000);
  const told = () => agent.frames.filter(({ data }) => data.msg?.['event'] === 'not_sent');
  await eventually('a word on each', () => told().length === attacks.length, 15_000);
  expect(sandbox.messages('oAnna').map(({ msgtype }) => msgtype)).toEqual(['image']);
  expect(asked).toEqual([]);
  // One upload: nothing else was ever shown to WeChat.
  expect(sandbox.calls('media/upload')).toHaveLength(1);
  await agent.close();
});

test('a notice goes to hosts of the config only, and never further', async () => {
  const client = new ImbotClient(() => running.url);
  const attacks = [...innerAddresses(), ...odd, ...redirects()];
  for (const [at, address] of attacks.entries()) {
    const msg = { type: 'text', reply: 'x', timestamp: at };
    await client.say('Bowen', `Joe${at}`, msg, address).catch(() => undefined);
  }
  const last = { type: 'text', reply: 'x', timestamp: 1 };
  await client.say('Bowen', 'last', last, outerUrl);
  const outcomes = () => running.log().match(/"outcome":/g)?.length ?? 0;
  await eventually('all of them', () => outcomes() > redirects().length, 15_000);
  await eventually(
    'an end',
    async () => {
      const rows = await running.daemon.core.db.read('SELECT count(*) AS n FROM imbot_notices');
      return Number(rows[0]?.['n']) === 0;
    },
    15_000,
  );
  expect(asked).toEqual([]);
});

test('names that look like paths reach no file', async () => {
  for (const root of [
    '/file',
    '/images',
    '/files',
    '/api/imbot/image',
    '/api/imbot/video',
    '/qr',
  ]) {
    for (const name of [
      '..%2f..%2fsecret.key',
      '%2e%2e/%2e%2e/secret.key',
      '..%5c..%5csecret.key',
      '....//....//secret.key',
      '%00',
      'secret.key%00.png',
      `${'0'.repeat(64)}.png`,
      'tmp',
      'tmp%2fx.tmp',
    ]) {
      const { status, text } = await raw(`${root}/${name}`);
      expect([400, 404], `${root}/${name}`).toContain(status);
      expect(text).not.toMatch(/ENOENT|wxrc-test|node:/);
    }
  }
});

/** The address as it is, which fetch() would tidy up. */
function raw(path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(running.url);
    request({ hostname, port, path }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    })
      .on('error', reject)
      .end();
  });
}
