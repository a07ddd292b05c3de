import { WebSocketServer } from 'ws';
import { refuseUpgrade, type UpgradeHandler } from '../../sockets/upgrades.ts';
import { webSocketLimit } from './commands.ts';
import { ImWebSocket, WebSocketConnection } from './websocket-connection.ts';
import type { Wire } from './wire.ts';

/** Makes IM connections of the upgrades it is given, from whatever origin they come. */
export function createWebSocketHandler(wire: Wire, isOpen: () => boolean): UpgradeHandler {
  const server = new WebSocketServer({
    noServer: true,
    // Messages are short: compressing costs memory and time for each connection.
    perMessageDeflate: false,
    maxPayload: webSocketLimit,
    clientTracking: false,
    skipUTF8Validation: true,
    WebSocket: ImWebSocket,
  });
  return (request, socket, head) => {
    if (!isOpen()) {
      refuseUpgrade(socket, '503 Service Unavailable');
      return;
    }
    server.handleUpgrade(request, socket, head, (webSocket) => {
      new WebSocketConnection(wire, webSocket, socket);
    });
  };
}
