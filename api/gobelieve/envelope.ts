import type { Context, Middleware } from 'koa';
import { z } from 'zod';
import { AppError, type ErrorCode } from '../../bot/errors.ts';
import type { Logger } from '../../config/logger.ts';
import { boundary } from '../middleware/boundary.ts';
import { HttpProblem } from '../middleware/problem.ts';

/**
 * HTTP status of every refusal the core knows. The document knows one failure of a call that was
 * understood to be ours: 400.
 */
const gobelieveStatus = {
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
  database: 507,
  unexpected: 500,
} satisfies Record<ErrorCode, number>;

export const metaSchema = z.object({
  code: z.int(),
  message: z.string(),
  hint: z
    .string()
    .optional()
    .describe('What was expected, where the message is the document’s own.'),
});
export const gobelieveErrorSchema = z.object({
  meta: metaSchema.describe('The code is the HTTP status; the message names the field at fault.'),
});

const success = { code: 200, message: 'success' };

export function sendData(ctx: Context, data: unknown): void {
  send(ctx, 200, { meta: success, data });
}

/** Data that clients of some age look for at the top. */
export function sendUnwrapped(ctx: Context, data: object): void {
  send(ctx, 200, { meta: success, data, ...data });
}

/**
 * Done, with nothing to tell.
 * @NOTE the document promises `{meta, data}`, its own server answered `{"success":true}` unwrapped:
 * both can be read here.
 */
export function sendDone(ctx: Context): void {
  send(ctx, 200, { meta: success, data: { success: true }, success: true });
}

export function sendProblem(ctx: Context, status: number, message: string, hint?: string): void {
  send(ctx, status, { meta: { code: status, message, hint } });
}

/** A refusal in the family's own words, the same in every language. To be thrown. */
export function refusal(status: number, message: string, hint?: string): HttpProblem {
  return new Refusal(status, message, hint);
}

class Refusal extends HttpProblem {
  readonly hint: string | undefined;

  constructor(status: number, message: string, hint: string | undefined) {
    super(status, { zh: message, en: message });
    this.hint = hint;
  }
}

/** The error boundary of the family: English, as all of its own. */
export function gobelieveErrors(logger: Logger): Middleware {
  return boundary(logger, (ctx, error) => {
    if (error instanceof AppError) {
      if (error.retryAfter !== undefined) ctx.set('retry-after', String(error.retryAfter));
      sendProblem(ctx, gobelieveStatus[error.code], error.text.en);
    } else if (error instanceof HttpProblem) {
      const hint = error instanceof Refusal ? error.hint : undefined;
      sendProblem(ctx, error.status, error.text.en, hint);
    } else {
      sendProblem(ctx, 500, 'Server Internal Error!');
      return false;
    }
    return true;
  });
}

function send(ctx: Context, status: number, body: unknown): void {
  ctx.status = status;
  ctx.set('cache-control', 'no-store');
  ctx.body = JSON.stringify(body);
  ctx.type = 'application/json; charset=utf-8';
}
