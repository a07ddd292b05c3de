import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Spawned, said, spawnNode } from '../scripts/fault/spawned.ts';
import { type Sandbox, startSandbox } from '../scripts/wechat-sandbox/sandbox.ts';
import { AdminClient } from './support/admin-client.ts';
import { oneOfEach, type Place } from './support/customers.ts';
import { eventually } from './support/eventually.ts';

// A daemon that is killed between storing an operator's answer and saying so, for each way that
// customers come by; whoever asks again is answered by its next life.

const folder = mkdtempSync(join(tmpdir(), 'wxrc-answers-'));
const account = { appid: 'wx0123456789abcdef', secret: 'secret', token: 'token' };
let sandbox: Sandbox;
let child: Spawned;
let place: Place = { url: '', imPort: 0 };
const admin = new AdminClient(() => place.url);

beforeAll(async () => {
  sandbox = await startSandbox({ accounts: [{ ...account, kind: 'miniprogram' }] });
  const config = {
    ...{ dataDir: join(folder, 'data'), bots: [], http: { port: 0 }, im: { tcpPort: 0 } },
    admin: { username: 'admin', password: 'test-password' },
    apps: [7, 8].map((appid) => ({ appid, secret: 'secret' })),
    wechat: [{ ...account, apiBase: sandbox.url }],
  };
  writeFileSync(join(folder, 'wxrc.config.json'), JSON.stringify(config));
});
afterAll(async () => {
  child.child.kill('SIGKILL');
  await child.ended;
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The next life, which ends when so many answers have come to this step, and nobody was told. */
async function live(step: 'before' | 'durable' | 'never', count = 0): Promise<void> {
  const file = join(folder, 'wxrc.config.json');
  child = spawnNode(['tests/support/answer-victim.ts', file, step, String(count)]);
  const [url = '', port] = (await said(child, /ready (\S+) (\d+)\n/)) ?? [];
  place = { url, imPort: Number(port) };
  sandbox.setPush(`${url}/api/imbot/wechat/customer`);
  if (admin.token === undefined) await admin.login();
}

it('killed before it is stored, and after: whoever asks again is answered, and the customer reads it once', async () => {
  await live('before', 1);
  const { body } = await admin.ok('POST', '/im/desks', { appid: 7, name: '客服' });
  await admin.ok('PUT', `/im/desks/${body.storeId}/sellers/502`, { status: 'online' });
  await admin.ok('PATCH', '/im/apps/8', { storeId: body.storeId });
  const customers = oneOfEach(() => place, admin, sandbox);
  const { wechat, ...others } = customers;
  const all = Object.values(customers);
  const paths = new Map<string, string>();
  for (const { via, ask, id } of all) {
    await ask('在吗');
    paths.set(via, `/im/conversations/${await id()}/messages`);
  }
  const answer = async (via: string): Promise<{ id: unknown; agent: unknown }> => {
    const said = { text: `${via} 在的`, txcode: `try:${via}` };
    return (await admin.ok('POST', paths.get(via) ?? '', said)).body;
  };
  const lost = (via: string) => expect(answer(via)).rejects.toThrow('fetch failed');
  const stored = async (via: string): Promise<boolean> =>
    (await admin.ok('GET', paths.get(via) ?? '')).body.items[0]?.by === 'agent';

  // Nothing of it is there: another life says it.
  await lost('wechat');
  await child.ended;
  await live('durable', 4);
  expect(await stored('wechat')).toBe(false);
  const ends = Object.keys(others).map(lost);
  for (const via of Object.keys(others)) await eventually(`answer by ${via}`, () => stored(via));
  // Last, as it wakes what hands it to WeChat.
  await lost('wechat');
  await Promise.all(ends);
  await child.ended;

  await live('never');
  for (const { via, heard } of all) {
    expect(await stored(via)).toBe(true);
    const [first, second] = [await answer(via), await answer(via)];
    expect(first.agent).toBe('502');
    expect(second).toEqual(first);
    // What comes behind it shows that nothing is still on its way.
    await admin.ok('POST', paths.get(via) ?? '', { text: '请讲' });
    await eventually(`two answers by ${via}`, async () => (await heard()).length > 1);
    expect(await heard()).toEqual([`${via} 在的`, '请讲']);
  }
}, 120_000);
