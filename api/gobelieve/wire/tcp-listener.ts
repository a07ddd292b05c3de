import { type AddressInfo, createServer, type Server } from 'node:net';
import { TcpConnection } from './tcp-connection.ts';
import type { Wire } from './wire.ts';

/** Accepts IM clients over TCP. */
export class TcpListener {
  readonly #server: Server;
  readonly #wire: Wire;
  readonly #address: { host: string; port: number };

  constructor(wire: Wire, address: { host: string; port: number }) {
    this.#wire = wire;
    this.#address = address;
    this.#server = createServer({ noDelay: true }, (socket) => {
      new TcpConnection(wire, socket);
    });
  }

  /** @returns the port that listens (`port: 0` picks one) */
  start(): Promise<number> {
    const server = this.#server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#address.port, this.#address.host, 4096, () => {
        server.off('error', reject);
        server.on('error', (error) => {
          this.#wire.logger.error({ err: error }, 'tcp listener');
        });
        // A server on a port has an address of this kind.
        resolve((server.address() as AddressInfo).port);
      });
    });
  }

  /** Accepts no more; connections are ended by whoever holds them. */
  stop(): void {
    if (this.#server.listening) this.#server.close();
  }
}
