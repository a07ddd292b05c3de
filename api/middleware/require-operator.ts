import type { Middleware } from 'koa';
import { AppError } from '../../bot/errors.ts';
import type { Authenticate } from './caller.ts';

/**
 * Lets operators through only.
 * @throws AppError unauthorized
 */
export function requireOperator(authenticate: Authenticate): Middleware {
  return async (ctx, next) => {
    const caller = await authenticate(ctx);
    if (caller?.kind !== 'admin') {
      throw new AppError('unauthorized', {
        zh: '需要操作员令牌 (Authorization: Bearer …)',
        en: 'an operator token is needed (Authorization: Bearer …)',
      });
    }
    await next();
  };
}
