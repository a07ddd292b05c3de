import { api, type Item } from '../../api.ts';
import {
  Action,
  Badge,
  Card,
  type Column,
  Moment,
  PagedTable,
  type Tone,
  usePages,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { href } from '../../router.ts';
import { type Send, SendBadge, summaryOf } from '../sends/send-parts.tsx';
import { terms, w } from './words.ts';

type LaterSend = Item<'/scheduled-sends'>;
const tones: Record<LaterSend['state'], Tone> = {
  waiting: 'info',
  queued: 'good',
  failed: 'bad',
  expired: 'bad',
  cancelled: 'idle',
};

/** Single sends whose time is still to come, or has been. */
export function Later() {
  const pages = usePages();
  const sends = useResource('/scheduled-sends', {
    query: { ...(pages.cursor !== undefined && { cursor: Number(pages.cursor) }) },
    topics: ['runs', 'sends'],
    calmMs: 1000,
  });
  const columns: Column<LaterSend>[] = [
    { title: w.at, narrow: true, cell: (one) => <Moment at={one.at} /> },
    {
      title: w.state,
      narrow: true,
      cell: (one) => (
        <>
          {one.sendState === null ? (
            <Badge tone={tones[one.state]}>{terms[one.state]}</Badge>
          ) : (
            <SendBadge send={{ state: one.sendState }} />
          )}
          {one.reason !== null && <div class="faint small break">{one.reason}</div>}
        </>
      ),
    },
    {
      title: w.content,
      roomy: true,
      cell: ({ content }) => (
        <span class="clamp">{summaryOf({ kind: content['kind'] as Send['kind'], content })}</span>
      ),
    },
    {
      title: w.targets,
      narrow: true,
      cell: ({ botcode, target, roomTopic }) =>
        `${botcode} · ${roomTopic ?? target['topic'] ?? target['name'] ?? target['id'] ?? ''}`,
    },
    { title: w.by, narrow: true, wideOnly: true, cell: (one) => one.madeBy ?? '' },
    {
      title: '',
      narrow: true,
      cell: (one) => (
        <>
          {one.msgid !== null && (
            <a href={href('/sends/:msgid', { msgid: one.msgid })}>
              {w.message} {one.msgid}
            </a>
          )}
          {one.state === 'waiting' && (
            <Action
              run={() => api.post('/scheduled-sends/{id}/cancel', { params: { id: one.id } })}
              ask={{ title: w.cancelAsk, text: w.cancelText, danger: true }}
              then={sends.reload}
            >
              {w.cancel}
            </Action>
          )}
        </>
      ),
    },
  ];
  return (
    <Card flush>
      <PagedTable
        of={sends}
        pages={pages}
        name={w.later}
        columns={columns}
        keyOf={(one) => one.id}
        empty={w.noLater}
      />
    </Card>
  );
}
