import { api } from '../../api.ts';
import { Action, Card, ChannelChoice, PagedTable, usePages } from '../../components/index.ts';
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
      state: 'dead',
      ...(chid !== undefined && { chid }),
      ...(pages.cursor !== undefined && { cursor: pages.cursor }),
    },
    topics: ['deliveries'],
  });
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
      </div>
      <PagedTable
        of={dead}
        pages={pages}
        name={w.events}
        columns={deliveryColumns(dead.reload)}
        keyOf={(one) => `${one.chid} ${one.eventId}`}
        empty={w.nothing}
      />
    </Card>
  );
}
