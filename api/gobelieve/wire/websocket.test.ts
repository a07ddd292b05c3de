import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually } from '../../../tests/support/eventually.ts';
import { messageOf, ScriptedIm } from '../../../tests/support/scripted-im.ts';
import {
  frame,
  hex,
  i64,
  login,
  RawWebSocket,
  startWire,
  type WireRig,
} from '../../../tests/support/wire-rig.ts';

let im: ScriptedIm;
let rig: WireRig;

beforeEach(async () => {
  im = new ScriptedIm();
  rig = await startWire(im, { farewellMs: 50 });
});
afterEach(() => rig.stop());

const ping = (seq: number): Buffer => frame({ seq, command: 13 });

async function enter(): Promise<RawWebSocket> {
  const client = await rig.webSocket();
  client.send(login(1, 't'.repeat(30)));
  await client.take(1);
  if (!(client instanceof RawWebSocket)) throw new Error('no WebSocket');
  return client;
}

it('carries one frame in each message, both ways', async () => {
  const go = im.hold('authenticate');
  const client = await rig.webSocket();
  client.send(login(1, 't'.repeat(30)), ping(2), ping(3));
  await pause(20);
  expect(client.frames).toEqual([]);
  go();
  expect(await client.take(3)).toEqual([
    '000000040000000103020000 00000000',
    hex({ seq: 2, command: 14 }),
    hex({ seq: 3, command: 14 }),
  ]);
  const [session] = im.sessionsOf(1);
  expect(session?.transport).toBe('websocket');
  for (let seq = 1; seq <= 50; seq += 1) {
    session?.inbox({ seq, message: messageOf({ content: Buffer.alloc(seq * 600) }) }, true);
  }
  expect(await client.take(150)).toHaveLength(150);
  expect(client).toMatchObject({ fault: undefined });
});

it('takes up what waited, in order, however much it was', async () => {
  const client = await enter();
  const go = im.hold('read');
  client.send(frame({ seq: 2, command: 26 }, i64(0)));
  await eventually('the read', () => im.calls.includes('read'));
  for (let seq = 3; seq < 3003; seq += 1) client.send(ping(seq));
  await pause(50);
  expect(client.frames).toEqual([]);
  go();
  expect(await client.take(3002)).toHaveLength(3002);
  client.send(ping(3003));
  expect(await client.take(1)).toEqual([hex({ seq: 3004, command: 14 })]);
});

it('does not read what comes behind a frame, and joins fragments', async () => {
  const client = await enter();
  client.send(Buffer.concat([ping(2), ping(3)]));
  const bytes = frame({ seq: 3, command: 17 }, i64(1), i64(1), Buffer.from('hi'));
  client.socket.send(bytes.subarray(0, 20), { fin: false });
  client.socket.send(bytes.subarray(20), { fin: true });
  expect(await client.take(2)).toEqual([
    hex({ seq: 2, command: 14 }),
    hex({ seq: 3, command: 17 }, i64(1), i64(1), Buffer.from('hi')),
  ]);
});

it('answers control frames', async () => {
  const client = await enter();
  const pong = new Promise<string>((resolve) => {
    client.socket.once('pong', (data) => resolve(data.toString()));
  });
  client.socket.ping('there?');
  expect(await pong).toBe('there?');
  client.socket.close(1000);
  await client.ended();
  expect(client.code).toBe(1000);
  await eventually('nothing left', () => rig.sockets.connections === 0 && im.hub.count === 0);
});

it.each([
  [1003, 'text', (socket: WebSocket) => socket.send('hello')],
  [1002, 'half a frame', (socket: WebSocket) => socket.send(ping(2).subarray(0, 11))],
  [1002, 'an empty message', (socket: WebSocket) => socket.send(Buffer.alloc(0))],
  [
    1002,
    'a frame that announces more',
    (socket: WebSocket) => socket.send(Buffer.from('00000005000000020e020000', 'hex')),
  ],
  [1009, 'more than 64 KiB', (socket: WebSocket) => socket.send(Buffer.alloc(65_537))],
])('closes with %i at %s', async (code, _what, send) => {
  const client = await enter();
  send(client.socket);
  await client.ended();
  expect(client.code).toBe(code);
  await eventually('nothing left', () => rig.sockets.connections === 0 && im.hub.count === 0);
});

it('tells why it ends', async () => {
  const client = await enter();
  const reason = new Promise((resolve) => {
    client.socket.once('close', (code, text) => resolve(`${code} ${text}`));
  });
  im.sessionsOf(1)[0]?.close('token revoked');
  expect(await reason).toBe('1008 token revoked');
});

it('is found under its own path only', async () => {
  const refused = (path: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${rig.httpPort}${path}`);
      socket.on('error', (error) => resolve(error.message));
      socket.on('open', () => resolve('open'));
    });
  expect(await refused('/elsewhere')).toContain('404');
  expect(await refused('/ws/')).toContain('404');
  const client = await RawWebSocket.connect(`ws://127.0.0.1:${rig.httpPort}/ws?from=here`);
  client.destroy();
  await rig.sockets.stop();
  expect(await refused('/ws')).toContain('503');
});

it('leaves other offers to HTTP', async () => {
  const status = await new Promise<string>((resolve, reject) => {
    const headers = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c' };
    const asked = request({ port: rig.httpPort, headers }, (response) => {
      response.setEncoding('utf8').on('data', (text) => resolve(`${response.statusCode} ${text}`));
    });
    asked.on('error', reject).end();
  });
  expect(status).toBe('200 plain');
});
