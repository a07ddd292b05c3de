import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Timer } from '../../bot/clock.ts';
import { AppError, type Language } from '../../bot/errors.ts';
import type { Operator } from '../../bot/operators.ts';
import { problemStatus } from '../middleware/problem.ts';
import { refuseUpgrade, type UpgradeHandler } from '../sockets/upgrades.ts';
import { LiveConnection, type LiveTools } from './connection.ts';
import { closing } from './outlet.ts';

export const livePath = '/api/v1/live';

export interface LiveSockets {
  /** Before `start` and after `stop` upgrades get 503. */
  readonly upgrade: UpgradeHandler;
  readonly connections: number;
  start(): void;
  stop(): Promise<void>;
}

export interface LiveSocketsOptions extends LiveTools {
  /** Who opens a socket: a token, or the cookie of a page of ours. */
  identify: (request: IncomingMessage) => Promise<Operator | undefined>;
  /** Tells when a session may have ended. */
  onEnded?: (listener: () => void) => () => void;
  language: Language;
}

const heartbeatMs = 15_000;
const most = 500;
const perOperator = 50;
const farewellMs = 1000;

interface Reader {
  connection: LiveConnection;
  request: IncomingMessage;
  name: string;
  alive: boolean;
}

/** `WS /api/v1/live`: what changes, as it changes, for operators. */
export function createLiveSockets(options: LiveSocketsOptions): LiveSockets {
  const { clock, identify, logger } = options;
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: 16_384,
    clientTracking: false,
  });
  const readers = new Map<WebSocket, Reader>();
  let open = false;
  let timer: Timer | undefined;
  let deaf: (() => void) | undefined;

  const admit = async (request: IncomingMessage): Promise<Operator> => {
    if (!open) throw new AppError('unavailable', { zh: '暂不可用', en: 'not available' });
    const operator = await identify(request);
    if (operator === undefined) {
      throw new AppError('unauthorized', { zh: '需要登录', en: 'log in first' });
    }
    const own = [...readers.values()].filter(({ name }) => name === operator.name).length;
    if (own >= perOperator || readers.size >= most) {
      throw new AppError('rate_limited', { zh: '连接过多', en: 'too many sockets' });
    }
    return operator;
  };

  const take = (socket: WebSocket, request: IncomingMessage, { name }: Operator): void => {
    const connection = new LiveConnection(options, socket);
    const reader: Reader = { connection, request, name, alive: true };
    readers.set(socket, reader);
    socket.on('message', (data: RawData, isBinary: boolean) => {
      reader.alive = true;
      if (isBinary || !Buffer.isBuffer(data)) socket.close(1003, 'text only');
      else connection.receive(data.toString('utf8'));
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      readers.delete(socket);
      connection.gone();
    });
  };

  /** A session that ended ends its sockets; whoever did not answer the last ping is gone. */
  const check = async (socket: WebSocket, reader: Reader): Promise<void> => {
    if (!reader.alive && !reader.connection.waiting) {
      socket.terminate();
      return;
    }
    reader.alive = false;
    const operator = await identify(reader.request).catch(() => undefined);
    if (operator === undefined) socket.close(closing.lapsed, 'the session has ended');
    else reader.connection.ping();
  };

  /** Who logged out, or lost his account, sees nothing more. */
  const lapse = async (socket: WebSocket, { request }: Reader): Promise<void> => {
    const operator = await identify(request).catch(() => undefined);
    if (operator === undefined) socket.close(closing.lapsed, 'the session has ended');
  };
  const lapseAll = (): void => {
    for (const [socket, reader] of readers) void lapse(socket, reader);
  };

  const beat = (): void => {
    for (const [socket, reader] of readers) {
      check(socket, reader).catch((error: unknown) => {
        logger.error({ err: error }, 'a reader of the feed could not be checked');
      });
    }
    timer = clock.after(heartbeatMs, beat);
  };

  return {
    upgrade: (request, socket, head) => {
      // Whoever asks may be gone before it is known who that is.
      const ignore = (): void => {};
      socket.on('error', ignore);
      admit(request).then(
        (operator) => {
          socket.off('error', ignore);
          if (socket.destroyed) return;
          server.handleUpgrade(request, socket, head, (ws) => take(ws, request, operator));
        },
        (error: unknown) => refuse(options, socket, error),
      );
    },
    get connections() {
      return readers.size;
    },
    start() {
      open = true;
      deaf = options.onEnded?.(lapseAll);
      timer = clock.after(heartbeatMs, beat);
    },
    async stop() {
      open = false;
      deaf?.();
      timer?.cancel();
      for (const socket of readers.keys()) socket.close(1001, 'stopping');
      const until = Date.now() + farewellMs;
      while (readers.size > 0 && Date.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      for (const socket of [...readers.keys()]) socket.terminate();
    },
  };
}

function refuse({ language, logger }: LiveSocketsOptions, socket: Socket, error: unknown): void {
  if (!(error instanceof AppError)) logger.error({ err: error }, 'upgrade failed');
  const code = error instanceof AppError ? error.code : 'unexpected';
  const said = error instanceof AppError ? error.text[language] : 'unexpected';
  const status = problemStatus[code];
  const names: Record<number, string> = { 401: 'Unauthorized', 403: 'Forbidden', 429: 'Too Many' };
  refuseUpgrade(
    socket,
    `${status} ${names[status] ?? 'Refused'}`,
    JSON.stringify({ status, code, detail: said }),
  );
}
