import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import Koa from 'koa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import { createLogger } from '../../config/logger.ts';
import { collectBody, readJson } from './body.ts';
import { problems } from './problem.ts';
import { validate } from './validate.ts';

const schema = z.strictObject({ name: z.string().min(1), list: z.array(z.string()).optional() });
const lines: string[] = [];
let server: ReturnType<typeof createServer>;
let base = '';

beforeEach(async () => {
  lines.length = 0;
  const logger = createLogger('debug', { write: (line: string) => lines.push(line) });
  const app = new Koa();
  // Koa reports broken connections here; without a listener it prints them.
  app.on('error', () => {});
  app.use(problems({ logger, language: 'en' }));
  app.use(async (ctx) => {
    if (ctx.path === '/throw') throw new Error('select secret from table');
    if (ctx.path === '/busy') {
      throw new AppError('rate_limited', { zh: '太快', en: 'too fast' }, { retryAfter: 7 });
    }
    ctx.body = { got: validate(schema, await readJson(ctx, 1000)) };
  });
  server = createServer(app.callback()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  base = `http://127.0.0.1:${address.port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

async function post(body: string | Uint8Array<ArrayBuffer>, type = 'application/json') {
  const response = await fetch(`${base}/x`, {
    method: 'POST',
    body,
    headers: type === '' ? {} : { 'content-type': type },
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    json: (await response.json()) as Record<string, unknown>,
  };
}

test('a good body is read, with charset and +json types too', async () => {
  expect((await post('{"name":"张三"}')).json).toEqual({ got: { name: '张三' } });
  expect((await post('{"name":"a"}', 'application/json; charset=UTF-8')).status).toBe(200);
  expect((await post('{"name":"a"}', 'application/merge-patch+json')).status).toBe(200);
});

test.each([
  ['not JSON', '{"name":', 'application/json', 400, undefined],
  ['broken UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22]), 'application/json', 400, undefined],
  ['a form', 'name=a', 'application/x-www-form-urlencoded', 415, undefined],
  ['another charset', '{"name":"a"}', 'application/json; charset=gbk', 415, undefined],
  ['too long', JSON.stringify({ name: 'x'.repeat(2000) }), 'application/json', 413, undefined],
  ['a missing field', '{}', 'application/json', 400, 'name'],
  ['an empty body', '', '', 400, 'name'],
  ['a mistyped field', '{"name":5}', 'application/json', 400, 'name'],
  ['a mistyped element', '{"name":"a","list":["b",3]}', 'application/json', 400, 'list[1]'],
  ['an unknown field', '{"name":"a","nmae":"b"}', 'application/json', 400, 'nmae'],
  ['no object', '"text"', 'application/json', 400, undefined],
])('%s is refused as problem+json', async (_what, body, type, status, field) => {
  const answer = await post(body, type);
  expect(answer.status).toBe(status);
  expect(answer.type).toBe('application/problem+json; charset=utf-8');
  expect(answer.json).toMatchObject({ type: 'about:blank', status, detail: expect.any(String) });
  expect(answer.json['field']).toBe(field);
  expect(answer.json['title']).toMatch(/\w/);
});

test('a body past the limit without a length is cut off, and the connection goes on', async () => {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let i = 0; i < 50; i += 1) controller.enqueue(new Uint8Array(1000));
      controller.close();
    },
  });
  const response = await fetch(`${base}/x`, {
    method: 'POST',
    body: stream,
    duplex: 'half',
    headers: { 'content-type': 'application/json' },
  } as RequestInit);
  expect(response.status).toBe(413);
  expect((await post('{"name":"a"}')).status).toBe(200);
});

test('unknown errors show nothing and are logged', async () => {
  const response = await fetch(`${base}/throw`);
  const text = await response.text();
  expect(response.status).toBe(500);
  expect(text).not.toContain('secret');
  expect(JSON.parse(text)).toMatchObject({ status: 500, title: 'Internal Server Error' });
  expect(lines.join('')).toContain('select secret from table');
});

test('a retry hint becomes the header', async () => {
  const response = await fetch(`${base}/busy`);
  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toBe('7');
});

test('a client that leaves in the middle is not an error of ours', async () => {
  const { port } = new URL(base);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    'POST /x HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"na',
  );
  await new Promise((resolve) => setTimeout(resolve, 30));
  socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect((await post('{"name":"a"}')).status).toBe(200);
  expect(lines).toEqual([]);
});

test('a body that dawdles is given up', async () => {
  const told: unknown[] = [];
  const slow = createServer((req, res) => {
    const done = (body: unknown): void => {
      told.push(body);
      res.destroy();
    };
    collectBody(req, 100, done, 50);
  }).listen(0, '127.0.0.1');
  await once(slow, 'listening');
  const address = slow.address();
  const port = address === null || typeof address === 'string' ? 0 : address.port;
  const socket = connect(port, '127.0.0.1', () => {
    socket.write('POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhel');
  });
  await once(socket, 'close');
  expect(told).toEqual(['gone']);
  slow.close();
});
