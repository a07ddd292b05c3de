import { Badge, Card, Head, Loaded, Tabs } from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { may } from '../../session.ts';
import { botTones, botWords } from '../../words/states.ts';
import { BotActions } from '../bots/bot-actions.tsx';
import { QrCard } from '../bots/qr-card.tsx';
import '../bots/bots.css';
import { About } from './about.tsx';
import { Contacts } from './contacts.tsx';
import { History } from './history.tsx';
import { Phone } from './phone.tsx';
import { Rooms } from './rooms.tsx';
import { Settings } from './settings.tsx';
import { w } from './words.ts';

/** One bot and everything of it. */
export function Screen({ botcode = '' }: Record<string, string>) {
  const bot = useResource('/bots/{botcode}', {
    params: { botcode },
    topics: ['bots', 'qr'],
    concerns: ({ id }) => id === botcode,
    calmMs: 100,
    everyMs: 15_000,
  });
  return (
    <>
      {bot.data === undefined && <Head title={botcode} />}
      <Loaded of={bot}>
        {(data) => {
          const { name, state, userAction, driver } = data;
          const waits =
            userAction === 'scan' || userAction === 'confirm' || userAction === 'decide';
          return (
            <div class="stack">
              <Head title={name} {...(name === botcode ? {} : { about: botcode })}>
                <span data-bot={botcode} data-state={state} role="status">
                  <Badge tone={botTones[state]}>{botWords[state]}</Badge>
                </span>
                <BotActions bot={data} reload={bot.reload} />
              </Head>
              {waits && (
                <div class="wall">
                  <QrCard bot={data} reload={bot.reload} />
                </div>
              )}
              <Tabs
                label={w.tabs}
                tabs={[
                  {
                    name: 'about',
                    title: w.about,
                    content: () => <About bot={data} />,
                  },
                  { name: 'rooms', title: w.rooms, content: () => <Rooms botcode={botcode} /> },
                  {
                    name: 'contacts',
                    title: w.contacts,
                    content: () => <Contacts botcode={botcode} />,
                  },
                  {
                    name: 'history',
                    title: w.history,
                    content: () => <History botcode={botcode} />,
                  },
                  ...(may('operator')
                    ? [
                        {
                          name: 'settings',
                          title: w.settings,
                          content: () => (
                            <Card title={w.settings}>
                              <Settings bot={data} reload={bot.reload} />
                            </Card>
                          ),
                        },
                      ]
                    : []),
                  ...(driver === 'simulator'
                    ? [
                        {
                          name: 'phone',
                          title: w.phone,
                          content: () => <Phone botcode={botcode} />,
                        },
                      ]
                    : []),
                ]}
              />
            </div>
          );
        }}
      </Loaded>
    </>
  );
}
