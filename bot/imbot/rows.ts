import type { PairMessageRow, WaitingRow } from '../../store/imbot-pairs.ts';
import { timestampOf, wireOf } from './bodies.ts';

/** Queues and histories give at most so many bytes at a time. */
export const takeBytes = 8 * 1_048_576;

/** Something waits from somebody. */
export interface Waiting {
  from: string;
  to: string;
  count: number;
  /** Of the newest message, as it was given. */
  timestamp: unknown;
}

/** The `msg` of a message, JSON. */
export function bodyOf(row: PairMessageRow): string {
  return wireOf({ ...row, content: bufferOf(row.body ?? row.content), asGiven: isGiven(row) });
}

export function sizeOf({ body, content }: PairMessageRow): number {
  return (body ?? content).byteLength;
}

export function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

export function countOf({ first, last }: { first: number | null; last: number | null }): number {
  // Places have no gap.
  return first === null || last === null ? 0 : last - first + 1;
}

export function waitingOf(row: WaitingRow): Waiting {
  return {
    from: row.sender,
    to: row.receiver,
    count: countOf(row),
    timestamp: timestampOf(bodyOf(row)),
  };
}

function isGiven({ kind, body }: PairMessageRow): boolean {
  return body !== null || kind === 'imbot';
}
