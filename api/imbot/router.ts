import Router from '@koa/router';
import { requireAccess } from '../middleware/access.ts';
import { readBody } from '../middleware/body.ts';
import type { QuickRoute } from '../server.ts';
import type { ImbotCore } from './core.ts';
import { imbotErrors, jsonType } from './envelope.ts';
import { messageRoutes } from './messages.ts';
import { bodyLimit } from './read-body.ts';
import type { Route } from './route.ts';
import { mountUploads } from './uploads.ts';
import { userRoutes } from './users.ts';
import { wechatRoutes } from './wechat.ts';

export const imbotBase = '/api/imbot';

/** All but `POST /msg`, which is answered without Koa. */
export const imbotRoutes: readonly Route[] = [...userRoutes, ...messageRoutes, ...wechatRoutes];

/** The mini-program IM below `/api/imbot`. */
export function createImbotRouter(core: ImbotCore, postMsg: QuickRoute): Router {
  // No prefix: the library matches it to the letter for middleware and to the word for routes, so
  // that `/API/imbot/…` would pass by the two below.
  const router = new Router();
  router.use(imbotErrors(core.logger, core.language));
  // Under other spellings of the same address it comes here.
  router.post(`${imbotBase}/msg`, async (ctx) => {
    const body = await readBody(ctx.req, bodyLimit);
    const { status, json, headers } = await postMsg.handle({ request: ctx.req, body });
    ctx.status = status;
    ctx.set({ ...headers });
    ctx.body = json;
    ctx.type = jsonType;
  });
  router.use(requireAccess(core.access));
  for (const route of imbotRoutes) {
    router[route.method](`${imbotBase}${route.path}`, (ctx) => route.serve(core, ctx));
  }
  mountUploads(router, imbotBase, core.uploads);
  return router;
}
