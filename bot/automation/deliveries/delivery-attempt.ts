import type { AttemptRow } from '../../../store/deliveries.ts';

/** One POST of an event. */
export interface DeliveryAttempt {
  at: number;
  tookMs: number;
  status: number | undefined;
  error: string | undefined;
  answer: string | undefined;
}

export function attemptOf(row: AttemptRow): DeliveryAttempt {
  return {
    at: row.at,
    tookMs: row.took_ms,
    status: row.status ?? undefined,
    error: row.error ?? undefined,
    answer: row.answer ?? undefined,
  };
}
