import { api } from '../../api.ts';
import {
  Action,
  Card,
  ChannelChoice,
  PagedTable,
  usePages,
  usePick,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { place, setQuery } from '../../router.ts';
import { deliveryColumns } from '../webhooks/delivery-parts.tsx';
import { w as words } from '../webhooks/words.ts';
import { w } from './words.ts';

/** Events that no receiver took: one, or all of a channel, can be delivered again. */
export function DeadEvents() {
  const chid = place.value.query.get('channel') ?? undefined;
  const pages = usePages(chid);
  const dead = useResource('/deliveries', {
    query: {
      ...{ state: 'dead' as const, limit: 100 },
      ...(chid !== undefined && { chid }),
      ...(pages.cursor !== undefined && { cursor: pages.cursor }),
    },
    topics: ['deliveries'],
  });
  const pick = usePick(dead.data?.items, ({ chid, eventId }) => `${chid}/${eventId}`);
  const count = String(pick.picked.length);
  /** Channel by channel. */
  const all = async (path: '/channels/{chid}/redrive' | '/channels/{chid}/discard') => {
    for (const chid of new Set(pick.picked.map((one) => one.chid))) {
      const ids = pick.picked.filter((one) => one.chid === chid).map(({ eventId }) => eventId);
      await api.post(path, { params: { chid }, body: { eventIds: ids } });
    }
  };
  return (
    <Card flush>
      <div class="filters">
        <ChannelChoice
          label={w.channel}
          value={chid ?? ''}
          before={[['', w.chooseChannel]]}
          set={(channel) => setQuery({ channel })}
        />
        {chid !== undefined && (
          <Action
            icon="reload"
            run={() => api.post('/channels/{chid}/redrive', { params: { chid }, body: {} })}
            ask={{ title: words.redriveAllAsk(chid), text: words.redriveAllText }}
            done={words.redriven}
            then={dead.reload}
          >
            {words.redriveAll}
          </Action>
        )}
        {pick.all && (
          <>
            {pick.all}
            <Action
              icon="reload"
              disabled={count === '0'}
              run={() => all('/channels/{chid}/redrive')}
              done={words.redriven}
              then={dead.reload}
            >
              {words.redrive}
            </Action>
            <Action
              kind="danger"
              disabled={count === '0'}
              run={() => all('/channels/{chid}/discard')}
              ask={{ title: w.discardAsk(count), text: w.discardEventText, danger: true }}
              then={dead.reload}
            >
              {w.discard}
            </Action>
          </>
        )}
      </div>
      <PagedTable
        of={dead}
        pages={pages}
        name={w.events}
        columns={[...pick.columns, ...deliveryColumns(dead.reload)]}
        keyOf={(one) => `${one.chid} ${one.eventId}`}
        empty={w.nothing}
      />
    </Card>
  );
}
