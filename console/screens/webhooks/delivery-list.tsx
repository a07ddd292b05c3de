import { Card, Field, Loaded, Pager, Table, usePages } from '../../components/index.ts';
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
  const channels = useResource('/channels', { query: { limit: 200 } });
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
        <Field label={w.channel}>
          {(own) => (
            <select
              {...own}
              value={chid ?? ''}
              onChange={(event) => setQuery({ channel: event.currentTarget.value })}
            >
              <option value="">{w.any}</option>
              {channels.data?.items.map((one) => (
                <option key={one.chid} value={one.chid}>
                  {one.chid}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={w.state}>
          {(own) => (
            <select
              {...own}
              value={state ?? ''}
              onChange={(event) => setQuery({ state: event.currentTarget.value })}
            >
              <option value="">{w.any}</option>
              {deliveryStates.map((one) => (
                <option key={one} value={one}>
                  {deliveryWord(one)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <Loaded of={deliveries}>
        {({ items, next }) => (
          <>
            <Table
              name={w.deliveries}
              columns={deliveryColumns(deliveries.reload)}
              rows={items}
              keyOf={(one) => `${one.chid} ${one.eventId}`}
              empty={w.nothing}
            />
            <Pager pages={pages} next={next} />
          </>
        )}
      </Loaded>
    </Card>
  );
}
