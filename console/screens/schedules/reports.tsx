import { useState } from 'preact/hooks';
import type { Item } from '../../api.ts';
import {
  Badge,
  Card,
  type Column,
  Icon,
  Moment,
  PagedTable,
  usePages,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { href } from '../../router.ts';
import { may } from '../../session.ts';
import { common } from '../../words/common.ts';
import { ReportForm } from './report-form.tsx';
import { RunBadge } from './run-parts.tsx';
import { w } from './words.ts';

export type Report = Item<'/schedules'>;

/** Every report with its next slot and its last run. */
export function Reports() {
  const [adding, setAdding] = useState(false);
  const pages = usePages();
  const reports = useResource('/schedules', {
    query: { ...(pages.cursor !== undefined && { cursor: pages.cursor }) },
    topics: ['runs'],
    everyMs: 20_000,
  });
  const columns: Column<Report>[] = [
    {
      title: w.name,
      roomy: true,
      cell: (one) => (
        <>
          <a href={href('/schedules/:name', { name: one.name })}>{one.name}</a>
          {one.settings.title !== undefined && <div class="faint small">{one.settings.title}</div>}
        </>
      ),
    },
    { title: common.state, narrow: true, cell: (one) => <ReportBadge report={one} /> },
    {
      title: w.when,
      cell: (one) => (
        <span class="mono">
          {one.settings.expr} <span class="faint small">{one.zone}</span>
        </span>
      ),
    },
    { title: w.next, narrow: true, cell: (one) => <Moment at={one.nextAt} /> },
    {
      title: w.last,
      narrow: true,
      cell: (one) =>
        one.last === null ? (
          <span class="faint">{w.nobody}</span>
        ) : (
          <>
            <RunBadge run={one.last} /> <Moment at={one.last.slot} />
          </>
        ),
    },
  ];
  return (
    <Card
      flush
      title={w.reports}
      tools={
        may('operator') && (
          <button type="button" class="primary" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            {w.newReport}
          </button>
        )
      }
    >
      <PagedTable
        of={reports}
        pages={pages}
        name={`${w.title} 1`}
        columns={columns}
        keyOf={(one) => one.name}
        empty={w.nothing}
      />
      {adding && (
        <ReportForm
          report={undefined}
          onClose={() => setAdding(false)}
          onDone={() => {
            setAdding(false);
            reports.reload();
          }}
        />
      )}
    </Card>
  );
}

export function ReportBadge({ report }: { report: Report }) {
  if (report.fault !== null) return <Badge tone="bad">{w.fault}</Badge>;
  if (report.paused) return <Badge tone="warn">{w.paused}</Badge>;
  if (!report.enabled) return <Badge tone="idle">{w.disabled}</Badge>;
  if (report.warnings.length > 0) return <Badge tone="warn">{w.warned}</Badge>;
  return <Badge tone="good">{w.active}</Badge>;
}
