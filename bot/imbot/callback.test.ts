import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Callback, CallbackFault } from './callback.ts';

let server: Server;
let base: string;
let heard: string;
/** What is said to whoever connects, once something has come. */
let say: (socket: Socket) => void;
const sockets = new Set<Socket>();

beforeEach(async () => {
  heard = '';
  say = (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
      say(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x?y=1`;
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
});

const open = new Callback(['127.0.0.1']);
const fault = (promise: Promise<unknown>): Promise<CallbackFault> =>
  promise.then(
    () => Promise.reject(new Error('it went through')),
    (error: unknown) => {
      if (error instanceof CallbackFault) return error;
      throw error;
    },
  );

it('posts JSON, and tells how it was answered', async () => {
  expect(await open.post(base, '{"a":"你"}')).toBe(200);
  expect(heard).toMatch(/^POST \/x\?y=1 HTTP\/1\.1\r\n/);
  expect(heard.toLowerCase()).toContain('content-type: application/json; charset=utf-8');
  expect(heard).toMatch(/\r\n\r\n\{"a":"你"\}$/);
  say = (socket) =>
    socket.end('HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n');
  heard = '';
  expect(await open.post(base, '{}')).toBe(302);
  expect(heard.match(/POST/g)).toHaveLength(1);
});

it.each([
  ['http://127.0.0.1/', [], false],
  ['http://127.0.0.1/', ['127.0.0.1'], true],
  ['http://127.0.0.1:8080/a?b', ['127.0.0.0/8'], true],
  ['http://0x7f.1/', ['127.0.0.1'], true],
  ['http://2130706433/', ['10.0.0.0/8'], false],
  ['http://localhost/', ['127.0.0.1'], false],
  ['http://localhost/', ['localhost'], true],
  ['https://xiaodamp.com/x', ['xiaodamp.com'], true],
  ['https://XIAODAMP.com./x', ['Xiaodamp.com'], true],
  ['https://a.xiaodamp.com/x', ['xiaodamp.com'], false],
  ['https://xiaodamp.com.evil.org/x', ['xiaodamp.com'], false],
  ['https://xiaodamp.com@evil.org/x', ['xiaodamp.com'], false],
  ['https://user:pass@xiaodamp.com/x', ['xiaodamp.com'], false],
  ['http://[::1]/', ['::1'], true],
  ['http://[::1]/', ['127.0.0.1'], false],
  ['http://8.8.8.8/', ['example.com'], false],
  ['ftp://xiaodamp.com/x', ['xiaodamp.com'], false],
  ['file:///etc/passwd', [''], false],
  ['nonsense', ['nonsense'], false],
])('%s with %j: %s', (address, allow, allowed) => {
  expect(new Callback(allow).objection(address) === undefined).toBe(allowed);
});

it('asks nobody who is not allowed', async () => {
  const closed = new Callback(['example.com']);
  expect(await fault(closed.post(base, '{}'))).toMatchObject({ begun: false });
  expect(heard).toBe('');
});

it('says whether something may have arrived', async () => {
  say = (socket) => socket.destroy();
  expect(await fault(open.post(base, '{}'))).toMatchObject({ begun: true });
  const { port } = new URL(base);
  server.close();
  await once(server, 'close');
  const unreachable = await fault(open.post(`http://127.0.0.1:${port}/`, '{}'));
  expect(unreachable).toMatchObject({ begun: false, message: 'ECONNREFUSED' });
  // A handshake that fails has said nothing yet.
  server.listen(Number(port), '127.0.0.1');
  await once(server, 'listening');
  expect(await fault(open.post(`https://127.0.0.1:${port}/`, '{}'))).toMatchObject({
    begun: false,
  });
});

it('does not wait for ever, nor beyond a stop', async () => {
  say = () => {};
  const short = new Callback(['127.0.0.1'], 500);
  expect(await fault(short.post(base, '{}'))).toMatchObject({ begun: true });
  const stop = new AbortController();
  // While it is asked, however busy the machine is.
  say = () => stop.abort();
  const asked = fault(open.post(base, '{}', stop.signal));
  expect(await asked).toMatchObject({ begun: true });
});

it('lets go of an answer without an end', async () => {
  let written = 0;
  say = (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n');
    const more = (): void => {
      while (!socket.destroyed && socket.write(Buffer.alloc(65_536))) written += 65_536;
    };
    socket.on('drain', more);
    more();
  };
  const closed = new Promise((resolve) =>
    server.once('connection', (socket: Socket) => socket.once('close', resolve)),
  );
  expect(await open.post(base, '{}')).toBe(200);
  await closed;
  expect(written).toBeLessThan(50_000_000);
});
