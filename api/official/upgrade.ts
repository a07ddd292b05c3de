import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { AppError } from '../../bot/errors.ts';
import { ownApps, type User } from '../../bot/im/message.ts';
import type { Config } from '../../config/config.ts';
import { type Access, dutyOf, protocolOf } from '../middleware/access.ts';
import { refuseUpgrade, type UpgradeHandler } from '../sockets/upgrades.ts';
import { OfficialConnection } from './connection.ts';
import { frameLimit } from './content.ts';
import { faultText, officialStatus } from './envelope.ts';
import { bind, OfficialSocket } from './web-socket.ts';
import type { OfficialWire } from './wire.ts';
import { readWish, type Wish } from './wish.ts';

export interface UpgradeOptions {
  wire: OfficialWire;
  access: Access;
  settings: Pick<Config['official'], 'origins' | 'socketsPerUser'>;
  isOpen: () => boolean;
}

/** Makes connections of the upgrades it is given. What is wrong is told before the upgrade, over HTTP. */
export function createUpgradeHandler(options: UpgradeOptions): UpgradeHandler {
  const server = new WebSocketServer({
    noServer: true,
    // Messages are short: compressing costs memory and time for each connection.
    perMessageDeflate: false,
    maxPayload: frameLimit,
    clientTracking: false,
    handleProtocols: protocolOf,
    WebSocket: OfficialSocket,
  });
  return (request, socket, head) => {
    const take = (wish: Wish): void => {
      if (isFull(options, wish.user)) throw tooMany();
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const connection = new OfficialConnection(options.wire, webSocket, socket, wish);
        bind(connection, webSocket, socket);
      });
    };
    try {
      const asked = ask(options, request);
      const user = options.wire.im.names.peek(asked.name);
      if (user !== undefined) {
        take({ ...asked, user });
        return;
      }
      // Whoever asked may be gone before it is known who that is.
      socket.on('error', ignore);
      options.wire.im.names
        .get(asked.name)
        .then((found) => {
          socket.off('error', ignore);
          take({ ...asked, user: found });
        })
        .catch((error: unknown) => refuse(options, socket, error));
    } catch (error) {
      refuse(options, socket, error);
    }
  };
}

/** What stands in the request. @throws AppError */
function ask(
  { access, settings, isOpen }: UpgradeOptions,
  request: IncomingMessage,
): Omit<Wish, 'user'> {
  if (!isOpen()) {
    throw new AppError('unavailable', { zh: '正在停止', en: 'stopping' });
  }
  const { origin } = request.headers;
  if (origin !== undefined && settings.origins.length > 0 && !settings.origins.includes(origin)) {
    throw new AppError('forbidden', { zh: '不允许的 Origin', en: 'this origin is not allowed' });
  }
  const granted = access.require(request);
  const wish = readWish(request);
  access.assertIs(granted, wish.name);
  return { ...wish, duty: dutyOf(granted) };
}

function isFull({ wire, settings }: UpgradeOptions, { uid }: User): boolean {
  return wire.im.hub.of(ownApps.names, uid).length >= settings.socketsPerUser;
}

function refuse({ wire }: UpgradeOptions, socket: Socket, error: unknown): void {
  const known = error instanceof AppError;
  if (!known) wire.logger.error({ err: error }, 'upgrade failed');
  const status = known ? officialStatus[error.code] : 500;
  const reason = known ? error.text[wire.language] : 'error';
  refuseUpgrade(socket, `${status} ${STATUS_CODES[status] ?? ''}`, faultText(reason));
}

function tooMany(): AppError {
  return new AppError('rate_limited', {
    zh: '该用户的连接数已达上限',
    en: 'this user has as many connections as are allowed',
  });
}

function ignore(): void {}
