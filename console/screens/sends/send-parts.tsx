import type { Item } from '../../api.ts';
import { Badge, type Tone } from '../../components/index.ts';
import { terms, w } from './words.ts';

export type Send = Item<'/sends'>;
export type SendState = Send['state'];

export const sendStates = [
  ...(['queued', 'sending', 'sent', 'unknown'] as const),
  ...(['absent', 'failed', 'expired', 'cancelled'] as const),
] satisfies SendState[];

const tones: Record<SendState, Tone> = {
  queued: 'info',
  sending: 'info',
  sent: 'good',
  unknown: 'warn',
  absent: 'bad',
  failed: 'bad',
  expired: 'bad',
  cancelled: 'idle',
};

export function SendBadge({ send }: { send: Pick<Send, 'state'> & Partial<Send> }) {
  const { state, sendStatus } = send;
  if (state === 'sent' && (sendStatus === '3' || sendStatus === '4')) {
    return <Badge tone="warn">{w.sentWithout}</Badge>;
  }
  return <Badge tone={tones[state]}>{terms[state]}</Badge>;
}

/** Whom a send goes to, as it was named. */
export function targetOf(send: Pick<Send, 'target' | 'roomId' | 'roomTopic'>): string {
  const { target, roomId, roomTopic } = send;
  const named = roomTopic ?? target['topic'] ?? target['name'] ?? target['id'] ?? roomId ?? '';
  return `${target['kind'] === 'contact' ? w.person : w.room} ${named}`;
}

/** The content in a line. */
export function summaryOf({ kind, content }: Pick<Send, 'kind' | 'content'>): string {
  if (kind === 'image') return w.image;
  if (kind === 'miniProgram') {
    const card = content['card'] as { title?: string } | undefined;
    return `${w.card}${card?.title ?? ''}`;
  }
  const mentions = (content['mentions'] as string[] | undefined) ?? [];
  return `${mentions.map((one) => `@${one} `).join('')}${String(content['text'] ?? '')}`;
}

/** Who wanted it. */
export function senderOf({ chid }: Pick<Send, 'chid'>): string {
  return chid === '' ? w.byBot : (ownSenders[chid]?.() ?? chid);
}

/** Who of the daemon itself sends: no channel has such a name. */
const ownSenders: Record<string, () => string> = {
  '~operator': () => w.operator,
  '~alarms': () => w.alarm,
  '~report': () => w.report,
  '~scheduled': () => w.later,
};
