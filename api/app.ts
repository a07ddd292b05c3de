import type { RequestListener } from 'node:http';
import type Router from '@koa/router';
import Koa, { type Context } from 'koa';
import type { Language, Text } from '../bot/errors.ts';
import { cannotStore } from '../bot/storage.ts';
import type { Logger } from '../config/logger.ts';
import { isChatbotAddress, socketPath } from './chatbot/addresses.ts';
import { sendRefusal } from './chatbot/envelope.ts';
import { isGobelieveAddress } from './gobelieve/addresses.ts';
import { sendProblem } from './gobelieve/envelope.ts';
import { webSocketPath } from './gobelieve/wire/im-sockets.ts';
import { isImbotAddress, sendError } from './imbot/envelope.ts';
import { problem, problems } from './middleware/problem.ts';
import { isOfficialAddress, socketPaths } from './official/addresses.ts';
import { sendFault } from './official/envelope.ts';

export interface AppOptions {
  routers: readonly Router[];
  logger: Logger;
  language: Language;
  /** Whether nothing new is taken, as there is no room for it. */
  full?: () => boolean;
}

const onlySockets: Text = {
  zh: '这里是 WebSocket：请用 ws:// 或 wss:// 连接；反向代理须转发 Upgrade',
  en: 'a WebSocket lives here: connect with ws:// or wss://; a reverse proxy has to pass the Upgrade',
};

/** Everything that is not a signed command. Refusals are problem+json unless a family says else. */
export function createApp({ routers, logger, language, full }: AppOptions): RequestListener {
  const app = new Koa();
  app.silent = true;
  app.use(async (ctx, next) => {
    ctx.set('X-Content-Type-Options', 'nosniff');
    await next();
  });
  app.use(problems({ logger, language }));
  app.use(async (ctx, next) => {
    await next();
    // The routers know which methods an address takes; what it says is ours.
    if (ctx.status === 405 || ctx.status === 501) {
      refuse(ctx, ctx.status, { zh: '不支持该方法', en: 'not with this method' }, language);
    }
  });
  app.use(async (ctx, next) => {
    if (full?.() === true && bringsWork(ctx)) refuseForRoom(ctx, language);
    else await next();
  });
  for (const router of routers) {
    app.use(router.routes());
    app.use(router.allowedMethods());
  }
  app.use((ctx) => {
    if (isSocketAddress(ctx.path) && (ctx.method === 'GET' || ctx.method === 'HEAD')) {
      ctx.set('Upgrade', 'websocket');
      refuse(ctx, 426, onlySockets, language);
      return;
    }
    refuse(ctx, 404, { zh: '没有这个地址', en: 'there is nothing at this address' }, language);
  });
  const callback = app.callback();
  return (request, response) => void callback(request, response);
}

/** Operators get in, whatever the disk says: they are who makes room. */
function bringsWork({ method, path }: Context): boolean {
  if (method !== 'POST' && method !== 'PUT' && method !== 'PATCH') return false;
  // The chatbot tells what is new from what it knows already, and says it in its own form.
  if (isChatbotAddress(path)) return false;
  return !path.startsWith('/api/v1/') && !path.startsWith('/simulator/') && path !== '/mcp';
}

function refuseForRoom(ctx: Context, language: Language): void {
  const { text, retryAfter } = cannotStore();
  ctx.set('retry-after', String(retryAfter));
  refuse(ctx, 507, text, language);
}

function refuse(ctx: Context, status: number, text: Text, language: Language): void {
  if (isGobelieveAddress(ctx.path)) sendProblem(ctx, status, text.en);
  else if (isImbotAddress(ctx.path)) sendError(ctx, { status, error: text[language] });
  else if (isChatbotAddress(ctx.path)) sendRefusal(ctx, status, text[language]);
  else if (isOfficialAddress(ctx.path)) sendFault(ctx, status, text[language]);
  else problem(ctx, status, text[language]);
}

/** The root has a page of its own in mind, if any. */
function isSocketAddress(path: string): boolean {
  return path !== '/' && [webSocketPath, socketPath, ...socketPaths].includes(path);
}
