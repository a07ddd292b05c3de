import type { Item } from '../../api.ts';
import {
  Badge,
  Card,
  Choice,
  type Column,
  PagedTable,
  TimeAgo,
  usePages,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { href, place, setQuery } from '../../router.ts';
import { common } from '../../words/common.ts';
import { terms, w } from './words.ts';

type Talk = Item<'/chatbot/chats'>;
const states = ['open', 'human', 'ended'] as const;
const tones = { open: 'good', human: 'info', ended: 'idle' } as const;

const ways = {
  mpweixin: () => w.wayMini,
  room: () => w.wayRoom,
  private: () => w.wayPrivate,
  test: () => w.wayTest,
};

/** Talks with the chatbot, the one talked in last first. */
export function Talks() {
  const state = states.find((one) => one === place.value.query.get('state'));
  const pages = usePages(state);
  const talks = useResource('/chatbot/chats', {
    query: {
      ...(pages.cursor !== undefined && { cursor: pages.cursor }),
      ...(state !== undefined && { state }),
    },
    topics: ['chats'],
  });
  const columns: Column<Talk>[] = [
    {
      title: common.name,
      cell: (one) => <a href={href('/chatbot/:id', { id: one.id })}>{one.id}</a>,
    },
    { title: w.channel, narrow: true, cell: (one) => ways[one.channel]() },
    {
      title: common.state,
      narrow: true,
      cell: (one) => <Badge tone={tones[one.state]}>{terms[one.state]}</Badge>,
    },
    { title: w.turns, narrow: true, align: 'end', cell: (one) => one.turns },
    { title: w.lastAt, narrow: true, cell: (one) => <TimeAgo at={one.lastAt} /> },
  ];
  return (
    <Card flush>
      <div class="filters">
        <Choice
          label={common.state}
          value={state ?? ''}
          options={[['', common.all], ...states.map((one) => [one, terms[one]] as const)]}
          set={(state) => setQuery({ state })}
        />
      </div>
      <PagedTable
        of={talks}
        pages={pages}
        name={w.talks}
        columns={columns}
        keyOf={(one) => one.id}
        empty={w.noTalks}
      />
    </Card>
  );
}
