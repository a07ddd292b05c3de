import Router from '@koa/router';
import { createAdminRouter } from '../api/admin/routes.ts';
import { createChatbotRouter } from '../api/chatbot/router.ts';
import { createEventBody } from '../api/commands/callbacks.ts';
import { createConsoleRouter } from '../api/console/routes.ts';
import { createEventsRouter } from '../api/events/routes.ts';
import { createFilesRouter } from '../api/files/routes.ts';
import { createGobelieveClientRouter } from '../api/gobelieve/client-router.ts';
import { createGobelieveRouter } from '../api/gobelieve/router.ts';
import { createHealthRouter, Health } from '../api/health.ts';
import { postMsgAddress } from '../api/imbot/post-msg.ts';
import { createImbotRouter } from '../api/imbot/router.ts';
import { createMcpRouter } from '../api/mcp/router.ts';
import { createMetricsRouter } from '../api/metrics/routes.ts';
import { createAuthenticator, createBodyAuthenticator } from '../api/middleware/caller.ts';
import { OperatorAuth } from '../api/middleware/operator-auth.ts';
import { requireOperator } from '../api/middleware/require-operator.ts';
import { createSourceOf } from '../api/middleware/source-address.ts';
import { pushPaths } from '../api/official/addresses.ts';
import { createOfficialRouter } from '../api/official/routes.ts';
import { createDocsRouter } from '../api/openapi/routes.ts';
import { createQrRouter } from '../api/qr/routes.ts';
import { createQrShareRouter } from '../api/qr/share-routes.ts';
import type { QuickRoute } from '../api/server.ts';
import { createSimulatorRouter } from '../api/simulator/routes.ts';
import { createWechatRouter } from '../api/wechat/routes.ts';
import { isLoopback } from '../config/address-schema.ts';
import type { Config } from '../config/config.ts';
import { chatbotCore } from './chatbot.ts';
import type { Core } from './core.ts';
import { apiDocument } from './document.ts';

export interface RouterOptions {
  core: Core;
  stopping: AbortSignal;
  publicUrl: () => string;
  reload: () => Promise<string[]>;
  reloadFault: () => string | undefined;
  configInForce: () => Config;
}

/** Addresses that are too busy for Koa, by method and path. */
export function quickRoutes({ postMsg, postPush }: Core): Map<string, QuickRoute> {
  const pushes = pushPaths.map((path) => [`POST ${path}`, postPush] as const);
  return new Map([[postMsgAddress, postMsg], ...pushes]);
}

/** Every router of the daemon, in the order in which they are asked. */
export function createRouters(options: RouterOptions): Router[] {
  const { core, stopping, publicUrl } = options;
  const { config, clock } = core;
  const auth = new OperatorAuth({ operators: core.operators, publicUrl });
  const sourceOf = createSourceOf(config.http.proxies);
  const authenticate = createAuthenticator({
    auth,
    channels: core.channels,
    clock,
    timezone: config.timezone,
    txtimeWindowMs: config.commands.txtimeWindowSeconds * 1000,
  });
  const health = new Health({
    db: core.db,
    probe: (tx) => core.settings.write(tx, 'probe', `${core.clock.now()}`.padEnd(16_384)),
    databaseFault: () => core.storage.fault,
    secretsLeft: core.secretsLeft,
    bots: core.bots,
    stopping,
    reloadFault: options.reloadFault,
    wechatFaults: () => core.wechat.tokenFaults(),
    pictureFaults: () => core.pictures.knownFaults(),
    chatbotFaults: () => core.chatbot.faults,
  });
  // A bot that was removed, or has a real driver by now, is simulated no more.
  const simulated = (botcode: string): ReturnType<typeof core.simulators.get> =>
    core.bots.get(botcode)?.settings.driver === 'simulator'
      ? core.simulators.get(botcode)
      : undefined;
  const simulator = new Router();
  // On loopback a trial needs no token; elsewhere strangers must not play WeChat.
  if (!isLoopback(config.http.host)) simulator.use('/simulator', requireOperator(authenticate));
  simulator.use(createSimulatorRouter({ simulators: { get: simulated } }).routes());
  const admin = {
    ...core,
    ...{ auth, sourceOf, health, publicUrl, reload: options.reload },
    configInForce: options.configInForce,
    ...{ logger: core.logger.child({ area: 'api:admin' }), rootLogger: core.logger },
  };
  return [
    createHealthRouter(health),
    createOfficialRouter(core.postPush),
    createWechatRouter({
      intake: core.wechat.intake,
      account: () => core.wechat.miniProgram(config.imbot.account)?.appid,
    }),
    createMetricsRouter(core.metrics),
    createDocsRouter(() => apiDocument(publicUrl())),
    createConsoleRouter(core.consoleFiles),
    createAdminRouter(admin),
    createMcpRouter({ ...admin, logger: core.logger.child({ area: 'api:mcp' }) }),
    createQrShareRouter({ shares: core.qrShares, clock }),
    createQrRouter({ bots: core.bots }),
    simulator,
    createFilesRouter({
      files: core.files,
      uploads: core.uploads,
      audit: core.audit,
      sourceOf,
      authenticate,
      authenticateBody: createBodyAuthenticator(core.channels),
    }),
    createEventsRouter({
      events: core.events,
      authenticate,
      signals: core.signals,
      clock,
      encodeBody: createEventBody({ publicUrl }),
      stop: stopping,
    }),
    createGobelieveRouter({
      im: core.im,
      clock,
      logger: core.logger.child({ area: 'api:gobelieve' }),
    }),
    createGobelieveClientRouter({
      im: core.im,
      files: core.files,
      uploads: core.uploads,
      thumbnails: core.thumbnails,
      clock,
      rates: config.im,
      logger: core.logger.child({ area: 'api:gobelieve' }),
      publicUrl,
    }),
    createChatbotRouter(chatbotCore(core, stopping)),
    createImbotRouter(
      {
        ...core.imbot,
        names: core.im.names,
        conversations: core.im.conversations,
        credits: core.wechat.credits,
        access: core.access,
        language: config.language,
        uploads: { ...core, limits: config.imbot },
        account: () => core.wechat.miniProgram(config.imbot.account),
        sessions: core.wechat.sessions,
        logger: core.logger.child({ area: 'api:imbot' }),
      },
      core.postMsg,
    ),
  ];
}
