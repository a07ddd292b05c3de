import Router from '@koa/router';
import type { Context } from 'koa';
import type { Intake, IntakeAnswer } from '../../bot/wechat/intake.ts';
import type { PushQuery } from '../../bot/wechat/push.ts';
import { readBody } from '../middleware/body.ts';

export interface WechatRouterOptions {
  intake: Pick<Intake, 'verify' | 'receive'>;
  /** Account of the mini-program IM; undefined: there is none. */
  account: () => string | undefined;
}

/** A push is small. */
const maxBytes = 1_048_576;

/** Where WeChat pushes to. It signs what it says; no token of ours is asked for. */
export const pushPaths = {
  customer: '/api/imbot/wechat/customer',
  official: '/im_component/wx_official_account/push/:appid',
} as const;

/**
 * The addresses that WeChat's console is given. Answers are bare texts: anything round an echo or a
 * `success` makes WeChat say that the address does not work.
 */
export function createWechatRouter({ intake, account }: WechatRouterOptions): Router {
  const router = new Router();
  const routes: [path: string, appidOf: (ctx: Context) => string | undefined][] = [
    [pushPaths.customer, (ctx) => queryOf(ctx)['appid'] ?? account()],
    [pushPaths.official, (ctx) => ctx['params'].appid as string],
  ];
  for (const [path, appidOf] of routes) {
    router.get(path, (ctx) => {
      send(ctx, intake.verify(appidOf(ctx) ?? '', queryOf(ctx)));
    });
    router.post(path, async (ctx) => {
      // The exact bytes; their form is told by their beginning, WeChat's content types differ.
      const body = await readBody(ctx.req, maxBytes);
      if (body === 'too-large') say(ctx, 413, 'too large');
      else send(ctx, await intake.receive(appidOf(ctx) ?? '', queryOf(ctx), body));
    });
  }
  return router;
}

const mediaTypes = {
  text: 'text/plain',
  xml: 'application/xml',
  json: 'application/json',
} as const;

function send(ctx: Context, answer: IntakeAnswer): void {
  switch (answer.kind) {
    case 'answer':
      say(ctx, 200, answer.text, mediaTypes[answer.format]);
      return;
    case 'unknown account':
      say(ctx, 404, 'unknown account');
      return;
    case 'refused':
      // What exactly was wrong is for the log: whoever forges is not told.
      if (answer.reason === 'malformed') say(ctx, 400, 'malformed');
      else say(ctx, 401, 'invalid signature');
      return;
    case 'not now':
      // Nothing that WeChat could take for an answer: it comes again.
      say(ctx, 503, '');
      return;
  }
}

function say(ctx: Context, status: number, text: string, type = 'text/plain'): void {
  ctx.status = status;
  ctx.set('content-type', `${type}; charset=utf-8`);
  ctx.set('cache-control', 'no-store');
  ctx.body = text;
}

/** Each parameter once: of a repeated one the first. */
function queryOf(ctx: Context): PushQuery {
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(ctx.querystring)) query[name] ??= value;
  return query;
}
