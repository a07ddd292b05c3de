import { STATUS_CODES } from 'node:http';
import type { Context, Middleware } from 'koa';
import { AppError, type ErrorCode, type Language, type Text } from '../../bot/errors.ts';
import type { Logger } from '../../config/logger.ts';
import { boundary, RequestAborted } from './boundary.ts';
import { wishedLanguage } from './language.ts';

/** RFC 9457 body. `field` names what is at fault in the request; `code` is the core's word for it. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  field?: string;
  code?: ErrorCode;
}

/** HTTP status of every refusal the core knows. */
export const problemStatus = {
  field_missing: 400,
  field_type: 400,
  field_value: 400,
  field_not_unique: 409,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  unknown_bot: 404,
  unknown_command: 404,
  conflict: 409,
  duplicate_request: 409,
  unsupported: 422,
  too_large: 413,
  rate_limited: 429,
  unavailable: 503,
  database: 507,
  unexpected: 500,
} satisfies Record<ErrorCode, number>;

/** A refusal that only HTTP knows (media type, method): a status of its own. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly text: Text;

  constructor(status: number, text: Text) {
    super(text.en);
    this.status = status;
    this.text = text;
  }
}

/** The status that something thrown is answered with; of a client that left: 499. */
export function statusOf(error: unknown): number {
  if (error instanceof AppError) return problemStatus[error.code];
  if (error instanceof HttpProblem) return error.status;
  return error instanceof RequestAborted ? 499 : 500;
}

/** Answers with problem+json; an undefined detail is left out. */
export function problem(
  ctx: Context,
  status: number,
  detail?: string,
  extra: Partial<Pick<Problem, 'field' | 'code'>> & Record<string, unknown> = {},
): void {
  const title = STATUS_CODES[status] ?? 'Error';
  ctx.status = status;
  ctx.body = JSON.stringify({
    type: 'about:blank',
    title,
    status,
    ...(detail !== undefined && { detail }),
    ...extra,
  });
  ctx.type = 'application/problem+json; charset=utf-8';
}

/**
 * The error boundary of routes that answer in HTTP's own terms. Refusals are spelled with their
 * text; whatever else is thrown is logged and answered 500 without a word about its cause.
 */
export function problems(options: { logger: Logger; language: Language }): Middleware {
  const { logger, language } = options;
  return boundary(logger, (ctx, error) => {
    // Browsers say which language their reader has; else it is the configured one.
    const told = wishedLanguage(ctx) ?? language;
    if (error instanceof AppError) {
      if (error.retryAfter !== undefined) ctx.set('retry-after', String(error.retryAfter));
      problem(ctx, problemStatus[error.code], error.text[told], {
        ...(error.field !== undefined && { field: error.field }),
        code: error.code,
      });
    } else if (error instanceof HttpProblem) {
      problem(ctx, error.status, error.text[told]);
    } else {
      problem(ctx, 500, undefined, { code: 'unexpected' });
      return false;
    }
    return true;
  });
}
