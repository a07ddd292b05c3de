import { useState } from 'preact/hooks';
import { api, type Item } from '../../api.ts';
import { Action, Card, type Column, Icon, PagedTable, usePages } from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { may } from '../../session.ts';
import { common } from '../../words/common.ts';
import { ChannelForm } from './channel-form.tsx';
import { ShownOnce } from './shown-once.tsx';
import { w } from './words.ts';

export type Channel = Item<'/channels'>;

/** Business systems that command us, and their keys. */
export function Channels() {
  const [open, setOpen] = useState<Channel | 'new' | undefined>(undefined);
  const [key, setKey] = useState<string | undefined>(undefined);
  const pages = usePages();
  const channels = useResource('/channels', {
    query: { ...(pages.cursor !== undefined && { cursor: pages.cursor }) },
    topics: ['system'],
  });
  const columns: Column<Channel>[] = [
    { title: w.chid, narrow: true, cell: (one) => <strong>{one.chid}</strong> },
    { title: w.name, cell: (one) => one.name ?? '' },
    {
      title: w.callbackUrl,
      roomy: true,
      cell: (one) => <span class="mono small break">{one.callbackUrl ?? '–'}</span>,
    },
    {
      title: w.botsHead,
      narrow: true,
      wideOnly: true,
      cell: (one) => (Array.isArray(one.bots) ? one.bots.join(', ') : common.all),
    },
    { title: w.keys, narrow: true, cell: (one) => w.keyCount(String(one.keyCount)) },
    {
      title: '',
      narrow: true,
      cell: (one) => (
        <div class="row">
          {may('admin') && (
            <button type="button" onClick={() => setOpen(one)}>
              {common.edit}
            </button>
          )}
          <Action
            needs="admin"
            icon="key"
            run={async () => {
              const params = { chid: one.chid };
              const made = await api.post('/channels/{chid}/rotate', { params, body: {} });
              setKey(made.key);
            }}
            ask={{ title: w.rotateAsk, text: w.rotateText }}
            then={channels.reload}
          >
            {w.rotate}
          </Action>
          <Action
            needs="admin"
            kind="quiet"
            icon="trash"
            label={`${common.remove} ${one.chid}`}
            run={() => api.del('/channels/{chid}', { params: { chid: one.chid } })}
            ask={{ title: w.removeChannelAsk(one.chid), text: w.removeChannelText, danger: true }}
            then={channels.reload}
          >
            {''}
          </Action>
        </div>
      ),
    },
  ];
  return (
    <Card
      flush
      title={w.channels}
      tools={
        may('admin') && (
          <button type="button" class="primary" onClick={() => setOpen('new')}>
            <Icon name="plus" />
            {w.newChannel}
          </button>
        )
      }
    >
      <PagedTable
        of={channels}
        pages={pages}
        name={`${w.title} ${w.channels}`}
        columns={columns}
        keyOf={(one) => one.chid}
        empty={w.noChannels}
      />
      {open !== undefined && (
        <ChannelForm
          channel={open === 'new' ? undefined : open}
          onClose={() => setOpen(undefined)}
          onDone={(made) => {
            setOpen(undefined);
            setKey(made);
            channels.reload();
          }}
        />
      )}
      {key !== undefined && (
        <ShownOnce
          title={w.keys}
          text={w.keyShown}
          secret={key}
          onClose={() => setKey(undefined)}
        />
      )}
    </Card>
  );
}
