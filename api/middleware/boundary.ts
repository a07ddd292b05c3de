import type { Context, Middleware } from 'koa';
import { storageRefusal } from '../../bot/storage.ts';
import type { Logger } from '../../config/logger.ts';

/** The client left before its request was read: there is nobody to answer. */
export class RequestAborted extends Error {}

/**
 * The one place of a family where what is thrown becomes an answer. `answer` spells refusals in the
 * family's form; of anything else it answers not a word about the cause, which is logged here.
 * @param answer says whether it was a refusal
 */
export function boundary(
  logger: Logger,
  answer: (ctx: Context, error: unknown) => boolean,
): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (thrown) {
      const error = storageRefusal(thrown, logger);
      if (error instanceof RequestAborted) {
        ctx.respond = false;
        ctx.res.destroy();
      } else if (!answer(ctx, error)) {
        logger.error({ err: error, method: ctx.method, path: ctx.path }, 'request failed');
      }
    }
  };
}
