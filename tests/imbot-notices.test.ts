import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { ImbotClient } from './support/imbot-client.ts';

interface Got {
  path: string;
  type: string | undefined;
  body: Record<string, unknown>;
}

let server: Server;
let base: string;
let got: Got[];
/** How the receiver answers, by path. */
let answer: (path: string) => { status: number; location?: string };
let clock: VirtualClock;
let running: TestDaemon;
let client: ImbotClient;

const text = (reply: string, timestamp = 1537606347) => ({ type: 'text', reply, timestamp });
const start = async (imbot: Record<string, unknown> = { noticeAllow: ['127.0.0.1'] }) => {
  running = await startDaemon({ imbot }, { clock });
  client = new ImbotClient(() => running.url);
};

beforeEach(async () => {
  got = [];
  answer = () => ({ status: 200 });
  clock = new VirtualClock(Date.now());
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8');
    });
    request.on('end', () => {
      const path = request.url ?? '';
      const type = request.headers['content-type'];
      got.push({ path, type, body: JSON.parse(body || 'null') });
      const { status, location } = answer(path);
      response.writeHead(status, location === undefined ? {} : { location }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await running.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const log = (): string => running.log();

it('a message that is not fetched in time is told of at its templateUrl, as documented', async () => {
  await start();
  await client.post('/form_id', { openId: 'Joe', formId: 'first' });
  await client.post('/form_id', { openId: 'Joe', formId: 'second' });
  await client.say('Bowen', 'Joe', text('hello'), `${base}/template_msg`);
  await client.say('Bowen', 'Joe', text('again'), `${base}/never`);
  await clock.advance(29_999);
  expect(got).toEqual([]);
  await clock.advance(1);
  await eventually('a notice', () => got.length > 0);
  expect(got).toEqual([
    {
      path: '/template_msg',
      type: 'application/json; charset=utf-8',
      body: { formId: 'first', fromUserId: 'Bowen', toUserId: 'Joe', msg: text('hello') },
    },
  ]);
  expect(await client.count('Bowen', 'Joe')).toBe(2);
  // A second notice needs a second message, and takes the next form id; then there is none.
  for (const formId of ['second', null]) {
    await client.say('Bowen', 'Joe', text('hello'), `${base}/template_msg`);
    await clock.advance(30_000);
    await eventually('another', () => got.at(-1)?.body['formId'] === formId);
  }
  expect(got).toHaveLength(3);
});

it('a form id older than seven days is not used', async () => {
  await start();
  await client.post('/form_id', { openId: 'Joe', formId: 'old' });
  // Stopped meanwhile: whatever a daemon does all the week is of no interest here.
  await running.daemon.stop();
  await clock.advance(7 * 86_400_000);
  await running.restart();
  await client.post('/form_id', { openId: 'Joe', formId: 'new' });
  await client.say('Bowen', 'Joe', text('hello'), base);
  await clock.advance(30_000);
  await eventually('a notice', () => got.length > 0);
  expect(got[0]?.body['formId']).toBe('new');
});

it('who fetches in time is not bothered', async () => {
  await start({ noticeAllow: ['127.0.0.1'], noticeWaitSeconds: 5 });
  await client.post('/form_id', { openId: 'Joe', formId: 'kept' });
  await client.say('Bowen', 'Joe', text('hello'), base);
  await client.take('Bowen', 'Joe');
  await clock.advance(60_000);
  await client.say('Macheal', 'Joe', text('hello'), base);
  await clock.advance(5000);
  await eventually('the other notice', () => got.length > 0);
  expect(got.map(({ body }) => [body['fromUserId'], body['formId']])).toEqual([
    ['Macheal', 'kept'],
  ]);
});

it('timers survive a restart', async () => {
  await start();
  await client.say('Bowen', 'Joe', text('hello'), base);
  await clock.advance(20_000);
  await running.restart();
  await clock.advance(9_999);
  expect(got).toEqual([]);
  await clock.advance(1);
  await eventually('a notice', () => got.length > 0);
  expect(got).toHaveLength(1);
});

it('only hosts that are allowed are asked, and redirects lead nowhere', async () => {
  await start();
  const { port } = new URL(base);
  const refused = [
    `http://localhost:${port}/`,
    `http://127.0.0.2:${port}/`,
    `http://[::1]:${port}/`,
    `http://user:pass@127.0.0.1:${port}/`,
    'https://example.com/template_msg',
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    'nonsense',
  ];
  for (const [at, address] of refused.entries()) {
    await client.post('/form_id', { openId: `joe${at}`, formId: 'kept' });
    await client.say('Bowen', `joe${at}`, text('hello'), address);
  }
  answer = (path) =>
    path === '/moved' ? { status: 302, location: `${base}/there` } : { status: 200 };
  await client.say('Bowen', 'moved', text('hello'), `${base}/moved`);
  await clock.advance(30_000);
  await eventually('all settled', () => log().match(/"outcome":/g)?.length === refused.length + 1);
  expect(got.map(({ path }) => path)).toEqual(['/moved']);
  const { credits } = running.daemon.core.wechat;
  for (const at of refused.keys()) {
    expect(await credits.list('', `joe${at}`)).toMatchObject([{ state: 'live' }]);
  }
  expect(log()).not.toContain('user:pass');
});

it('our own address is asked without HTTP, and answers what WeChat would', async () => {
  await start({});
  await client.say('Bowen', 'Joe', text('hello'), `${running.url}/api/imbot/template_msg`);
  await clock.advance(30_000);
  // There is no account: it is kept, and nothing was sent.
  await eventually('an answer', () => log().includes('"errcode":-1000'));
  expect(log()).toContain('"outcome":"refused"');
});

it('a receiver that is not there is tried again', async () => {
  await start();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await client.say('Bowen', 'Joe', text('hello'), base);
  await clock.advance(30_000);
  const { db } = running.daemon.core;
  await eventually('a try', async () => {
    const [row] = await db.read<{ tries: number }>('SELECT tries FROM imbot_handed');
    return row !== undefined && row.tries > 0;
  });
  server = server.listen(Number(new URL(base).port), '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  await eventually('a notice', async () => {
    await clock.advance(200);
    return got.length > 0;
  });
  await eventually('it is settled', () => log().includes('"outcome":"told"'));
});

it('a receiver that hangs does not hold up a stop', async () => {
  await start();
  let hanging = false;
  server.removeAllListeners('request');
  server.on('request', () => {
    hanging = true;
  });
  await client.say('Bowen', 'Joe', text('hello'), base);
  await clock.advance(30_000);
  await eventually('a call that hangs', () => hanging);
  const began = performance.now();
  await running.daemon.stop();
  expect(performance.now() - began).toBeLessThan(7000);
  expect(log()).toContain('"outcome":"failed"');
});
