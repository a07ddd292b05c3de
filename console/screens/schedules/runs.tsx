import { Card, PagedTable, usePages } from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { runColumns } from './run-parts.tsx';
import { w } from './words.ts';

/** Runs of all reports, newest first. */
export function Runs() {
  const pages = usePages();
  const runs = useResource('/runs', {
    query: { ...(pages.cursor !== undefined && { cursor: pages.cursor }) },
    topics: ['runs', 'sends'],
    calmMs: 1000,
  });
  return (
    <Card flush>
      <PagedTable
        of={runs}
        pages={pages}
        name={w.runs}
        columns={runColumns(true)}
        keyOf={(one) => `${one.schedule} ${one.slot}`}
        empty={w.noRuns}
      />
    </Card>
  );
}
