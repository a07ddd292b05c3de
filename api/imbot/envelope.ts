import type { Context, Middleware } from 'koa';
import { z } from 'zod';
import { AppError, type ErrorCode, type Language } from '../../bot/errors.ts';
import type { Logger } from '../../config/logger.ts';
import { boundary } from '../middleware/boundary.ts';
import { HttpProblem } from '../middleware/problem.ts';

/** HTTP status of every refusal the core knows. @NOTE the original answered 404 to everything. */
const imbotStatus = {
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

export const jsonType = 'application/json; charset=utf-8';

/** Answer of every write. */
export const done = { result: 'success' } as const;
export const doneSchema = z.object({ result: z.literal('success') });
export const errorSchema = z.object({
  error: z.string().describe('Names the field at fault, and what is wrong with it.'),
});

/** A refusal in the words of this family. */
export interface Refused {
  status: number;
  error: string;
  /** Seconds after which a retry may succeed. */
  retryAfter?: number | undefined;
}

/** What a refusal is answered with; undefined: it is none, and nobody outside may see it. */
export function refusedOf(error: unknown, language: Language): Refused | undefined {
  if (error instanceof AppError) {
    const { code, retryAfter } = error;
    return { status: imbotStatus[code], error: error.text[language], retryAfter };
  }
  if (error instanceof HttpProblem) return { status: error.status, error: error.text[language] };
  return undefined;
}

/** What is said when nothing can be said of it. */
export const innerError: Refused = { status: 500, error: 'Internal Server Error' };

export function sendJson(ctx: Context, json: string): void {
  ctx.status = 200;
  ctx.set('cache-control', 'no-store');
  ctx.body = json;
  ctx.type = jsonType;
}

export function sendError(ctx: Context, refused: Refused, more: object = {}): void {
  ctx.status = refused.status;
  if (refused.retryAfter !== undefined) ctx.set('retry-after', String(refused.retryAfter));
  ctx.set('cache-control', 'no-store');
  ctx.body = JSON.stringify({ error: refused.error, ...more });
  ctx.type = jsonType;
}

/** Whether what is said about an address, be it only that there is nothing, is said in this family's form. */
export function isImbotAddress(path: string): boolean {
  return /^\/api\/imbot(?:\/|$)/i.test(path);
}

/** The error boundary of the family: nothing inner leaves it. */
export function imbotErrors(logger: Logger, language: Language): Middleware {
  return boundary(logger, (ctx, error) => {
    const refused = refusedOf(error, language);
    sendError(ctx, refused ?? innerError);
    return refused !== undefined;
  });
}
