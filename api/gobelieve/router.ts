import Router from '@koa/router';
import type { Middleware } from 'koa';
import type { Clock } from '../../bot/clock.ts';
import type { Im } from '../../bot/im/im.ts';
import type { Logger } from '../../config/logger.ts';
import { requireClient, requireServer, requireServerOrClient } from './auth.ts';
import { guardOfCustomers } from './customer-guard.ts';
import { gobelieveErrors, refusal } from './envelope.ts';
import type { Caller, Route } from './route.ts';
import { gobelieveRoutes } from './routes.ts';

export interface GobelieveOptions {
  im: Im;
  clock: Clock;
  logger: Logger;
}

/** Clients of some age put this before every address. */
export const gobelievePrefixes = ['', '/v2'];

/** What servers of applications call at the root of the daemon. */
export function createGobelieveRouter({ im, logger }: GobelieveOptions): Router {
  const router = new Router();
  router.use(gobelieveErrors(logger));
  mountRoutes(router, gobelieveRoutes, im);
  return router;
}

/** Each route under each prefix, behind its guard. */
export function mountRoutes(router: Router, routes: readonly Route[], im: Im): void {
  const guards = {
    server: requireServer(im),
    client: requireClient(im),
    either: requireServerOrClient(im),
  } satisfies Record<Caller, Middleware>;
  for (const route of routes) {
    const path = pathOf(route);
    for (const prefix of gobelievePrefixes) {
      const may = [isOne(route), guards[route.caller], guardOfCustomers(im, route)];
      router[route.method](`${prefix}${path}`, ...may, (ctx) => route.serve(im, ctx));
    }
  }
}

/** As the router writes it. */
export function pathOf(route: Pick<Route, 'path'>): string {
  return route.path.replaceAll(/\{(\w+)\}/g, ':$1');
}

/** An id in an address has to be one; before anybody is asked who he is. */
function isOne(route: Route): Middleware {
  return async (ctx, next) => {
    if (!route.fits(ctx)) throw refusal(404, 'unknown address');
    await next();
  };
}
