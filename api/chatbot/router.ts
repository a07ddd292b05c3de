import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { AppError } from '../../bot/errors.ts';
import { grantedOf, requireAccess } from '../middleware/access.ts';
import { chatbotBase } from './addresses.ts';
import type { ChatbotCore } from './core.ts';
import { chatbotErrors, send } from './envelope.ts';
import { readObject } from './read-body.ts';
import { chatbotRoutes } from './routes.ts';
import { streamAnswer } from './stream.ts';

/** The chatbot below `/mpweixin/chatbot`. */
export function createChatbotRouter(core: ChatbotCore): Router {
  // No prefix: the library matches it to the letter for middleware and to the word for routes.
  const router = new Router();
  router.use(chatbotErrors(core.logger, core.language));
  router.use(requireAccess(core.access));
  router.use(requireChatbot(core));
  for (const route of chatbotRoutes) {
    router[route.method](`${chatbotBase}${route.path}`, async (ctx) => {
      const input = route.body === undefined ? firstsOf(ctx) : await readObject(ctx);
      const own = ownCore(core, ctx);
      await assertOwn(own, input);
      send(ctx, await route.handle(own, input, { gone: goneOf(ctx) }));
    });
  }
  router.post(`${chatbotBase}/stream`, (ctx) => streamAnswer(ownCore(core, ctx), ctx));
  return router;
}

function ownCore(core: ChatbotCore, ctx: Context): ChatbotCore {
  return { ...core, owner: grantedOf(ctx).userId };
}

/** Whatever is done in a session: it is not somebody else's. What is no session is refused later. */
async function assertOwn({ chats, owner }: ChatbotCore, input: unknown): Promise<void> {
  const session: unknown = Object(input)['sessionId'];
  if (typeof session === 'string') await chats.assertOwn(session, owner);
}

function requireChatbot({ enabled }: ChatbotCore): Middleware {
  return async (_ctx, next) => {
    if (!enabled()) {
      throw new AppError('unavailable', { zh: '聊天机器人未开启', en: 'the chatbot is off' });
    }
    await next();
  };
}

/** Of a parameter that comes twice, the first. */
function firstsOf(ctx: Context): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(ctx.query).map(([name, value]) => [
      name,
      Array.isArray(value) ? value[0] : value,
    ]),
  );
}

function goneOf(ctx: Context): AbortSignal {
  const gone = new AbortController();
  ctx.res.on('close', () => gone.abort());
  return gone.signal;
}
