import Router from '@koa/router';
import type { Context, Next } from 'koa';
import type { Language } from '../../bot/errors.ts';
import type { Files } from '../../bot/files.ts';
import type { Im } from '../../bot/im/im.ts';
import type { Logger } from '../../config/logger.ts';
import { requireClient } from './auth.ts';
import { clientRoutes } from './client-routes.ts';
import { customerPaths, registerCustomer } from './customers.ts';
import { gobelieveErrors } from './envelope.ts';
import { gobelievePrefixes, mountRoutes } from './router.ts';
import { mountUploads } from './uploads.ts';

export interface GobelieveClientOptions {
  im: Im;
  files: Files;
  logger: Logger;
  language: Language;
  /** Address under which the daemon is reached, without a slash at its end. */
  publicUrl: () => string;
}

/** What users of applications and customers of desks call at the root of the daemon. */
export function createGobelieveClientRouter(options: GobelieveClientOptions): Router {
  const { im, files, logger, language, publicUrl } = options;
  const router = new Router();
  router.use(gobelieveErrors(logger, language));
  for (const prefix of gobelievePrefixes) {
    for (const path of customerPaths) router.post(`${prefix}${path}`, registerCustomer(im));
    // Pages of other sites read the history too; a token is no cookie that a page could borrow.
    router.options(`${prefix}/messages`, allowPages, (ctx) => {
      ctx.status = 204;
    });
    router.get(`${prefix}/messages`, allowPages);
    mountUploads(router, prefix, { files, publicUrl, requireClient: requireClient(im) });
  }
  mountRoutes(router, clientRoutes, im);
  return router;
}

async function allowPages(ctx: Context, next: Next): Promise<void> {
  ctx.set({
    'access-control-allow-origin': '*',
    'access-control-allow-headers': 'Authorization',
    'access-control-allow-methods': 'GET, OPTIONS',
    'access-control-max-age': '86400',
  });
  await next();
}
