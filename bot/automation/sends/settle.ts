import type { Tx } from '../../../store/database.ts';
import type { SendChange, SendRow } from '../../../store/sends.ts';
import type { Text } from '../../errors.ts';
import { reasons } from './reasons.ts';
import type { SendCore } from './send-core.ts';
import { type FinalStatus, sendStatusOf } from './send-status.ts';
import type { SendState } from './send-types.ts';

export type EndState = 'sent' | 'absent' | 'failed' | 'expired' | 'cancelled';

/** How a send ends. */
export interface End {
  state: EndState;
  reason?: Text;
  outcome?: 3 | 4;
  messageId?: string | undefined;
  partsDone?: number;
}

/**
 * Ends a send: its state and the event that tells of it, in one transaction with whatever caused
 * it. @returns false when it is not in the state `from` any more: nothing is written then.
 */
export async function settleSend(
  core: SendCore,
  tx: Tx,
  row: SendRow,
  from: SendState,
  end: End,
): Promise<boolean> {
  const done = end.partsDone ?? row.parts_done;
  const reason = reasonOf(core, row, end, done);
  const change: SendChange = {
    state: end.state,
    reason: reason ?? null,
    parts_done: done,
    settled_at: core.clock.now(),
  };
  if (end.outcome !== undefined) change.outcome = end.outcome;
  if (end.messageId !== undefined) change.message_id = end.messageId;
  if (!(await core.store.change(tx, row.msgid, from, change))) return false;
  await recordEnd(core, tx, row, end.state, end.outcome ?? row.outcome, reason);
  return true;
}

/** The event of a send that ended. */
export async function recordEnd(
  core: SendCore,
  tx: Tx,
  row: { msgid: number; botcode: string; chid: string; txcode: string },
  state: EndState,
  outcome: number | null,
  reason: string | undefined,
): Promise<void> {
  tx.onDurable(() => core.ended.set(state, (core.ended.get(state) ?? 0) + 1));
  await core.events.record(tx, {
    type: 'sendStatus',
    botcode: row.botcode,
    chid: row.chid,
    msgid: row.msgid,
    txcode: row.txcode,
    // An end state is never spelled 0.
    sendStatus: sendStatusOf({ state, outcome }) as FinalStatus,
    reason,
  });
}

function reasonOf(core: SendCore, row: SendRow, end: End, done: number): string | undefined {
  if (end.reason === undefined) return undefined;
  const why = core.say(end.reason);
  if (done === 0 || end.state === 'sent') return why;
  return core.say(reasons.partsLeft(why, done, row.parts));
}
