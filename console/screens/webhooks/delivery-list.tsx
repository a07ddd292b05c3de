import { Card, ChannelChoice, Choice, PagedTable, usePages } from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { place, setQuery } from '../../router.ts';
import { deliveryColumns, deliveryStates, deliveryWord } from './delivery-parts.tsx';
import { w } from './words.ts';

/** Events with how far their delivery got, by channel and state. */
export function DeliveryList() {
  const { query } = place.value;
  const chid = query.get('channel') ?? undefined;
  const state = deliveryStates.find((one) => one === query.get('state'));
  const pages = usePages(`${chid} ${state}`);
  const deliveries = useResource('/deliveries', {
    query: {
      ...(pages.cursor !== undefined && { cursor: pages.cursor }),
      ...(chid !== undefined && { chid }),
      ...(state !== undefined && { state }),
    },
    topics: ['deliveries'],
  });
  return (
    <Card flush>
      <div class="filters">
        <ChannelChoice
          label={w.channel}
          value={chid ?? ''}
          before={[['', w.any]]}
          set={(channel) => setQuery({ channel })}
        />
        <Choice
          label={w.state}
          value={state ?? ''}
          options={[['', w.any], ...deliveryStates.map((one) => [one, deliveryWord(one)] as const)]}
          set={(state) => setQuery({ state })}
        />
      </div>
      <PagedTable
        of={deliveries}
        pages={pages}
        name={w.deliveries}
        columns={deliveryColumns(deliveries.reload)}
        keyOf={(one) => `${one.chid} ${one.eventId}`}
        empty={w.nothing}
      />
    </Card>
  );
}
