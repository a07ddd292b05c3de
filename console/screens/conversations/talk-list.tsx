import {
  Badge,
  Card,
  Choice,
  Empty,
  Loaded,
  Pager,
  Search,
  TimeAgo,
  usePages,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { place, setQuery } from '../../router.ts';
import { agentOf } from './talk.ts';
import { terms, w } from './words.ts';

const ways = ['wechat', 'imbot', 'gobelieve', 'chat'] as const;

export function TalkList({ open }: { open: string }) {
  const { query } = place.value;
  const text = query.get('text') ?? undefined;
  const via = ways.find((one) => one === query.get('via'));
  const waiting = query.get('waiting') === 'true';
  const pages = usePages(`${text} ${via} ${waiting}`);
  const talks = useResource('/im/conversations', {
    query: {
      ...(pages.cursor !== undefined && { cursor: pages.cursor }),
      ...(text !== undefined && { text }),
      ...(via !== undefined && { via }),
      ...(waiting && { waiting: 'true' as const }),
    },
    topics: ['conversations'],
    everyMs: 20_000,
  });
  const rest = query.toString();
  const suffix = rest === '' ? '' : `?${rest}`;
  return (
    <Card flush>
      <div class="filters">
        <Search label={w.search} value={text ?? ''} set={(text) => setQuery({ text })} />
        <Choice
          label={w.via}
          value={waiting ? 'waiting' : (via ?? '')}
          options={[
            ['', w.all],
            ['waiting', w.waiting],
            ...ways.map((one) => [one, terms[one]] as const),
          ]}
          set={(chosen) =>
            setQuery(
              chosen === 'waiting'
                ? { waiting: 'true', via: undefined }
                : { waiting: undefined, via: chosen },
            )
          }
        />
      </div>
      <Loaded of={talks}>
        {({ items, next }) => (
          <>
            {items.length === 0 && <Empty icon="chat">{w.nothing}</Empty>}
            <ul class="talk-list">
              {items.map((one) => (
                <li key={one.id}>
                  <a
                    href={`#/conversations/${one.id}${suffix}`}
                    aria-current={String(one.id) === open ? 'true' : undefined}
                  >
                    <strong class="cut">{one.name || one.contact}</strong>
                    <span class="faint small">
                      <TimeAgo at={one.lastAt} />
                    </span>
                    <span class="faint small cut">
                      {terms[one.via]} · {agentOf(one) ?? w.nobody}
                    </span>
                    {one.waiting && <Badge tone="warn">{w.waits}</Badge>}
                  </a>
                </li>
              ))}
            </ul>
            <Pager pages={pages} next={next} />
          </>
        )}
      </Loaded>
    </Card>
  );
}
