import type { Socket } from 'node:net';
import { type RawData, WebSocket } from 'ws';
import { CloseCode } from './close-code.ts';
import type { OfficialConnection } from './connection.ts';

/** `ws` reads messages and answers control frames; frames of ours go straight to the socket. */
export class OfficialSocket extends WebSocket {
  connection: OfficialConnection | undefined;

  /** Called by `ws` too, when the client says goodbye. */
  override close(code?: number, reason?: string | Buffer): void {
    this.connection?.ending();
    super.close(code, reason);
  }
}

export interface OwnedSocket extends Socket {
  officialConnection?: OfficialConnection;
}

/** The listeners are functions of the module: none is made for a connection. */
export function bind(
  connection: OfficialConnection,
  webSocket: OfficialSocket,
  socket: OwnedSocket,
): void {
  webSocket.connection = connection;
  socket.officialConnection = connection;
  webSocket.on('message', onMessage);
  webSocket.on('error', ignore);
  socket.on('close', onClose);
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  if (!(this instanceof OfficialSocket)) return;
  if (!isBinary && Buffer.isBuffer(data)) this.connection?.receive(data);
  else this.connection?.close('text only', CloseCode.binary, 'fault');
}

function onClose(this: OwnedSocket): void {
  this.officialConnection?.gone();
}

/** It closes after that. */
function ignore(): void {}
