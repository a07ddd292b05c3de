import type { Middleware } from 'koa';
import { AppError } from '../../bot/errors.ts';
import { atLeast, type Role } from '../../bot/operators/roles.ts';
import type { Authenticate } from './caller.ts';

/**
 * Lets operators through only: whoever may look to look, operators to change something.
 * @throws AppError unauthorized, forbidden
 */
export function requireOperator(authenticate: Authenticate): Middleware {
  return async (ctx, next) => {
    const caller = await authenticate(ctx);
    if (caller?.kind !== 'admin') {
      throw new AppError('unauthorized', {
        zh: '需要操作员令牌 (Authorization: Bearer …) 或登录会话',
        en: 'an operator token (Authorization: Bearer …) or a session is needed',
      });
    }
    requireRole(
      caller.operator.role,
      ctx.method === 'GET' || ctx.method === 'HEAD' ? 'viewer' : 'operator',
    );
    await next();
  };
}

/** @throws AppError forbidden */
export function requireRole(role: Role, needed: Role): void {
  if (atLeast(role, needed)) return;
  throw new AppError('forbidden', {
    zh: `需要角色 ${needed}，您的角色是 ${role}`,
    en: `needs the role ${needed}: yours is ${role}`,
  });
}
