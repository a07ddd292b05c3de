import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { ConnectionError } from './errors.ts';
import { Http, type RetrySettings } from './http.ts';

let server: Server;
let seen = 0;
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** A server whose n-th answer (from 1) `reply` makes. */
async function serve(reply: (count: number) => RequestListener): Promise<string> {
  seen = 0;
  server = createServer((request, response) => {
    seen += 1;
    reply(seen)(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** What is answered at all is answered in time, however busy the machine is. */
const quick: Partial<RetrySettings> = { tries: 4, firstMs: 5, mostMs: 1500, timeoutMs: 10_000 };
const ask = (
  url: string,
  retry: 'always' | 'refused' = 'always',
  { signal, ...other }: Partial<RetrySettings> & { signal?: AbortSignal } = {},
) =>
  new Http({ retry: { ...quick, ...other } }).send(
    async () => ({ url, method: 'GET', headers: {} }),
    {
      retry,
      signal,
    },
  );

const status =
  (code: number, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    response.writeHead(code, headers).end('x');
const drop: RequestListener = (request) => request.socket.destroy();
const hang: RequestListener = () => {};
const breakOff: RequestListener = (request, response) => {
  response.writeHead(200, { 'content-length': '9' }).write('half');
  setTimeout(() => request.socket.destroy(), 5);
};

it.each([
  ['no answer', drop],
  ['none in time', hang, 400],
  ['half of one', breakOff],
  ['500', status(500)],
  ['502', status(502)],
  ['429', status(429)],
])('%s is tried again', async (_name, bad, timeoutMs = 10_000) => {
  const url = await serve((count) => (count < 3 ? bad : status(200)));
  expect([(await ask(url, 'always', { timeoutMs })).status, seen]).toEqual([200, 3]);
});

it.each([
  ['400', status(400)],
  ['401', status(401)],
  ['409', status(409)],
])('%s is not', async (name, bad) => {
  const url = await serve(() => bad);
  expect([(await ask(url)).status, seen]).toEqual([Number(name), 1]);
});

it('ends after so many tries, and says how many', async () => {
  const url = await serve(() => drop);
  const error = await ask(url).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConnectionError);
  expect([(error as ConnectionError).tries, seen]).toEqual([4, 4]);
});

it('what does harm twice is tried again only where it was refused undone', async () => {
  const url = await serve((count) => (count < 3 ? status(503) : drop));
  await expect(ask(url, 'refused')).rejects.toThrow(ConnectionError);
  expect(seen).toBe(3);
});

it('waits as long as Retry-After says, and no longer than it may', async () => {
  const url = await serve((count) =>
    count < 2 ? status(429, { 'retry-after': '1' }) : status(200),
  );
  const begin = performance.now();
  expect((await ask(url)).status).toBe(200);
  expect(performance.now() - begin).toBeGreaterThan(990);
  server.removeAllListeners('request');
  server.on('request', status(429, { 'retry-after': '3600' }));
  expect((await ask(url)).status).toBe(429);
});

it('a caller who gives up gets his own reason, at once', async () => {
  const url = await serve(() => hang);
  const ended = new AbortController();
  const answer = ask(url, 'always', { signal: ended.signal });
  ended.abort(new Error('enough'));
  await expect(answer).rejects.toThrow('enough');
  await expect(ask(url, 'always', { signal: ended.signal })).rejects.toThrow('enough');
});

it('a redirect is not followed: what is signed or secret is for one address', async () => {
  const url = await serve(() => status(302, { location: 'http://127.0.0.1:1/' }));
  await expect(ask(url)).rejects.toThrow(ConnectionError);
});
