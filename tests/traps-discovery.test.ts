import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { discoverEndpoint } from '../bot/automation/drivers/wechaty/endpoint.ts';
import { RealClock } from '../bot/clock.ts';
import { Heard } from './support/driver-harness.ts';
import { fault, signal } from './support/driver-rigged.ts';
import { servePuppet } from './support/puppet-farm.ts';
import { driverBench } from './support/wechaty-harness.ts';

const token = 'puppet_service_0123456789';
let answer: RequestListener;
let asked: string[];
let authority: Server;

beforeEach(async () => {
  asked = [];
  authority = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => authority.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  authority.closeAllConnections();
  await new Promise((resolve) => authority.close(resolve));
});

describe('token discovery is done by us: the resolver of the library ends the process', () => {
  test('a bot without an endpoint is connected to where its token says', async () => {
    const served = await servePuppet();
    served.puppet.keepLogin();
    const { endpoint: _endpoint, ...options } = served.options;
    answer = (_request, response) =>
      response.end(JSON.stringify({ ip: '127.0.0.1', port: served.port }));
    const bench = await driverBench(new RealClock());
    const driver = bench.build({ puppetOptions: { ...options, authority: place() } });
    const heard = new Heard(driver);
    await driver.start(signal());
    await heard.until('login');
    expect(asked).toEqual([`GET /v0/hosties/${served.token}`]);
    await bench.close();
    await served.close();
  });

  test.each([
    ['host', { host: 'gateway.example', port: 8788 }, 'gateway.example:8788'],
    ['ip', { ip: '10.1.2.3', port: '8788' }, '10.1.2.3:8788'],
    ['host before ip', { host: 'h.example', ip: '10.1.2.3', port: 1 }, 'h.example:1'],
    ['IPv6', { ip: '2001:db8::1', port: 8788 }, '[2001:db8::1]:8788'],
  ])('it reads %s', async (_what, body, endpoint) => {
    answer = (_request, response) => response.end(JSON.stringify(body));
    await expect(ask()).resolves.toBe(endpoint);
  });

  test.each<[string, RequestListener, RegExp, number?]>([
    ['404', status(404), /knows no service/],
    ['500', status(500), /HTTP 500/],
    ['no service running', json({ ip: '0.0.0.0', port: 0 }), /not running/],
    ['no JSON', (_request, response) => response.end('<html>'), /not JSON/],
    ['no port', json({ host: 'h.example' }), /no host and port/],
    ['a port out of range', json({ host: 'h.example', port: 99_999 }), /no host and port/],
    ['an address with a path', json({ host: 'h.example/x?', port: 1 }), /no host and port/],
    ['an endless answer', (_request, response) => response.end('x'.repeat(10_000)), /too long/],
    ['a redirect', (_request, response) => response.writeHead(302, { location: '/' }).end(), /./],
    ['no answer', () => {}, /no answer within 0\.2 s/, 200],
    ['a cut connection', (request) => request.socket.destroy(), /./],
  ])('%s is a clear error without the token', async (_what, respond, message, timeoutMs) => {
    answer = respond;
    const error: unknown = await ask(timeoutMs).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ ...fault('offline'), message: expect.stringMatching(message) });
    const { stack, cause, ...rest } = error as Error;
    expect(`${stack} ${cause} ${JSON.stringify(rest)}`).not.toContain(token);
  });

  test('an abort ends it', async () => {
    answer = () => {};
    const controller = new AbortController();
    const asking = discoverEndpoint({ authority: place(), token, signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await expect(asking).rejects.toMatchObject(fault('offline'));
  });
});

function place(): string {
  return `http://127.0.0.1:${(authority.address() as AddressInfo).port}`;
}

function ask(timeoutMs = 10_000): Promise<string> {
  return discoverEndpoint({ authority: place(), token, signal: signal(), timeoutMs });
}

function status(code: number): RequestListener {
  return (_request, response) => response.writeHead(code).end();
}

function json(body: object): RequestListener {
  return (_request, response) => response.end(JSON.stringify(body));
}
