import { useState } from 'preact/hooks';
import {
  Card,
  ChannelChoice,
  Choice,
  type Column,
  Head,
  Icon,
  Line,
  PagedTable,
  TimeAgo,
  usePages,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { href, navigate, place, setQuery } from '../../router.ts';
import { may } from '../../session.ts';
import {
  type Send,
  SendBadge,
  Sender,
  type SendState,
  sendStates,
  summaryOf,
  targetOf,
} from './send-parts.tsx';
import { terms, w } from './words.ts';

/** Sends, newest first, with filters that are part of the address. */
export function Screen() {
  const { query } = place.value;
  const botcode = query.get('bot') ?? undefined;
  const chid = query.get('channel') ?? undefined;
  const state = sendStates.find((one) => one === query.get('state'));
  const pages = usePages(`${botcode} ${chid} ${state}`);
  const sends = useResource('/sends', {
    query: {
      ...(pages.cursor !== undefined && { cursor: Number(pages.cursor) }),
      ...(botcode !== undefined && { botcode }),
      ...(chid !== undefined && { chid }),
      ...(state !== undefined && { state }),
    },
    topics: ['sends'],
  });
  const columns: Column<Send>[] = [
    {
      title: '#',
      narrow: true,
      cell: (one) => <a href={href('/sends/:msgid', { msgid: one.msgid })}>{one.msgid}</a>,
    },
    { title: w.state, narrow: true, cell: (one) => <SendBadge send={one} /> },
    { title: w.content, roomy: true, cell: (one) => <span class="clamp">{summaryOf(one)}</span> },
    { title: w.target, narrow: true, cell: targetOf },
    {
      title: w.bot,
      narrow: true,
      cell: (one) => <a href={href('/bots/:botcode', { botcode: one.botcode })}>{one.botcode}</a>,
    },
    { title: w.channel, narrow: true, wideOnly: true, cell: (one) => <Sender send={one} /> },
    { title: w.accepted, narrow: true, cell: (one) => <TimeAgo at={one.acceptedAt} /> },
  ];
  return (
    <div class="stack">
      <Head title={w.title} about={w.about}>
        {may('operator') && (
          <a class="button primary" href="#/compose">
            <Icon name="pen" />
            {w.compose}
          </a>
        )}
      </Head>
      <Card flush>
        <Filters botcode={botcode} chid={chid} state={state} />
        <PagedTable
          of={sends}
          pages={pages}
          name={w.title}
          columns={columns}
          keyOf={(one) => one.msgid}
          empty={w.nothing}
        />
      </Card>
    </div>
  );
}

function Filters(props: {
  botcode: string | undefined;
  chid: string | undefined;
  state: SendState | undefined;
}) {
  const { botcode, chid, state } = props;
  const [wanted, setWanted] = useState('');
  const bots = useResource('/bots', { query: { limit: 200 } });
  const known = (bots.data?.items ?? []).map(({ botcode }) => [botcode, botcode] as const);
  const find = (event: Event): void => {
    event.preventDefault();
    const text = wanted.trim();
    if (text === '') return;
    // Numbers above what a message could have are request numbers of a channel.
    const isNumber = /^\d{1,12}$/.test(text);
    navigate(isNumber ? `/sends/${text}` : `/sends/~?txcode=${encodeURIComponent(text)}`);
  };
  return (
    <div class="filters">
      <Choice
        label={w.bot}
        value={botcode ?? ''}
        options={[['', w.any], ...known]}
        set={(bot) => setQuery({ bot })}
      />
      <ChannelChoice
        label={w.channel}
        value={chid ?? ''}
        before={[
          ['', w.any],
          ['~operator', w.operator],
          ['~report', w.report],
          ['~scheduled', w.later],
          ['~alarms', w.alarm],
        ]}
        set={(channel) => setQuery({ channel })}
      />
      <Choice
        label={w.state}
        value={state ?? ''}
        options={[['', w.any], ...sendStates.map((one) => [one, terms[one]] as const)]}
        set={(state) => setQuery({ state })}
      />
      <form class="row" onSubmit={find}>
        <Line label={w.find} type="search" value={wanted} set={setWanted} />
        <button type="submit">
          <Icon name="search" />
          {w.findAction}
        </button>
      </form>
    </div>
  );
}
