import type { SendState } from './send-types.ts';

/** How the contract spells the state of a send. */
export type SendStatus = '0' | '1' | '2' | '3' | '4' | '-1';
export type FinalStatus = Exclude<SendStatus, '0'>;

const finalStates: readonly string[] = ['sent', 'absent', 'failed', 'expired', 'cancelled'];

export function isFinal(state: string): boolean {
  return finalStates.includes(state);
}

/** 0 until it is settled; 3 and 4 tell of mentions (sent) or of a card that cannot be (failed). */
export function sendStatusOf(send: {
  state: SendState;
  outcome?: number | null | undefined;
}): SendStatus {
  switch (send.state) {
    case 'queued':
    case 'sending':
    case 'unknown':
      return '0';
    case 'sent':
      return send.outcome === 3 ? '3' : send.outcome === 4 ? '4' : '1';
    case 'absent':
      return '2';
    case 'failed':
      return send.outcome === 3 ? '3' : '-1';
    case 'expired':
    case 'cancelled':
      return '-1';
  }
}
