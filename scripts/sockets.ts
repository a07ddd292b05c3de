import { socketPath as chatbotPath } from '../api/chatbot/addresses.ts';
import { type ChatbotSockets, createChatbotSockets } from '../api/chatbot/sockets.ts';
import { createEventBody } from '../api/commands/callbacks.ts';
import {
  createImSockets,
  type ImSockets,
  webSocketPath,
} from '../api/gobelieve/wire/im-sockets.ts';
import { createLiveSockets, type LiveSockets, livePath } from '../api/live/sockets.ts';
import { OperatorAuth } from '../api/middleware/operator-auth.ts';
import { socketPaths } from '../api/official/addresses.ts';
import { createOfficialSockets, type OfficialSockets } from '../api/official/sockets.ts';
import { Upgrades } from '../api/sockets/upgrades.ts';
import { chatbotCore } from './chatbot.ts';
import type { Core } from './core.ts';

/** The doors of the families whose clients stay connected. */
export interface Sockets {
  readonly upgrades: Upgrades;
  readonly im: ImSockets;
  readonly official: OfficialSockets;
  readonly chatbot: ChatbotSockets;
  readonly live: LiveSockets;
}

export function createSockets(core: Core, publicUrl: () => string, stopping: AbortSignal): Sockets {
  const { config, clock, logger } = core;
  const { host } = config.http;
  const { tcpPort } = config.im;
  const im = createImSockets({
    ...{ im: core.im, clock, logger: logger.child({ area: 'api:im' }) },
    tcp: tcpPort === undefined ? undefined : { host, port: tcpPort },
  });
  const official = createOfficialSockets({
    ...{ im: core.im, official: core.official, access: core.access, clock, publicUrl },
    ...{ settings: config.official, meter: core.officialMeter, language: config.language },
    logger: logger.child({ area: 'api:official' }),
  });
  const upgrades = new Upgrades();
  upgrades.add(webSocketPath, im.upgrade);
  for (const path of socketPaths) upgrades.add(path, official.upgrade);
  const chatbot = createChatbotSockets(chatbotCore(core, stopping));
  upgrades.add(chatbotPath, chatbot.upgrade);
  const auth = new OperatorAuth({ operators: core.operators, publicUrl });
  const live = createLiveSockets({
    ...{ live: core.live, events: core.events, signals: core.signals, clock },
    ...{ encodeBody: createEventBody({ publicUrl }), language: config.language },
    identify: (request) => auth.upgrade(request),
    onEnded: (listener) => core.operators.onEnded(listener),
    logger: logger.child({ area: 'api:live' }),
  });
  upgrades.add(livePath, live.upgrade);
  return { upgrades, im, official, chatbot, live };
}
