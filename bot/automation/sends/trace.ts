import type { StepRow, WaitRow } from '../../../store/send-steps.ts';
import type { SendRow } from '../../../store/sends.ts';
import type { Text } from '../../errors.ts';
import type { Say } from './reasons.ts';
import { isFinal } from './send-status.ts';
import type { Step } from './send-views.ts';

/**
 * Everything that is known of one send, in order of time: its own steps, when its bot's queue
 * stood still and why, and how it ended or what it waits for now.
 */
export function traceOf(
  row: SendRow,
  steps: readonly StepRow[],
  waits: readonly WaitRow[],
  now: { at: number; reason: Text | undefined },
  say: Say,
): Step[] {
  const trace: Step[] = [{ at: row.accepted_at, step: 'accepted', detail: row.lane }];
  const own = steps.map(
    ({ at, step, detail }): Step => ({ at, step, detail: detail ?? undefined }),
  );
  const stood: Step[] = [];
  let standing = false;
  for (const { at, reason } of waits) {
    // What was over before it was accepted does not concern it.
    if (reason === null && !standing) continue;
    standing = reason !== null;
    if (at < row.accepted_at) stood.length = 0;
    stood.push({
      at: Math.max(at, row.accepted_at),
      step: reason === null ? 'moving' : 'waiting',
      detail: reason === null ? undefined : say(JSON.parse(reason) as Text),
    });
  }
  // Of what happened in the same moment, why it waited comes first.
  trace.push(...[...stood, ...own].sort((a, b) => a.at - b.at));
  if (row.settled_at !== null && isFinal(row.state)) {
    const end = { at: row.settled_at, step: row.state, detail: row.reason ?? undefined };
    // What an operator did about it comes behind its end.
    const later = trace.findIndex(({ step }) => step === 'again' || step === 'discarded');
    trace.splice(later === -1 ? trace.length : later, 0, end);
  } else {
    const why = now.reason === undefined ? undefined : say(now.reason);
    trace.push({ at: now.at, step: row.state, detail: row.reason ?? why });
  }
  return trace;
}
