import { api, type Item } from '../../api.ts';
import { Card, type Column, Loaded, Table, useAction } from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { may } from '../../session.ts';
import { w } from './words.ts';

type Room = Item<'/chatbot/rooms'>;

/** In which rooms the bots answer. */
export function Rooms() {
  const rooms = useResource('/chatbot/rooms', { topics: ['bots'] });
  const columns: Column<Room>[] = [
    { title: w.room, cell: (one) => one.topic },
    { title: w.bot, narrow: true, cell: (one) => one.botcode },
    { title: w.onInRoom, narrow: true, cell: (one) => <Switch room={one} reload={rooms.reload} /> },
  ];
  return (
    <Card flush>
      <Loaded of={rooms}>
        {({ items }) => (
          <Table
            name={w.rooms}
            columns={columns}
            rows={items}
            keyOf={(one) => `${one.botcode} ${one.roomId}`}
            empty={w.noRooms}
          />
        )}
      </Loaded>
    </Card>
  );
}

function Switch({ room, reload }: { room: Room; reload: () => void }) {
  const [busy, run] = useAction();
  const { botcode, roomId, topic, enabled, own } = room;
  const set = async (value: string): Promise<void> => {
    const wanted = value === '' ? null : value === 'on';
    const put = () => api.put('/chatbot/rooms', { body: { botcode, roomId, enabled: wanted } });
    if (await run(put, w.saved)) reload();
  };
  return (
    <select
      aria-label={`${w.onInRoom}: ${topic}`}
      disabled={!may('operator')}
      aria-busy={busy}
      value={own ? (enabled ? 'on' : 'off') : ''}
      onChange={(event) => void set(event.currentTarget.value)}
    >
      <option value="">
        {w.byDefault} ({own ? '…' : enabled ? w.enabled : w.disabled})
      </option>
      <option value="on">{w.enabled}</option>
      <option value="off">{w.disabled}</option>
    </select>
  );
}
