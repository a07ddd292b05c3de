import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WxrcClient } from '../scripts/client/index.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { type DaemonDoor, openDoor } from './support/daemon-door.ts';
import { callTool, connectOver } from './support/mcp.ts';

const script = new URL('../scripts/wxrc.ts', import.meta.url).pathname;

let daemon: TestDaemon;
let door: DaemonDoor;
let token: string;
let client: Client;

beforeAll(async () => {
  daemon = await startDaemon({ language: 'en' });
  door = await openDoor(daemon.url);
  const wxrc = new WxrcClient({ url: daemon.url });
  await wxrc.admin.login('admin', 'test-password');
  const body = { name: 'assistant', role: 'viewer' } as const;
  token = (await wxrc.admin.call('createToken', { body })).token;
  client = await connectOver(
    new StdioClientTransport({
      command: process.execPath,
      args: [script, 'mcp', '--url', door.url, '--lang', 'en'],
      env: { WXRC_TOKEN: token, PATH: process.env['PATH'] ?? '' },
    }),
  );
});
afterAll(async () => {
  await client?.close();
  await door?.close();
  await daemon?.close();
});

it('the client of the SDK reads over standard input and output', async () => {
  const { tools } = await client.listTools();
  expect(tools.map((one) => one.name)).toContain('list_bots');
  expect(tools.map((one) => one.name)).not.toContain('send_text');
  const bots = await callTool(client, 'list_bots');
  expect(bots.json.items[0].botcode).toBe('bot01');
  const qr = await callTool(client, 'get_login_qr', { botcode: 'bot01' });
  expect(qr.image?.mimeType).toBe('image/png');
  const asked = Array.from({ length: 20 }, () =>
    callTool(client, 'bot_status', { botcode: 'bot01' }),
  );
  expect((await Promise.all(asked)).every((one) => one.json.botcode === 'bot01')).toBe(true);
});

it('a daemon that is away is an error, and one that is back is used again', async () => {
  door.lead(undefined);
  await expect(callTool(client, 'list_bots')).rejects.toThrow('does not answer');
  door.lead(daemon.url);
  expect((await callTool(client, 'list_bots')).isError).toBe(false);
});

it('answers what is no message, waits for its answers, and ends with its input', async () => {
  const child = spawn(process.execPath, [script, 'mcp', '--url', daemon.url, '--token', token], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stdin.end(
    'nonsense\n\n{"jsonrpc":"2.0","id":7,"method":"ping"}\r\n{"jsonrpc":"2.0","method":"x"}',
  );
  const [code] = await once(child, 'close');
  const answers = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: unknown; error?: { code: number } });
  expect(code).toBe(0);
  expect(answers.sort((a) => (a.id === null ? -1 : 1))).toEqual([
    { jsonrpc: '2.0', id: null, error: { code: -32700, message: 'not JSON' } },
    { jsonrpc: '2.0', id: 7, result: {} },
  ]);
});

it('without a right token every request is answered with why', async () => {
  const child = spawn(process.execPath, [script, 'mcp', '--url', daemon.url, '--token', 'wrong'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], WXRC_LANG: 'en' },
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stdin.end('{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n');
  await once(child, 'close');
  expect(JSON.parse(out)).toMatchObject({
    id: 1,
    error: { message: expect.stringContaining('wxrc token add') },
  });
});
