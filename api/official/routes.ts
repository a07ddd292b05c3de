import Router from '@koa/router';
import type { Context } from 'koa';
import { readBody } from '../middleware/body.ts';
import type { QuickRoute } from '../server.ts';
import { pushPaths } from './addresses.ts';

/** Pushes under other spellings of their addresses, and which methods those take. */
export function createOfficialRouter(postPush: QuickRoute): Router {
  const router = new Router();
  const serve = async (ctx: Context): Promise<void> => {
    const body = await readBody(ctx.req, postPush.maxBytes);
    const { status, json, headers } = await postPush.handle({ request: ctx.req, body });
    ctx.status = status;
    ctx.set({ ...headers });
    ctx.body = json;
    ctx.type = 'application/json; charset=utf-8';
  };
  for (const path of pushPaths) router.post(path, serve);
  return router;
}
