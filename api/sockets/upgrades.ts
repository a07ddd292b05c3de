import type { IncomingMessage, Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Takes over a connection whose client asked for a WebSocket. */
export type UpgradeHandler = (request: IncomingMessage, socket: Socket, head: Buffer) => void;

/** Which family takes which WebSockets, by path. */
export class Upgrades {
  readonly #paths = new Map<string, UpgradeHandler>();

  add(path: string, handler: UpgradeHandler): void {
    this.#paths.set(path, handler);
  }

  /** For `shouldUpgradeCallback`: other upgrades (`h2c`) are offers, and served as ordinary requests. */
  readonly wants = (request: IncomingMessage): boolean =>
    request.headers.upgrade?.toLowerCase() === 'websocket';

  attach(server: Server): void {
    server.on('upgrade', this.#handle);
  }

  readonly #handle = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const handler = this.#paths.get(pathOf(request.url ?? ''));
    if (handler !== undefined && socket instanceof Socket) {
      handler(request, socket, head);
      return;
    }
    refuseUpgrade(socket, '404 Not Found', nothingHere);
  };
}

/** @param status number and name @param body JSON that says why; without it nothing is said */
export function refuseUpgrade(socket: Duplex, status: string, body = ''): void {
  // Whoever asked is free to be gone already.
  socket.on('error', () => {});
  const type = body === '' ? '' : 'Content-Type: application/json; charset=utf-8\r\n';
  const length = `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n${type}${length}\r\n${body}`, () => {
    socket.destroy();
  });
}

const nothingHere = JSON.stringify({ error: 'there is no WebSocket at this address' });

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
