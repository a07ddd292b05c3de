import { Card, Loaded, Pager, Table, usePages } from '../../components/index.ts';
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
      <Loaded of={runs}>
        {({ items, next }) => (
          <>
            <Table
              name={w.runs}
              columns={runColumns(true)}
              rows={items}
              keyOf={(one) => `${one.schedule} ${one.slot}`}
              empty={w.noRuns}
            />
            <Pager pages={pages} next={next} />
          </>
        )}
      </Loaded>
    </Card>
  );
}
