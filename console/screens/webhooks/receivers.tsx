import { useState } from 'preact/hooks';
import { type Answer, api, type Item } from '../../api.ts';
import {
  Action,
  Badge,
  Card,
  Code,
  type Column,
  Dialog,
  Facts,
  Note,
  PagedTable,
  usePages,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { w } from './words.ts';

type Channel = Item<'/channels'>;
type Ping = Answer<'post', '/channels/{chid}/ping'>;

/** Where events of each channel go, and what waits there. */
export function Receivers() {
  const pages = usePages();
  const channels = useResource('/channels', {
    query: { ...(pages.cursor !== undefined && { cursor: pages.cursor }) },
    topics: ['deliveries', 'system'],
  });
  const status = useResource('/status', { topics: ['deliveries'], everyMs: 10_000 });
  const backlog = new Map(status.data?.channels.map((one) => [one.chid, one]));
  const columns: Column<Channel>[] = [
    {
      title: w.channel,
      narrow: true,
      cell: ({ chid }) => (
        <a href={`#/webhooks?tab=deliveries&channel=${encodeURIComponent(chid)}`}>{chid}</a>
      ),
    },
    {
      title: w.url,
      roomy: true,
      cell: ({ callbackUrl }) =>
        callbackUrl === undefined ? (
          <span class="faint">{w.none}</span>
        ) : (
          <span class="mono break">{callbackUrl}</span>
        ),
    },
    {
      title: w.state,
      narrow: true,
      cell: ({ pausedReason }) =>
        pausedReason === null ? (
          <Badge tone="good">{w.running}</Badge>
        ) : (
          <>
            <Badge tone="warn">{w.paused}</Badge>
            <div class="faint small break">{pausedReason}</div>
          </>
        ),
    },
    {
      title: w.due,
      narrow: true,
      align: 'end',
      cell: ({ chid }) => backlog.get(chid)?.due ?? 0,
    },
    {
      title: w.dead,
      narrow: true,
      align: 'end',
      cell: ({ chid }) => {
        const count = backlog.get(chid)?.dead ?? 0;
        if (count === 0) return 0;
        return (
          <a href={`#/dead-letters?tab=events&channel=${encodeURIComponent(chid)}`}>{count}</a>
        );
      },
    },
    {
      title: '',
      narrow: true,
      cell: (one) => <Doing channel={one} reload={channels.reload} />,
    },
  ];
  return (
    <Card flush>
      <PagedTable
        of={channels}
        pages={pages}
        name={w.receivers}
        columns={columns}
        keyOf={(one) => one.chid}
      />
    </Card>
  );
}

function Doing({ channel, reload }: { channel: Channel; reload: () => void }) {
  const params = { chid: channel.chid };
  const [ping, setPing] = useState<Ping>();
  if (channel.callbackUrl === undefined) return null;
  return (
    <div class="row">
      <Action
        run={async () => setPing(await api.post('/channels/{chid}/ping', { params }))}
        icon="play"
        done={null}
      >
        {w.ping}
      </Action>
      {ping && (
        <Dialog title={w.ping} onClose={() => setPing(undefined)}>
          <div class="stack">
            <Note tone={ping.delivered ? 'good' : 'bad'}>
              {ping.delivered ? w.pinged : w.pingFailed(ping.error ?? '')}
            </Note>
            <Facts
              of={[
                [w.url, ping.url],
                [w.status, ping.status ?? w.noAnswer],
                [w.took, w.ms(String(Math.round(ping.tookMs)))],
              ]}
            />
            {ping.answer !== '' && <Code name={w.answer} text={ping.answer} />}
          </div>
        </Dialog>
      )}
      {channel.pausedReason === null ? (
        <Action
          icon="pause"
          needs="admin"
          run={() => api.post('/channels/{chid}/pause', { params, body: {} })}
          ask={{ title: w.pauseAsk, text: w.pauseText }}
          then={reload}
        >
          {w.pause}
        </Action>
      ) : (
        <Action
          icon="play"
          kind="primary"
          needs="admin"
          run={() => api.post('/channels/{chid}/resume', { params })}
          then={reload}
        >
          {w.resume}
        </Action>
      )}
    </div>
  );
}
