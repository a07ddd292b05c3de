import './events.css';
import { useEffect, useState } from 'preact/hooks';
import { call } from '../../api.ts';
import {
  Card,
  Choice,
  Code,
  Empty,
  Head,
  Icon,
  toastError,
  useChids,
} from '../../components/index.ts';
import { time } from '../../format.ts';
import { type FollowedEvent, follow } from '../../live.ts';
import { useResource } from '../../resource.ts';
import { href, place, setQuery } from '../../router.ts';
import { eventWord } from '../../words/states.ts';
import { w as sends, terms as sendTerms } from '../sends/words.ts';
import { w } from './words.ts';

/** Kept on the page; the rest lies in the daemon. */
const mostShown = 500;
const firstShown = 50;
const types = ['qrCode', 'botStatus', 'userMsg', 'sendStatus'] as const;

/** A channel's events, live: what is missed while the page is cut off comes when it is back. */
export function Screen() {
  const { query } = place.value;
  const chids = useChids();
  // Where something happened last.
  const newest = useResource('/deliveries', { query: { limit: 1 } });
  const busy = newest.data && (newest.data.items[0]?.chid ?? chids[0]);
  const chid = query.get('channel') ?? busy;
  const type = types.find((one) => one === query.get('type'));
  return (
    <div class="stack">
      <Head title={w.title} about={w.about} />
      <Card flush>
        <div class="filters">
          <Choice
            label={w.channel}
            value={chid ?? ''}
            options={chids.map((one) => [one, one])}
            set={(channel) => setQuery({ channel })}
          />
          <Choice
            label={w.type}
            value={type ?? ''}
            options={[
              ['', w.any],
              ...types.map((one) => [one, `${eventWord(one)} (${one})`] as const),
            ]}
            set={(type) => setQuery({ type })}
          />
        </div>
        {chid === undefined ? (
          <Empty>{w.noChannel}</Empty>
        ) : (
          <Tail key={chid} chid={chid} type={type} />
        )}
      </Card>
    </div>
  );
}

function Tail({ chid, type }: { chid: string; type: string | undefined }) {
  const [events, setEvents] = useState<readonly FollowedEvent[]>([]);
  const [held, setHeld] = useState<readonly FollowedEvent[] | undefined>(undefined);
  useEffect(() => {
    let stop: (() => void) | undefined;
    let left = false;
    void begin(chid)
      .then((after) => {
        if (left) return;
        stop = follow(chid, after, (event) => {
          setEvents((now) => [event, ...now].slice(0, mostShown));
        });
      })
      .catch(toastError);
    return () => {
      left = true;
      stop?.();
    };
  }, [chid]);
  const bot = place.value.query.get('bot') ?? '';
  const fitting = (all: readonly FollowedEvent[]) =>
    all.filter((one) => one['type'] === (type ?? one['type']) && (!bot || one['botcode'] === bot));
  const bots = new Set([bot, ...events.map((one) => String(one['botcode']))].filter(Boolean));
  const shown = fitting(held ?? events);
  const fresh = held === undefined ? 0 : fitting(events).length - shown.length;
  return (
    <>
      <div class="row apart tail-head">
        <div class="filters">
          <Choice
            label={w.bot}
            value={bot}
            options={[['', w.any], ...[...bots].sort().map((one) => [one, one] as const)]}
            set={(bot) => setQuery({ bot })}
          />
        </div>
        <div class="row">
          <span class="faint small">{w.shown(String(mostShown))}</span>
          <button
            type="button"
            aria-pressed={held !== undefined}
            onClick={() => setHeld(held === undefined ? events : undefined)}
          >
            <Icon name={held === undefined ? 'pause' : 'play'} />
            {held === undefined ? w.pause : fresh > 0 ? w.waiting(String(fresh)) : w.go}
          </button>
          <button
            type="button"
            onClick={() => {
              setEvents([]);
              setHeld(undefined);
            }}
          >
            {w.clear}
          </button>
        </div>
      </div>
      {shown.length === 0 && <Empty icon="stream">{w.empty}</Empty>}
      <ol class="tail" aria-live="off">
        {shown.map((one) => (
          <li key={one.eventId}>
            <details>
              <summary>
                <time class="faint number">{time(Number(one['eventTime']))}</time>
                <span title={String(one['type'])}>{eventWord(String(one['type']))}</span>
                <span>{String(one['botcode'])}</span>
                <span class="cut">{gistOf(one)}</span>
              </summary>
              <Code text={JSON.stringify(one, null, 2)} name={String(one.eventId)} />
              <p>
                <a href={href('/webhooks/:chid/:eventId', { chid, eventId: one.eventId })}>
                  {w.delivery}
                </a>
              </p>
            </details>
          </li>
        ))}
      </ol>
    </>
  );
}

/** The id behind which the last few events lie. */
async function begin(chid: string): Promise<number> {
  const query = { chid, limit: firstShown };
  const { items } = (await call('GET', '/deliveries', { query })) as {
    items: { eventId: number }[];
  };
  return (items.at(-1)?.eventId ?? 1) - 1;
}

const statusWords: Record<string, () => string> = {
  login: () => w.login,
  logout: () => w.logout,
  loginerr: () => w.loginFailed,
  off: () => w.off,
};

/** 3 is said of a text without its @, and of a card that cannot be shown. */
function endOf(status: string, reason: unknown): string | undefined {
  if (status === '1') return sendTerms.sent;
  if (status === '2') return sendTerms.absent;
  if (status === '-1' || reason !== undefined) return sendTerms.failed;
  return status === '3' || status === '4' ? sends.sentWithout : undefined;
}

function gistOf(event: FollowedEvent): string {
  const data = event['msgData'] as { text?: string } | undefined;
  const status = String(event['botStatus']);
  const ended = String(event['sendStatus']);
  const until = event['expiresAt'];
  const parts = [
    until === undefined ? undefined : w.until(time(Number(until))),
    event['botStatus'] === undefined ? undefined : (statusWords[status]?.() ?? status),
    event['msgid'] === undefined ? undefined : w.message(String(event['msgid'])),
    event['sendStatus'] === undefined ? undefined : (endOf(ended, event['reason']) ?? ended),
    event['reason'],
  ];
  const said = data?.text === undefined ? [] : [`${String(event['fromName'] ?? '')}: ${data.text}`];
  return [...said, ...parts.filter((one) => one !== undefined).map(String)].join(' · ');
}
