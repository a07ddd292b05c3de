import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { CommandClient } from './support/command-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon;
let admin: AdminClient;

beforeAll(async () => {
  running = await startDaemon();
  admin = new AdminClient(() => running.url);
  await admin.login();
});
afterAll(() => running.close());

const rtCode = async (chid: string, key: string) =>
  (await new CommandClient(() => running.url, { chid, key }).call('botStatus')).rtCode;

test('a channel is added, commands, is changed, rotates its key, is removed', async () => {
  const { channel, key } = (
    await admin.ok('POST', '/channels', { chid: 'shop', name: '商城', bots: ['bot01'] })
  ).body;
  expect(channel).toMatchObject({ chid: 'shop', source: 'admin', keyCount: 1, bots: ['bot01'] });
  expect(await rtCode('shop', key)).toBe('0');

  const changed = await admin.ok('PATCH', '/channels/shop', {
    callbackUrl: 'http://127.0.0.1:9/cb',
    ratePerMinute: 5,
  });
  expect(changed.body).toMatchObject({ name: '商城', ratePerMinute: 5, bots: ['bot01'] });
  const cleared = await admin.ok('PATCH', '/channels/shop', { callbackUrl: null, bots: null });
  expect(cleared.body).toMatchObject({ bots: '*', ratePerMinute: 5 });
  expect(cleared.text).not.toContain('callbackUrl');

  const { key: next } = (await admin.ok('POST', '/channels/shop/rotate', {})).body;
  expect((await admin.ok('GET', '/channels/shop')).body.keyCount).toBe(2);
  expect([await rtCode('shop', key), await rtCode('shop', next)]).toEqual(['0', '0']);
  const { key: last } = (await admin.ok('POST', '/channels/shop/rotate', { overlapSeconds: 0 }))
    .body;
  expect([await rtCode('shop', next), await rtCode('shop', last)]).toEqual(['13', '0']);

  await admin.ok('DELETE', '/channels/shop');
  expect(await rtCode('shop', last)).toBe('11');
  await admin.refused(404, 'GET', '/channels/shop');
});

test('a channel is held and delivered to again', async () => {
  const held = await admin.ok('POST', '/channels/demo/pause', { reason: 'receiver moves' });
  expect(held.body.pausedReason).toBe('receiver moves');
  expect((await admin.ok('GET', '/channels/demo')).body.pausedReason).toBe('receiver moves');
  expect(await rtCode('demo', 'secret')).toBe('0');
  expect((await admin.ok('POST', '/channels/demo/resume')).body.pausedReason).toBeNull();
});

test('channels are listed page by page', async () => {
  for (const chid of ['p1', 'p2', 'p3']) await admin.ok('POST', '/channels', { chid });
  const seen: string[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await admin.ok('GET', `/channels?limit=2${cursor}`);
    expect(body.items.length).toBeLessThanOrEqual(2);
    seen.push(...body.items.map((one) => one.chid));
    if (body.next === null) break;
    cursor = `&cursor=${body.next}`;
  }
  expect(seen).toEqual(['demo', 'p1', 'p2', 'p3']);
});

test('what the config declares is removed there', async () => {
  const { body } = await admin.refused(409, 'DELETE', '/channels/demo');
  expect(body.detail).toContain('配置文件');
});

test.each([
  ['without chid', {}, 'chid'],
  ['with an illegal chid', { chid: 'a b' }, 'chid'],
  ['with a mistyped list', { chid: 'x', bots: 'bot01' }, 'bots'],
  ['with a callback that is no address', { chid: 'x', callbackUrl: 'ftp://x' }, 'callbackUrl'],
  ['with an unknown field', { chid: 'x', colour: 'red' }, 'colour'],
  ['with an address that is none', { chid: 'x', addresses: ['10.0.0.0/99'] }, 'addresses.0'],
])('a channel %s is refused', async (_what, body, field) => {
  expect((await admin.refused(400, 'POST', '/channels', body)).body.field).toBe(field);
});

test('other wrong calls are refused with the right status', async () => {
  await admin.refused(409, 'POST', '/channels', { chid: 'demo' });
  await admin.refused(400, 'PATCH', '/channels/demo', { chid: 'other' });
  await admin.refused(400, 'PATCH', '/channels/demo', { key: 'new' });
  await admin.refused(400, 'PATCH', '/channels/demo', { ratePerMinute: -1 });
  await admin.refused(400, 'PATCH', '/channels/demo', '[1]');
  await admin.refused(404, 'PATCH', '/channels/none', { name: 'x' });
  await admin.refused(404, 'DELETE', '/channels/none');
  await admin.refused(404, 'POST', '/channels/none/rotate', {});
  await admin.refused(400, 'POST', '/channels/demo/rotate', { overlapSeconds: -1 });
  await admin.refused(404, 'POST', '/channels/none/pause', {});
  await admin.refused(400, 'POST', '/channels/demo/pause', { reason: '' });
  await admin.refused(404, 'POST', '/channels/none/resume');
  await admin.refused(400, 'GET', '/channels?limit=9999');
  await admin.refused(413, 'POST', '/channels', JSON.stringify({ chid: 'x'.repeat(1_100_000) }));
  await admin.refused(404, 'GET', '/nothing');
  const { headers } = await admin.refused(405, 'PUT', '/channels');
  expect(headers.get('allow')).toBe('HEAD, GET, POST');
  const form = await fetch(`${running.url}/api/v1/channels`, {
    method: 'POST',
    body: new URLSearchParams({ chid: 'x' }),
    headers: { authorization: `Bearer ${admin.token}` },
  });
  expect(form.status).toBe(415);
});

test('keys are shown when they are made and never again', async () => {
  const client = new AdminClient(() => running.url);
  client.token = admin.token;
  const made = [
    (await client.ok('POST', '/channels', { chid: 'secretive', key: 'given-by-hand' })).body.key,
    (await client.ok('POST', '/channels/secretive/rotate', {})).body.key,
    'secret',
  ];
  client.texts.length = 0;
  await client.ok('GET', '/channels');
  await client.ok('GET', '/channels/secretive');
  await client.ok('PATCH', '/channels/secretive', { name: 'x' });
  await client.ok('POST', '/channels/secretive/pause', {});
  await client.ok('GET', '/status');
  const told = client.texts.join('\n');
  for (const key of made) expect(told).not.toContain(`"${key}"`);
});
