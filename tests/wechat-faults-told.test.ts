import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readySchema } from '../api/health.ts';
import { readArguments } from '../scripts/wechat-sandbox/arguments.ts';
import { type Sandbox, startSandbox } from '../scripts/wechat-sandbox/sandbox.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { ImbotClient } from './support/imbot-client.ts';

/** What whoever sets things up wrongly is told. */
let sandbox: Sandbox;
let running: TestDaemon;
const mini = { appid: 'wxmini', secret: 'right', token: 'MMMMM' };

beforeAll(async () => {
  sandbox = await startSandbox({ accounts: [mini] });
  const wechat = [{ ...mini, secret: 'wrong', apiBase: sandbox.url }];
  running = await startDaemon({ bots: [], wechat });
});
afterAll(async () => {
  await running.close();
  await sandbox.close();
});

it('a login with a wrong secret names the secret, not the code', async () => {
  const client = new ImbotClient(() => running.url);
  const { status, json } = await client.get('/openid?code=x');
  expect(status).toBe(502);
  expect(json).toMatchObject({ error: expect.stringMatching(/^secret of the WeChat account: 40/) });
});

it('/ready warns while no token is to be had, and is ready all the same', async () => {
  const ready = async () => {
    const response = await fetch(`${running.url}/ready`);
    return [response.status, readySchema.parse(await response.json()).warnings];
  };
  expect(await ready()).toEqual([200, []]);
  const account = running.daemon.core.wechat.accounts.get('wxmini');
  if (account === undefined) throw new Error('no account');
  await running.daemon.core.wechat.api.call(account, { method: 'POST', path: '/x', body: {} });
  const warning = /^wechat: accounts without access_token: 1 \(40/;
  expect(await ready()).toEqual([200, [expect.stringMatching(warning)]]);
  const settings = { ...account.settings, secret: 'right' };
  running.daemon.core.wechat.applyConfig([settings]);
  expect(await ready()).toEqual([200, []]);
});

it.each(['/im_component/wx_official_account/msg?userid=1', '/ws'])(
  'GET %s without an upgrade says that a WebSocket lives there',
  async (path) => {
    const response = await fetch(`${running.url}${path}`);
    expect([response.status, response.headers.get('upgrade')]).toEqual([426, 'websocket']);
    expect(await response.text()).toContain('WebSocket');
  },
);

it('an upgrade to an address without a WebSocket says so', async () => {
  const text = await new Promise<string>((resolve, reject) => {
    const headers = { connection: 'upgrade', upgrade: 'websocket' };
    const asked = request(`${running.url}/im_component/nothing`, { headers }, (response) => {
      let body = `${response.statusCode} `;
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve(body));
    });
    asked.on('error', reject);
    asked.end();
  });
  expect(text).toBe('404 {"error":"there is no WebSocket at this address"}');
});

it('an option that the sandbox does not know is refused in one sentence', () => {
  expect(() => readArguments(['--prot', '1'])).toThrow(/--prot/);
});
