import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';
import { farDaily } from './support/far-daily.ts';
import { logInBot } from './support/log-in-bot.ts';

let running: TestDaemon;
let admin: AdminClient;
let roomId: string;

/** Of one colour, wide enough to be made smaller. */
const picture = PNG.sync.write(new PNG({ width: 400, height: 100, fill: true }));
const dataUrl = `data:image/png;base64,${picture.toString('base64')}`;

beforeAll(async () => {
  running = await startDaemon();
  admin = new AdminClient(() => running.url);
  await admin.login();
  await logInBot(running, 'bot01');
  roomId = String((await admin.ok('GET', '/bots/bot01/rooms')).body.items[0]?.id);
}, 30_000);
afterAll(() => running.close());

async function send(content: object, target: object = { roomId }): Promise<number> {
  const { body } = await admin.ok('POST', '/sends', { botcode: 'bot01', ...target, content });
  return body.msgid;
}

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  const address = `${running.url}/api/v1/sends/${path}`;
  return fetch(address, { headers: { authorization: `Bearer ${admin.token}`, ...headers } });
}

const why = async (response: Response): Promise<string> =>
  String(((await response.json()) as { detail?: string }).detail);

test('a picture that was sent can be looked at by a viewer, whole and small', async () => {
  const msgid = await send({ kind: 'image', file: dataUrl });
  const whole = await get(`${msgid}/picture`);
  expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect(Object.fromEntries(whole.headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'content-disposition': 'inline',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, no-cache',
  });
  expect(Buffer.from(await whole.arrayBuffer())).toEqual(picture);
  const again = await get(`${msgid}/picture`, {
    'if-none-match': String(whole.headers.get('etag')),
    'cache-control': 'max-age=0',
  });
  expect(again.status).toBe(304);
  const part = await get(`${msgid}/picture`, { range: 'bytes=1-3' });
  expect([part.status, await part.text()]).toEqual([206, 'PNG']);
  expect((await get(`${msgid}/picture`, { range: 'bytes=999999-' })).status).toBe(416);
  const small = await get(`${msgid}/picture?width=80`);
  expect([small.status, small.headers.get('content-type')]).toEqual([200, 'image/webp']);
  for (const width of ['0', '4000', 'x']) {
    expect((await get(`${msgid}/picture?width=${width}`)).status, width).toBe(400);
  }
  const { token } = (await admin.ok('POST', '/tokens', { name: 'looks', role: 'viewer' })).body;
  expect((await get(`${msgid}/picture`, { authorization: `Bearer ${token}` })).status).toBe(200);
  expect((await get(`${msgid}/picture`, { authorization: '' })).status).toBe(401);
});

test('what there is nothing to see of says why', async () => {
  const text = await send({ kind: 'text', text: 'words' });
  const never = await send({ kind: 'image', file: 'https://pictures.invalid/a.png' });
  for (const [path, reason] of [
    [`${text}/picture`, '不是图片'],
    [`${never}/picture`, '图片还没有取到'],
    ['999999/picture', '消息 999999'],
  ] as const) {
    const refused = await get(path);
    expect([refused.status, await why(refused)], path).toEqual([
      404,
      expect.stringContaining(reason),
    ]);
  }
  // Others of the room wait for it.
  await admin.ok('POST', `/sends/${never}/cancel`);
});

test('a picture that is kept no more is told as such, whether its row or its bytes went', async () => {
  const { files } = running.daemon.core;
  const msgid = await send({ kind: 'image', file: dataUrl });
  const { content } = (await admin.ok('GET', `/sends/${msgid}`)).body as unknown as {
    content: { source: { sha256: string } };
  };
  rmSync(files.pathOf(content.source.sha256));
  const gone = await get(`${msgid}/picture`);
  expect([gone.status, await why(gone)]).toEqual([404, expect.stringContaining('不再保留')]);
  await files.sweep(Number.MAX_SAFE_INTEGER);
  expect((await get(`${msgid}/picture`)).status).toBe(404);
  // Sent again, it is there again.
  await send({ kind: 'image', file: dataUrl });
  expect((await get(`${msgid}/picture`)).status).toBe(200);
});

test('a send of a report says which run and page it is; the simulated phone where its picture is', async () => {
  const rows = Array.from({ length: 120 }, (_one, at) => `门店 ${at},${at}`);
  mkdirSync(join(running.dataDir, 'reports'), { recursive: true });
  writeFileSync(join(running.dataDir, 'reports', 'shops.csv'), ['shop,n', ...rows].join('\n'));
  await admin.ok('POST', '/schedules', {
    name: 'long',
    expr: farDaily(),
    title: '门店排行',
    output: 'table',
    source: { type: 'file', file: 'shops.csv' },
    targets: [{ botcode: 'bot01', roomId }],
  });
  const { slot } = (await admin.ok('POST', '/schedules/long/run')).body as unknown as {
    slot: number;
  };
  const messages = await eventually(async () => {
    const { body } = await admin.ok('GET', `/schedules/long/runs/${slot}`);
    const run = body as unknown as { state: string; targets: { messages: { msgid: number }[] }[] };
    return run.state === 'sent' ? run.targets[0]?.messages : undefined;
  }, 'it is sent');
  expect(messages.length).toBeGreaterThan(1);
  for (const [at, { msgid }] of messages.entries()) {
    expect((await admin.ok('GET', `/sends/${msgid}`)).body).toMatchObject({
      run: { schedule: 'long', slot },
      content: { page: { title: '门店排行', number: at + 1, of: messages.length } },
    });
    expect((await get(`${msgid}/picture`)).status).toBe(200);
  }
  const said = await fetch(
    `${running.url}/simulator/bot01/rooms/${encodeURIComponent(roomId)}/messages?limit=1`,
  );
  const { messages: seen } = (await said.json()) as { messages: { file: { url: string } }[] };
  const shown = await fetch(`${running.url}/${seen[0]?.file.url}`);
  expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png']);
});
