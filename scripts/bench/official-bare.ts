import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/**
 * The yardstick: `ws` without compression, and the same frames by `send` to whoever is connected.
 * Nothing is kept, nothing is checked. Run as a process of its own; prints `ready <port>`.
 */
const users = new Map<string, WebSocket[]>();
let lastId = 0;

const http = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { data } = JSON.parse(Buffer.concat(chunks).toString()) as {
      data: { contact_id?: string; contact_ids?: string[]; from_id: string; msg: unknown };
    };
    lastId += 1;
    const frame = JSON.stringify({
      data: {
        ...{ id: String(lastId), name: '', avatar: '', msg_type: 'text', contact_id: data.from_id },
        ...{ company_id: '', send_time: Math.floor(Date.now() / 1000), msg: data.msg },
      },
      result: { code: 1001, message: 'common' },
    });
    for (const name of data.contact_ids ?? [data.contact_id ?? '']) {
      for (const socket of users.get(name) ?? []) socket.send(frame);
    }
    response.setHeader('content-type', 'application/json');
    response.end(`{"data":{"id":"${lastId}"},"result":{"code":100,"message":"成功"}}`);
  });
});

const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
http.on('upgrade', (request, socket, head) => {
  const name = new URLSearchParams(request.url?.split('?')[1]).get('userid') ?? '';
  server.handleUpgrade(request, socket, head, (webSocket) => {
    users.set(name, [...(users.get(name) ?? []), webSocket]);
    webSocket.on('close', () => users.delete(name));
  });
});
http.listen(0, '127.0.0.1', 4096, () => {
  process.stdout.write(`ready ${(http.address() as AddressInfo).port}\n`);
});
