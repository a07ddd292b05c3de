import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon | undefined;
afterEach(async () => {
  await running?.close();
});

/** Sends bytes, then reads until the connection ends. */
function exchange(url: string, request: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(request));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

it.each([
  ['http://[bad/live', '400'],
  ['http://[::1]x/api/botStatus', '400'],
  ['nonsense', '400'],
  ['http://elsewhere.test:80/live', '200'],
])('GET %s: %s', async (target, status) => {
  running = await startDaemon();
  const answer = await exchange(
    running.url,
    `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  );
  expect(answer.split(' ')[1]).toBe(status);
});

it('a client that sends far too much before it reads gets its answer', async () => {
  running = await startDaemon();
  const body = Buffer.alloc(5_000_000, ' ');
  const head = `POST /api/botStatus HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`;
  const answer = await exchange(running.url, Buffer.concat([Buffer.from(head), body]));
  expect(answer).toContain('"rtCode":"10"');
});
