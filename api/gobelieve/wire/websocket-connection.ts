import type { Socket } from 'node:net';
import { type RawData, WebSocket } from 'ws';
import { ClientConnection, CloseCode, earlyLimit } from './connection.ts';
import { readFrame } from './frame-reader.ts';
import type { Wire } from './wire.ts';

/** Longest reason that fits into a close frame, in bytes; ours are ASCII. */
const reasonLimit = 123;

/**
 * One frame in each binary message, both ways. `ws` reads messages and answers control frames;
 * frames of ours go straight to the socket, many with one write.
 */
export class WebSocketConnection extends ClientConnection {
  readonly #webSocket: ImWebSocket;
  /** What came while frames have to wait. */
  #early: Buffer[] | undefined;
  #earlyBytes = 0;

  constructor(wire: Wire, webSocket: ImWebSocket, socket: OwnedSocket) {
    super(wire, socket);
    this.#webSocket = webSocket;
    webSocket.connection = this;
    socket.imConnection = this;
    // Shared by all sockets.
    webSocket.on('message', onMessage);
    webSocket.on('error', ignore);
    socket.on('close', onClose);
  }

  get transport(): 'websocket' {
    return 'websocket';
  }

  protected get inMessages(): boolean {
    return true;
  }

  receive(message: Buffer): void {
    if (this.closed) return;
    this.heard = this.wire.connections.tick;
    if (!this.held && this.#early === undefined) {
      this.#read(message);
      return;
    }
    this.#early ??= [];
    this.#early.push(message);
    // An empty one takes room too.
    this.#earlyBytes += message.length + 64;
    if (this.#earlyBytes > earlyLimit) this.#webSocket.pause();
  }

  protected proceed(): void {
    const early = this.#early;
    if (early !== undefined) {
      let done = 0;
      for (const message of early) {
        if (this.held || this.closed) break;
        done += 1;
        this.#earlyBytes -= message.length + 64;
        this.#read(message);
      }
      if (this.closed || done === early.length) this.#early = undefined;
      else early.splice(0, done);
    }
    if (this.#early === undefined && this.#webSocket.isPaused) this.#webSocket.resume();
  }

  /** What comes after the frame is not read. */
  #read(message: Buffer): void {
    const frame = readFrame(message, 0);
    if (frame === undefined || frame === 'broken') this.close('no whole frame', CloseCode.fault);
    else this.handle(frame);
  }

  protected end(code: number, reason: string): void {
    this.#webSocket.close(code, reason.slice(0, reasonLimit));
    this.socket.destroySoon();
  }
}

/** The listeners are functions of the module: none is made for a connection. */
export class ImWebSocket extends WebSocket {
  connection: WebSocketConnection | undefined;
}

export interface OwnedSocket extends Socket {
  imConnection?: WebSocketConnection;
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  if (!(this instanceof ImWebSocket)) return;
  if (isBinary && Buffer.isBuffer(data)) this.connection?.receive(data);
  else this.connection?.close('text message', CloseCode.text);
}

function onClose(this: OwnedSocket): void {
  this.imConnection?.gone();
}

/** It closes after that. */
function ignore(): void {}
