import type { Socket } from 'node:net';
import { ClientConnection, CloseCode, earlyLimit } from './connection.ts';
import { FrameReader } from './frame-reader.ts';
import type { Wire } from './wire.ts';

/** Frames back to back. */
export class TcpConnection extends ClientConnection {
  readonly #reader = new FrameReader();

  constructor(wire: Wire, socket: OwnedSocket) {
    super(wire, socket);
    socket.connection = this;
    // Shared by all sockets.
    socket.on('data', onData);
    socket.on('error', ignore);
    socket.on('close', onClose);
  }

  get transport(): 'tcp' {
    return 'tcp';
  }

  protected get inMessages(): boolean {
    return false;
  }

  receive(chunk: Buffer): void {
    if (this.closed) return;
    this.heard = this.wire.connections.tick;
    this.#reader.push(chunk);
    this.proceed();
  }

  protected proceed(): void {
    const reader = this.#reader;
    while (!this.held && !this.closed) {
      const frame = reader.next();
      if (frame === undefined) break;
      if (frame === 'broken') this.close('no such length', CloseCode.fault);
      else this.handle(frame);
    }
    if (this.closed) {
      reader.clear();
      return;
    }
    reader.rest();
    if (reader.waiting > earlyLimit) this.socket.pause();
    else if (this.socket.isPaused()) this.socket.resume();
  }

  protected end(): void {
    this.socket.destroySoon();
  }
}

/** The listeners are functions of the module: none is made for a connection. */
export interface OwnedSocket extends Socket {
  connection?: TcpConnection;
}

function onData(this: OwnedSocket, chunk: Buffer): void {
  this.connection?.receive(chunk);
}

function onClose(this: OwnedSocket): void {
  this.connection?.gone();
}

/** It closes after that. */
function ignore(): void {}
