import type { Item } from '../../api.ts';
import {
  Badge,
  type Column,
  Moment,
  Picture,
  pictureOf,
  type Tone,
} from '../../components/index.ts';
import { span } from '../../format.ts';
import { href } from '../../router.ts';
import { w as sends } from '../sends/words.ts';
import { terms, w } from './words.ts';

export type Run = Item<'/runs'>;

const looks: Record<Run['state'], { tone: Tone; word: () => string }> = {
  waiting: { tone: 'info', word: () => terms.waiting },
  running: { tone: 'info', word: () => w.running },
  sending: { tone: 'info', word: () => w.sending },
  sent: { tone: 'good', word: () => w.sent },
  partial: { tone: 'warn', word: () => w.partial },
  failed: { tone: 'bad', word: () => terms.failed },
  nothing: { tone: 'idle', word: () => w.nothingSent },
  skipped: { tone: 'idle', word: () => w.skipped },
};
const causes: Record<Run['cause'], () => string> = {
  slot: () => w.slotCause,
  'catch-up': () => w.catchUp,
  backfill: () => w.backfill,
  operator: () => w.operator,
};

export function RunBadge({ run }: { run: Run }) {
  const { tone, word } = looks[run.state];
  return <Badge tone={tone}>{word()}</Badge>;
}

/** @param named with the name of the report */
export function runColumns(named: boolean): Column<Run>[] {
  const columns: Column<Run>[] = [
    { title: w.slot, narrow: true, cell: (one) => <Moment at={one.slot} /> },
    {
      title: w.state,
      roomy: true,
      cell: (one) => (
        <>
          <RunBadge run={one} />
          {one.reason !== null && <div class="faint small break">{one.reason}</div>}
        </>
      ),
    },
    { title: w.cause, narrow: true, cell: (one) => causes[one.cause]() },
    { title: w.rows, narrow: true, align: 'end', cell: (one) => one.rows ?? '' },
    { title: w.targets, cell: (one) => <Targets run={one} /> },
    {
      title: w.took,
      narrow: true,
      wideOnly: true,
      cell: (one) =>
        one.startedAt !== null && one.finishedAt !== null
          ? span(one.finishedAt - one.startedAt)
          : '',
    },
  ];
  if (!named) return columns;
  return [
    {
      title: w.name,
      narrow: true,
      cell: (one) => <a href={href('/schedules/:name', { name: one.schedule })}>{one.schedule}</a>,
    },
    ...columns,
  ];
}

function Targets({ run }: { run: Run }) {
  return (
    <>
      {run.targets.map((one) => (
        <div key={`${one.botcode} ${JSON.stringify(one.target)}`} class="small">
          {one.botcode} ·{' '}
          {one.roomTopic ?? one.target['topic'] ?? one.target['name'] ?? one.target['id']}{' '}
          <span class="row">
            {one.messages.map(({ msgid, kind }) => (
              <a key={msgid} href={href('/sends/:msgid', { msgid })}>
                {kind === 'image' ? (
                  <Picture
                    src={pictureOf(msgid, '?width=144')}
                    alt={`${sends.image} #${msgid}`}
                    gone={`#${msgid}`}
                    small
                  />
                ) : (
                  `#${msgid}`
                )}
              </a>
            ))}
          </span>
          {one.reason !== null && <span class="faint">{one.reason}</span>}
        </div>
      ))}
    </>
  );
}
