import { api, Fault, type Item } from '../../api.ts';
import {
  Action,
  Badge,
  Card,
  type Column,
  Loaded,
  Moment,
  Note,
  PagedTable,
  Table,
  TimeAgo,
  usePages,
} from '../../components/index.ts';
import { bytes, span } from '../../format.ts';
import { useResource } from '../../resource.ts';
import { w } from './words.ts';

type Backup = Item<'/backups'>;
type Run = Item<'/backups/runs'>;

/** Backups, trials of them, and how each went. */
export function Backups() {
  const pages = usePages();
  const backups = useResource('/backups', { topics: ['system'], everyMs: 20_000 });
  const runs = useResource('/backups/runs', {
    query: { ...(pages.cursor !== undefined && { cursor: Number(pages.cursor) }) },
    topics: ['system'],
    everyMs: 20_000,
  });
  const reload = (): void => {
    backups.reload();
    runs.reload();
  };
  const drill = async (): Promise<void> => {
    const { ok, steps } = await api.post('/backups/drill', { body: {} });
    const bad = steps.find((one) => !one.ok);
    runs.reload();
    if (!ok) throw new Fault(`${w.drillBad}: ${bad?.name ?? ''} ${bad?.detail ?? ''}`);
  };
  const columns: Column<Backup>[] = [
    { title: w.file, cell: (one) => <span class="mono break">{one.file}</span> },
    { title: w.size, narrow: true, align: 'end', cell: (one) => bytes(one.bytes) },
    { title: w.kind, narrow: true, cell: (one) => (one.auto ? w.auto : w.byHand) },
    { title: w.at, narrow: true, cell: (one) => <TimeAgo at={one.at} /> },
  ];
  return (
    <div class="stack">
      <Card
        flush
        title={w.backups}
        icon="book"
        tools={
          <>
            <Action needs="admin" run={() => api.post('/backups')} done={w.made} then={reload}>
              {w.makeBackup}
            </Action>
            <Action
              needs="admin"
              run={drill}
              ask={{ title: w.drillAsk, text: w.drillText }}
              done={w.drillOk}
              then={reload}
            >
              {w.drill}
            </Action>
          </>
        }
      >
        <Note tone="info">{w.secretHint}</Note>
        <Loaded of={backups}>
          {({ items, nextAt }) => (
            <>
              <Table
                name={`${w.title} ${w.backups}`}
                columns={columns}
                rows={items}
                keyOf={(one) => one.file}
                empty={w.noBackups}
              />
              <p class="faint small pager">
                {nextAt === null ? w.notPlanned : w.nextAt}{' '}
                {nextAt !== null && <Moment at={nextAt} />}
              </p>
            </>
          )}
        </Loaded>
      </Card>
      <Card flush title={w.runs}>
        <PagedTable
          of={runs}
          pages={pages}
          name={`${w.title} ${w.runs}`}
          columns={runColumns()}
          keyOf={(one) => one.id}
          empty={w.noRuns}
        />
      </Card>
    </div>
  );
}

function runColumns(): Column<Run>[] {
  return [
    { title: w.at, narrow: true, cell: (one) => <Moment at={one.at} /> },
    { title: w.kind, narrow: true, cell: (one) => (one.kind === 'drill' ? w.drillKind : w.backup) },
    {
      title: w.result,
      roomy: true,
      cell: (one) => (
        <>
          <Badge tone={one.ok ? 'good' : 'bad'}>{one.ok ? w.ok : w.failed}</Badge>{' '}
          <span class="small break">
            {one.error ??
              one.steps
                .filter((step) => !step.ok)
                .map((step) => `${step.name}: ${step.detail}`)
                .join('; ')}
          </span>
        </>
      ),
    },
    { title: w.took, narrow: true, cell: (one) => span(one.tookMs) },
  ];
}
