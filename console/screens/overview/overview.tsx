import type { Answer } from '../../api.ts';
import { Badge, Card, Figure, Head, Loaded, Note } from '../../components/index.ts';
import { number, span } from '../../format.ts';
import { now } from '../../now.ts';
import { useResource } from '../../resource.ts';
import { type BotState, botTones, botWords, toDo } from '../../words/states.ts';
import { NextSchedules } from './next-schedules.tsx';
import { SendChart } from './send-chart.tsx';
import { w } from './words.ts';
import './overview.css';

type Overview = Answer<'get', '/overview'>;

/** What needs an eye, on one page. */
export function Screen() {
  const overview = useResource('/overview', {
    topics: ['bots', 'sends', 'deliveries', 'conversations', 'alarms', 'system'],
    calmMs: 1000,
    everyMs: 15_000,
  });
  return (
    <div class="stack">
      <Loaded of={overview}>
        {(data) => (
          <>
            <Head title={w.title} about={w.up(span(now.value - data.startedAt))} />
            {!data.ready && <Note tone="bad">{w.notReady}</Note>}
            <Figures data={data} />
          </>
        )}
      </Loaded>
      <SendChart />
      {overview.data !== undefined && (
        <div class="halves">
          <ToDo data={overview.data} />
          <States data={overview.data} />
          <NextSchedules />
        </div>
      )}
    </div>
  );
}

function Figures({ data: { bots, sends, deliveries, conversations } }: { data: Overview }) {
  const ready = bots.states.ready ?? 0;
  const waited = (at: number | null): string | undefined =>
    at === null ? undefined : w.oldest(span(now.value - at));
  return (
    <section class="figures" aria-label={w.title}>
      <Figure
        label={w.bots}
        value={number(ready)}
        about={w.botsOf(bots.total)}
        {...(ready < bots.total ? { tone: 'warn' as const } : {})}
        href="#/bots"
      />
      <Figure
        label={w.queued}
        value={number(sends.queued)}
        about={waited(sends.oldestAt) ?? w.nothingWaits}
        href="#/sends?state=queued"
      />
      {sends.unknown > 0 && (
        <Figure
          label={w.unknown}
          value={number(sends.unknown)}
          about={w.unknownAbout}
          tone="warn"
          href="#/sends?state=unknown"
        />
      )}
      <Figure
        label={w.due}
        value={number(deliveries.due)}
        about={waited(deliveries.oldestAt) ?? w.nothingDue}
        href="#/webhooks"
      />
      <Figure
        label={w.troubled}
        value={number(sends.troubled)}
        about={sends.troubled === 0 ? w.noTroubled : w.troubledAbout}
        {...(sends.troubled > 0 ? { tone: 'bad' as const } : {})}
        href="#/dead-letters"
      />
      <Figure
        label={w.dead}
        value={number(deliveries.dead)}
        about={deliveries.dead === 0 ? w.noDead : w.deadAbout}
        {...(deliveries.dead > 0 ? { tone: 'bad' as const } : {})}
        href="#/dead-letters?tab=events"
      />
      <Figure
        label={w.talks}
        value={number(conversations.waiting)}
        about={conversations.waiting === 0 ? w.noTalks : w.talksAbout}
        {...(conversations.waiting > 0 ? { tone: 'warn' as const } : {})}
        href="#/conversations"
      />
    </section>
  );
}

function ToDo({ data: { bots, deliveries, warnings } }: { data: Overview }) {
  const none = bots.waiting.length + deliveries.paused.length + warnings.length === 0;
  return (
    <Card title={w.needs} icon="bell">
      {none ? (
        <Note tone="good">{w.fine}</Note>
      ) : (
        <ul class="to-do">
          {bots.waiting.map(({ botcode, name, userAction }) => (
            <li key={botcode}>
              <Note
                tone="warn"
                action={<a href={`#/bots/${encodeURIComponent(botcode)}`}>{w.open}</a>}
              >
                <strong>{name}</strong> {toDo(userAction as Parameters<typeof toDo>[0])}
              </Note>
            </li>
          ))}
          {deliveries.paused.map((chid) => (
            <li key={chid}>
              <Note tone="warn" action={<a href="#/webhooks">{w.open}</a>}>
                {w.paused(chid)}
              </Note>
            </li>
          ))}
          {warnings.map((one) => (
            <li key={one}>
              <Note tone="warn" action={<a href="#/system">{w.open}</a>}>
                {one}
              </Note>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function States({ data: { bots } }: { data: Overview }) {
  const states = Object.entries(bots.states) as [BotState, number][];
  const most = Math.max(1, bots.total);
  return (
    <Card title={w.states} icon="bot">
      <ul class="state-bars">
        {states
          .filter(([, count]) => count > 0)
          .map(([state, count]) => (
            <li key={state}>
              <Badge tone={botTones[state]}>{botWords[state]}</Badge>
              <span class={`bar ${botTones[state]}`} aria-hidden="true">
                <span style={{ width: `${(100 * count) / most}%` }} />
              </span>
              <span class="number">{number(count)}</span>
            </li>
          ))}
      </ul>
    </Card>
  );
}
