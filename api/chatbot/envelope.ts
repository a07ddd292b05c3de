import { STATUS_CODES } from 'node:http';
import type { Context, Middleware } from 'koa';
import { ChatEnded } from '../../bot/chatbot/chat.ts';
import { AppError, type ErrorCode, type Language } from '../../bot/errors.ts';
import type { Logger } from '../../config/logger.ts';
import { boundary } from '../middleware/boundary.ts';
import { HttpProblem } from '../middleware/problem.ts';

/** `code` of every refusal the core knows. */
const chatbotCode = {
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
  unsupported: 400,
  too_large: 413,
  rate_limited: 429,
  unavailable: 503,
  database: 507,
  unexpected: 500,
} satisfies Record<ErrorCode, number>;

/** Form of every answer and of every frame. */
export interface Envelope {
  code: number;
  message: string;
  data: Record<string, unknown>;
}

export function ok(data: Record<string, unknown> = {}): Envelope {
  return { code: 200, message: 'OK', data };
}

/** The answer is being made. */
export function going(data: Record<string, unknown>): Envelope {
  return { code: 100, message: 'Continue', data };
}

/** What a refusal is answered with; undefined: it is none, and nobody outside may see it. */
export function refusedOf(error: unknown, language: Language): Envelope | undefined {
  if (error instanceof ChatEnded) return { code: 410, message: error.text[language], data: {} };
  if (error instanceof AppError) {
    const { field, text } = error;
    const words = text[language];
    // Whoever reads no Chinese finds the field all the same.
    const message = field === undefined || words.includes(field) ? words : `${field}: ${words}`;
    return { code: chatbotCode[error.code], message, data: {} };
  }
  if (error instanceof HttpProblem) {
    return { code: error.status, message: error.text[language], data: {} };
  }
  return undefined;
}

/** What is said when nothing can be said of it. */
export const innerError: Envelope = { code: 500, message: 'Internal Server Error', data: {} };

/** @NOTE its clients take nothing but HTTP 200: what became of a call stands in the body. */
export function send(ctx: Context, envelope: Envelope, status = 200): void {
  ctx.status = status;
  ctx.set('cache-control', 'no-store');
  ctx.body = JSON.stringify(envelope);
  ctx.type = 'application/json; charset=utf-8';
}

/** A refusal that is none of the family's own: HTTP says it as well. */
export function sendRefusal(ctx: Context, status: number, message: string): void {
  send(ctx, { code: status, message: message || (STATUS_CODES[status] ?? ''), data: {} }, status);
}

/** The error boundary of the family: nothing inner leaves it. */
export function chatbotErrors(logger: Logger, language: Language): Middleware {
  return boundary(logger, (ctx, error) => {
    const refused = refusedOf(error, language);
    if (refused === undefined) {
      send(ctx, innerError, 500);
      return false;
    }
    if (error instanceof AppError && error.retryAfter !== undefined) {
      ctx.set('retry-after', String(error.retryAfter));
    }
    // Who may not come in is told so in the words of HTTP, too.
    send(ctx, refused, ctx.state['granted'] === undefined ? refused.code : 200);
    return true;
  });
}
