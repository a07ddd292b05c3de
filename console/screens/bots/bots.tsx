import { useState } from 'preact/hooks';
import type { Item } from '../../api.ts';
import {
  Badge,
  Card,
  type Column,
  Head,
  Icon,
  Line,
  Loaded,
  Pager,
  Table,
  TimeAgo,
  usePages,
} from '../../components/index.ts';
import { span } from '../../format.ts';
import { now } from '../../now.ts';
import { useResource } from '../../resource.ts';
import { may } from '../../session.ts';
import { common } from '../../words/common.ts';
import { botTones, botWords, toDo } from '../../words/states.ts';
import { AddBot } from './add-bot.tsx';
import './bots.css';
import { BotActions } from './bot-actions.tsx';
import { QrCard } from './qr-card.tsx';
import { w } from './words.ts';

export type BotItem = Item<'/bots'>;

/** Every bot; those who wait for a person stand on top, with their QR codes. */
export function Screen() {
  const pages = usePages();
  const [filter, setFilter] = useState('');
  const [adding, setAdding] = useState(false);
  const bots = useResource('/bots', {
    query: { limit: 200, cursor: pages.cursor },
    topics: ['bots', 'qr'],
    calmMs: 100,
    everyMs: 30_000,
  });
  return (
    <div class="stack">
      <Head title={w.title}>
        {may('admin') && (
          <button type="button" class="primary" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            {w.add}
          </button>
        )}
      </Head>
      {adding && <AddBot onClose={() => setAdding(false)} onDone={bots.reload} />}
      <Loaded of={bots}>
        {({ items, next }) => {
          const waiting = items.filter(({ userAction }) => needsPerson.has(userAction));
          const fitting = items.filter((one) => fits(one, filter));
          return (
            <>
              <section aria-label={w.wall} aria-live="polite" class="wall-live">
                {waiting.length > 0 && (
                  <>
                    <h2>{w.wall}</h2>
                    <div class="wall">
                      {waiting.map((bot) => (
                        <QrCard key={bot.botcode} bot={bot} reload={bots.reload} />
                      ))}
                    </div>
                  </>
                )}
              </section>
              <Card title={w.all} flush>
                {items.length > 8 && (
                  <div class="filters">
                    <Line
                      bare
                      label={common.search}
                      type="search"
                      placeholder={w.search}
                      value={filter}
                      set={setFilter}
                    />
                  </div>
                )}
                <Table
                  name={w.all}
                  columns={columns(bots.reload)}
                  rows={fitting}
                  keyOf={(bot) => bot.botcode}
                  empty={items.length === 0 ? w.nobody : w.noMatch}
                />
                <Pager pages={pages} next={next} />
              </Card>
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

const needsPerson = new Set(['scan', 'confirm', 'decide']);

function columns(reload: () => void): Column<BotItem>[] {
  return [
    {
      title: w.bot,
      roomy: true,
      cell: (bot) => (
        <a class="bot-name" href={`#/bots/${encodeURIComponent(bot.botcode)}`}>
          <strong>{bot.name}</strong>
          <span class="faint small">
            {bot.name !== bot.botcode && <span class="mono">{bot.botcode} · </span>}
            {bot.driver === 'simulator' ? w.simulated : bot.driver}
          </span>
        </a>
      ),
    },
    {
      title: common.state,
      narrow: true,
      cell: (bot) => (
        <span data-bot={bot.botcode} data-state={bot.state}>
          <Badge tone={botTones[bot.state]}>{botWords[bot.state]}</Badge>
          {/* What is to be done is said in the language of the page; reasons are as the driver gave them. */}
          <span class="small bot-why">{bot.reason ?? toDo(bot.userAction)}</span>
        </span>
      ),
    },
    {
      title: w.since,
      narrow: true,
      cell: (bot) => <span class="number">{span(now.value - bot.since)}</span>,
    },
    {
      title: w.account,
      narrow: true,
      cell: (bot) => bot.account?.name ?? <span class="faint">–</span>,
    },
    {
      title: w.stream,
      narrow: true,
      wideOnly: true,
      cell: (bot) => (
        <TimeAgo at={bot.ages.stream === null ? null : now.peek() - bot.ages.stream} />
      ),
    },
    { title: '', narrow: true, cell: (bot) => <BotActions bot={bot} reload={reload} /> },
  ];
}

function fits({ botcode, name, account }: BotItem, filter: string): boolean {
  const text = filter.trim().toLowerCase();
  return [botcode, name, account?.name ?? ''].some((one) => one.toLowerCase().includes(text));
}
