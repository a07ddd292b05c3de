import type { SendRow } from '../../../store/sends.ts';
import type { Text } from '../../errors.ts';
import { payloadOf } from './plan.ts';
import type { SendState, SendView } from './send-types.ts';

/** Why a bot's queue is as long as it is. */
export interface QueueView {
  botcode: string;
  /** Sends that have not left. */
  length: number;
  /** Being handed over now. */
  onTheWay: number;
  /** Handed over, outcome not known. */
  unknown: number;
  /** Why nothing leaves at all; undefined: the queue moves. */
  held: Text | undefined;
  /** When a send that is accepted now would leave, in ms; undefined: nobody can tell. */
  etaMs: number | undefined;
  /** Queued sends by why their room or contact waits. */
  waiting: { reason: Text; count: number }[];
}

/** Where a queued send stands. */
export interface QueuePosition {
  /** 1: it is next; 0: it has left the queue. */
  position: number;
  /** Expected time until it leaves, in ms; undefined while nobody can tell. */
  etaMs: number | undefined;
  /** Why it waits; undefined: only for its turn. */
  reason: Text | undefined;
}

/** One step of a send, for operators; `detail` in the configured language. */
export interface Step {
  at: number;
  step: string;
  detail: string | undefined;
}

export function viewOf(row: SendRow): SendView {
  const { target, content } = payloadOf(row);
  return {
    msgid: row.msgid,
    botcode: row.botcode,
    chid: row.chid,
    txcode: row.txcode,
    kind: content.kind,
    target,
    content,
    // Only states of ours are ever written.
    state: row.state as SendState,
    outcome: row.outcome === 3 || row.outcome === 4 ? row.outcome : undefined,
    reason: row.reason ?? undefined,
    roomId: row.room_id ?? undefined,
    messageId: row.message_id ?? undefined,
    attempts: row.attempts,
    acceptedAt: row.accepted_at,
    handedAt: row.handed_at ?? undefined,
    settledAt: row.settled_at ?? undefined,
    clearedAt: row.cleared_at ?? undefined,
    expiresAt: row.expires_at,
  };
}
