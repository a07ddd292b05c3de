import { api, type Item } from '../../api.ts';
import { Action, Badge, type Column, TimeAgo, type Tone } from '../../components/index.ts';
import { href } from '../../router.ts';
import { eventWord } from '../../words/states.ts';
import { w } from './words.ts';

export type Delivery = Item<'/deliveries'>;
export const deliveryStates = ['due', 'dead', 'acked', 'superseded', 'none', 'discarded'] as const;

const looks: Record<Delivery['state'], { tone: Tone; word: () => string }> = {
  due: { tone: 'info', word: () => w.due },
  acked: { tone: 'good', word: () => w.acked },
  dead: { tone: 'bad', word: () => w.dead },
  superseded: { tone: 'idle', word: () => w.superseded },
  none: { tone: 'idle', word: () => w.noneState },
  discarded: { tone: 'idle', word: () => w.discarded },
};

export function deliveryWord(state: Delivery['state']): string {
  return looks[state].word();
}

export function DeliveryBadge({ state }: { state: Delivery['state'] }) {
  return <Badge tone={looks[state].tone}>{looks[state].word()}</Badge>;
}

/** Delivers one event once more, under the same id and with the same bytes. */
export function Redrive({ of, then }: { of: Delivery; then: () => void }) {
  // A QR code that was taken, or is of no use any more, never goes out again.
  const gone = of.type === 'qrCode' && of.state !== 'dead';
  if (of.state === 'due' || of.state === 'none' || gone) return null;
  const taken = of.state === 'acked';
  return (
    <Action
      icon="reload"
      run={() =>
        api.post('/channels/{chid}/redrive', {
          params: { chid: of.chid },
          body: { eventIds: [of.eventId], replay: taken },
        })
      }
      {...(taken && { ask: { title: w.redrive, text: w.replayAsk } })}
      done={w.redriven}
      then={then}
    >
      {w.redrive}
    </Action>
  );
}

export function deliveryColumns(reload: () => void): Column<Delivery>[] {
  return [
    {
      title: w.event,
      narrow: true,
      cell: ({ chid, eventId }) => (
        <a href={href('/webhooks/:chid/:eventId', { chid, eventId })}>
          {chid}/{eventId}
        </a>
      ),
    },
    {
      title: w.type,
      narrow: true,
      cell: (one) => <span title={one.type}>{eventWord(one.type)}</span>,
    },
    { title: w.state, narrow: true, cell: (one) => <DeliveryBadge state={one.state} /> },
    { title: w.bot, narrow: true, wideOnly: true, cell: (one) => one.botcode },
    { title: w.tries, narrow: true, align: 'end', cell: (one) => one.attempts },
    {
      title: w.lastError,
      cell: (one) => <span class="small">{one.lastError ?? ''}</span>,
    },
    { title: w.at, narrow: true, cell: (one) => <TimeAgo at={one.at} /> },
    { title: '', narrow: true, cell: (one) => <Redrive of={one} then={reload} /> },
  ];
}
