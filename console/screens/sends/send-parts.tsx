import type { Item } from '../../api.ts';
import { Badge, type Tone } from '../../components/index.ts';
import { href } from '../../router.ts';
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

/** What is sent as a picture; of a report it is one of its pages. */
interface ImageContent {
  source: { url?: string; sha256?: string };
  page?: { title: string; number: number; of: number };
}

/** Whether its picture is here: what has an address yet is fetched when its turn comes. */
export function isShown({ kind, content }: Pick<Send, 'kind' | 'content'>): boolean {
  return kind === 'image' && (content as unknown as ImageContent).source.sha256 !== undefined;
}

/** The content in a line. */
export function summaryOf({ kind, content }: Pick<Send, 'kind' | 'content'>): string {
  if (kind === 'image') {
    const { page, source } = content as unknown as ImageContent;
    if (page === undefined) return `${w.image} ${source.url ?? ''}`;
    return `${w.image} ${page.title}${page.of > 1 ? ` ${page.number}/${page.of}` : ''}`;
  }
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

/** The same, with a way to the report that it is. */
export function Sender({ send }: { send: Send }) {
  if (send.run === null) return <>{senderOf(send)}</>;
  const { schedule: name } = send.run;
  return (
    <>
      {w.report} <a href={href('/schedules/:name', { name })}>{name}</a>
    </>
  );
}

/** Who of the daemon itself sends: no channel has such a name. */
const ownSenders: Record<string, () => string> = {
  '~operator': () => w.operator,
  '~alarms': () => w.alarm,
  '~report': () => w.report,
  '~scheduled': () => w.later,
};
