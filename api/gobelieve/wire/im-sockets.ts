import type { Clock } from '../../../bot/clock.ts';
import type { Logger } from '../../../config/logger.ts';
import type { UpgradeHandler } from '../../sockets/upgrades.ts';
import { CloseCode } from './connection.ts';
import { Connections } from './connections.ts';
import { dispatch } from './dispatch.ts';
import { FrameWriterPool } from './frame-writer.ts';
import { TcpListener } from './tcp-listener.ts';
import { createWebSocketHandler } from './websocket.ts';
import type { Wire, WireCore } from './wire.ts';

/** Where WebSockets of IM clients come in. */
export const webSocketPath = '/ws';

export interface ImSocketsOptions {
  im: WireCore;
  clock: Clock;
  logger: Logger;
  /** TCP listener; absent: WebSockets only. */
  tcp?: { host: string; port: number } | undefined;
  /** Bytes that may wait for a client that reads slowly. */
  maxPending?: number;
  /** Time for clients to take what was written to them when the daemon stops. */
  farewellMs?: number;
}

export interface ImSockets {
  /** For upgrades to `webSocketPath`; before `start` and after `stop` they get 503. */
  readonly upgrade: UpgradeHandler;
  /** Open ones, logged in or not. */
  readonly connections: number;
  /** @returns the TCP port that listens, if one does */
  start(): Promise<number | undefined>;
  /** Stores and answers what has come, then closes every connection. */
  stop(): Promise<void>;
}

/** The doors for IM clients. */
export function createImSockets(options: ImSocketsOptions): ImSockets {
  const { im, clock, logger, maxPending = 1_048_576, farewellMs = 1000 } = options;
  const connections = new Connections(clock);
  let open = false;
  const nextId = (): number => im.hub.nextId();
  const writers = new FrameWriterPool();
  const wire: Wire = { im, clock, logger, maxPending, writers, connections, nextId, dispatch };
  const listener = options.tcp === undefined ? undefined : new TcpListener(wire, options.tcp);
  return {
    upgrade: createWebSocketHandler(wire, () => open),
    get connections() {
      return connections.size;
    },
    async start() {
      const port = await listener?.start();
      open = true;
      connections.start();
      return port;
    },
    async stop() {
      open = false;
      listener?.stop();
      for (const connection of connections) connection.hold();
      await im.log.drain();
      for (const connection of connections) connection.close('stopping', CloseCode.stopping);
      await connections.emptied(farewellMs);
      for (const connection of connections) connection.destroy('stopping');
      connections.stop();
    },
  };
}
