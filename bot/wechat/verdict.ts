import type { OutboxRow } from '../../store/wechat-outbox.ts';
import type { ApiAnswer } from './answer.ts';
import { type ErrorAction, errorOf, type NotSentReason, ownCodes } from './errors.ts';

/** What is to be written of a failure. */
export interface Failure {
  reason: NotSentReason;
  errcode: number | null;
  /** WeChat's words, or what happened. */
  error: string;
  /** We said so, and WeChat was not asked: `errcode` is what it would have said. */
  local?: true;
}

/** What becomes of a send after a try. */
export type Verdict =
  | { do: 'sent' }
  /** `all`: nothing of this account goes this way before. `counted`: it was a try. */
  | { do: 'again'; at: number; why: Failure; all: boolean; counted: boolean }
  /** WeChat does not hold the file any more. */
  | { do: 'reupload'; why: Failure }
  | { do: 'failed'; why: Failure; action: ErrorAction };

type Tried = Pick<OutboxRow, 'attempts' | 'errcode'>;
type Refusal = Extract<ApiAnswer, { kind: 'refused' }>;

const second = 1000;
const minuteMs = 60 * second;
const dayMs = 1440 * minuteMs;

/** Pauses after the first try, the second and so on; then it has failed. */
const pauses: Partial<Record<ErrorAction | 'unsent', readonly number[]>> = {
  retry: [2 * second, 10 * second, minuteMs],
  refresh: [31 * second, minuteMs, 2 * minuteMs],
  perUser: [second, 2 * second, 5 * second, 15 * second, minuteMs],
  unsent: [1, 2, 5, 15, 60, 120, 300, 600].map((seconds) => seconds * second),
};
/** Minutes that a send waits for the quota of one. */
const mostMinutes = 30;

/**
 * What to do after an answer. Only what certainly did not reach the user is sent again.
 * @param proof an `errcode` must be there: without one nothing shows that WeChat took it
 */
export function verdictOf(answer: ApiAnswer, row: Tried, now: number, proof = true): Verdict {
  switch (answer.kind) {
    case 'ok':
      return proof && !('errcode' in answer.body)
        ? failed('an answer without errcode')
        : { do: 'sent' };
    case 'file':
      return failed('a file for an answer');
    case 'unknown':
      return failed(answer.error);
    case 'unsent':
      return unsent(answer.error, row, now);
    case 'refused':
      return refused(answer, row, now);
  }
}

/** Midnight in Beijing, where WeChat counts its days; a little later. */
export function nextDay(now: number): number {
  const offset = 8 * 60 * minuteMs;
  return (Math.floor((now + offset) / dayMs) + 1) * dayMs - offset + 10 * second;
}

function nextMinute(now: number): number {
  return (Math.floor(now / minuteMs) + 1) * minuteMs + second;
}

/** Handed over, and nobody knows. */
function failed(error: string): Verdict {
  const why: Failure = { reason: 'unknown', errcode: ownCodes.unknown, error };
  return { do: 'failed', why, action: 'reject' };
}

function unsent(error: string, row: Tried, now: number): Verdict {
  const why: Failure = { reason: 'unreachable', errcode: null, error };
  const pause = pauses.unsent?.[row.attempts];
  if (pause === undefined) return { do: 'failed', why, action: 'retry' };
  return { do: 'again', at: now + pause, why, all: false, counted: true };
}

function refused({ errcode, errmsg, local }: Refusal, row: Tried, now: number): Verdict {
  const { action, reason } = errorOf(errcode);
  const error = errmsg || 'refused';
  const why: Failure = { reason, errcode, error, ...(local === true && { local }) };
  const end: Verdict = { do: 'failed', why, action };
  switch (action) {
    case 'nextDay':
      return { do: 'again', at: nextDay(now), why, all: true, counted: false };
    case 'nextMinute':
      return row.attempts >= mostMinutes
        ? end
        : { do: 'again', at: nextMinute(now), why, all: true, counted: true };
    case 'reupload':
      // Once: the next answer of this kind is the end.
      return row.errcode === errcode ? end : { do: 'reupload', why };
    default: {
      const pause = pauses[action]?.[row.attempts];
      if (pause === undefined) return end;
      return { do: 'again', at: now + pause, why, all: false, counted: true };
    }
  }
}
