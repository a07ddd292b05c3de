import type { Socket } from 'node:net';
import { type RawData, WebSocket } from 'ws';
import { CloseCode } from './close-code.ts';
import type { OfficialConnection } from './connection.ts';

/** `ws` reads messages and answers control frames; frames of ours go straight to the socket. */
export class OfficialSocket extends WebSocket {
  connection: OfficialConnection | undefined;

  /** Called by `ws`, when the client says goodbye, answers ours, or talks nonsense. */
  override close(code?: number, reason?: string | Buffer): void {
    this.connection?.ending(code);
    super.close(code, reason);
  }

  /** Our own goodbye. */
  leave(code: number, reason: string): void {
    super.close(code, reason);
    // Its answer has to be heard.
    if (this.isPaused) this.resume();
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
  webSocket.on('pong', onPong);
  webSocket.on('error', ignore);
  socket.on('close', onClose);
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  if (!(this instanceof OfficialSocket)) return;
  if (!isBinary && Buffer.isBuffer(data)) this.connection?.receive(data);
  else this.connection?.close('text only', CloseCode.binary, 'fault');
}

function onPong(this: WebSocket, data: Buffer): void {
  if (this instanceof OfficialSocket) this.connection?.answered(data);
}

function onClose(this: OwnedSocket): void {
  this.officialConnection?.gone();
}

/** It closes after that. */
function ignore(): void {}
