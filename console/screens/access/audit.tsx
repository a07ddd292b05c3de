import type { Item } from '../../api.ts';
import {
  Badge,
  Card,
  Check,
  type Column,
  Moment,
  PagedTable,
  Search,
  usePages,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { place, setQuery } from '../../router.ts';
import { deeds } from './deed-words.ts';
import { w } from './words.ts';

type Entry = Item<'/audit'>;

/** An operation of another version may be none of ours. */
function wordOf(operation: string): string {
  return (deeds as Record<string, string | undefined>)[operation] ?? operation;
}

/** What operators changed, or tried to. */
export function Audit() {
  const { query } = place.value;
  const user = query.get('user') ?? undefined;
  const target = query.get('target') ?? undefined;
  const failed = query.get('failed') === 'true';
  const pages = usePages(`${user} ${target} ${failed}`);
  const audit = useResource('/audit', {
    query: {
      ...(pages.cursor !== undefined && { cursor: Number(pages.cursor) }),
      ...(user !== undefined && { user }),
      ...(target !== undefined && { target }),
      ...(failed && { failed: 'true' as const }),
    },
    topics: ['audit'],
  });
  const columns: Column<Entry>[] = [
    { title: w.at, narrow: true, cell: (one) => <Moment at={one.at} /> },
    {
      title: w.who,
      narrow: true,
      cell: (one) => (one.user === '' ? <span class="faint">{w.stranger}</span> : one.user),
    },
    {
      title: w.what,
      narrow: true,
      cell: (one) => <span title={one.operation}>{wordOf(one.operation)}</span>,
    },
    { title: w.target, cell: (one) => one.target },
    {
      title: w.fields,
      wideOnly: true,
      cell: (one) => <span class="small faint">{one.fields.join(', ')}</span>,
    },
    { title: w.address, narrow: true, wideOnly: true, cell: (one) => one.address },
    {
      title: w.result,
      narrow: true,
      cell: (one) => (
        <Badge tone={one.status === null ? 'warn' : one.status < 400 ? 'good' : 'bad'}>
          {one.status ?? '?'}
        </Badge>
      ),
    },
  ];
  return (
    <Card flush>
      <div class="filters">
        <Search label={w.who} value={user ?? ''} set={(user) => setQuery({ user })} />
        <Search label={w.target} value={target ?? ''} set={(target) => setQuery({ target })} />
        <Check
          label={w.failedOnly}
          checked={failed}
          onChange={(on) => setQuery({ failed: on ? 'true' : undefined })}
        />
      </div>
      <PagedTable
        of={audit}
        pages={pages}
        name={w.audit}
        columns={columns}
        keyOf={(one) => one.id}
        empty={w.noAudit}
      />
    </Card>
  );
}
