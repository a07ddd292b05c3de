import type { ReportSettings } from '../../config/report-schema.ts';
import type { Timing } from './timing.ts';

/** Slots of the policy `run_all`. */
const mostCaughtUp = 24;
/** Slots that were missed get a row each, up to so many: the newest. */
const mostMissed = 100;
/** A slot is on time as long as the loop may sleep, and a little more. */
export const onTimeMs = 60_000;

export interface Verdict {
  /** Slots to be run, oldest first. */
  run: number[];
  /** Slots that are skipped because their time was missed. */
  missed: number[];
  /** Everything up to here is decided on; undefined: nothing is. */
  upTo: number | undefined;
  /** There were more than `mostMissed` of them. */
  more: boolean;
}

/** What becomes of the slots behind `since` at a moment, by the schedule's policy. Nothing is written. */
export function judge(
  timing: Timing,
  policy: Pick<ReportSettings, 'misfire' | 'graceSeconds'>,
  since: number,
  now: number,
): Verdict {
  const most = mostMissed + mostCaughtUp;
  const slots = timing.between(since, now, most + 1);
  const more = slots.length > most;
  if (more) slots.shift();
  // In order: one that jitter puts off keeps those behind it waiting.
  const waits = slots.findIndex((slot) => timing.dueAt(slot) > now);
  const due = waits === -1 ? slots : slots.slice(0, waits);
  const upTo = due.at(-1);
  if (upTo === undefined) return { run: [], missed: [], upTo: undefined, more };
  const late = now - timing.dueAt(upTo);
  const taken = takes(policy, late, due.length);
  const at = due.length - taken;
  return { run: due.slice(at), missed: due.slice(0, at).slice(-mostMissed), upTo, more };
}

/** How many of the newest are run. */
function takes(
  { misfire, graceSeconds }: Pick<ReportSettings, 'misfire' | 'graceSeconds'>,
  lateMs: number,
  count: number,
): number {
  if (misfire === 'run_all') return Math.min(count, mostCaughtUp);
  const within = misfire === 'skip' ? onTimeMs : Math.max(graceSeconds * 1000, onTimeMs);
  return lateMs <= within ? 1 : 0;
}
