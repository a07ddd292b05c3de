import type { Card } from '../driver.ts';

export const sendStates = [
  'queued',
  'sending',
  'sent',
  'absent',
  'failed',
  'expired',
  'cancelled',
  'unknown',
] as const;
export type SendState = (typeof sendStates)[number];

/** Where a send goes: a room by id or topic, or a contact by id or name. */
export type SendTarget =
  | { kind: 'room'; id: string }
  | { kind: 'room'; topic: string }
  | { kind: 'contact'; id: string }
  | { kind: 'contact'; name: string };

/** What is sent. `file` names a stored file by SHA-256, or an address to be fetched. */
export type SendContent =
  | { kind: 'text'; text: string; mentions: string[] }
  | { kind: 'miniProgram'; card: Card }
  | { kind: 'image'; source: { sha256: string } | { url: string }; page?: Page };

/** Which of the pictures of a report it is. */
export interface Page {
  title: string;
  number: number;
  of: number;
}

export interface NewSend {
  botcode: string;
  chid: string;
  txcode: string;
  target: SendTarget;
  content: SendContent;
  /** Epoch ms after which it is no longer sent. */
  expiresAt: number;
}

export interface SendView {
  msgid: number;
  botcode: string;
  chid: string;
  txcode: string;
  kind: SendContent['kind'];
  target: SendTarget;
  content: SendContent;
  state: SendState;
  /** sent, but: 3 the one to @ is not in the room, 4 is nobody. failed card: 3. */
  outcome: 3 | 4 | undefined;
  reason: string | undefined;
  roomId: string | undefined;
  messageId: string | undefined;
  attempts: number;
  acceptedAt: number;
  handedAt: number | undefined;
  settledAt: number | undefined;
  /** When an operator dealt with it: sent it again, or discarded it. */
  clearedAt: number | undefined;
  expiresAt: number;
}

/** How target and content are written; the same words for the same things. */
export function payloadText({ target, content }: NewSend): string {
  return JSON.stringify({ target, content });
}

/** The request that a send comes from: known again by its number, day and content. */
export interface Claim {
  /** Day of its txtime, `yyyymmdd`. */
  day: string;
  /** Of target and content as they were asked for, where that is not what is kept of them. */
  digest: string | null;
  /** Its answer, stored and given again. */
  spell: (accepted: Accepted) => string;
}

/** A send as it was accepted. */
export interface Accepted {
  msgid: number;
  /** absent: a finished room sync proves that there is no such room; it is settled already. */
  state: 'queued' | 'absent';
  reason: string | undefined;
}
