import type { Schemas } from './types.ts';

export type RtCode = Schemas['RtCode'];

/** Whatever this client throws, but what `signal.reason` is when the caller gives up. */
export class WxrcError extends Error {
  override name = 'WxrcError';
}

/** No answer, or one that is not ours. Whether it was done is not known: ask again with the same txcode. */
export class ConnectionError extends WxrcError {
  override name = 'ConnectionError';
  /** HTTP status; undefined: there was no answer at all. */
  readonly status: number | undefined;
  /** How often it was tried. */
  tries = 1;

  constructor(message: string, options: { status?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.status = options.status;
  }
}

/** A command was refused. */
export class RtCodeError extends WxrcError {
  override name = 'RtCodeError';
  readonly rtCode: Exclude<RtCode, '0'>;
  /** For people, in the daemon's language. */
  readonly rtMsg: string;
  readonly command: string;
  readonly txcode: string;

  constructor(given: {
    rtCode: Exclude<RtCode, '0'>;
    rtMsg: string;
    command: string;
    txcode: string;
  }) {
    super(`${given.command}: ${given.rtCode} ${given.rtMsg}`);
    this.rtCode = given.rtCode;
    this.rtMsg = given.rtMsg;
    this.command = given.command;
    this.txcode = given.txcode;
  }
}

/** The admin API or the IM server refused. RFC 9457. */
export class ProblemError extends WxrcError {
  override name = 'ProblemError';
  readonly status: number;
  /** For programs. */
  readonly code: string | undefined;
  /** The field at fault. */
  readonly field: string | undefined;
  readonly detail: string | undefined;

  constructor(status: number, problem: Partial<Schemas['Problem']>) {
    super(`${status} ${problem.detail ?? problem.title ?? ''}`.trim());
    this.status = status;
    this.code = problem.code;
    this.field = problem.field;
    this.detail = problem.detail;
  }
}

/** The chatbot did not answer; `code` as in docs/chatbot.md. */
export class ChatbotError extends WxrcError {
  override name = 'ChatbotError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(`${code} ${message}`);
    this.code = code;
  }
}

/** A webhook is not genuine, or too old. */
export class WebhookError extends WxrcError {
  override name = 'WebhookError';
}
