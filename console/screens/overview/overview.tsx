import type { ComponentChildren } from 'preact';
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
          <div class="stack">
            <States data={overview.data} />
            <NextSchedules />
          </div>
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
        href="#/conversations?waiting=true"
      />
    </section>
  );
}

interface ToDoItem {
  key: string;
  text: ComponentChildren;
  href: string;
}

function ToDo({ data }: { data: Overview }) {
  const items = toDoItems(data);
  return (
    <Card title={w.needs} icon="bell">
      {items.length === 0 ? (
        <Note tone="good">{w.fine}</Note>
      ) : (
        <ul class="to-do">
          {items.map(({ key, text, href }) => (
            <li key={key}>
              <Note tone="warn" action={<a href={href}>{w.open}</a>}>
                {text}
              </Note>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** Everything that waits for a person; what the figures above call so is among it. */
function toDoItems(data: Overview): ToDoItem[] {
  const { alarms, bots, sends, deliveries, conversations, warnings } = data;
  const counted = (count: number, key: string, say: (count: string) => string, href: string) =>
    count === 0 ? [] : [{ key, text: say(number(count)), href }];
  return [
    ...bots.waiting.map(({ botcode, name, userAction }) => ({
      key: `bot ${botcode}`,
      text: (
        <>
          <strong>{name}</strong> {toDo(userAction as Parameters<typeof toDo>[0])}
        </>
      ),
      href: `#/bots/${encodeURIComponent(botcode)}`,
    })),
    ...counted(sends.troubled, 'troubled', w.someTroubled, '#/dead-letters'),
    ...counted(deliveries.dead, 'dead', w.someDead, '#/dead-letters?tab=events'),
    ...counted(conversations.waiting, 'talks', w.someTalks, '#/conversations?waiting=true'),
    ...deliveries.paused.map((chid) => ({
      key: `paused ${chid}`,
      text: w.paused(chid),
      href: '#/webhooks',
    })),
    ...(alarms.lanes === 0 ? [{ key: 'lanes', text: w.noLanes, href: '#/alarms?tab=lanes' }] : []),
    ...warnings.map((one) => ({ key: one, text: one, href: '#/system' })),
  ];
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
