import { api, type Item } from '../../api.ts';
import {
  Action,
  Badge,
  Card,
  type Column,
  Note,
  PagedTable,
  TimeAgo,
  usePages,
} from '../../components/index.ts';
import { language } from '../../i18n.ts';
import { useResource } from '../../resource.ts';
import { terms, w } from './words.ts';

type Alarm = Item<'/alarms'>;

export function AlarmList({ state }: { state: 'open' | 'over' }) {
  const pages = usePages(state);
  const alarms = useResource('/alarms', {
    query: { state, ...(pages.cursor !== undefined && { cursor: pages.cursor }) },
    topics: ['alarms'],
    everyMs: 20_000,
  });
  const lanes = useResource('/alarms/lanes', { when: state === 'open' });
  const columns: Column<Alarm>[] = [
    {
      title: w.kind,
      narrow: true,
      cell: (one) => <Badge tone={one.state === 'over' ? 'idle' : 'bad'}>{terms[one.kind]}</Badge>,
    },
    {
      title: w.what,
      roomy: true,
      cell: (one) => (
        <>
          {one.text[language.value]}
          {one.note !== null && one.note !== '' && <div class="faint small">{one.note}</div>}
        </>
      ),
    },
    { title: w.since, narrow: true, cell: (one) => <TimeAgo at={one.since} /> },
    state === 'over'
      ? { title: w.over, narrow: true, cell: (one) => <TimeAgo at={one.overAt} /> }
      : {
          title: w.people,
          narrow: true,
          cell: (one) => {
            if (one.ackedBy !== null) return w.acked(one.ackedBy);
            if (one.silenced) return w.silenced;
            return one.told ? w.told : w.notTold;
          },
        },
    {
      title: '',
      narrow: true,
      cell: (one) =>
        one.state === 'raised' &&
        one.ackedAt === null && (
          <Action
            run={() => api.post('/alarms/{id}/ack', { params: { id: one.id }, body: {} })}
            ask={{ title: w.ackAsk, text: w.ackText }}
            then={alarms.reload}
          >
            {w.ack}
          </Action>
        ),
    },
  ];
  return (
    <>
      {lanes.data?.items.length === 0 && <Note tone="warn">{w.noLanes}</Note>}
      <Card flush>
        <PagedTable
          of={alarms}
          pages={pages}
          name={w.title}
          columns={columns}
          keyOf={(one) => one.id}
          empty={state === 'open' ? w.nothingOpen : w.nothingPast}
        />
      </Card>
    </>
  );
}
