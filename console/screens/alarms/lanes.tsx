import { api, Fault, type Item } from '../../api.ts';
import {
  Action,
  Card,
  type Column,
  Loaded,
  Note,
  Table,
  TimeAgo,
  toast,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { w } from './words.ts';

type Lane = Item<'/alarms/lanes'>;

const kinds = { room: () => w.room, webhook: () => w.webhook, email: () => w.email };

/** The ways to tell a person, each of which can be tried. */
export function Lanes() {
  const lanes = useResource('/alarms/lanes', { topics: ['alarms'], everyMs: 20_000 });
  const test = async (name: string): Promise<void> => {
    const { ok, error, tookMs } = await api.post('/alarms/lanes/{name}/test', { params: { name } });
    lanes.reload();
    if (!ok) throw new Fault(w.testFailed(error ?? ''));
    toast(w.tested(String(tookMs)));
  };
  const columns: Column<Lane>[] = [
    { title: w.lane, narrow: true, cell: (one) => `${one.name} (${kinds[one.kind]()})` },
    { title: w.target, cell: (one) => <span class="break">{one.target}</span> },
    { title: w.lastHour, narrow: true, align: 'end', cell: (one) => one.toldLastHour },
    { title: w.lastOk, narrow: true, cell: (one) => <TimeAgo at={one.lastOkAt} /> },
    {
      title: w.lastError,
      roomy: true,
      cell: (one) =>
        one.lastErrorAt !== null && (
          <>
            <TimeAgo at={one.lastErrorAt} /> <span class="small">{one.lastError}</span>
          </>
        ),
    },
    {
      title: '',
      narrow: true,
      cell: (one) => (
        <Action icon="play" run={() => test(one.name)} done={null}>
          {w.test}
        </Action>
      ),
    },
  ];
  return (
    <Card flush>
      <Loaded of={lanes}>
        {({ items, failingSince }) => (
          <>
            {failingSince !== null && <Note tone="bad">{w.failing}</Note>}
            <Table
              name={w.lanes}
              columns={columns}
              rows={items}
              keyOf={(one) => one.name}
              empty={w.noLanes}
            />
          </>
        )}
      </Loaded>
    </Card>
  );
}
