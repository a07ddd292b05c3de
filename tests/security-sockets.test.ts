import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HttpServer } from '../api/server.ts';
import { createLogger } from '../config/logger.ts';
import { type DaemonProcess, startDaemonProcess } from '../scripts/bench/servers.ts';
import { eventually } from './support/eventually.ts';
import { OfficialClient, push } from './support/official-client.ts';

// Crowds that open sockets and do nothing for it. The daemon is a process of its own, whose memory
// is looked at.

let folder: string;
let daemon: DaemonProcess;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-crowd-'));
  const config = { channels: [], official: { heartbeatMs: 600_000 } };
  daemon = await startDaemonProcess(join(folder, 'data'), { bots: 0, config });
  url = `http://127.0.0.1:${daemon.port}`;
}, 30_000);
afterAll(async () => {
  await daemon.stop();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

const megabytes = (): number => daemon.rssBytes() / 1_048_576;
const users = 500;
/** As many as the machine lets a process have. */
function crowdSize(): number {
  const file = '/proc/self/limits';
  const limits = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const most = /Max open files\s+\d+\s+(\d+)/.exec(limits)?.[1];
  return Math.min(10_000, Number(most ?? 10_500) - 500);
}

async function crowd(count: number): Promise<{ child: ChildProcess; open: number }> {
  const program = join(import.meta.dirname, 'support', 'mute-sockets.ts');
  const args = [program, String(daemon.port), String(count), String(users)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const open = await eventually('the crowd', () => /open (\d+)\n/.exec(text)?.[1], 90_000);
  expect(text).not.toContain('refused');
  return { child, open: Number(open) };
}
async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
}
function pushMany(bytes: number, names: readonly string[]) {
  const msg = { content: 'x'.repeat(bytes) };
  return push(url, { data: { msg_type: 'text', contact_ids: names, msg } });
}

test('ten thousand sockets that read nothing cost little, and nobody waits for them', async () => {
  const count = crowdSize();
  const before = megabytes();
  const { child, open } = await crowd(count);
  expect(open).toBe(count);
  const reader = await OfficialClient.open(url, 'userid=reader');
  const names = Array.from({ length: users }, (_, index) => `mute${index}`);
  let longest = 0;
  for (let i = 0; i < 5; i += 1) {
    expect((await pushMany(4000, names)).status).toBe(200);
    const began = performance.now();
    await push(url, { data: { msg_type: 'text', contact_id: 'reader', msg: { content: `${i}` } } });
    await eventually('the message', () => reader.messages.length > i, 60_000);
    longest = Math.max(longest, performance.now() - began);
  }
  console.info(`another reader waited ${longest.toFixed(0)} ms at most`);
  // Half a second on a machine with nothing else to do; who waited for the crowd would wait for ever.
  expect(longest).toBeLessThan(20_000);
  expect(await metric('wxrc_official_sockets')).toBe(count + 1);
  // Some ten kilobytes for each, whatever was said to them.
  expect(megabytes() - before).toBeLessThan(100 + (count * 20) / 1024);
  child.kill('SIGKILL');
  await eventually(
    'the end of the crowd',
    async () => {
      return (await metric('wxrc_official_sockets')) === 1;
    },
    60_000,
  );
  await reader.close();
}, 180_000);

test('who does not read what is sent is let go, and can fetch it when it comes back', async () => {
  const { child } = await crowd(users);
  const before = megabytes();
  const slow = 'wxrc_official_closed_total{cause="slow"}';
  let sent = 0;
  while ((await metric(slow)) === 0) {
    expect((await pushMany(60_000, ['mute1', 'mute2'])).status).toBe(200);
    sent += 1;
    expect(sent).toBeLessThan(2000);
  }
  expect(megabytes() - before).toBeLessThan(150);
  child.kill('SIGKILL');
  const back = await OfficialClient.open(url, 'userid=mute1&since=0');
  // Those of the test before, too.
  await eventually('all of it', () => back.messages.length >= sent, 30_000);
  const ids = back.ids;
  expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
  await back.close();
}, 120_000);

test('upgrades that are none are refused, and heads have a bound in size and time', async () => {
  const said = async (text: string): Promise<string> => {
    const socket = connect(daemon.port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(text);
    let answer = '';
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
    });
    await new Promise((resolve) => socket.once('close', resolve));
    return answer;
  };
  const path = '/im_component/wx_official_account/msg';
  const upgrade = `Host: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`;
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n';
  expect(await said(`GET ${path}?userid=a HTTP/1.1\r\n${upgrade}\r\n`)).toMatch(/^HTTP\/1\.1 400/);
  expect(await said(`GET ${path} HTTP/1.1\r\n${upgrade}${key}\r\n`)).toMatch(/^HTTP\/1\.1 400/);
  expect(await said(`GET /elsewhere HTTP/1.1\r\n${upgrade}${key}\r\n`)).toMatch(/^HTTP\/1\.1 404/);
  const long = `GET ${path}?userid=${'a'.repeat(5000)} HTTP/1.1\r\n${upgrade}${key}\r\n`;
  expect(await said(long)).toMatch(/^HTTP\/1\.1 400/);
  const many = `GET ${path}?userid=a HTTP/1.1\r\n${upgrade}${'X: y\r\n'.repeat(20_000)}\r\n`;
  expect(await said(many)).toMatch(/^HTTP\/1\.1 431/);
  // Node ends those that take longer.
  const server = new HttpServer({
    ...{ host: '127.0.0.1', port: 0, app: () => {}, maxCommandBytes: 1 },
    ...{ commands: async () => '', logger: createLogger('silent') },
  }).server;
  expect([server.headersTimeout, server.requestTimeout]).toEqual([20_000, 900_000]);
});
