import type { Resource } from '../resource.ts';
import { Loaded } from './notes.tsx';
import { Pager, type Pages } from './pager.tsx';
import { Table, type TableProps } from './table.tsx';

/** One page of a list of the API, with the way to those before and behind it. */
export function PagedTable<T>(
  props: Omit<TableProps<T>, 'rows'> & {
    of: Resource<{ items: readonly T[]; next: string | null }>;
    pages: Pages;
  },
) {
  const { of, pages, ...table } = props;
  return (
    <>
      <Loaded of={of}>{({ items }) => <Table {...table} rows={items} />}</Loaded>
      {/* It stays while another page is loaded: whoever pages by keys is on it. */}
      <Pager pages={pages} next={of.data?.next} />
    </>
  );
}
