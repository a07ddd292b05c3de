import Router from '@koa/router';
import type { Context, Next } from 'koa';
import { type Clock, RealClock } from '../../bot/clock.ts';
import type { Files } from '../../bot/files.ts';
import type { Im } from '../../bot/im/im.ts';
import type { Thumbnails } from '../../bot/thumbnails.ts';
import type { Logger } from '../../config/logger.ts';
import type { Uploads } from '../files/uploads.ts';
import { requireClient } from './auth.ts';
import { clientRoutes } from './client-routes.ts';
import { boundUploads } from './customer-guard.ts';
import { CustomerLimits, type CustomerRates, customerRates } from './customer-limits.ts';
import { customerPaths, registerCustomer } from './customers.ts';
import { gobelieveErrors } from './envelope.ts';
import { gobelievePrefixes, mountRoutes, pathOf } from './router.ts';
import { mountUploads, uploadKinds } from './uploads.ts';

export interface GobelieveClientOptions {
  im: Im;
  files: Files;
  uploads: Uploads;
  thumbnails: Thumbnails;
  logger: Logger;
  /** Address under which the daemon is reached, without a slash at its end. */
  publicUrl: () => string;
  clock?: Clock;
  /** Bounds of what is open to anybody. */
  rates?: Partial<CustomerRates>;
}

/** What users of applications and customers of desks call at the root of the daemon. */
export function createGobelieveClientRouter(options: GobelieveClientOptions): Router {
  const { im, logger, clock = new RealClock(), rates } = options;
  const limits = new CustomerLimits({ ...customerRates, ...rates }, clock);
  const uploader = [requireClient(im), boundUploads(im, limits)];
  const router = new Router();
  router.use(allowPages, gobelieveErrors(logger));
  const paths = new Set([...customerPaths, ...clientRoutes.map(pathOf), ...uploadPaths]);
  for (const prefix of gobelievePrefixes) {
    for (const path of paths) {
      router.options(`${prefix}${path}`, (ctx) => {
        ctx.status = 204;
      });
    }
    for (const path of customerPaths) router.post(`${prefix}${path}`, registerCustomer(im, limits));
    mountUploads(router, prefix, { ...options, uploader });
  }
  mountRoutes(router, clientRoutes, im);
  return router;
}

const uploadPaths = uploadKinds.map(({ path }) => path);

/** Pages of other sites may call: a token is no cookie that a page could borrow. */
async function allowPages(ctx: Context, next: Next): Promise<void> {
  ctx.set({
    'access-control-allow-origin': '*',
    'access-control-allow-headers': 'Authorization, Content-Type',
    'access-control-allow-methods': 'GET, POST, PATCH, DELETE, OPTIONS',
    'access-control-expose-headers': 'Retry-After',
    'access-control-max-age': '86400',
  });
  await next();
}
