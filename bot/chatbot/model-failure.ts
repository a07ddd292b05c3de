/** Why a model gave no answer, or no whole one. */
export const failureReasons = [
  /** No model is configured. */
  'off',
  /** It failed again and again: it is left alone for a while. */
  'resting',
  /** All places are taken. */
  'crowded',
  /** The day's tokens are used up. */
  'budget',
  'unreachable',
  /** It will not have the key. */
  'unauthorized',
  /** 429. */
  'throttled',
  /** 4xx: the request is not to its liking. */
  'refused',
  /** 5xx. */
  'failing',
  /** No word in time. */
  'slow',
  /** Not done in time. */
  'endless',
  /** The connection ended before the answer did. */
  'cut',
  /** Not what such an address answers. */
  'garbage',
  /** An answer without a word. */
  'empty',
  /** Nobody wants the answer any more. */
  'cancelled',
] as const;
export type FailureReason = (typeof failureReasons)[number];

export interface FailureFacts {
  status?: number | undefined;
  /** Milliseconds it asks to be left alone. */
  retryAfterMs?: number | undefined;
  /** What it said; for the operator who tries it out, as it may quote what was asked. No key in it. */
  detail?: string | undefined;
}

/** A model did not answer. The message holds nothing that was said, and no key. */
export class ModelFailure extends Error {
  readonly reason: FailureReason;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly detail: string | undefined;

  constructor(reason: FailureReason, facts: FailureFacts = {}) {
    super(facts.status === undefined ? reason : `${reason} (${facts.status})`);
    // Where only the name of an error is written down, this is what it was.
    this.name = `model: ${this.message}`;
    this.reason = reason;
    this.status = facts.status;
    this.retryAfterMs = facts.retryAfterMs;
    this.detail = facts.detail;
  }
}

/** Another try may succeed, if nothing was said yet. */
export function mayRetry({ reason }: Pick<ModelFailure, 'reason'>): boolean {
  return reason === 'throttled' || reason === 'failing' || reason === 'unreachable';
}

/** Tells of the model, not of this question: several in a row and it is left alone. */
export function countsAgainst({ reason }: Pick<ModelFailure, 'reason'>): boolean {
  return (
    mayRetry({ reason }) || ['unauthorized', 'slow', 'endless', 'cut', 'garbage'].includes(reason)
  );
}

/** A text without the keys, and not longer than fits on a screen. */
export function withoutKeys(text: string, keys: readonly (string | undefined)[]): string {
  let clean = text;
  for (const key of keys) if (key !== undefined) clean = clean.replaceAll(key, '[redacted]');
  return clean
    .replace(/(bearer\s+)[^\s"',]+/gi, '$1[redacted]')
    .replace(/\bsk-[\w-]{6,}/g, '[redacted]')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}
