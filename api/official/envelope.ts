import type { Context, Middleware } from 'koa';
import { AppError, type ErrorCode, type Language } from '../../bot/errors.ts';
import type { Logger } from '../../config/logger.ts';
import { HttpProblem, RequestAborted } from '../middleware/problem.ts';
import { Code } from './kinds.ts';

/** HTTP status of every refusal the core knows. What is wrong with a push is 400. */
export const officialStatus = {
  field_missing: 400,
  field_type: 400,
  field_value: 400,
  field_not_unique: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  unknown_bot: 404,
  unknown_command: 404,
  conflict: 400,
  duplicate_request: 400,
  unsupported: 400,
  too_large: 413,
  rate_limited: 429,
  unavailable: 503,
  database: 500,
  unexpected: 500,
} satisfies Record<ErrorCode, number>;

/** @NOTE the original answered `{"result":{"Code":100,"Message":"成功"}}`. */
export function doneText(id: number, extra: { count?: number; client_id?: string } = {}): string {
  const data = JSON.stringify({ id: String(id), ...extra });
  return `{"data":${data},"result":{"code":${Code.done},"message":"成功"}}`;
}

/** The document's error, section 1.4, with a reason. @param id what the client called it */
export function faultText(reason: string, id?: string): string {
  const data = id === undefined ? {} : { id };
  return JSON.stringify({ data, result: { code: Code.fault, message: reason } });
}

export function send(ctx: Context, status: number, body: string): void {
  ctx.status = status;
  ctx.set('cache-control', 'no-store');
  ctx.body = body;
  ctx.type = 'application/json; charset=utf-8';
}

/** A refusal in the family's form, whoever refuses. */
export function sendFault(ctx: Context, status: number, reason: string): void {
  send(ctx, status, faultText(reason));
}

/**
 * The error boundary of the family: refusals with their text, and whatever else is thrown is logged
 * and answered 500 without a word about its cause.
 */
export function officialErrors(logger: Logger, language: Language): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (error instanceof RequestAborted) {
        ctx.respond = false;
        ctx.res.destroy();
        return;
      }
      if (error instanceof AppError) {
        if (error.retryAfter !== undefined) ctx.set('retry-after', String(error.retryAfter));
        sendFault(ctx, officialStatus[error.code], error.text[language]);
        return;
      }
      if (error instanceof HttpProblem) {
        sendFault(ctx, error.status, error.text[language]);
        return;
      }
      logger.error({ err: error, method: ctx.method, path: ctx.path }, 'push failed');
      sendFault(ctx, 500, 'error');
    }
  };
}
