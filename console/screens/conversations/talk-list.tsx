import {
  Badge,
  Card,
  Empty,
  Field,
  Loaded,
  Pager,
  TimeAgo,
  usePages,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { place, setQuery } from '../../router.ts';
import { w } from './words.ts';

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
        <Field label={w.search}>
          {(own) => (
            <input
              {...own}
              type="search"
              value={text ?? ''}
              onChange={(event) => setQuery({ text: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label={w.via}>
          {(own) => (
            <select
              {...own}
              value={waiting ? 'waiting' : (via ?? '')}
              onChange={(event) => {
                const chosen = event.currentTarget.value;
                setQuery(
                  chosen === 'waiting'
                    ? { waiting: 'true', via: undefined }
                    : { waiting: undefined, via: chosen },
                );
              }}
            >
              <option value="">{w.all}</option>
              <option value="waiting">{w.waiting}</option>
              {ways.map((one) => (
                <option key={one} value={one}>
                  {w[one]}
                </option>
              ))}
            </select>
          )}
        </Field>
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
                      {w[one.via]} · {one.agent ?? w.nobody}
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
