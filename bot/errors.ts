/**
 * Every way a request can fail, in the core's words. Each API family spells each of them
 * (`satisfies Record<ErrorCode, …>`), so a new code does not compile until all have a spelling.
 */
const errorCodes = [
  'field_missing',
  'field_type',
  'field_value',
  'field_not_unique',
  'unauthorized',
  'forbidden',
  'not_found',
  'unknown_bot',
  'unknown_command',
  'conflict',
  'duplicate_request',
  'unsupported',
  'too_large',
  'rate_limited',
  'unavailable',
  'database',
  'unexpected',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export type Language = 'zh' | 'en';
export interface Text {
  zh: string;
  en: string;
}

/**
 * A refusal that its receiver may read: no path, SQL, key or stack in it. Anything else that is
 * thrown becomes `unexpected` at the family's error boundary, and only the log sees it.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly text: Text;
  /** Name of the field at fault, as the family spells it. */
  readonly field: string | undefined;
  /** Seconds after which a retry may succeed. */
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, text: Text, extra: { field?: string; retryAfter?: number } = {}) {
    super(text.en);
    this.code = code;
    this.text = text;
    this.field = extra.field;
    this.retryAfter = extra.retryAfter;
  }
}
