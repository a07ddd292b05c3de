import type { RequestListener } from 'node:http';
import type Router from '@koa/router';
import Koa, { type Context } from 'koa';
import type { Language, Text } from '../bot/errors.ts';
import type { Logger } from '../config/logger.ts';
import { isChatbotAddress } from './chatbot/addresses.ts';
import { sendRefusal } from './chatbot/envelope.ts';
import { isGobelieveAddress } from './gobelieve/addresses.ts';
import { sendProblem } from './gobelieve/envelope.ts';
import { isImbotAddress, sendError } from './imbot/envelope.ts';
import { problem, problems } from './middleware/problem.ts';
import { isOfficialAddress } from './official/addresses.ts';
import { sendFault } from './official/envelope.ts';

export interface AppOptions {
  routers: readonly Router[];
  logger: Logger;
  language: Language;
}

/** Everything that is not a signed command. Refusals are problem+json unless a family says else. */
export function createApp({ routers, logger, language }: AppOptions): RequestListener {
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
  for (const router of routers) {
    app.use(router.routes());
    app.use(router.allowedMethods());
  }
  app.use((ctx) => {
    refuse(ctx, 404, { zh: '没有这个地址', en: 'there is nothing at this address' }, language);
  });
  const callback = app.callback();
  return (request, response) => void callback(request, response);
}

function refuse(ctx: Context, status: number, text: Text, language: Language): void {
  if (isGobelieveAddress(ctx.path)) sendProblem(ctx, status, text.en);
  else if (isImbotAddress(ctx.path)) sendError(ctx, { status, error: text[language] });
  else if (isChatbotAddress(ctx.path)) sendRefusal(ctx, status, text[language]);
  else if (isOfficialAddress(ctx.path)) sendFault(ctx, status, text[language]);
  else problem(ctx, status, text[language]);
}
