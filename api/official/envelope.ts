import type { Context } from 'koa';
import { AppError, type ErrorCode, type Language } from '../../bot/errors.ts';
import type { QuickAnswer } from '../server.ts';
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
  database: 507,
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

export function answer(
  status: number,
  json: string,
  more: Readonly<Record<string, string>> = {},
): QuickAnswer {
  const headers = { 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store', ...more };
  return { status, json, headers };
}

/** Refusals with their text; of whatever else was thrown not a word. */
export function refusalOf(error: unknown, language: Language): QuickAnswer {
  if (!(error instanceof AppError)) return answer(500, faultText('error'));
  return answer(officialStatus[error.code], faultText(error.text[language]), {
    ...(error.retryAfter !== undefined && { 'Retry-After': String(error.retryAfter) }),
    ...(error.code === 'unauthorized' && { 'WWW-Authenticate': 'Bearer' }),
  });
}

/** A refusal in the family's form, whoever refuses. */
export function sendFault(ctx: Context, status: number, reason: string): void {
  ctx.status = status;
  ctx.set('cache-control', 'no-store');
  ctx.body = faultText(reason);
  ctx.type = 'application/json; charset=utf-8';
}
