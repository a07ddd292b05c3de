import Router from '@koa/router';
import type { Context } from 'koa';
import { AppError } from '../../bot/errors.ts';
import type { StoredFile } from '../../bot/files.ts';
import type { Operator } from '../../bot/operators.ts';
import { serveFile } from '../files/routes.ts';
import { wishedLanguage } from '../middleware/language.ts';
import { requireRole } from '../middleware/require-operator.ts';
import { runAudited } from './audited.ts';
import type { AdminCore } from './core.ts';
import type { Operation } from './operation.ts';
import { adminOperations } from './operations.ts';
import { toldIn } from './told.ts';

/**
 * The admin API below /api/v1. Refusals are thrown: an error boundary around it spells them.
 * Whoever changes something is logged with what.
 */
export function createAdminRouter(core: AdminCore): Router {
  const router = new Router({ prefix: '/api/v1' });
  for (const operation of adminOperations) {
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ':$1');
    router[operation.method](path, (ctx) => serve(core, operation, ctx));
  }
  return router;
}

async function serve(core: AdminCore, operation: Operation, ctx: Context): Promise<void> {
  ctx.set('cache-control', 'no-store');
  const operator = operation.open ? undefined : await identify(core, ctx);
  const answer = await run(core, operation, ctx, operator);
  if (operation.method !== 'get') {
    core.logger.info(
      { operator: operator?.name, via: operator?.via, operation: operation.id, path: ctx.path },
      'operator',
    );
  }
  if (operation.produces !== undefined) {
    serveFile(ctx, core.files, answer as StoredFile);
    // Whose session ended, or what is kept no more, is not shown out of a cache.
    ctx.set('cache-control', 'private, no-cache');
    return;
  }
  ctx.status = operation.status;
  if (operation.answer === undefined) return;
  const language = wishedLanguage(ctx);
  ctx.body = language === undefined ? answer : toldIn(language, operation.answer, answer);
}

function run(core: AdminCore, operation: Operation, ctx: Context, operator: Operator | undefined) {
  // The log-in writes down for itself.
  if (operator === undefined) return operation.run(core, ctx, undefined);
  if (operation.method !== 'get') return runAudited(core, operation, ctx, operator);
  requireRole(operator.role, operation.role);
  return operation.run(core, ctx, operator);
}

async function identify(core: AdminCore, ctx: Context): Promise<Operator> {
  const operator = await core.auth.request(ctx.req);
  if (operator !== undefined) return operator;
  ctx.set('www-authenticate', 'Bearer');
  throw new AppError('unauthorized', {
    zh: '需要登录，或有效的管理员令牌（Authorization: Bearer）',
    en: 'needs a session, or the live token of an operator (Authorization: Bearer)',
  });
}
