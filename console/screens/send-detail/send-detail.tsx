import { type Answer, api } from '../../api.ts';
import {
  Action,
  Card,
  Code,
  Empty,
  Facts,
  Head,
  Icon,
  Loaded,
  Moment,
  Picture,
  pictureOf,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { href, place } from '../../router.ts';
import { may } from '../../session.ts';
import { isShown, SendBadge, Sender, senderOf, summaryOf, targetOf } from '../sends/send-parts.tsx';
import { terms as sendStates } from '../sends/words.ts';
import { DeliveryBadge } from '../webhooks/delivery-parts.tsx';
import { Timeline } from './timeline.tsx';
import { w } from './words.ts';

type Trace = Answer<'get', '/trace'>;
type Traced = Trace['sends'][number];

/** One message, or what a request number led to (`/sends/~?txcode=…`): every step with its time. */
export function Screen({ msgid = '' }: Record<string, string>) {
  const txcode = place.value.query.get('txcode') ?? '';
  const byNumber = msgid !== '~';
  const trace = useResource('/trace', {
    query: byNumber ? { msgid: Number(msgid) } : { txcode },
    topics: ['sends', 'deliveries'],
    everyMs: 15_000,
  });
  return (
    <div class="stack">
      <Head title={byNumber ? w.title(msgid) : w.request(txcode)} />
      <Loaded of={trace}>
        {({ sends, commands }) => (
          <>
            {sends.length === 0 && <Empty>{w.notSent}</Empty>}
            {sends.map((one) => (
              <Sent key={one.send.msgid} traced={one} reload={trace.reload} />
            ))}
            {commands.filter(isOfChannel).map((one) => (
              <Card key={`${one.chid} ${one.day}`} title={`${w.answered} · ${senderOf(one)}`}>
                <p class="faint small">
                  {one.txcode} · <Moment at={one.at} />
                </p>
                {one.answer !== null && <Code text={one.answer} name={w.answered} />}
              </Card>
            ))}
          </>
        )}
      </Loaded>
    </div>
  );
}

/** What the status says: 3 and 4 mean one thing of a text, another one of a card. */
function statusOf({ send, steps }: Traced): string {
  const { state, sendStatus } = send;
  if (sendStatus === '0') return w.status0;
  if (state !== 'sent') return sendStatus === '3' ? w.badCard : sendStates[state];
  const missing = detailOf(steps, 'unmentioned');
  if (missing !== undefined) return w.unmentioned(missing);
  return { '3': w.status3, '4': w.status4 }[sendStatus as string] ?? sendStates.sent;
}

/** What the room saw: who is @ed there is called by name, and who is not there is left out. */
function saidIn({ send, steps }: Traced): string {
  const mentioned = detailOf(steps, 'mentioned');
  if (mentioned === undefined) return summaryOf(send);
  const mentions = mentioned.split(', ').filter((one) => one !== '');
  return summaryOf({ ...send, content: { ...send.content, mentions } });
}

function detailOf(steps: Traced['steps'], step: string): string | undefined {
  return steps.findLast((one) => one.step === step)?.detail ?? undefined;
}

/** Whoever sends inside of the daemon is answered nothing that anybody could look at. */
function isOfChannel({ chid }: Trace['commands'][number]): boolean {
  return !chid.startsWith('~');
}

function Sent({ traced, reload }: { traced: Traced; reload: () => void }) {
  const { send, steps, deliveries } = traced;
  const { msgid } = send;
  return (
    <>
      <Card
        title={w.facts}
        icon="send"
        tools={
          <>
            <SendBadge send={send} />
            {send.state === 'queued' && (
              <Action
                kind="danger"
                run={() => api.post('/sends/{msgid}/cancel', { params: { msgid } })}
                ask={{ title: w.cancelAsk, text: w.cancelText, danger: true }}
                done={w.cancelled}
                then={reload}
              >
                {w.cancel}
              </Action>
            )}
            {may('operator') && (
              <a class="button" href={`#/compose?from=${msgid}`}>
                <Icon name="pen" />
                {w.again}
              </a>
            )}
          </>
        }
      >
        <div class="halves">
          <Facts
            of={[
              [
                w.bot,
                <a key="bot" href={href('/bots/:botcode', { botcode: send.botcode })}>
                  {send.botcode}
                </a>,
              ],
              [w.target, targetOf(send)],
              [
                w.channel,
                <span key="by" class="break">
                  <Sender send={send} /> · {send.txcode}
                </span>,
              ],
              [w.status, `${send.sendStatus} · ${statusOf(traced)}`],
              [w.reason, send.reason ?? '–'],
            ]}
          />
          <Facts
            of={[
              [w.attempts, String(send.attempts)],
              [w.expires, <Moment key="expires" at={send.expiresAt} />],
              [
                w.messageId,
                <span key="id" class="mono break">
                  {send.messageId ?? '–'}
                </span>,
              ],
            ]}
          />
        </div>
        <h3>{w.content}</h3>
        {isShown(send) ? (
          <Picture src={pictureOf(msgid)} alt={summaryOf(send)} />
        ) : (
          <p class="said break">{saidIn(traced)}</p>
        )}
      </Card>
      <Card title={w.timeline} icon="clock">
        <Timeline steps={steps} />
      </Card>
      {deliveries.length > 0 && (
        <Card title={w.told} icon="hook">
          <div class="stack">
            {deliveries.map((one) => (
              <div key={`${one.chid} ${one.eventId}`} class="row apart">
                <a
                  href={href('/webhooks/:chid/:eventId', { chid: one.chid, eventId: one.eventId })}
                >
                  {w.event} {one.chid}/{one.eventId}
                </a>
                <DeliveryBadge state={one.state} />
              </div>
            ))}
          </div>
        </Card>
      )}
    </>
  );
}
