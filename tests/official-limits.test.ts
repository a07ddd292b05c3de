import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { OfficialClient, push, pushText } from './support/official-client.ts';

let running: TestDaemon | undefined;
const opened: OfficialClient[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const client of opened.splice(0)) client.ws.terminate();
  for (const socket of sockets.splice(0)) socket.destroy();
  await running?.close();
});

async function start(official: object = {}, more: object = {}): Promise<string> {
  running = await startDaemon({ official, ...more });
  return running.url;
}

async function open(
  url: string,
  query: string,
  options: Parameters<typeof OfficialClient.open>[2] = {},
): Promise<OfficialClient> {
  const client = await OfficialClient.open(url, query, options);
  opened.push(client);
  return client;
}

/** How an upgrade is refused. */
async function refused(url: string, query: string, options = {}): Promise<string> {
  return OfficialClient.open(url, query, options).then(
    (client) => {
      opened.push(client);
      return 'accepted';
    },
    (error: Error) => error.message,
  );
}

/** A client that shakes hands and then reads nothing. */
async function deaf(url: string, query: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  sockets.push(socket);
  const key = randomBytes(16).toString('base64');
  socket.on('error', () => {});
  socket.write(
    `GET /?${query} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  await new Promise<void>((resolve) => socket.once('data', () => resolve()));
  socket.pause();
  return socket;
}

describe('an upgrade', () => {
  it('without a name, or with nonsense, is refused with 400 and the reason', async () => {
    const url = await start();
    for (const [query, named] of [
      ['', 'userid'],
      ['userid=', 'userid'],
      [`userid=${'x'.repeat(129)}`, 'userid'],
      ['userid=%00', 'userid'],
      [`userid=u&device_id=${'x'.repeat(129)}`, 'device_id'],
      ['userid=u&since=soon', 'since'],
      ['userid=u&last_id=-1', 'since'],
      ['userid=u&ack=2', 'ack'],
    ] as const) {
      const answer = await refused(url, query);
      expect(answer).toMatch(/^400 \{"data":\{\},"result":\{"code":-1,/);
      expect(answer).toContain(named);
    }
    expect(await refused(url, 'userid=u', { path: '/elsewhere' })).toMatch(/^404/);
  });

  it('takes any origin unless some are named', async () => {
    const url = await start({ origins: ['https://good.example'] });
    const answerTo = (origin: string): Promise<unknown> =>
      new Promise((resolve) => {
        const ws = new WebSocket(`${url.replace('http', 'ws')}/?userid=u`, { origin });
        ws.on('open', () => ws.terminate());
        ws.on('close', () => resolve('accepted'));
        ws.on('unexpected-response', (_request, response) => resolve(response.statusCode));
        ws.on('error', () => {});
      });
    expect(await answerTo('https://good.example')).toBe('accepted');
    expect(await answerTo('https://bad.example')).toBe(403);
    // Programs name none.
    await open(url, 'userid=u');
  });

  it('needs a token where there are any, and may not be somebody else', async () => {
    const tokens = ['general-token-0123456789', { token: 'anna-token-0123456789', userId: 'anna' }];
    const url = await start({}, { access: { open: false, tokens } });
    expect(await refused(url, 'userid=u')).toMatch(/^401/);
    expect(await refused(url, 'userid=u&access_token=wrong-token-012345')).toMatch(/^401/);
    await open(url, 'userid=u&access_token=general-token-0123456789');
    await open(url, 'userid=anna&access_token=anna-token-0123456789');
    expect(await refused(url, 'userid=u&access_token=anna-token-0123456789')).toMatch(/^403/);
    // A browser cannot set headers: the token may come as a subprotocol, and `echo` is answered.
    const protocols = ['bearer.anna-token-0123456789', 'echo'];
    const client = await open(url, 'userid=anna', { protocols });
    expect(client.ws.protocol).toBe('echo');
    expect((await push(url, { data: {} })).status).toBe(401);
  });

  it('of a user with too many sockets is refused, others come in', async () => {
    const url = await start({ socketsPerUser: 2 });
    const first = await open(url, 'userid=u');
    await open(url, 'userid=u&device_id=d');
    expect(await refused(url, 'userid=u')).toMatch(/^429 .*"code":-1/);
    await open(url, 'userid=v');
    await first.close();
    await eventually('room', async () => (await refused(url, 'userid=u')) === 'accepted');
  });

  it('while the daemon stops is refused with 503; who is there gets all that was pushed, then 1001', async () => {
    const url = await start();
    const client = await open(url, 'userid=u');
    await deaf(url, 'userid=deaf');
    const pushes = Array.from({ length: 50 }, (_, at) => pushText(url, 'u', `${at}`));
    await Promise.all(pushes);
    const stopped = running?.daemon.stop();
    expect(await refused(url, 'userid=late')).toMatch(/^503/);
    await stopped;
    expect(client.messages).toHaveLength(50);
    expect(client.closed).toEqual({ code: 1001, reason: 'stopping' });
  });
});

describe('heartbeats', () => {
  it('come as frames and as pings, and text is understood', async () => {
    const url = await start({ heartbeatMs: 1000 });
    const client = await open(url, 'userid=u');
    expect((await client.frame('102')).data.msg).toMatchObject({ heartbeatMs: 1000 });
    expect(await client.frame(101, 1)).toEqual({
      data: {},
      result: { code: 101, message: 'heartbeat' },
    });
    expect(client.pings).toBeGreaterThanOrEqual(2);
    client.ws.send('pong');
    client.ws.send(JSON.stringify({ data: {}, result: { code: 101, message: 'heartbeat' } }));
    client.ws.send('ping');
    await eventually('pong', () => client.texts.includes('pong'));
    expect(client.texts).toEqual(['pong']);
    expect(client.frames.filter(({ result }) => result.code === -1)).toEqual([]);
  });

  it('two without an answer end the connection; any word is an answer', async () => {
    const url = await start({ heartbeatMs: 1000 });
    const silent = await open(url, 'userid=u', { autoPong: false });
    const talks = await open(url, 'userid=v', { autoPong: false });
    const talking = setInterval(() => talks.ws.send('pong'), 700);
    try {
      await eventually('the end', () => silent.closed, 10_000);
      expect(silent.closed).toEqual({ code: 4001, reason: 'no answer to heartbeats' });
      expect(silent.frames.filter(({ result }) => result.code === 101)).toHaveLength(2);
      await talks.frame(101, 3);
      expect(talks.closed).toBeUndefined();
    } finally {
      clearInterval(talking);
    }
  });
});

describe('what a client says', () => {
  it('may not be too large, nor binary, nor other than UTF-8', async () => {
    const url = await start();
    const codes: number[] = [];
    for (const say of [
      (client: OfficialClient) => client.ws.send('x'.repeat(65_537)),
      (client: OfficialClient) => client.ws.send(Buffer.from([1, 2, 3])),
      (client: OfficialClient) => client.ws.send(Buffer.from([0xff, 0xfe]), { binary: false }),
    ]) {
      const client = await open(url, 'userid=u');
      say(client);
      codes.push((await eventually('the end', () => client.closed)).code);
    }
    expect(codes).toEqual([1009, 1003, 1007]);
  });

  it('too much at once waits a little, is all read, and holds up nobody', async () => {
    const url = await start();
    const noisy = await open(url, 'userid=noisy');
    const quiet = await open(url, 'userid=quiet');
    const count = 12_000;
    for (let at = 0; at < count; at += 1) noisy.ws.send('ping');
    const began = performance.now();
    for (let at = 0; at < 5; at += 1) await quiet.settled();
    expect(performance.now() - began).toBeLessThan(3000);
    await eventually('all of it', () => noisy.texts.length === count, 20_000);
    // 2,000 at once, then some at a time.
    expect(performance.now() - began).toBeGreaterThan(100);
    expect(noisy.closed).toBeUndefined();
  });

  it('that is no JSON is refused, and the connection stays', async () => {
    const url = await start();
    const client = await open(url, 'userid=u');
    for (const text of ['', 'hello', '[]', '"x"', 'null', '{}', '{"data":{}}'])
      client.ws.send(text);
    await eventually('the answers', () => refusals(client).length === 7);
    client.ws.send('{"data":{"id":"mine"},"result":{"code":1001}}');
    await eventually('the last', () => refusals(client).length === 8);
    expect(refusals(client)[7]?.data).toEqual({ id: 'mine' });
    await client.settled();
  });
});

describe('a reader that does not read', () => {
  it('is closed with 1013 when a mebibyte waits, and the rest stays for it', async () => {
    const url = await start();
    const socket = await deaf(url, 'userid=u&ack=1');
    const other = await open(url, 'userid=v');
    const text = 'x'.repeat(60_000);
    let pushed = 0;
    const hub = (): number => running?.daemon.core.im.hub.count ?? 0;
    while (hub() > 1 && pushed < 400) {
      const some = Array.from({ length: 10 }, (_, at) =>
        pushText(url, 'u', `${pushed + at} ${text}`),
      );
      await Promise.all(some);
      pushed += 10;
    }
    expect(hub()).toBe(1);
    expect(running?.log()).toContain('reads too slowly');
    await pushText(url, 'v', 'still here');
    await other.gets(1);

    // What it reads now ends with the reason.
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.resume();
    await eventually('the close frame', () => closeCode(Buffer.concat(chunks)) === 1013);
    socket.destroy();

    const again = await open(url, 'userid=u&ack=1');
    await again.gets(pushed);
    expect(again.ids).toEqual([...again.ids].sort((one, two) => one - two));
    expect(new Set(again.ids).size).toBe(pushed);
  });

  it('of a long replay waits with what is not written yet in the database', async () => {
    const url = await start();
    const text = 'x'.repeat(50_000);
    const all = Array.from({ length: 300 }, (_, at) => pushText(url, 'u', `${at} ${text}`));
    await Promise.all(all);
    await deaf(url, 'userid=u&ack=1');
    const rss = process.memoryUsage().rss;
    for (let at = 0; at < 40; at += 1) await pushText(url, 'u', `late ${at} ${text}`);
    await pause(300);
    const [session] = [...(running?.daemon.core.im.hub.all() ?? [])];
    expect(session).toBeDefined();
    expect(process.memoryUsage().rss - rss).toBeLessThan(100_000_000);
  });
});

function refusals(client: OfficialClient) {
  return client.frames.filter(({ result }) => result.code === -1);
}

/** The code in a close frame at the end of what was read, if there is one. */
function closeCode(bytes: Buffer): number | undefined {
  const at = bytes.lastIndexOf(Buffer.from([0x88]));
  return at === -1 || bytes.length < at + 4 ? undefined : bytes.readUInt16BE(at + 2);
}
