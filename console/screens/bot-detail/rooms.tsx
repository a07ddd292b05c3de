import { useState } from 'preact/hooks';
import type { Item } from '../../api.ts';
import {
  Card,
  type Column,
  Dialog,
  Line,
  Loaded,
  PagedTable,
  Table,
  TimeAgo,
  usePages,
} from '../../components/index.ts';
import { number } from '../../format.ts';
import { useResource } from '../../resource.ts';
import { common } from '../../words/common.ts';
import { w } from './words.ts';

type Room = Item<'/bots/{botcode}/rooms'>;

export function Rooms({ botcode }: { botcode: string }) {
  const [topic, setTopic] = useState('');
  const [open, setOpen] = useState<Room | undefined>(undefined);
  const pages = usePages(topic);
  const rooms = useResource('/bots/{botcode}/rooms', {
    params: { botcode },
    query: { topic, cursor: pages.cursor },
    topics: ['bots'],
    concerns: ({ id }) => id === botcode,
    calmMs: 1000,
  });
  const columns: Column<Room>[] = [
    {
      title: w.topic,
      cell: (room) => (
        <button type="button" class="link" onClick={() => setOpen(room)}>
          {room.topic || w.unnamed}
        </button>
      ),
    },
    { title: w.members, align: 'end', narrow: true, cell: (room) => number(room.memberCount) },
    { title: w.former, cell: ({ formerTopics }) => formerTopics.join('、') || '–', wideOnly: true },
    { title: w.seen, narrow: true, cell: (room) => <TimeAgo at={room.lastSeen} /> },
    {
      title: w.id,
      cell: (room) => <span class="mono small break">{room.id}</span>,
      wideOnly: true,
    },
  ];
  return (
    <Card title={w.rooms} flush>
      <div class="filters">
        <Line
          bare
          label={common.search}
          type="search"
          placeholder={w.searchRooms}
          value={topic}
          set={setTopic}
        />
      </div>
      <PagedTable
        of={rooms}
        pages={pages}
        name={w.rooms}
        columns={columns}
        keyOf={(room) => room.id}
        empty={w.noRooms}
      />
      {open !== undefined && (
        <Members botcode={botcode} room={open} onClose={() => setOpen(undefined)} />
      )}
    </Card>
  );
}

function Members(props: { botcode: string; room: Room; onClose: () => void }) {
  const { botcode, room, onClose } = props;
  const detail = useResource('/bots/{botcode}/rooms/{roomId}', {
    params: { botcode, roomId: room.id },
  });
  return (
    <Dialog title={w.membersOf(room.topic)} onClose={onClose}>
      <Loaded of={detail}>
        {({ members }) => (
          <Table
            name={w.members}
            rows={members}
            keyOf={(one) => one.id}
            columns={[
              { title: w.name, cell: (one) => one.name },
              { title: w.id, cell: (one) => <span class="mono small break">{one.id}</span> },
            ]}
          />
        )}
      </Loaded>
    </Dialog>
  );
}
