import { api, Fault } from '../../api.ts';
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
  usePick,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { href, place, setQuery } from '../../router.ts';
import { may } from '../../session.ts';
import { type Send, SendBadge, summaryOf, targetOf } from '../sends/send-parts.tsx';
import { terms } from '../sends/words.ts';
import { w } from './words.ts';

const states = ['failed', 'absent', 'expired'] as const;

/** Messages that did not leave: each can be sent again, changed or as it was. */
export function DeadSends() {
  const { query } = place.value;
  const state = states.find((one) => one === query.get('state'));
  const like = query.get('like') ?? undefined;
  const pages = usePages(`${state} ${like}`);
  const sends = useResource('/sends', {
    query: {
      ...{ state: state ?? 'troubled', cleared: 'false' as const, limit: 100 },
      ...(like !== undefined && { like: Number(like) }),
      ...(pages.cursor !== undefined && { cursor: Number(pages.cursor) }),
    },
    topics: ['sends'],
  });
  const pick = usePick(sends.data?.items, ({ msgid }) => String(msgid));
  const msgids = pick.picked.map(({ msgid }) => msgid);
  const columns: Column<Send>[] = [
    ...pick.columns,
    {
      title: '#',
      narrow: true,
      cell: ({ msgid }) => <a href={href('/sends/:msgid', { msgid })}>{msgid}</a>,
    },
    { title: w.state, narrow: true, cell: (one) => <SendBadge send={one} /> },
    {
      title: w.reason,
      cell: ({ msgid, reason }) => (
        <button
          type="button"
          class="link"
          title={w.alike}
          disabled={like !== undefined}
          onClick={() => setQuery({ like: String(msgid) })}
        >
          {reason ?? '–'}
        </button>
      ),
    },
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
        {like !== undefined && (
          <button type="button" onClick={() => setQuery({ like: undefined })}>
            <Icon name="close" />
            {w.alike}
          </button>
        )}
        {pick.all && (
          <>
            {pick.all}
            <SendAgain msgids={msgids} />
            <Action
              kind="danger"
              disabled={msgids.length === 0}
              run={() => api.post('/sends/discard', { body: { msgids } })}
              ask={{
                title: w.discardAsk(String(msgids.length)),
                text: w.discardText,
                danger: true,
              }}
            >
              {w.discard}
            </Action>
          </>
        )}
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
  return (
    <div class="row">
      <a
        class="button icon-only"
        href={`#/compose?from=${send.msgid}`}
        aria-label={w.edit}
        title={w.edit}
      >
        <Icon name="pen" />
      </a>
      <SendAgain msgids={[send.msgid]} />
    </div>
  );
}

/** Each goes again once, by whomever and however often it is asked for. */
function SendAgain({ msgids }: { msgids: number[] }) {
  const again = async (): Promise<void> => {
    const { items } = await api.post('/sends/again', { body: { msgids } });
    const faults = items.flatMap(({ msgid, problem }) =>
      problem === null ? [] : [`${msgid}: ${problem}`],
    );
    if (faults.length < items.length) toast(w.sent(String(items.length - faults.length)));
    if (faults[0] !== undefined) throw new Fault(w.notSent(String(faults.length), faults[0]));
  };
  return (
    <Action
      icon="reload"
      disabled={msgids.length === 0}
      run={again}
      ask={{ title: w.againAsk(String(msgids.length)), text: w.againText }}
      done={null}
    >
      {w.again}
    </Action>
  );
}
