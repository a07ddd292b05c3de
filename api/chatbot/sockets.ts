import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { ChatEnded } from '../../bot/chatbot/chat.ts';
import type { Timer } from '../../bot/clock.ts';
import { AppError } from '../../bot/errors.ts';
import { protocolOf } from '../middleware/access.ts';
import { validate } from '../middleware/validate.ts';
import { refuseUpgrade, type UpgradeHandler } from '../sockets/upgrades.ts';
import { ChatbotConnection } from './connection.ts';
import type { ChatbotCore } from './core.ts';
import { innerError, refusedOf } from './envelope.ts';
import { bodyLimit } from './read-body.ts';
import { messageId, sessionId } from './schema.ts';

export interface ChatbotSockets {
  /** Before `start` and after `stop` upgrades get 503. */
  readonly upgrade: UpgradeHandler;
  readonly connections: number;
  start(): void;
  stop(): Promise<void>;
}

const heartbeatMs = 30_000;
const perSession = 10;
/** Time for clients to say goodbye when the daemon stops. */
const farewellMs = 1000;

const query = z.object({
  sessionId,
  messageId: messageId.optional().describe('Of an answer to go on with.'),
  seq: z.coerce.number().int().min(-1).max(1e9).default(-1),
});

type Asked = z.output<typeof query> & { owner: string | undefined };

/** The doors for clients of the chatbot that stay connected. */
export function createChatbotSockets(core: ChatbotCore): ChatbotSockets {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: bodyLimit,
    clientTracking: false,
    handleProtocols: protocolOf,
  });
  const sockets = new Map<WebSocket, { session: string; alive: boolean }>();
  let open = false;
  let timer: Timer | undefined;

  const take = (socket: WebSocket, asked: Asked): void => {
    sockets.set(socket, { session: asked.sessionId, alive: true });
    const connection = new ChatbotConnection(
      { ...core, owner: asked.owner },
      socket,
      asked.sessionId,
    );
    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (isBinary || !Buffer.isBuffer(data)) socket.close(1003, 'text only');
      else connection.receive(data.toString('utf8'));
    });
    socket.on('pong', () => sockets.set(socket, { session: asked.sessionId, alive: true }));
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      connection.gone();
    });
    if (asked.messageId !== undefined) connection.resume(asked.messageId, asked.seq);
  };

  /** Whoever has not answered the last one is gone. */
  const beat = (): void => {
    for (const [socket, state] of sockets) {
      if (!state.alive) socket.terminate();
      else {
        sockets.set(socket, { ...state, alive: false });
        socket.ping();
      }
    }
    timer = core.clock.after(heartbeatMs, beat);
  };

  const ask = (request: IncomingMessage): Asked => {
    if (!open || !core.enabled()) {
      throw new AppError('unavailable', { zh: '暂不可用', en: 'not available' });
    }
    const { userId: owner } = core.access.require(request);
    const url = request.url ?? '';
    const given = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : '');
    const asked = validate(query, Object.fromEntries(given));
    let count = 0;
    for (const { session } of sockets.values()) if (session === asked.sessionId) count += 1;
    if (count >= perSession) {
      const text = { zh: '该会话的连接过多', en: 'too many sockets of this session' };
      throw new AppError('rate_limited', text);
    }
    return { ...asked, owner };
  };

  return {
    upgrade: (request, socket, head) => {
      // Whoever asks may be gone before it is known who that is.
      const ignore = (): void => {};
      socket.on('error', ignore);
      admit(core, () => ask(request)).then(
        (asked) => {
          socket.off('error', ignore);
          if (socket.destroyed) return;
          server.handleUpgrade(request, socket, head, (webSocket) => {
            if (asked.ended === undefined) take(webSocket, asked);
            else sayEnded(core, webSocket, asked.ended);
          });
        },
        (error: unknown) => refuse(core, socket, error),
      );
    },
    get connections() {
      return sockets.size;
    },
    start() {
      open = true;
      timer = core.clock.after(heartbeatMs, beat);
    },
    async stop() {
      open = false;
      timer?.cancel();
      for (const socket of sockets.keys()) socket.close(1001, 'stopping');
      const until = Date.now() + farewellMs;
      while (sockets.size > 0 && Date.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      for (const socket of [...sockets.keys()]) socket.terminate();
    },
  };
}

/** A chat that nobody has begun yet is as good as one that goes on. */
async function admit(
  { chats }: ChatbotCore,
  ask: () => Asked,
): Promise<Asked & { ended: ChatEnded | undefined }> {
  const asked = ask();
  await chats.assertOwn(asked.sessionId, asked.owner);
  try {
    await chats.assertNotEnded(asked.sessionId);
  } catch (error) {
    if (!(error instanceof ChatEnded)) throw error;
    return { ...asked, ended: error };
  }
  return { ...asked, ended: undefined };
}

/** Pages cannot read why an upgrade is refused: they are told in a frame. */
function sayEnded({ language }: ChatbotCore, socket: WebSocket, ended: ChatEnded): void {
  socket.on('error', () => {});
  socket.send(JSON.stringify(refusedOf(ended, language)));
  socket.close(1000, 'ended');
}

function refuse({ language, logger }: ChatbotCore, socket: Socket, error: unknown): void {
  const refused = refusedOf(error, language);
  if (refused === undefined) logger.error({ err: error }, 'upgrade failed');
  const said = refused ?? innerError;
  refuseUpgrade(socket, `${said.code} ${STATUS_CODES[said.code] ?? ''}`, JSON.stringify(said));
}
