import type { Answer } from '../../api.ts';
import {
  Badge,
  Card,
  Code,
  type Column,
  Empty,
  Facts,
  Head,
  Loaded,
  Moment,
  Table,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { eventWord } from '../../words/states.ts';
import { DeliveryBadge, Redrive } from '../webhooks/delivery-parts.tsx';
import { w } from '../webhooks/words.ts';

type Try = Answer<'get', '/channels/{chid}/events/{eventId}'>['tries'][number];

const columns: () => Column<Try>[] = () => [
  { title: w.at, narrow: true, cell: (one) => <Moment at={one.at} /> },
  {
    title: w.status,
    narrow: true,
    cell: (one) => (
      <Badge tone={one.error === null ? 'good' : 'bad'}>{one.status ?? w.noAnswer}</Badge>
    ),
  },
  { title: w.took, narrow: true, align: 'end', cell: (one) => w.ms(String(one.tookMs)) },
  { title: w.outcome, cell: (one) => one.error ?? w.ok },
  {
    title: w.answer,
    roomy: true,
    cell: (one) => <span class="mono small break">{one.answer ?? ''}</span>,
  },
];

/** One event: what is posted, and what the receiver said each time. */
export function Screen({ chid = '', eventId = '' }: Record<string, string>) {
  const delivery = useResource('/channels/{chid}/events/{eventId}', {
    params: { chid, eventId: Number(eventId) },
    topics: ['deliveries'],
  });
  return (
    <div class="stack">
      <Head title={w.detail(`${chid}/${eventId}`)} />
      <Loaded of={delivery}>
        {(one) => (
          <>
            <Card
              title={eventWord(one.type)}
              icon="hook"
              tools={
                <>
                  <DeliveryBadge state={one.state} />
                  <Redrive of={one} then={delivery.reload} />
                </>
              }
            >
              <Facts
                of={[
                  [w.bot, one.botcode],
                  [w.at, <Moment key="at" at={one.at} />],
                  [w.tries, String(one.attempts)],
                  [w.next, <Moment key="next" at={one.nextTryAt} />],
                  [w.lastError, one.lastError ?? '–'],
                ]}
              />
            </Card>
            <Card title={w.answers} flush>
              <Table
                name={w.answers}
                columns={columns()}
                rows={one.tries}
                keyOf={({ at }) => at}
                empty={w.noTries}
              />
            </Card>
            <div class="halves">
              <Card title={w.request}>
                {one.request === null ? (
                  <Empty>{w.unsettled}</Empty>
                ) : (
                  <>
                    <p class="faint small">{w.requestAbout}</p>
                    <Code
                      name={w.request}
                      text={`POST ${one.request.url}\nContent-Type: ${one.request.contentType}\n\n${one.request.body}`}
                    />
                  </>
                )}
              </Card>
              <Card title={w.core}>
                <Code name={w.core} text={JSON.stringify(one.event, null, 2)} />
              </Card>
            </div>
          </>
        )}
      </Loaded>
    </div>
  );
}
