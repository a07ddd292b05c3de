import { api } from '../../api.ts';
import {
  Action,
  Card,
  Choice,
  type Column,
  Icon,
  PagedTable,
  TimeAgo,
  toast,
  usePages,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { href, navigate, place, setQuery } from '../../router.ts';
import { may } from '../../session.ts';
import { contentOf, draftOf, targetOf as draftTarget } from '../compose/draft.ts';
import { type Send, SendBadge, summaryOf, targetOf } from '../sends/send-parts.tsx';
import { terms } from '../sends/words.ts';
import { w } from './words.ts';

const states = ['failed', 'absent', 'expired'] as const;

/** Messages that did not leave: each can be sent again, changed or as it was. */
export function DeadSends() {
  const state = states.find((one) => one === place.value.query.get('state'));
  const pages = usePages(state);
  const sends = useResource('/sends', {
    query: {
      state: state ?? 'troubled',
      ...(pages.cursor !== undefined && { cursor: Number(pages.cursor) }),
    },
    topics: ['sends'],
  });
  const columns: Column<Send>[] = [
    {
      title: '#',
      narrow: true,
      cell: ({ msgid }) => <a href={href('/sends/:msgid', { msgid })}>{msgid}</a>,
    },
    { title: w.state, narrow: true, cell: (one) => <SendBadge send={one} /> },
    { title: w.reason, cell: (one) => one.reason ?? '–' },
    { title: w.content, cell: (one) => <span class="clamp">{summaryOf(one)}</span> },
    { title: w.target, narrow: true, cell: targetOf },
    { title: w.bot, narrow: true, wideOnly: true, cell: (one) => one.botcode },
    { title: w.at, narrow: true, cell: (one) => <TimeAgo at={one.settledAt} /> },
    { title: '', narrow: true, cell: (one) => <Again send={one} /> },
  ];
  return (
    <Card flush>
      <div class="filters">
        <Choice
          label={w.state}
          value={state ?? ''}
          options={[['', w.all], ...states.map((one) => [one, terms[one]] as const)]}
          set={(state) => setQuery({ state })}
        />
      </div>
      <PagedTable
        of={sends}
        pages={pages}
        name={w.messages}
        columns={columns}
        keyOf={(one) => one.msgid}
        empty={w.nothing}
      />
    </Card>
  );
}

function Again({ send }: { send: Send }) {
  if (!may('operator')) return null;
  const draft = draftOf(send);
  const byName = draft.toKind === 'room' ? { roomTopic: draft.name } : { contactName: draft.name };
  const again = async (): Promise<void> => {
    const { msgid, state } = await api.post('/sends', {
      body: {
        ...{ botcode: send.botcode, ...(draft.id === '' ? byName : draftTarget(draft)) },
        content: contentOf(draft),
        // Whoever presses it, and how often: once a day. Should it fail, it has a row of its own.
        txcode: `again:${send.msgid}`,
      },
    });
    if (state === 'queued' || state === 'sending') {
      toast(w.sent);
      return;
    }
    // At once, or when it was pressed before.
    toast(w.endedAs(String(msgid)));
    navigate(`/sends/${msgid}`);
  };
  return (
    <div class="row">
      <a class="button" href={`#/compose?from=${send.msgid}`}>
        <Icon name="pen" />
        {w.edit}
      </a>
      <Action icon="reload" run={again} ask={{ title: w.againAsk, text: w.againText }} done={null}>
        {w.again}
      </Action>
    </div>
  );
}
